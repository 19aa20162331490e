"""Phrases and proximity by arithmetic on positions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..plan import PairSet, Phrase, TermSet
from ..schema import ZONE_COUNT
from ..segments.array_file import Array
from .snapshot import Part
from .term_scores import pair_frequencies, term_documents, term_frequencies, term_numbers

#: A place is document · 2^26 + position; the limits of tokens and the gaps between paragraphs keep
#: every position below.
POSITION_BITS = 26
_NO_PLACES: Array = np.zeros(0, np.int64)


def phrase_frequencies(part: Part, phrase: Phrase) -> tuple[Array, Array]:
    """The living documents of a phrase, rising within the part, and x of each: it is one term."""
    pair = _as_pair(phrase)
    if pair is not None:
        return pair_frequencies(part, pair)
    if len(phrase.parts) == 1:
        return term_frequencies(part, _in_full(phrase.parts[0]))
    candidates = _candidates(part, phrase)
    places = _places(part, phrase, candidates) if candidates.any() else _NO_PLACES
    docs = places >> POSITION_BITS
    positions = places & ((1 << POSITION_BITS) - 1)
    starts = part.segment.zone_starts[docs].astype(np.int64)
    zones = (positions[:, None] >= starts[:, 1:]).sum(axis=1)
    keep = np.isin(zones, [int(zone) for zone in phrase.parts[0].zones])
    docs, zones = docs[keep], zones[keep]
    found, rows = np.unique(docs, return_inverse=True)
    counts = np.zeros((len(found), ZONE_COUNT), np.float32)
    np.add.at(counts, (rows, zones), 1)
    return found, np.einsum("ij,ij->i", counts, part.norms.zones[found])


def _as_pair(phrase: Phrase) -> PairSet | None:
    stacked = any(terms.stacked for terms in phrase.parts)
    if phrase.window is None and phrase.offsets == (0, 1) and not stacked:
        first, second = map(_in_full, phrase.parts)
        return PairSet(first, second)
    return None


def _in_full(terms: TermSet) -> TermSet:
    """The same terms, every occurrence counted in full: a phrase is there or not."""
    if all(form.boost == 1.0 for form in terms.terms):
        return terms
    return replace(terms, terms=tuple(replace(form, boost=1.0) for form in terms.terms))


def _candidates(part: Part, phrase: Phrase) -> Array:
    """Living documents that hold every part, and every neighbouring pair of parts (bool)."""
    size = part.segment.doc_count
    mask = np.ones(size, bool) if part.live is None else part.live.copy()
    steps = list(zip(phrase.parts, phrase.offsets, strict=True))
    covered: set[int] = set()
    if phrase.window is None:
        for index, ((first, at), (second, then)) in enumerate(pairwise(steps)):
            if then == at + 1 and not (first.stacked or second.stacked):
                mask &= _among(pair_frequencies(part, PairSet(first, second))[0], size)
                covered |= {index, index + 1}
    for index, terms in enumerate(phrase.parts):
        if index not in covered:
            found = term_documents(part, terms)
            mask &= _among(_NO_PLACES, size) if found is None else found
    return mask


def _among(docs: Array, size: int) -> Array:
    mask = np.zeros(size, bool)
    mask[docs] = True
    return mask


def _places(part: Part, phrase: Phrase, candidates: Array) -> Array:
    """Where the phrase begins, as places in one segment."""
    found = [
        occurrences(part, terms, lambda docs: np.flatnonzero(candidates[docs]))
        for terms in phrase.parts
    ]
    if phrase.window is not None:
        return _within_window(found, phrase.window)
    starts = found[0] - phrase.offsets[0]
    for places, offset in zip(found[1:], phrase.offsets[1:], strict=True):
        starts = starts[_contained(starts + offset, places)]
    return starts + phrase.offsets[0]


def occurrences(part: Part, terms: TermSet, choose: Callable[[Array], Array]) -> Array:
    """Sorted distinct places of the terms.

    Args:
        choose: from the documents of a term, which of them are asked for.
    """
    found = []
    for number, _ in term_numbers(part, terms):
        docs, positions = part.segment.positions(number, choose)
        if len(docs):
            found.append((docs << POSITION_BITS) | positions)
    if not found:
        return _NO_PLACES
    return found[0] if len(found) == 1 else _sorted_distinct(found)


def _sorted_distinct(found: Sequence[Array]) -> Array:
    # np.unique counts by hashes first, which takes several times as long.
    places = np.sort(np.concatenate(found))
    return np.asarray(places[np.append(True, places[1:] != places[:-1])])


def _contained(places: Array, among: Array) -> Array:
    """For each place, whether it is one of the sorted others (bool)."""
    if not len(among):
        return np.zeros(len(places), bool)
    index = np.minimum(np.searchsorted(among, places), len(among) - 1)
    return np.asarray(among[index] == places)


def _within_window(occurrences: Sequence[Array], window: int) -> Array:
    """First places of stretches of at most `window` steps that hold every part."""
    if not all(len(places) for places in occurrences):
        return _NO_PLACES
    starts = _sorted_distinct(occurrences)
    for places in occurrences:
        index = np.searchsorted(places, starts)
        following = places[np.minimum(index, len(places) - 1)]
        starts = starts[(index < len(places)) & (following - starts <= window)]
    return starts
