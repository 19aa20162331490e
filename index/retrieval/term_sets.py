"""Term sets and pair sets → documents with saturated BM25F frequencies."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..query.plan import Form, PairSet, TermSet
from ..ranking import saturate
from ..schema import ZONE_COUNT, Zone
from ..segments.array_file import Array
from ..segments.segment import PostingList
from .snapshot import Part, Snapshot

#: From this share of all documents on, a dense row is added faster than a sparse list.
DENSE_SHARE = 1 / 12


@dataclass(frozen=True, slots=True)
class Weights:
    """Living documents (i8, rising) and their saturated frequencies (f4), still without idf."""

    docs: Array
    values: Array
    dense: Array | None = field(default=None)
    """The values as one row over all documents, for frequent terms."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return int(
            self.docs.nbytes
            + self.values.nbytes
            + (0 if self.dense is None else self.dense.nbytes)
            + 200
        )

    @property
    def document_frequency(self) -> int:
        """Living documents with any of the terms."""
        return len(self.docs)


def term_weights(snapshot: Snapshot, terms: TermSet) -> Weights:
    """The weights of a term set, from the cache or made."""
    return snapshot.cache.get(
        terms, Weights, lambda: _make(snapshot, _term_parts(snapshot, terms), terms.zones)
    )


def pair_weights(snapshot: Snapshot, pair: PairSet) -> Weights:
    """The weights of a pair set, from the cache or made."""
    return snapshot.cache.get(
        pair, Weights, lambda: _make(snapshot, _pair_parts(snapshot, pair), pair.first.zones)
    )


def form_numbers(part: Part, terms: TermSet) -> Iterator[tuple[int, Form]]:
    """The numbers in one segment of those forms of the set that occur in it."""
    by_fold: dict[str, list[Form]] = {}
    for form in terms.forms:
        by_fold.setdefault(form.fold, []).append(form)
    vocabulary = part.segment.terms
    for fold, forms in by_fold.items():
        numbers = vocabulary.forms(fold)
        texts = {vocabulary.text[number]: number for number in numbers}
        for form in forms:
            if form.term in texts:
                yield texts[form.term], form


def _term_parts(
    snapshot: Snapshot, terms: TermSet
) -> Iterator[tuple[Part, list[tuple[PostingList, float]]]]:
    for part in snapshot:
        postings = [
            (part.segment.term_list(number), form.share)
            for number, form in form_numbers(part, terms)
        ]
        yield part, postings


def _pair_parts(
    snapshot: Snapshot, pair: PairSet
) -> Iterator[tuple[Part, list[tuple[PostingList, float]]]]:
    for part in snapshot:
        seconds = {number: form.share for number, form in form_numbers(part, pair.second)}
        found = []
        if seconds:
            span = range(min(seconds), max(seconds) + 1)
            for number, form in form_numbers(part, pair.first):
                for entry in part.segment.pairs(number, span):
                    if entry.second in seconds:
                        share = form.share * seconds[entry.second]
                        found.append((part.segment.pair_list(entry), share))
        yield part, found


def _make(
    snapshot: Snapshot,
    parts: Iterator[tuple[Part, list[tuple[PostingList, float]]]],
    zones: frozenset[Zone],
) -> Weights:
    all_docs, all_x = [], []
    for part, postings in parts:
        docs, x = _segment_frequencies(snapshot, part, postings, zones)
        if len(docs):
            all_docs.append(docs)
            all_x.append(x)
    if not all_docs:
        return Weights(np.zeros(0, np.int64), np.zeros(0, np.float32))
    docs = np.concatenate(all_docs)
    values = saturate(np.concatenate(all_x), snapshot.constants)
    dense = None
    if len(docs) > DENSE_SHARE * snapshot.size:
        dense = np.zeros(snapshot.size, np.float32)
        dense[docs] = values
    return Weights(docs, values, dense)


def _segment_frequencies(
    snapshot: Snapshot,
    part: Part,
    postings: list[tuple[PostingList, float]],
    zones: frozenset[Zone],
) -> tuple[Array, Array]:
    """Global document numbers and x of the living documents of one segment."""
    if len(postings) == 1:
        docs, x = posting_frequencies(snapshot, part, *postings[0], zones)
    else:
        row = np.zeros(part.segment.doc_count, np.float32)
        for entry, share in postings:
            docs, x = posting_frequencies(snapshot, part, entry, share, zones)
            row[docs] += x
        docs = np.flatnonzero(row)
        x = row[docs]
    keep = x > 0
    if part.live is not None:
        keep &= part.live[docs]
    if not keep.all():
        docs, x = docs[keep], x[keep]
    return docs.astype(np.int64) + part.base, x


def posting_frequencies(
    snapshot: Snapshot, part: Part, postings: PostingList, share: float, zones: frozenset[Zone]
) -> tuple[Array, Array]:
    """Segment document numbers and x = share · Σ zone norm · tf of one posting list."""
    docs = postings.docs
    table = part.segment.combinations
    x = np.zeros(len(docs), np.float32)
    for zone in range(ZONE_COUNT):
        if Zone(zone) not in zones:
            continue
        frequency = table[:, zone].astype(np.float32)[postings.combinations]
        if not frequency.any():
            continue
        norms = snapshot.norms[zone][part.base : part.base + part.segment.doc_count]
        x += frequency * norms[docs]
    if share != 1.0:
        x *= np.float32(share)
    return docs, x
