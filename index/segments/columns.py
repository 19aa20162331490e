"""Column arrays: one value a document (source, section, date) or several (authors, tags)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .analyzed import DocumentColumns
from .array_file import Array, smallest_unsigned
from .strings import StringList, pack_bytes, pack_strings

NO_DATE = np.iinfo(np.int64).min
KEYWORD_COLUMNS = ("source", "section", "authors", "tags")


def _values(columns: DocumentColumns, name: str) -> tuple[str, ...]:
    if name == "source":
        return (columns.source,) if columns.source else ()
    if name == "section":
        return (columns.section,) if columns.section else ()
    return columns.authors if name == "authors" else columns.tags


def keyword_arrays(name: str, rows: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """A multi-valued column: sorted distinct labels, and each document's label numbers."""
    labels = sorted({value for row in rows for value in row})
    numbers = {label: number for number, label in enumerate(labels)}
    distinct = [sorted({numbers[value] for value in row}) for row in rows]
    ptr = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in distinct], out=ptr[1:])
    flat = np.array([number for row in distinct for number in row], np.int64)
    blob, offsets = pack_strings(labels)
    return {
        f"column.{name}": flat.astype(smallest_unsigned(len(labels))),
        f"column.{name}_ptr": ptr.astype(smallest_unsigned(int(ptr[-1]))),
        f"column.{name}_label": blob,
        f"column.{name}_label_offsets": offsets,
    }


def column_arrays(documents: Sequence[DocumentColumns]) -> dict[str, Array]:
    """All column arrays of a segment."""
    arrays: dict[str, Array] = {}
    for name in KEYWORD_COLUMNS:
        arrays |= keyword_arrays(name, [_values(document, name) for document in documents])
    dates = [NO_DATE if d.published is None else d.published for d in documents]
    arrays["column.published"] = np.array(dates, np.int64)
    changes = [NO_DATE if d.changed is None else d.changed for d in documents]
    arrays["column.changed"] = np.array(changes, np.int64)
    blob, offsets = pack_bytes([document.title_key for document in documents])
    arrays["column.title"] = blob
    arrays["column.title_offsets"] = offsets
    return arrays


@dataclass(frozen=True, slots=True)
class KeywordColumn:
    """Reads what `keyword_arrays` wrote."""

    numbers: Array
    ptr: Array
    labels: StringList

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> "KeywordColumn":
        """The column of that name in a segment's arrays."""
        prefix = f"column.{name}"
        labels = StringList(arrays[f"{prefix}_label"], arrays[f"{prefix}_label_offsets"])
        return cls(arrays[prefix], arrays[f"{prefix}_ptr"], labels)

    def rows(self) -> list[tuple[str, ...]]:
        """The labels of every document."""
        labels = self.labels.all()
        flat = [labels[number] for number in self.numbers.tolist()]
        bounds = self.ptr.tolist()
        return [tuple(flat[a:b]) for a, b in pairwise(bounds)]
