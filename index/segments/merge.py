"""Several segments → the arrays of one, without their deleted documents."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .array_file import Array
from .build import id_order, posting_arrays, vocabulary_arrays, zone_arrays
from .columns import KEYWORD_COLUMNS, keyword_arrays
from .positions import position_arrays
from .postings import Grouped
from .segment import KeyedPostings, Segment, Vocabulary
from .strings import pack_bytes, pack_strings


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """A segment and which of its documents are alive (bool, one a document)."""

    segment: Segment
    live: Array


@dataclass(frozen=True, slots=True)
class _Columns:
    """Postings of one stream under merged numbers, still in segment order."""

    keys: Array
    docs: Array
    packed: Array


def merge_arrays(parts: Sequence[LiveSegment]) -> dict[str, Array]:
    """The arrays of the merged segment; documents keep their order."""
    doc_maps = _document_maps(parts)
    doc_count = int(sum(int(part.live.sum()) for part in parts))
    term_streams = [
        _stream(part, doc_map, part.segment.all_terms())
        for part, doc_map in zip(parts, doc_maps, strict=True)
    ]
    word_streams = [
        _stream(part, doc_map, part.segment.all_words())
        for part, doc_map in zip(parts, doc_maps, strict=True)
    ]
    terms, terms_folded, term_maps = _merged_vocabulary(
        [part.segment.terms for part in parts], [stream.keys for stream in term_streams]
    )
    words, words_folded, word_maps = _merged_vocabulary(
        [part.segment.words for part in parts], [stream.keys for stream in word_streams]
    )
    syllables = _regroup(_renumber(term_streams, term_maps))
    word_groups = _regroup(_renumber(word_streams, word_maps))
    pairs = _regroup(
        [
            _pair_stream(part, doc_map, term_map)
            for part, doc_map, term_map in zip(parts, doc_maps, term_maps, strict=True)
        ]
    )
    arrays = posting_arrays(len(terms), len(words), doc_count, syllables, pairs, word_groups)
    arrays |= _merged_positions(parts, term_maps, len(terms))
    arrays |= vocabulary_arrays("term", terms, terms_folded)
    arrays |= vocabulary_arrays("word", words, words_folded)
    arrays |= _merged_documents(parts)
    return arrays


def _document_maps(parts: Sequence[LiveSegment]) -> list[Array]:
    """Old document number → new one, -1 for deleted documents."""
    maps = []
    base = 0
    for part in parts:
        numbers = np.cumsum(part.live) - 1 + base
        maps.append(np.where(part.live, numbers, -1))
        base += int(part.live.sum())
    return maps


def _stream(part: LiveSegment, doc_map: Array, postings: KeyedPostings) -> _Columns:
    docs = doc_map[postings.docs]
    keep = docs >= 0
    packed = part.segment.packed_combinations[postings.combinations[keep]]
    return _Columns(postings.keys[keep], docs[keep], packed)


def _pair_stream(part: LiveSegment, doc_map: Array, term_map: Array) -> _Columns:
    postings, first, second = part.segment.all_pairs()
    keys = (term_map[first].astype(np.uint64) << np.uint64(32)) | term_map[second].astype(np.uint64)
    stream = _stream(part, doc_map, postings)
    return _Columns(keys[stream.keys], stream.docs, stream.packed)


def _merged_vocabulary(
    vocabularies: Sequence[Vocabulary], used: Sequence[Array]
) -> tuple[list[str], list[str], list[Array]]:
    """Sorted strings still in use, their folds, and old number → new number for each segment."""
    numbers: dict[tuple[str, str], int] = {}
    listed: list[tuple[Array, list[tuple[str, str]]]] = []
    for vocabulary, keys in zip(vocabularies, used, strict=True):
        sizes = np.diff(vocabulary.fold_first).tolist()
        folds = [
            fold
            for fold, size in zip(vocabulary.folds.all(), sizes, strict=True)
            for _ in range(size)
        ]
        texts = vocabulary.text.all()
        chosen = np.unique(keys).astype(np.int64)
        entries = [(folds[number], texts[number]) for number in chosen.tolist()]
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


def _renumber(streams: Sequence[_Columns], maps: Sequence[Array]) -> list[_Columns]:
    return [
        _Columns(renumbered[stream.keys].astype(np.uint64), stream.docs, stream.packed)
        for stream, renumbered in zip(streams, maps, strict=True)
    ]


def _regroup(streams: Sequence[_Columns]) -> Grouped:
    keys = np.concatenate([stream.keys for stream in streams])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    docs = np.concatenate([stream.docs for stream in streams])[order]
    packed = np.concatenate([stream.packed for stream in streams])[order]
    if not len(keys):
        return Grouped(keys, np.zeros(1, np.int64), docs, packed)
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return Grouped(keys[starts], np.append(starts, len(keys)), docs, packed)


def _merged_positions(
    parts: Sequence[LiveSegment], term_maps: Sequence[Array], term_count: int
) -> dict[str, Array]:
    terms, positions = [], []
    for part, term_map in zip(parts, term_maps, strict=True):
        segment = part.segment
        places, owners = segment.all_positions()
        postings = segment.all_terms()
        counts = segment.combination_totals[postings.combinations]
        keep = np.repeat(part.live[postings.docs], counts)
        terms.append(term_map[owners[keep]])
        positions.append(places[keep])
    merged_terms = np.concatenate(terms)
    order = np.argsort(merged_terms, kind="stable")
    return position_arrays(merged_terms[order], np.concatenate(positions)[order], term_count)


def _merged_documents(parts: Sequence[LiveSegment]) -> dict[str, Array]:
    chosen = [(part.segment, np.flatnonzero(part.live).tolist()) for part in parts]
    ids = [segment.ids[doc] for segment, docs in chosen for doc in docs]
    lengths = np.concatenate([part.segment.lengths[part.live] for part in parts])
    id_blob, id_offsets = pack_strings(ids)
    stored_blob, stored_offsets = pack_bytes(
        [segment.stored(doc) for segment, docs in chosen for doc in docs]
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
