"""What Whoosh's readers are told of a segment's fields: schema, terms, postings, lengths."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import numpy as np
from whoosh.analysis import IDAnalyzer
from whoosh.fields import DATETIME, ID, KEYWORD, STORED, TEXT, Schema
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.query.spans import Span
from whoosh.reading import TermInfo
from whoosh.support.levenshtein import distance
from whoosh.util.times import datetime_to_long

from analyzers import fold, has_marks
from analyzers.whoosh_analysis import (
    VietnameseAnalyzer,
    VietnameseFoldingAnalyzer,
    VietnameseNormalizeFilter,
    VietnameseTokenizer,
    VietnameseWordFilter,
)

from ...article import VIETNAM_TIME
from ...schema import Zone
from ...segments.array_file import Array
from ...segments.columns import KEYWORD_COLUMNS, NO_DATE
from ...segments.inversion import BARE_ZONE_MARK
from ...segments.segment import Segment

ZONES: Final[Mapping[str, Zone | None]] = {
    **{zone.name.lower(): zone for zone in Zone},
    "all": None,
}
FOLDED = "_folded"
#: What Whoosh adds to a signed number, so that its bytes sort as it does.
_SIGN = np.uint64(1 << 63)
SORTABLE = ("id", "source", "section", "published")


def _schema() -> Schema:
    accented = VietnameseAnalyzer(words=False)
    folding = VietnameseFoldingAnalyzer(words=False)
    words = VietnameseTokenizer() | VietnameseNormalizeFilter() | VietnameseWordFilter(False)
    schema = Schema(
        id=ID(stored=True, unique=True, sortable=True),
        url=STORED,
        published=DATETIME(stored=True, sortable=True),
        words=TEXT(words, phrase=False),
    )
    for name, zone in ZONES.items():
        schema.add(name, TEXT(accented, stored=zone is not None))
        schema.add(name + FOLDED, TEXT(folding))
    for name in KEYWORD_COLUMNS:
        labels = KEYWORD(stored=True, sortable=name in SORTABLE)
        labels.analyzer = IDAnalyzer()  # a label is one term, spaces and all
        schema.add(name, labels)
    return schema


#: Every zone with and without accents (`headline`, `headline_folded`), all of them together
#: (`all`, `all_folded`), words of several syllables (`words`, without positions), and columns.
SCHEMA: Final = _schema()


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of a term, rising, with parallel frequencies."""

    docs: Array
    frequencies: Array
    positions: Callable[[], tuple[Array, Array]] | None = None
    """Parallel documents and positions (both rising) of every occurrence; None: none are kept."""


class SegmentField(ABC):
    """One field of one segment."""

    lengths: Array | None = None
    """Tokens of each document; None where the field is not scored by length."""

    @cached_property
    @abstractmethod
    def terms(self) -> list[bytes]:
        """Every term, rising by bytes; those of deleted documents too."""

    @abstractmethod
    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term; None where it does not occur."""

    def terms_from(self, prefix: bytes) -> Iterator[bytes]:
        """The terms that are not below a prefix."""
        yield from self.terms[bisect_left(self.terms, prefix) :]

    def terms_within(self, text: str, most: int, prefix: int) -> Iterator[str]:
        """The terms in at most so many edits of a text that share its first letters."""
        start = text[:prefix].encode()
        for term in self.terms_from(start):
            if not term.startswith(start):
                return
            written = term.decode()
            if abs(len(written) - len(text)) <= most and distance(written, text, most) <= most:
                yield written

    def info(self, postings: Postings) -> TermInfo:
        """Whoosh's statistics of a term."""
        docs, frequencies = postings.docs, postings.frequencies
        lengths = np.ones(1) if self.lengths is None else self.lengths[docs]
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(frequencies.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )


