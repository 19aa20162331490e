"""Several segments → the arrays of one, without their deleted documents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .array_file import Array
from .build import id_order, posting_arrays, vocabulary_arrays, zone_arrays
from .columns import KEYWORD_COLUMNS, keyword_arrays
from .positions import position_arrays
from .postings import Grouped, sorted_keys
from .segment import KeyedPostings, Segment
from .strings import Vocabulary, pack_bytes, pack_strings


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """A segment and which of its documents are alive (bool, one a document)."""

    segment: Segment
    live: Array


class _Postings:
    """Postings of one stream under merged numbers, segment after segment."""

    def __init__(self) -> None:
        self._keys: list[Array] = []
        self._docs: list[Array] = []
        self._packed: list[Array] = []

    def add(self, part: LiveSegment, doc_map: Array, postings: KeyedPostings, keys: Array) -> None:
        """Append those of a segment's live documents.

        Args:
            keys: the merged number of each of the segment's keys.
        """
        docs = doc_map[postings.docs]
        keep = docs >= 0
        self._keys.append(keys[postings.keys[keep]])
        self._docs.append(docs[keep])
        self._packed.append(part.segment.packed_combinations[postings.combinations[keep]])

    def grouped(self, bound: int) -> Grouped:
        """All of them by key, which this lets go of; every key is below the bound."""
        keys, order = sorted_keys(_joined(self._keys), bound)
        docs = _joined(self._docs)[order]
        packed = _joined(self._packed)[order]
        if not len(keys):
            return Grouped(keys, np.zeros(1, np.int64), docs, packed)
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        return Grouped(keys[starts], np.append(starts, len(keys)), docs, packed)


def _joined(arrays: list[Array]) -> Array:
    """One array of all, which are let go of."""
    joined = np.concatenate(arrays)
    arrays.clear()
    return joined


def merge_arrays(parts: Sequence[LiveSegment]) -> dict[str, Array]:
    """The arrays of the merged segment; documents keep their order."""
    doc_maps = _document_maps(parts)
    segments = [part.segment for part in parts]
    arrays = _merged_documents(parts)
    words, words_folded, word_groups, _ = _merged_stream(
        parts, doc_maps, [segment.words for segment in segments], Segment.all_words
    )
    terms, terms_folded, syllables, term_maps = _merged_stream(
        parts, doc_maps, [segment.terms for segment in segments], Segment.all_terms
    )
    pairs = _merged_pairs(parts, doc_maps, term_maps, len(terms))
    doc_count = int(sum(int(part.live.sum()) for part in parts))
    arrays |= posting_arrays(len(terms), len(words), doc_count, syllables, pairs, word_groups)
    del syllables, pairs, word_groups
    arrays |= _merged_positions(parts, term_maps, len(terms))
    arrays |= vocabulary_arrays("term", terms, terms_folded)
    arrays |= vocabulary_arrays("word", words, words_folded)
    return arrays


def _document_maps(parts: Sequence[LiveSegment]) -> list[Array]:
    """Old document number → new one (i4), -1 for deleted documents."""
    maps = []
    base = 0
    for part in parts:
        numbers = np.cumsum(part.live) - 1 + base
        maps.append(np.where(part.live, numbers, -1).astype(np.int32))
        base += int(part.live.sum())
    return maps


def _merged_stream(
    parts: Sequence[LiveSegment],
    doc_maps: Sequence[Array],
    vocabularies: Sequence[Vocabulary],
    all_postings: Callable[[Segment], KeyedPostings],
) -> tuple[list[str], list[str], Grouped, list[Array]]:
    """Strings, folds and postings of one stream, and for each segment old number → new one."""
    used = []
    for part in parts:
        postings = all_postings(part.segment)
        used.append(np.flatnonzero(np.bincount(postings.keys[part.live[postings.docs]])))
    strings, folded, maps = _merged_vocabulary(vocabularies, used)
    merged = _Postings()
    for part, doc_map, numbers in zip(parts, doc_maps, maps, strict=True):
        merged.add(part, doc_map, all_postings(part.segment), numbers)
    return strings, folded, merged.grouped(len(strings)), maps


def _merged_pairs(
    parts: Sequence[LiveSegment],
    doc_maps: Sequence[Array],
    term_maps: Sequence[Array],
    term_count: int,
) -> Grouped:
    merged = _Postings()
    for part, doc_map, term_map in zip(parts, doc_maps, term_maps, strict=True):
        postings, first, second = part.segment.all_pairs()
        keys = term_map[first].astype(np.uint64) * np.uint64(term_count) + term_map[second]
        merged.add(part, doc_map, postings, keys)
    return merged.grouped(term_count * term_count)


def _merged_vocabulary(
    vocabularies: Sequence[Vocabulary], used: Sequence[Array]
) -> tuple[list[str], list[str], list[Array]]:
    """Sorted strings still in use, their folds, and old number → new number for each segment."""
    numbers: dict[tuple[str, str], int] = {}
    listed: list[tuple[Array, list[tuple[str, str]]]] = []
    for vocabulary, chosen in zip(vocabularies, used, strict=True):
        folds, texts = vocabulary.folds.all(), vocabulary.text.all()
        sizes: Array = np.diff(vocabulary.fold_first.astype(np.int64))
        fold_of = np.repeat(np.arange(len(folds)), sizes).tolist()
        entries = [(folds[fold_of[number]], texts[number]) for number in chosen.tolist()]
        listed.append((chosen, entries))
        numbers.update(dict.fromkeys(entries, 0))
    ordered = sorted(numbers)
    for number, entry in enumerate(ordered):
        numbers[entry] = number
    maps = []
    for vocabulary, (chosen, entries) in zip(vocabularies, listed, strict=True):
        renumbered = np.zeros(len(vocabulary.text), np.uint32)
        renumbered[chosen] = [numbers[entry] for entry in entries]
        maps.append(renumbered)
    return [text for _, text in ordered], [fold for fold, _ in ordered], maps


def _merged_positions(
    parts: Sequence[LiveSegment], term_maps: Sequence[Array], term_count: int
) -> dict[str, Array]:
    terms, positions = [], []
    for part, term_map in zip(parts, term_maps, strict=True):
        segment = part.segment
        places, owners = segment.all_positions()
        postings = segment.all_terms()
        counts = segment.occurrences(postings.combinations, len(places))
        keep = np.repeat(part.live[postings.docs], counts)
        terms.append(term_map[owners[keep]])
        positions.append(places[keep])
    merged_terms = _joined(terms)
    merged_terms, order = sorted_keys(merged_terms, term_count)
    return position_arrays(merged_terms, _joined(positions)[order], term_count)


def _merged_documents(parts: Sequence[LiveSegment]) -> dict[str, Array]:
    chosen = [(part.segment, np.flatnonzero(part.live).tolist()) for part in parts]
    ids = [segment.ids[doc] for segment, docs in chosen for doc in docs]
    lengths = np.concatenate([part.segment.lengths[part.live] for part in parts])
    id_blob, id_offsets = pack_strings(ids)
    stored_blob, stored_offsets = pack_bytes(
        [segment.stored.raw(doc) for segment, docs in chosen for doc in docs]
    )
    title_blob, title_offsets = pack_bytes(
        [segment.titles.raw(doc) for segment, docs in chosen for doc in docs]
    )
    zone_starts = np.concatenate([part.segment.zone_starts[part.live] for part in parts])
    arrays = {
        **zone_arrays(lengths, zone_starts, len(ids)),
        "doc.id": id_blob,
        "doc.id_offsets": id_offsets,
        "doc.id_order": id_order(ids),
        "doc.digest": np.concatenate([part.segment.digests[part.live] for part in parts]),
        "doc.sketch": np.concatenate([part.segment.sketches[part.live] for part in parts]),
        "doc.stored": stored_blob,
        "doc.stored_offsets": stored_offsets,
        "column.published": np.concatenate([p.segment.published[p.live] for p in parts]),
        "column.changed": np.concatenate([p.segment.changed[p.live] for p in parts]),
        "column.title": title_blob,
        "column.title_offsets": title_offsets,
    }
    for name in KEYWORD_COLUMNS:
        rows: list[tuple[str, ...]] = []
        for segment, docs in chosen:
            values = segment.keyword(name).rows()
            rows.extend(values[doc] for doc in docs)
        arrays |= keyword_arrays(name, rows)
    return arrays
