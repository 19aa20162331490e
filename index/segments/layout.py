"""Which arrays a segment must have, of which types, and how their sizes depend on one another.

Checked at every opening, because a right checksum says only that a file is as it was written. It
takes microseconds: no array is read but for its ends. What the arrays hold is the business of
`soundness`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from ..errors import IndexCorrupt
from ..schema import ZONE_COUNT
from .analyzed import SKETCH_BYTES
from .array_file import Array, ArrayFile
from .columns import KEYWORD_COLUMNS
from .postings import RANK_STEP

_U1, _U2, _U4, _U8 = ("|u1",), ("<u2",), ("<u4",), ("<u8",)
_UNSIGNED = ("<u2", "<u4", "<u8")
#: The streams of postings, and the array that bounds their lists or rows of lists.
STREAMS = {"term": "term.ptr", "word": "word.ptr", "pair": "pair.row_ptr"}
#: The lists of strings.
STRING_LISTS = (
    *("term.text", "term.fold", "word.text", "word.fold", "doc.id", "doc.stored", "column.title"),
    *(f"column.{name}_label" for name in KEYWORD_COLUMNS),
)


class ArrayLayout(NamedTuple):
    """One array: its types, what it has an entry of, how many more, and the columns of a row."""

    types: tuple[str, ...]
    each: str
    """Arrays with the same word here have as many entries, `more` left aside."""
    more: int = 0
    columns: tuple[int, ...] = ()


def _strings(name: str, each: str) -> dict[str, ArrayLayout]:
    offsets = ArrayLayout(_UNSIGNED, each, more=1)
    return {name: ArrayLayout(_U1, name), f"{name}_offsets": offsets}


def _vocabulary(name: str) -> dict[str, ArrayLayout]:
    return {
        **_strings(f"{name}.text", name),
        **_strings(f"{name}.fold", f"fold of a {name}"),
        f"{name}.fold_first": ArrayLayout(_U4, f"fold of a {name}", more=1),
    }


def _stream(name: str) -> dict[str, ArrayLayout]:
    long, escape = f"long {name}", f"escape of a {name}"
    return {
        f"{name}.docs": ArrayLayout(_UNSIGNED, f"short posting of a {name}"),
        f"{name}.gaps": ArrayLayout(_U1, f"gap of a {name}"),
        f"{name}.long": ArrayLayout(_U4, long),
        f"{name}.long_df": ArrayLayout(_U4, long),
        f"{name}.long_ptr": ArrayLayout(_UNSIGNED, long, more=1),
        f"{name}.other": ArrayLayout(_U1, f"eight postings of a {name}"),
        f"{name}.rank": ArrayLayout(_UNSIGNED, f"rank of a {name}"),
        f"{name}.codes": ArrayLayout(_U1, f"code of a {name}"),
        f"{name}.escapes": ArrayLayout(_UNSIGNED, escape),
        f"{name}.escaped": ArrayLayout(_U4, escape),
    }


def _keyword(name: str) -> dict[str, ArrayLayout]:
    return {
        **_strings(f"column.{name}_label", f"label of {name}"),
        f"column.{name}": ArrayLayout(_UNSIGNED, f"value of {name}"),
        f"column.{name}_ptr": ArrayLayout(_UNSIGNED, "document", more=1),
    }


#: Every array of a segment.
LAYOUT: dict[str, ArrayLayout] = {
    "combinations": ArrayLayout(_U8, "combination"),
    "term.ptr": ArrayLayout(_UNSIGNED, "term", more=1),
    "word.ptr": ArrayLayout(_UNSIGNED, "word", more=1),
    "pair.rows": ArrayLayout(_UNSIGNED, "term", more=1),
    "pair.row_ptr": ArrayLayout(_UNSIGNED, "term", more=1),
    "pair.second_low": ArrayLayout(_U2, "pair"),
    "pair.second_high": ArrayLayout(_U1 + _U2, "pair"),
    "pair.df": ArrayLayout(_U1, "pair"),
    "position.low": ArrayLayout(_U1, "position"),
    "position.high": ArrayLayout(_U1, "two positions"),
    "position.escapes": ArrayLayout(_UNSIGNED, "escape of a position"),
    "position.escaped": ArrayLayout(_U4, "escape of a position"),
    "position.ptr": ArrayLayout(_UNSIGNED, "term", more=1),
    "doc.lengths": ArrayLayout(_UNSIGNED, "document", columns=(ZONE_COUNT,)),
    "doc.zone_starts": ArrayLayout(_UNSIGNED, "document", columns=(ZONE_COUNT,)),
    "doc.id_order": ArrayLayout(_U4, "document"),
    "doc.digest": ArrayLayout(_U8, "document"),
    "doc.sketch": ArrayLayout(_U1, "document", columns=(SKETCH_BYTES,)),
    "column.published": ArrayLayout(("<i8",), "document"),
    "column.changed": ArrayLayout(("<i8",), "document"),
    **_strings("doc.id", "document"),
    **_strings("doc.stored", "document"),
    **_strings("column.title", "document"),
    **_vocabulary("term"),
    **_vocabulary("word"),
    **{name: each for stream in STREAMS for name, each in _stream(stream).items()},
    **{name: each for column in KEYWORD_COLUMNS for name, each in _keyword(column).items()},
}

#: Those that segments of older programs need not have.
_NEWER = frozenset({"column.changed"})


def check_layout(file: ArrayFile) -> None:
    """Raise IndexCorrupt where the arrays cannot be those of one segment."""
    if odd := sorted((LAYOUT.keys() ^ file.arrays.keys()) - (_NEWER - file.arrays.keys())):
        verb = "is missing" if odd[0] in LAYOUT else "belongs to no segment"
        raise IndexCorrupt(file.path, f"the array {odd[0][:40]!r} {verb}")
    sizes: dict[str, int] = {}
    for name, layout in LAYOUT.items():
        if name not in file.arrays:
            continue
        array = file.arrays[name]
        if array.dtype.str not in layout.types or array.shape[1:] != layout.columns:
            raise IndexCorrupt(file.path, f"the array {name!r} has another type or shape")
        size = len(array) - layout.more if array.ndim else -1
        if size < 0 or sizes.setdefault(layout.each, size) != size:
            raise IndexCorrupt(file.path, f"the array {name!r} has another number of entries")
    for name, size, expected in _ends(file.arrays, sizes):
        if size != expected:
            reason = f"the array {name!r} bounds or holds {size} entries, not {expected}"
            raise IndexCorrupt(file.path, reason)


def _ends(arrays: Mapping[str, Array], sizes: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    """For arrays that bound others: the name, where it ends, and where it must."""
    bounds = {
        **{f"{name}_offsets": sizes[name] for name in STRING_LISTS},
        **{f"column.{name}_ptr": sizes[f"value of {name}"] for name in KEYWORD_COLUMNS},
        **{f"{name}.long_ptr": sizes[f"gap of a {name}"] for name in STREAMS},
        "term.fold_first": sizes["term"],
        "word.fold_first": sizes["word"],
        "pair.rows": sizes["pair"],
        "position.ptr": sizes["position"],
    }
    for name, expected in bounds.items():
        yield name, int(arrays[name][-1]), expected
    for name in (*bounds, *STREAMS.values()):
        yield name, int(arrays[name][0]), 0
    yield "position.high", sizes["two positions"], -(-sizes["position"] // 2)
    for name, pointers in STREAMS.items():
        postings = int(arrays[pointers][-1])
        long = int(arrays[f"{name}.long_df"].sum(dtype=np.int64))
        yield f"{name}.docs", sizes[f"short posting of a {name}"], postings - long
        yield f"{name}.other", sizes[f"eight postings of a {name}"], -(-postings // 8)
        yield f"{name}.rank", sizes[f"rank of a {name}"], postings // RANK_STEP + 1
