"""Term sets and pair sets → documents with saturated BM25F frequencies."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ..plan import PairSet, TermSet, WeightedTerm
from ..ranking import saturate
from ..schema import ALL_ZONES, Zone
from ..segments.array_file import Array
from ..segments.segment import Pair
from .snapshot import Part, Snapshot

#: From this share of all documents on, a dense row is added faster than a sparse list.
DENSE_SHARE = 1 / 7


@dataclass(frozen=True, slots=True)
class Weights:
    """Saturated frequencies (f4, still without idf) of the live documents with any of the terms.

    Rare terms keep parallel `documents` (i4, rising) and `values`; for frequent ones `row` holds
    a value for every document number, 0 where the terms do not occur, and the others are empty.
    """

    documents: Array
    values: Array
    row: Array | None
    document_frequency: int

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        row = 0 if self.row is None else self.row.nbytes
        return int(self.documents.nbytes + self.values.nbytes + row + 600)

    @property
    def docs(self) -> Array:
        """The document numbers, rising."""
        return self.documents if self.row is None else np.flatnonzero(self.row > 0)

    def value(self, doc: int) -> float:
        """The saturated frequency in one document."""
        if self.row is not None:
            return float(self.row[doc])
        index = int(np.searchsorted(self.documents, doc))
        found = index < len(self.documents) and self.documents[index] == doc
        return float(self.values[index]) if found else 0.0


def pack_weights(
    snapshot: Snapshot, docs: Sequence[Array], x: Sequence[Array], k1: float
) -> Weights:
    """Weights of global document numbers, rising from part to part, and their frequencies x."""
    count = sum(map(len, docs))
    if not count:
        return Weights(np.zeros(0, np.int32), np.zeros(0, np.float32), None, 0)
    documents = np.concatenate(docs)
    values = saturate(np.concatenate(x), k1)
    if count <= DENSE_SHARE * snapshot.size:
        return Weights(documents.astype(np.int32), values, None, count)
    row = np.zeros(snapshot.size, np.float32)
    row[documents] = values
    return _dense(row, count)


def _pack_row(snapshot: Snapshot, x: Array, k1: float) -> Weights:
    """Weights of (size,) frequencies x of live documents."""
    count = int(np.count_nonzero(x > 0))
    if count > DENSE_SHARE * snapshot.size:
        return _dense(saturate(x, k1), count)
    documents = np.flatnonzero(x > 0)
    values = saturate(x[documents], k1)
    return Weights(documents.astype(np.int32), values, None, count)


def _dense(row: Array, count: int) -> Weights:
    return Weights(np.zeros(0, np.int32), np.zeros(0, np.float32), row, count)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Documents of one segment, which may repeat, and the frequencies at each."""

    docs: Array
    combinations: Array
    share: float | Array
    distinct: bool


def term_weights(snapshot: Snapshot, terms: TermSet) -> Weights:
    """The weights of a term set, from the cache or made."""

    def make() -> Weights:
        k1 = snapshot.constants.k1
        return _make(snapshot, terms.zones, k1, lambda part: _of_terms(part, terms))

    return snapshot.cache.get(terms, Weights, make)


def pair_weights(snapshot: Snapshot, pair: PairSet) -> Weights:
    """The weights of a pair set, from the cache or made."""

    def make() -> Weights:
        zones = pair.first.zones & pair.second.zones
        return _make(snapshot, zones, snapshot.constants.pair_k1, lambda p: _of_pairs(p, pair))

    return snapshot.cache.get(pair, Weights, make)


def term_numbers(part: Part, terms: TermSet) -> Sequence[tuple[int, WeightedTerm]]:
    """The numbers in one segment of those forms of the set that occur in it."""

    def look_up() -> Sequence[tuple[int, WeightedTerm]]:
        number = part.segment.terms.number
        found = ((number(form.term, form.fold), form) for form in terms.terms)
        return tuple((number, form) for number, form in found if number is not None)

    return part.term_numbers.get(terms, look_up)


def documents_of(snapshot: Snapshot, terms: TermSet) -> Array:
    """(size,) bool: the live documents with any of the terms in any zone."""
    mask = np.zeros(snapshot.size, bool)
    for part in snapshot:
        for numbers, _ in _runs(part, terms):
            mask[part.base :][part.segment.term_run_documents(numbers)] = True
    mask &= snapshot.live
    return mask


def _of_terms(part: Part, terms: TermSet) -> Iterator[_Occurrences]:
    for numbers, share in _runs(part, terms):
        found = part.segment.term_run(numbers)
        yield _Occurrences(*found, share, distinct=len(numbers) == 1)


def _runs(part: Part, terms: TermSet) -> Iterator[tuple[range, float]]:
    """Neighbouring numbers of forms with the same share: those of one folded syllable."""
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
            share = seconds.get(entry.second)
            joins = share is not None and entry.is_short
            if run and not (joins and share == seconds[run[-1].second]):
                yield _run(part, run, form.boost * seconds[run[-1].second])
                run = []
            if joins:
                run.append(entry)
            elif share is not None:
                postings = part.segment.pair_list(entry)
                combined = form.boost * share
                yield _Occurrences(postings.docs, postings.combinations, combined, distinct=True)
        if run:
            yield _run(part, run, form.boost * seconds[run[-1].second])


def _run(part: Part, run: Sequence[Pair], share: float) -> _Occurrences:
    return _Occurrences(*part.segment.pair_run(run), share, distinct=len(run) == 1)


def _make(
    snapshot: Snapshot,
    zones: frozenset[Zone],
    k1: float,
    occurrences: Callable[[Part], Iterator[_Occurrences]],
) -> Weights:
    found = [(part, entries) for part in snapshot if (entries := list(occurrences(part)))]
    if all(len(entries) == 1 and entries[0].distinct for _, entries in found):
        lists = [_frequencies(snapshot, part, entries[0], zones) for part, entries in found]
        return pack_weights(snapshot, [docs for docs, _ in lists], [x for _, x in lists], k1)
    row = np.zeros(snapshot.size, np.float32)
    for part, entries in found:
        together = _together(entries)
        np.add.at(row[part.base :], together.docs, _x(snapshot, part, together, zones))
    if any(part.live is not None for part in snapshot):
        row *= snapshot.live
    return _pack_row(snapshot, row, k1)


def _together(entries: Sequence[_Occurrences]) -> _Occurrences:
    """The same occurrences, all decoded at once."""
    if len(entries) == 1:
        return entries[0]
    counts = [len(entry.docs) for entry in entries]
    return _Occurrences(
        np.concatenate([entry.docs for entry in entries]),
        np.concatenate([entry.combinations for entry in entries]),
        np.repeat(np.array([entry.share for entry in entries], np.float32), counts),
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
    """x = Σ share · zone norm · tf, parallel to the occurrences."""
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
    return np.asarray(x * np.asarray(found.share, np.float32))
