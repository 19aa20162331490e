"""Term sets and pair sets → the documents that hold them, with saturated BM25F frequencies."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from ..plan import PairSet, TermSet, WeightedTerm
from ..ranking import saturate
from ..schema import ALL_ZONES, Zone
from ..segments.array_file import Array
from ..segments.segment import Pair
from .snapshot import Part, Snapshot

#: From this share of all documents on, a row with a score for every document number is added
#: faster than a list.
_ROW_SHARE = 1 / 7
#: From this share on, one bit a document takes less room than their numbers, and bits are combined
#: faster.
_BITS_SHARE = 1 / 32
_NO_SCORES: Array = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class DocScores:
    """The live documents of a clause and what each adds to a score.

    Few documents have their numbers `docs` (i4, rising) and parallel `scores` (f4). Many have a
    bit each, packed, and `scores` is a row with a score for every document number, 0 where the
    clause does not match. `scores` is empty where only documents were asked for.
    """

    df: int
    """How many documents there are."""
    docs: Array | None = None
    bits: Array | None = None
    scores: Array = field(default_factory=lambda: _NO_SCORES)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        arrays = [array for array in (self.docs, self.bits) if array is not None]
        return 600 + int(self.scores.nbytes) + sum(int(array.nbytes) for array in arrays)

    def numbers(self) -> Array:
        """The document numbers, rising."""
        if self.docs is not None:
            return self.docs
        return np.flatnonzero(self.scores > 0)

    def mask(self, size: int) -> Array:
        """(size,) bool: whether a document number is one of them."""
        if self.bits is not None:
            return np.unpackbits(self.bits, count=size).view(bool)
        mask = np.zeros(size, bool)
        mask[self.numbers()] = True
        return mask

    def contains(self, docs: Array) -> Array:
        """Which of some document numbers are among them (bool)."""
        if self.bits is not None:
            return np.asarray(self.bits[docs >> 3] >> (7 - (docs & 7)) & 1).astype(bool)
        return np.isin(docs, self.numbers())

    def score(self, doc: int) -> float:
        """The score of one document, 0 where it is none of them."""
        if self.docs is None:
            return float(self.scores[doc])
        index = int(np.searchsorted(self.docs, doc))
        found = index < len(self.docs) and self.docs[index] == doc
        return float(self.scores[index]) if found else 0.0

    def add_to(self, total: Array, factor: np.float32 | None = None) -> None:
        """Add the scores, times a factor, to a (size,) row."""
        scores = self.scores if factor is None else factor * self.scores
        if self.docs is None:
            total += scores
        else:
            np.add.at(total, self.docs, scores)

    @classmethod
    def of_mask(cls, mask: Array) -> "DocScores":
        """The documents of a (size,) mask without scores."""
        df = int(np.count_nonzero(mask))
        if df < _BITS_SHARE * len(mask):
            return cls(df, docs=np.flatnonzero(mask).astype(np.int32))
        return cls(df, bits=np.packbits(mask))

    @classmethod
    def of_lists(cls, size: int, docs: Sequence[Array], scores: Sequence[Array]) -> "DocScores":
        """The documents of a snapshot of that size, rising from list to list, and their scores."""
        df = sum(map(len, docs))
        if not df:
            return cls(0, docs=np.zeros(0, np.int32))
        numbers, values = np.concatenate(docs), np.concatenate(scores)
        if df <= _ROW_SHARE * size:
            return cls(df, docs=numbers.astype(np.int32), scores=values)
        row = np.zeros(size, np.float32)
        row[numbers] = values
        return cls(df, scores=row)

    @classmethod
    def of_row(cls, row: Array, row_share: float = _ROW_SHARE) -> "DocScores":
        """The documents that have a score above 0 in a (size,) row."""
        found = np.flatnonzero(row > 0)
        if len(found) > row_share * len(row):
            return cls(len(found), scores=row)
        return cls(len(found), docs=found.astype(np.int32), scores=row[found])


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Documents of one segment, which may repeat, and the frequencies at each."""

    docs: Array
    combinations: Array
    boost: float | Array
    distinct: bool


def term_scores(snapshot: Snapshot, terms: TermSet) -> DocScores:
    """The documents of a term set with their saturated frequencies."""
    k1 = snapshot.constants.k1
    return _scores(snapshot, terms.zones, k1, lambda part: _of_terms(part, terms))


def pair_scores(snapshot: Snapshot, pair: PairSet) -> DocScores:
    """The documents of a pair set with their saturated frequencies."""
    zones, k1 = pair.first.zones & pair.second.zones, snapshot.constants.pair_k1
    return _scores(snapshot, zones, k1, lambda part: _of_pairs(part, pair))


def term_numbers(part: Part, terms: TermSet) -> list[tuple[int, WeightedTerm]]:
    """The numbers in one segment of those terms of the set that occur in it."""
    number = part.segment.terms.number
    found = ((number(form.term, form.fold), form) for form in terms.terms)
    return [(number, form) for number, form in found if number is not None]


