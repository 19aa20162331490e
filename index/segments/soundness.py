"""Whether what the arrays of a segment hold can be true, and errors that show that it is not."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from ..article import PLAUSIBLE_YEARS, is_article_id
from ..errors import IndexCorrupt
from .array_file import Array
from .columns import KEYWORD_COLUMNS, NO_DATE
from .layout import LAYOUT, STREAMS, STRING_LISTS
from .positions import ESCAPE as POSITION_ESCAPE
from .postings import ESCAPE as CODE_ESCAPE
from .postings import LONG_LIST, RANK_STEP
from .segment import KeyedPostings, Segment
from .strings import StringList

#: What reading altered arrays may raise. Types and shapes are checked at every opening, so that no
#: TypeError or AttributeError can come of them.
_SUSPICIOUS = (LookupError, ValueError, ArithmeticError, MemoryError)
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Fault:
    """An array that cannot be right, and why."""

    array: str
    reason: str

    def __str__(self) -> str:
        return f"the array {self.array!r} {self.reason}"


@contextmanager
def damage_as_corrupt(segments: Callable[[], Iterable[Segment]]) -> Iterator[None]:
    """The one door through which segments are read: damage leaves it as IndexCorrupt.

    Reading trusts the arrays, because checking every number would cost more than using it. So an
    altered array with a right checksum shows as an error of Python or NumPy somewhere: IndexError,
    KeyError, ValueError (also one of decoding), OverflowError, MemoryError. Such an error proves
    nothing by itself, for a fault of this program looks the same. Therefore the segments are
    examined then: one that is unsound is named by an IndexCorrupt, and where all are sound the
    error goes on as it is. A sound segment is examined once.

    Args:
        segments: those that are read inside, asked for after an error only.
    """
    try:
        yield
    except _SUSPICIOUS as error:
        for segment in segments():
            require_sound(segment, error)
        raise


def require_sound(segment: Segment, cause: Exception | None = None) -> None:
    """Raise IndexCorrupt with the first fault of a segment; one found sound is not asked again."""
    if not segment.is_sound:
        for fault in faults(segment):
            raise IndexCorrupt(segment.file.path, str(fault)) from cause
        segment.is_sound = True


def faults(segment: Segment) -> Iterator[Fault]:
    """What is wrong within the arrays, at most one fault for each; their texts are not read.

    What builds on an array that is wrong is not examined further. No check takes more memory than
    the file does several times over, so a MemoryError is none of its faults.
    """
    wrong: set[str] = set()
    for names, check in _CHECKS:
        if wrong.isdisjoint(names):
            try:
                found = check(segment)
            except (LookupError, ValueError, ArithmeticError) as error:
                found = Fault(names[0], f"cannot be read: {error}")
            if found is not None:
                wrong.add(found.array)
                yield found


def _rises(array: Array, *, strictly: bool = False) -> bool:
    """Whether no entry is below the one before it; compared as they are, unsigned."""
    before, after = array[:-1], array[1:]
    return bool((after > before).all() if strictly else (after >= before).all())


def _rises_within(array: Array, ptr: Array) -> bool:
    """Whether entries rise strictly between neighbouring pointers."""
    rising = array[1:] > array[:-1]
    starts = ptr[(ptr > 0) & (ptr < len(array))].astype(np.int64)
    rising[starts - 1] = True
    return bool(rising.all())


def _pointers(name: str) -> Callable[[Segment], Fault | None]:
    def check(segment: Segment) -> Fault | None:
        return None if _rises(segment.file.arrays[name]) else Fault(name, "falls")

    return check


def _text(name: str) -> Callable[[Segment], Fault | None]:
    def check(segment: Segment) -> Fault | None:
        arrays = segment.file.arrays
        try:
            texts = StringList(arrays[name], arrays[f"{name}_offsets"]).all()
        except UnicodeDecodeError:
            return Fault(name, "is not UTF-8")
        if name.startswith("column.") and any(b <= a for a, b in pairwise(texts)):
            return Fault(name, "is not sorted, or has a label twice")
        if name == "doc.id" and not all(map(is_article_id, texts)):
            return Fault(name, "has what is no article's id")
        return None

    return check


def _vocabulary(name: str) -> Callable[[Segment], Fault | None]:
    def check(segment: Segment) -> Fault | None:
        vocabulary = segment.terms if name == "term" else segment.words
        if not _rises(vocabulary.fold_first, strictly=True):
            return Fault(f"{name}.fold_first", "does not rise")
        folds, texts = vocabulary.folds.all(), vocabulary.text.all()
        if any(b <= a for a, b in pairwise(folds)):
            return Fault(f"{name}.fold", "is not sorted, or has a string twice")
        sizes: Array = np.diff(vocabulary.fold_first.astype(np.int64))
        number_of_fold = np.repeat(np.arange(len(folds)), sizes).tolist()
        if any(b <= a for a, b in pairwise(zip(number_of_fold, texts, strict=True))):
            return Fault(f"{name}.text", "is not sorted, or has a string twice")
        return None

    return check


def _stream(name: str) -> Callable[[Segment], Fault | None]:
    """The postings of one stream: what bounds them, then documents, then frequencies."""

    def check(segment: Segment) -> Fault | None:
        arrays = {part: segment.file.arrays[f"{name}.{part}"] for part in _STREAM_PARTS}
        pointers = _list_pointers(segment, name)
        if isinstance(pointers, Fault):
            return pointers
        found = _long_lists(arrays, pointers) or _codes(segment, arrays, int(pointers[-1]))
        if found is not None:
            return Fault(f"{name}.{found.array}", found.reason)
        docs = _postings(segment, name).docs
        gaps = np.isin(np.repeat(np.arange(len(pointers) - 1), np.diff(pointers)), arrays["long"])
        for part, some in (("docs", ~gaps), ("gaps", gaps)):
            if (docs[some] >= segment.doc_count).any() or (docs[some] < 0).any():
                return Fault(f"{name}.{part}", "names a document that is not there")
        if not _rises_within(docs, pointers):
            return Fault(f"{name}.docs", "does not rise within a list")
        return None

    return check


def _list_pointers(segment: Segment, name: str) -> Array | Fault:
    """Where each list of a stream begins, and where the last one ends (i8)."""
    arrays = segment.file.arrays
    if name != "pair":
        return np.asarray(arrays[f"{name}.ptr"].astype(np.int64))
    long, frequencies = arrays["pair.long"], arrays["pair.df"].astype(np.int64)
    if not np.array_equal(np.flatnonzero(frequencies == LONG_LIST), long):
        return Fault("pair.long", "does not name the lists that 'pair.df' says are long")
    if not frequencies.all():
        return Fault("pair.df", "has a pair that is nowhere")
    frequencies[long] = arrays["pair.long_df"]
    pointers = np.concatenate([[0], np.cumsum(frequencies)])
    if not np.array_equal(pointers[arrays["pair.rows"].astype(np.int64)], arrays["pair.row_ptr"]):
        return Fault("pair.row_ptr", "does not add up from 'pair.df'")
    second = segment.all_seconds()
    if (second >= len(segment.terms.text)).any():
        return Fault("pair.second_low", "names a term that is not there")
    if not _rises_within(second, arrays["pair.rows"]):
        return Fault("pair.second_low", "does not rise within a row")
    return pointers


def _long_lists(arrays: dict[str, Array], pointers: Array) -> Fault | None:
    frequencies = np.diff(pointers)
    long = np.flatnonzero(frequencies >= LONG_LIST)
    if not np.array_equal(long, arrays["long"]):
        return Fault("long", "does not name the long lists")
    if not np.array_equal(frequencies[long], arrays["long_df"]):
        return Fault("long_df", "has another frequency than the pointers")
    before = np.concatenate([[0], np.cumsum(arrays["gaps"] != LONG_LIST)])
    # A list ends with a gap's last byte, which is below 255.
    if not np.array_equal(np.diff(before[arrays["long_ptr"].astype(np.int64)]), frequencies[long]):
        return Fault("gaps", "has another number of documents than the pointers")
    ends = arrays["long_ptr"][1:].astype(np.int64) - 1
    if (arrays["gaps"][ends] == LONG_LIST).any():
        return Fault("long_ptr", "divides a gap")
    return None


def _codes(segment: Segment, arrays: dict[str, Array], postings: int) -> Fault | None:
    bits = np.unpackbits(arrays["other"])
    if bits[postings:].any():
        return Fault("other", "has bits after the last posting")
    before = np.concatenate([[0], np.cumsum(bits[:postings], dtype=np.int64)])
    if not np.array_equal(before[::RANK_STEP], arrays["rank"]):
        return Fault("rank", "does not count what 'other' has")
    codes, table = arrays["codes"], len(segment.packed_combinations)
    if before[-1] != len(codes):
        return Fault("codes", "has another number of entries than 'other' has bits")
    if postings and not table:
        return Fault("codes", "has postings without a combination")
    if not np.array_equal(np.flatnonzero(codes == CODE_ESCAPE), arrays["escapes"]):
        return Fault("escapes", "does not name the codes that are escapes")
    if (codes == 0).any() or (codes[codes < CODE_ESCAPE] >= table).any():
        return Fault("codes", "names a combination that is not there")
    if (arrays["escaped"] < CODE_ESCAPE).any() or (arrays["escaped"] >= table).any():
        return Fault("escaped", "names a combination that is not there")
    return None


def _postings(segment: Segment, name: str) -> KeyedPostings:
    if name == "pair":
        return segment.all_pairs()[0]
    return segment.all_terms() if name == "term" else segment.all_words()


def _combinations(segment: Segment) -> Fault | None:
    table = segment.packed_combinations
    if len(np.unique(table)) != len(table) or not table.all():
        return Fault("combinations", "has one twice, or one without an occurrence")
    return None


def _positions(segment: Segment) -> Fault | None:
    arrays = segment.file.arrays
    lists = segment.all_terms()
    totals = segment.combination_totals[lists.combinations]
    before = np.concatenate([[0], np.cumsum(totals)])
    if not np.array_equal(before[arrays["term.ptr"].astype(np.int64)], arrays["position.ptr"]):
        return Fault("position.ptr", "does not count what the frequencies say")
    packed = arrays["position.high"]
    high = np.stack([packed & 0xF, packed >> 4], axis=1).reshape(-1)
    if high[len(arrays["position.low"]) :].any():
        return Fault("position.high", "has bits after the last position")
    if not np.array_equal(np.flatnonzero(high == POSITION_ESCAPE), arrays["position.escapes"]):
        return Fault("position.escapes", "does not name the positions that are escapes")
    if (arrays["position.escaped"] < POSITION_ESCAPE << 8).any():
        return Fault("position.escaped", "has a position that needs no escape")
    try:
        _ = segment.headlines
    except IndexCorrupt as error:
        return Fault("position.escaped", error.reason)
    return None


def _id_order(segment: Segment) -> Fault | None:
    order = segment.file.arrays["doc.id_order"]
    if not np.array_equal(np.sort(order), np.arange(segment.doc_count)):
        return Fault("doc.id_order", "does not name every document once")
    ids = [segment.ids.raw(doc) for doc in order.tolist()]
    if any(b < a for a, b in pairwise(ids)):
        return Fault("doc.id_order", "is not sorted by id")
    return None


def _zone_starts(segment: Segment) -> Fault | None:
    falls = segment.zone_starts[:, 1:] < segment.zone_starts[:, :-1]
    return Fault("doc.zone_starts", "falls from zone to zone") if falls.any() else None


def _published(segment: Segment) -> Fault | None:
    return _days(segment.published, "column.published", 1)


def _changed(segment: Segment) -> Fault | None:
    return _days(segment.changed, "column.changed", 1000)


def _days(times: Array, name: str, a_second: int) -> Fault | None:
    known = times[times != NO_DATE] // a_second
    first, last = (
        datetime(year, 1, 1, tzinfo=UTC).timestamp()
        for year in (PLAUSIBLE_YEARS.start, PLAUSIBLE_YEARS.stop)
    )
    if (known < first - _DAY).any() or (known > last + _DAY).any():
        return Fault(name, "has a day that no article can have")
    return None


def _keyword(name: str) -> Callable[[Segment], Fault | None]:
    def check(segment: Segment) -> Fault | None:
        column = segment.keyword(name)
        if not np.array_equal(np.unique(column.numbers), np.arange(len(column.labels))):
            return Fault(f"column.{name}", "does not name every label, or others")
        if not _rises_within(column.numbers, column.ptr):
            return Fault(f"column.{name}", "does not rise within a document")
        sizes: Array = np.diff(column.ptr.astype(np.int64))
        if name in ("source", "section") and (sizes > 1).any():
            return Fault(f"column.{name}_ptr", "gives a document several values")
        return None

    return check


_STREAM_PARTS = (
    *("docs", "gaps", "long", "long_df", "long_ptr"),
    *("other", "rank", "codes", "escapes", "escaped"),
)
_POINTERS = (
    *(f"{name}_offsets" for name in STRING_LISTS),
    *(f"column.{name}_ptr" for name in KEYWORD_COLUMNS),
    *(f"{name}.long_ptr" for name in STREAMS),
    *STREAMS.values(),
    *("pair.rows", "position.ptr"),
)
_TEXTS = tuple(name for name in STRING_LISTS if name not in ("doc.stored", "column.title"))


def _arrays_of(*beginnings: str) -> tuple[str, ...]:
    return tuple(name for name in LAYOUT if name.startswith(beginnings))


#: The arrays that a check reads, all of which must have been right so far, and the check.
_CHECKS: tuple[tuple[tuple[str, ...], Callable[[Segment], Fault | None]], ...] = (
    *(((name,), _pointers(name)) for name in _POINTERS),
    *(((name, f"{name}_offsets"), _text(name)) for name in _TEXTS),
    *((_arrays_of(f"{name}.text", f"{name}.fold"), _vocabulary(name)) for name in ("term", "word")),
    (("combinations",), _combinations),
    *((("combinations", *_arrays_of(f"{name}.")), _stream(name)) for name in STREAMS),
    (_arrays_of("position.", "term.", "combinations"), _positions),
    (_arrays_of("doc.id"), _id_order),
    (("doc.zone_starts",), _zone_starts),
    (("column.published",), _published),
    (("column.changed",), _changed),
    *((_arrays_of(f"column.{name}"), _keyword(name)) for name in KEYWORD_COLUMNS),
)