class ZoneField(SegmentField):
    """The syllables of one zone, or of all, with positions that count from the zone's beginning.

    A zone that is written without any mark keeps its terms under keys of their own; here they are
    the same terms as in other zones.
    """

    def __init__(self, segment: Segment, zone: Zone | None, *, folded: bool) -> None:
        self._segment = segment
        self._zone = zone
        self._folded = folded
        lengths = segment.lengths
        self.lengths = lengths.sum(axis=1) if zone is None else lengths[:, zone]

    @cached_property
    def terms(self) -> list[bytes]:
        """Every term, rising by bytes."""
        postings = self._segment.all_terms()
        here = self._frequencies(postings.combinations) > 0
        texts = self._segment.terms.text.all()
        found = (texts[number].removesuffix(BARE_ZONE_MARK) for number in set(postings.keys[here]))
        return sorted({(fold(text) if self._folded else text).encode() for text in found})

    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term; None where it does not occur."""
        text = term.decode()
        vocabulary = self._segment.terms
        if self._folded:
            return self.of_numbers(list(vocabulary.forms(text)))
        folded = fold(text)
        keys = (text,) if has_marks(text) else (text, text + BARE_ZONE_MARK)
        numbers = (vocabulary.number(key, folded) for key in keys)
        return self.of_numbers([number for number in numbers if number is not None])

    def of_numbers(self, numbers: list[int]) -> Postings | None:
        """The postings of terms of the segment's vocabulary together; None where none occurs."""
        lists = [self._segment.term_list(number) for number in numbers]
        if not lists:
            return None
        docs = np.concatenate([each.docs.astype(np.int64) for each in lists])
        frequencies = np.concatenate([self._frequencies(each.combinations) for each in lists])
        found, rows = np.unique(docs[frequencies > 0], return_inverse=True)
        if not len(found):
            return None
        totals = np.bincount(rows, frequencies[frequencies > 0])
        return Postings(found, totals, lambda: self._positions(numbers))

    def _frequencies(self, combinations: Array) -> Array:
        segment = self._segment
        if self._zone is None:
            return np.asarray(segment.combination_totals[combinations])
        return np.asarray(segment.combinations[combinations, self._zone].astype(np.int64))

    def _positions(self, numbers: list[int]) -> tuple[Array, Array]:
        found = [self._segment.positions(number) for number in numbers]
        docs = np.concatenate([docs for docs, _ in found])
        positions = np.concatenate([positions for _, positions in found])
        if self._zone is not None:
            starts = self._segment.zone_starts[docs].astype(np.int64)
            here = (positions[:, None] >= starts[:, 1:]).sum(axis=1) == self._zone
            docs, positions = docs[here], (positions - starts[:, self._zone])[here]
        order = np.lexsort((positions, docs))
        return docs[order], positions[order]


class WordField(SegmentField):
    """Words of several syllables (công_an) in all zones; the index keeps no positions of them."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    @cached_property
    def lengths(self) -> Array:  # type: ignore[override]  # read only here
        """Words of each document."""
        postings = self._segment.all_words()
        totals = self._segment.combination_totals[postings.combinations]
        return np.bincount(postings.docs, totals, self._segment.doc_count).astype(np.int64)

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        texts = self._segment.words.text.all()
        return {text.replace(" ", "_").encode(): number for number, text in enumerate(texts)}

    @cached_property
    def terms(self) -> list[bytes]:
        """Every term, rising by bytes."""
        return sorted(self._numbers)

    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term; None where it does not occur."""
        number = self._numbers.get(term)
        if number is None:
            return None
        words = self._segment.word_list(number)
        totals = self._segment.combination_totals[words.combinations]
        return Postings(words.docs.astype(np.int64), totals)


class LabelField(SegmentField):
    """A column of labels, each one term."""

    def __init__(self, labels: list[str], numbers: Array, docs: Array) -> None:
        """
        Args:
            labels: without repeats.
            numbers: of labels, parallel to the documents that carry them.
        """
        # Whoosh has no way to write a lone surrogate.
        self._labels = {label.encode(errors="replace"): n for n, label in enumerate(labels)}
        self._numbers = numbers
        self._docs = docs

    @cached_property
    def terms(self) -> list[bytes]:
        """Every term, rising by bytes."""
        return sorted(self._labels)

    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term; None where it does not occur."""
        number = self._labels.get(term)
        docs = np.sort(self._docs[self._numbers == (-1 if number is None else number)])
        return Postings(docs, np.ones(len(docs))) if len(docs) else None


class DateField(SegmentField):
    """Times of publication, in the steps of precision that Whoosh's ranges ask for."""

    def __init__(self, numbers: Array) -> None:
        """
        Args:
            numbers: what `published_numbers` gives.
        """
        self._docs = np.flatnonzero(numbers)
        self._numbers = numbers[self._docs].astype(np.uint64) + _SIGN
        self._field = SCHEMA["published"]

    @cached_property
    def terms(self) -> list[bytes]:
        """Every term, rising by bytes."""
        steps = range(0, self._field.bits, self._field.shift_step)
        return [
            self._field.sortable_to_bytes(number << shift, shift)
            for shift in steps
            for number in np.unique(self._numbers >> np.uint64(shift)).tolist()
        ]

    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term; None where it does not occur."""
        shift, number = term[0], np.uint64(int.from_bytes(term[1:], "big"))
        docs = self._docs[(self._numbers >> np.uint64(shift)) == number]
        return Postings(docs, np.ones(len(docs))) if len(docs) else None


def vietnamese_time(published: datetime) -> datetime:
    """What Whoosh is told of a time: Vietnam's, without a zone, for Whoosh knows none."""
    return published.astimezone(VIETNAM_TIME).replace(tzinfo=None)


