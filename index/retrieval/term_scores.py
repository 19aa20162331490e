"""Term sets and pair sets → the documents that hold them, with BM25F frequencies, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ..plan import PairSet, TermSet, WeightedTerm
from ..schema import ALL_ZONES, Zone
from ..segments.array_file import Array
from ..segments.segment import Pair
from .snapshot import Part

#: No documents, and x of each.
NOTHING: tuple[Array, Array] = (np.zeros(0, np.int64), np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Documents of one segment, which may repeat, and the frequencies at each."""

    docs: Array
    combinations: Array
    boost: float | Array
    distinct: bool


def term_frequencies(part: Part, terms: TermSet) -> tuple[Array, Array]:
    """The living documents of a term set, rising within the part, and x of each (f4)."""
    return _frequencies(part, list(_of_terms(part, terms)), terms.zones)


def pair_frequencies(part: Part, pair: PairSet) -> tuple[Array, Array]:
    """The living documents of a pair set, rising within the part, and x of each (f4)."""
    zones = pair.first.zones & pair.second.zones
    return _frequencies(part, list(_of_pairs(part, pair)), zones)


def term_documents(part: Part, terms: TermSet) -> Array | None:
    """One bool a document of the part: alive, and in it one of the terms; None if there is none."""
    size = part.segment.doc_count
    if terms.zones != ALL_ZONES:
        # Only frequencies know the zones.
        docs, _ = term_frequencies(part, terms)
        found = [docs] if len(docs) else []
    else:
        found = [part.segment.term_run_documents(numbers) for numbers, _ in _runs(part, terms)]
    if not found:
        return None
    mask = np.zeros(size, bool)
    for docs in found:
        mask[docs] = True
    if part.live is not None:
        mask &= part.live
    return mask


def term_numbers(part: Part, terms: TermSet) -> list[tuple[int, WeightedTerm]]:
    """The numbers in one segment of those terms of the set that occur in it."""
    number = part.segment.terms.number
    found = ((number(form.term, form.fold), form) for form in terms.terms)
    return [(number, form) for number, form in found if number is not None]


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


def _frequencies(
    part: Part, entries: Sequence[_Occurrences], zones: frozenset[Zone]
) -> tuple[Array, Array]:
    if not entries:
        return NOTHING
    if len(entries) == 1 and entries[0].distinct:
        docs, x = entries[0].docs.astype(np.int64), _x(part, entries[0], zones)
        if zones != ALL_ZONES or part.live is not None:
            keep = x > 0
            if part.live is not None:
                keep &= part.live[docs]
            docs, x = docs[keep], x[keep]
        return docs, x
    row = np.zeros(part.segment.doc_count, np.float32)
    joined = _together(entries)
    np.add.at(row, joined.docs, _x(part, joined, zones))
    if part.live is not None:
        row *= part.live
    docs = np.flatnonzero(row > 0)
    return docs, row[docs]


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


def _x(part: Part, found: _Occurrences, zones: frozenset[Zone]) -> Array:
    """x = Σ boost · zone norm · tf, parallel to the occurrences."""
    table = part.segment.combination_rows
    if zones != ALL_ZONES:
        table = table * np.array([zone in zones for zone in Zone], np.float32)
    norms = part.norms
    # Most occurrences are in the body alone: one column of both tables, not all zones.
    combinations, docs = found.combinations.astype(np.intp), found.docs.astype(np.intp)
    x = table[:, Zone.BODY].take(combinations)
    x *= norms.body.take(docs)
    beyond = np.flatnonzero(part.segment.combinations_beyond_body.take(combinations))
    if len(beyond):
        rows = table.take(combinations[beyond], axis=0)
        x[beyond] = np.einsum("ij,ij->i", rows, norms.zones.take(docs[beyond], axis=0))
    return np.asarray(x * np.asarray(found.boost, np.float32))
