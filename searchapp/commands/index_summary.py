"""What `timbao index` has done: counted while it runs, printed at its end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from index import BadRecord

from ..documents.json_text import Json
from ..text.formatting import terminal_text
from .progress import duration_text

__all__ = ["IndexSummary", "hollow_text", "summary_document", "summary_text"]

#: So many names of keys stand in a line, and so many characters of each.
_SHOWN_KEYS: Final = 30
_SHOWN_KEY: Final = 60


@dataclass(slots=True)
class IndexSummary:
    """What a run has done so far."""

    indexed: int = 0
    unchanged: int = 0
    replaced: int = 0
    """Articles in whose place a later record of this run came."""
    bad: int = 0
    bad_records: list[BadRecord] = field(default_factory=list)
    """The first of the bad ones."""
    notices: int = 0
    """Fields that were left out or mended."""
    without_body: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    """Key of records that belongs to no field → in how many records."""
    other_files: Counter[str] = field(default_factory=Counter)
    """Kind of file that is not read → how many the folders hold."""
    encodings: Counter[str] = field(default_factory=Counter)
    """Old encoding → how many articles were converted from it."""
    seconds: float = 0.0

    @property
    def read(self) -> int:
        """Records that could be read."""
        return self.indexed + self.unchanged + self.replaced

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.read / self.seconds if self.seconds else 0.0


def summary_document(summary: IndexSummary) -> Json:
    return {
        "indexed": summary.indexed,
        "unchanged": summary.unchanged,
        "replaced": summary.replaced,
        "bad": summary.bad,
        "seconds": round(summary.seconds, 3),
        "rate": round(summary.rate, 1),
        "bad_records": summary.bad_records,
        "notices": summary.notices,
        "without_body": summary.without_body,
        "ignored": dict(summary.ignored),
        "other_files": dict(summary.other_files),
        "encodings": dict(summary.encodings),
    }


def hollow_text(summary: IndexSummary) -> str:
    keys = _listed(summary.ignored, "{0}")
    hint = f" Ignored keys that may hold it: {keys}." if keys else ""
    return (
        f"Warning: {summary.without_body:,} of {summary.read:,} articles have no body. Name its "
        f"key with --map body=KEY, or say --without-body if there is none.{hint}"
    )


def summary_text(summary: IndexSummary, *, dry_run: bool) -> str:
    parts = [f"{summary.indexed:,} articles {'would be ' if dry_run else ''}indexed"]
    if summary.unchanged:
        parts.append(f"{summary.unchanged:,} unchanged")
    if summary.replaced:
        parts.append(f"{summary.replaced:,} replaced in this run")
    if summary.bad:
        parts.append(f"{summary.bad:,} records left out")
    time = f"{duration_text(summary.seconds)} ({round(summary.rate):,} a second)"
    lines = [f"{', '.join(parts)} in {time}"]
    counted = (
        ("converted from old encodings", "{0} {1:,}", summary.encodings),
        ("ignored keys of records", "{0} in {1:,}", summary.ignored),
        ("files of other kinds passed over", "{1:,} {0}", summary.other_files),
    )
    lines += [f"{title}: {_listed(counts, form)}" for title, form, counts in counted if counts]
    return "\n".join(lines)


def _listed(counts: Counter[str], form: str) -> str:
    """The most frequent names in a line, each shortened, and how many are not named."""
    parts = [
        form.format(terminal_text(name[:_SHOWN_KEY] + "…" * (len(name) > _SHOWN_KEY)), count)
        for name, count in counts.most_common(_SHOWN_KEYS)
    ]
    more = len(counts) - len(parts)
    return ", ".join(parts) + (f" and {more:,} more" if more else "")
