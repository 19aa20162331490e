"""The formats in which articles leave the archive, by the suffix of their address."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from index import Article

from ...query.urls import Site
from .bibtex import write_bibtex
from .csl_json import write_csl_json
from .csv_table import write_csv
from .ndjson import write_ndjson
from .plain_text import write_text
from .ris import write_ris

__all__ = ["EXPORT_FORMATS", "ExportFormat", "export_format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A file format; `write` yields the file in pieces, one article after the other."""

    suffix: str
    label: str
    content_type: str
    write: Callable[[Iterable[Article], Site], Iterator[str]]


EXPORT_FORMATS: Final = (
    ExportFormat(
        suffix="ris",
        label="RIS (Zotero, EndNote)",
        content_type="application/x-research-info-systems; charset=utf-8",
        write=write_ris,
    ),
    ExportFormat(
        suffix="bib",
        label="BibTeX",
        content_type="application/x-bibtex; charset=utf-8",
        write=write_bibtex,
    ),
    ExportFormat(
        suffix="csl.json",
        label="CSL-JSON",
        content_type="application/vnd.citationstyles.csl+json",
        write=write_csl_json,
    ),
    ExportFormat(
        suffix="csv", label="CSV (Excel)", content_type="text/csv; charset=utf-8", write=write_csv
    ),
    ExportFormat(
        suffix="ndjson", label="NDJSON", content_type="application/x-ndjson", write=write_ndjson
    ),
    ExportFormat(
        suffix="txt", label="Văn bản", content_type="text/plain; charset=utf-8", write=write_text
    ),
)


def export_format(suffix: str) -> ExportFormat | None:
    """The format with this suffix.

    >>> export_format("docx") is None
    True
    """
    return next((known for known in EXPORT_FORMATS if known.suffix == suffix), None)