def term_documents(snapshot: Snapshot, terms: TermSet) -> DocScores:
    """The documents of a term set without scores."""
    if terms.zones != ALL_ZONES:
        # Only frequencies know the zones.
        return DocScores.of_mask(term_scores(snapshot, terms).mask(snapshot.size))
    mask = np.zeros(snapshot.size, bool)
    for part in snapshot.parts:
        for numbers, _ in _runs(part, terms):
            mask[part.base :][part.segment.term_run_documents(numbers)] = True
    mask &= snapshot.live
    return DocScores.of_mask(mask)


def _of_terms(part: Part, terms: TermSet) -> Iterator[_Occurrences]:
    for numbers, boost in _runs(part, terms):
        found = part.segment.term_run(numbers)
        yield _Occurrences(*found, boost, distinct=len(numbers) == 1)


def _runs(part: Part, terms: TermSet) -> Iterator[tuple[range, float]]:
    """Neighbouring numbers of forms with the same boost: those of one folded syllable."""
    numbered = sorted((number, form.boost) for number, form in term_numbers(part, terms))
    for _, run in groupby(enumerate(numbered), lambda item: (item[1][0] - item[0], item[1][1])):
        entries = [entry for _, entry in run]
        yield range(entries[0][0], entries[-1][0] + 1), entries[0][1]


def _of_pairs(part: Part, pair: PairSet) -> Iterator[_Occurrences]:
    seconds = {number: form.boost for number, form in term_numbers(part, pair.second)}
    if not seconds:
        return
    span = range(min(seconds), max(seconds) + 1)
    for number, form in term_numbers(part, pair.first):
        run: list[Pair] = []
        for entry in part.segment.pairs(number, span):
            boost = seconds.get(entry.second)
            joins = boost is not None and entry.is_short
            if run and not (joins and boost == seconds[run[-1].second]):
                yield _run(part, run, form.boost * seconds[run[-1].second])
                run = []
            if joins:
                run.append(entry)
            elif boost is not None:
                postings = part.segment.pair_list(entry)
                combined = form.boost * boost
                yield _Occurrences(postings.docs, postings.combinations, combined, distinct=True)
        if run:
            yield _run(part, run, form.boost * seconds[run[-1].second])


def _run(part: Part, run: Sequence[Pair], boost: float) -> _Occurrences:
    return _Occurrences(*part.segment.pair_run(run), boost, distinct=len(run) == 1)


def _scores(
    snapshot: Snapshot,
    zones: frozenset[Zone],
    k1: float,
    occurrences: Callable[[Part], Iterator[_Occurrences]],
) -> DocScores:
    found = [(part, entries) for part in snapshot.parts if (entries := list(occurrences(part)))]
    if all(len(entries) == 1 and entries[0].distinct for _, entries in found):
        lists = [_frequencies(snapshot, part, entries[0], zones) for part, entries in found]
        scores = [saturate(x, k1) for _, x in lists]
        return DocScores.of_lists(snapshot.size, [docs for docs, _ in lists], scores)
    row = np.zeros(snapshot.size, np.float32)
    for part, entries in found:
        joined = _together(entries)
        np.add.at(row[part.base :], joined.docs, _x(snapshot, part, joined, zones))
    if any(part.live is not None for part in snapshot.parts):
        row *= snapshot.live
    together = DocScores.of_row(row)
    return replace(together, scores=saturate(together.scores, k1))


def _together(entries: Sequence[_Occurrences]) -> _Occurrences:
    """The same occurrences, all decoded at once."""
    if len(entries) == 1:
        return entries[0]
    counts = [len(entry.docs) for entry in entries]
    return _Occurrences(
        np.concatenate([entry.docs for entry in entries]),
        np.concatenate([entry.combinations for entry in entries]),
        np.repeat(np.array([entry.boost for entry in entries], np.float32), counts),
        distinct=False,
    )


def _frequencies(
    snapshot: Snapshot, part: Part, found: _Occurrences, zones: frozenset[Zone]
) -> tuple[Array, Array]:
    """Document numbers and x of the live documents of one segment."""
    docs, x = found.docs.astype(np.int64), _x(snapshot, part, found, zones)
    if zones != ALL_ZONES or part.live is not None:
        keep = x > 0
        if part.live is not None:
            keep &= part.live[docs]
        docs, x = docs[keep], x[keep]
    return docs + part.base, x


def _x(snapshot: Snapshot, part: Part, found: _Occurrences, zones: frozenset[Zone]) -> Array:
    """x = Σ boost · zone norm · tf, parallel to the occurrences."""
    table = part.segment.combination_rows
    if zones != ALL_ZONES:
        table = table * np.array([zone in zones for zone in Zone], np.float32)
    norms = snapshot.norms[part.base :]
    # Most occurrences are in the body alone: one column of both tables, not all zones.
    combinations, docs = found.combinations.astype(np.intp), found.docs.astype(np.intp)
    x = table[:, Zone.BODY].take(combinations)
    x *= snapshot.body_norms[part.base :].take(docs)
    beyond = np.flatnonzero(part.segment.combinations_beyond_body.take(combinations))
    if len(beyond):
        rows = table.take(combinations[beyond], axis=0)
        x[beyond] = np.einsum("ij,ij->i", rows, norms.take(docs[beyond], axis=0))
    return np.asarray(x * np.asarray(found.boost, np.float32))