def published_numbers(segment: Segment) -> Array:
    """Times of publication as Whoosh counts them, in microseconds (i8), 0 where there is none."""
    epoch = datetime_to_long(vietnamese_time(datetime.fromtimestamp(0, VIETNAM_TIME)))
    missing = segment.published == NO_DATE
    return np.where(missing, 0, np.where(missing, 0, segment.published) * 1_000_000 + epoch)


def open_fields(segment: Segment) -> dict[str, SegmentField]:
    """Every indexed field of a segment; nothing of them is read yet."""
    fields: dict[str, SegmentField] = {}
    for name, zone in ZONES.items():
        fields[name] = ZoneField(segment, zone, folded=False)
        fields[name + FOLDED] = ZoneField(segment, zone, folded=True)
    everyone = np.arange(segment.doc_count)
    for name in KEYWORD_COLUMNS:
        column = segment.keyword(name)
        sizes: Array = np.diff(column.ptr.astype(np.int64))
        docs = np.repeat(everyone, sizes)
        fields[name] = LabelField(column.labels.all(), column.numbers, docs)
    ids, numbers = np.unique(segment.ids.all(), return_inverse=True)
    fields["id"] = LabelField(ids.tolist(), numbers, everyone)
    fields["published"] = DateField(published_numbers(segment))
    fields["words"] = WordField(segment)
    return fields


class ArrayMatcher(LeafMatcher):
    """Whoosh's cursor over the postings of one term.

    It offers no block quality: with it, Whoosh leaves out hits of nested and boosted queries.
    """

    def __init__(
        self, postings: Postings, term: tuple[str, bytes], format_: Any, scorer: Any
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        self._ids: list[int] = postings.docs.tolist()
        self._weights: list[float] = postings.frequencies.tolist()
        self._at = 0

    @cached_property
    def _places(self) -> tuple[list[int], Array]:
        """Where the positions of each document begin, and all positions."""
        if self._postings.positions is None:
            raise ValueError(f"the field {self._term[0]} keeps no positions")
        docs, positions = self._postings.positions()
        bounds = np.searchsorted(docs, [*self._ids, np.iinfo(np.int64).max])
        return bounds.tolist(), positions

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> "ArrayMatcher":
        other = ArrayMatcher(self._postings, self._term, self.format, self.scorer)
        other._at = self._at
        return other

    def id(self) -> int:
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids[self._at :])

    def next(self) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, self._at)

    def supports_block_quality(self) -> bool:
        return False

    def weight(self) -> float:
        return self._weights[self._at]

    def value_as(self, astype: str) -> Any:
        """The current posting's "frequency", "weight" or "positions" (a list)."""
        if astype == "positions":
            bounds, positions = self._places
            return positions[bounds[self._at] : bounds[self._at + 1]].tolist()
        if not self.supports(astype):
            raise ValueError(f"the field {self._term[0]} keeps no {astype}")
        return int(self.weight()) if astype == "frequency" else self.weight()

    def spans(self) -> list[Span]:
        return [Span(position) for position in self.value_as("positions")]

    def value(self) -> Any:
        """What Whoosh's own format would have stored."""
        if self.supports("positions"):
            return self.format.encode(self.value_as("positions"))
        return b""

    def score(self) -> float:
        return float(self.scorer.score(self)) if self.scorer else self.weight()
