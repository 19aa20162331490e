"""Analysed documents → the arrays of a new segment."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..schema import ZONE_COUNT
from .analyzed import SKETCH_BYTES, AnalyzedBatch, AnalyzedDocument, BatchVocabulary
from .array_file import Array, smallest_unsigned
from .columns import column_arrays
from .numbering import Numbering
from .positions import position_arrays
from .postings import LONG_LIST, Grouped, combination_table, encode, group_tokens
from .strings import pack_bytes, pack_strings

_EMPTY = np.zeros(0, np.uint32)


class SegmentBuilder:
    """Collects analysed documents and inverts them at the end."""

    def __init__(self) -> None:
        self._terms = Numbering()
        self._words = Numbering()
        self._batch: BatchVocabulary | None = None
        self._term_numbers = self._word_numbers = _EMPTY
        self._documents: list[AnalyzedDocument] = []
        self._term_ids: list[Array] = []
        self._word_ids: list[Array] = []

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Append one document of a batch."""
        if vocabulary is not self._batch:
            self._batch = vocabulary
            self._term_numbers = self._terms.numbers_of(vocabulary.terms, vocabulary.terms_folded)
            self._word_numbers = self._words.numbers_of(vocabulary.words, vocabulary.words_folded)
        self._term_ids.append(self._term_numbers[document.terms])
        self._word_ids.append(self._word_numbers[document.words])
        self._documents.append(document)

    def add_batch(self, batch: AnalyzedBatch) -> None:
        """Append every document of a batch."""
        for document in batch.documents:
            self.add(batch.vocabulary, document)

    def stored(self, number: int) -> bytes:
        """The stored bytes of a document."""
        return self._documents[number].stored

    def arrays(self) -> dict[str, Array]:
        """The arrays of the segment, in the order in which the documents came."""
        documents = self._documents
        terms, terms_folded, ranks = self._terms.sorted()
        words, words_folded, word_ranks = self._words.sorted()
        term_of = ranks[_joined(self._term_ids)]
        sizes = [len(document.terms) for document in documents]
        doc_of = np.repeat(np.arange(len(documents), dtype=np.uint32), sizes)
        positions = _joined([document.positions for document in documents])
        zones = _joined([document.zones for document in documents])
        primary = _joined([document.primary for document in documents]).astype(bool)

        syllables, order = group_tokens(term_of, doc_of, zones, len(terms))
        pairs = _pairs(
            term_of[primary], doc_of[primary], positions[primary], zones[primary], len(terms)
        )
        word_of = word_ranks[_joined(self._word_ids)]
        word_docs = np.repeat(
            np.arange(len(documents), dtype=np.uint32), [len(d.words) for d in documents]
        )
        word_zones = _joined([document.word_zones for document in documents])
        word_groups, _ = group_tokens(word_of, word_docs, word_zones, len(words))

        arrays = posting_arrays(
            len(terms), len(words), len(documents), syllables, pairs, word_groups
        )
        arrays |= position_arrays(term_of[order], positions[order], len(terms))
        arrays |= vocabulary_arrays("term", terms, terms_folded)
        arrays |= vocabulary_arrays("word", words, words_folded)
        arrays |= _document_arrays(documents)
        return arrays


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays) if arrays else _EMPTY


def _pairs(terms: Array, docs: Array, positions: Array, zones: Array, term_count: int) -> Grouped:
    """Postings of neighbouring syllables; the key is first · term_count + second."""
    adjacent = (docs[1:] == docs[:-1]) & (positions[1:] == positions[:-1] + 1)
    keys = terms[:-1].astype(np.uint64) * np.uint64(term_count) + terms[1:]
    bound = term_count * term_count
    return group_tokens(keys[adjacent], docs[:-1][adjacent], zones[:-1][adjacent], bound)[0]


def posting_arrays(
    term_count: int,
    word_count: int,
    doc_count: int,
    syllables: Grouped,
    pairs: Grouped,
    words: Grouped,
) -> dict[str, Array]:
    """The stored postings of the three streams; a number without postings has an empty range.

    Args:
        pairs: their keys are first · term_count + second.
    """
    table = combination_table([syllables.packed, pairs.packed, words.packed])
    arrays: dict[str, Array] = {"combinations": table}
    for prefix, group, count in (("term", syllables, term_count), ("word", words, word_count)):
        bounds = group.ptr[np.searchsorted(group.keys, np.arange(count + 1))]
        arrays[f"{prefix}.ptr"] = bounds.astype(smallest_unsigned(len(group.docs)))
        arrays |= encode(prefix, replace(group, ptr=bounds), table, doc_count)
    arrays |= encode("pair", pairs, table, doc_count)
    first, second = np.divmod(pairs.keys, np.uint64(max(1, term_count)))
    rows = np.searchsorted(first, np.arange(term_count + 1, dtype=np.uint64))
    arrays["pair.second_low"] = (second & np.uint64(0xFFFF)).astype(np.uint16)
    arrays["pair.second_high"] = (second >> np.uint64(16)).astype(_high_type(term_count))
    arrays["pair.rows"] = rows.astype(smallest_unsigned(len(first)))
    arrays["pair.df"] = np.minimum(np.diff(pairs.ptr), LONG_LIST).astype(np.uint8)
    arrays["pair.row_ptr"] = pairs.ptr[rows].astype(smallest_unsigned(len(pairs.docs)))
    return arrays


def _high_type(term_count: int) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if term_count < 1 << 24 else np.uint16


def vocabulary_arrays(
    prefix: str, strings: Sequence[str], folded: Sequence[str]
) -> dict[str, Array]:
    """Strings sorted by folded form, and for each distinct folded form where its strings begin."""
    starts = [index for index, fold in enumerate(folded) if index == 0 or fold != folded[index - 1]]
    text_blob, text_offsets = pack_strings(strings)
    fold_blob, fold_offsets = pack_strings([folded[start] for start in starts])
    bounds = np.array([*starts, len(strings)], np.uint32)
    return {
        f"{prefix}.text": text_blob,
        f"{prefix}.text_offsets": text_offsets,
        f"{prefix}.fold": fold_blob,
        f"{prefix}.fold_offsets": fold_offsets,
        f"{prefix}.fold_first": bounds,
    }


def _document_arrays(documents: Sequence[AnalyzedDocument]) -> dict[str, Array]:
    lengths = np.array([document.lengths for document in documents], np.uint32)
    starts = np.array([document.zone_starts for document in documents], np.uint32)
    ids = [document.doc_id for document in documents]
    id_blob, id_offsets = pack_strings(ids)
    stored_blob, stored_offsets = pack_bytes([document.stored for document in documents])
    return {
        **zone_arrays(lengths, starts, len(documents)),
        "doc.id": id_blob,
        "doc.id_offsets": id_offsets,
        "doc.id_order": id_order(ids),
        "doc.digest": np.array([document.digest for document in documents], np.uint64),
        "doc.sketch": np.concatenate(
            [np.zeros((0, SKETCH_BYTES), np.uint8)]
            + [document.sketch.reshape(1, SKETCH_BYTES) for document in documents]
        ),
        "doc.stored": stored_blob,
        "doc.stored_offsets": stored_offsets,
        **column_arrays([document.columns for document in documents]),
    }


def zone_arrays(lengths: Array, starts: Array, doc_count: int) -> dict[str, Array]:
    """Lengths and first positions of the zones of every document."""
    shape = (doc_count, ZONE_COUNT)
    return {
        "doc.lengths": lengths.astype(smallest_unsigned(int(lengths.max(initial=0)))).reshape(
            shape
        ),
        "doc.zone_starts": starts.astype(smallest_unsigned(int(starts.max(initial=0)))).reshape(
            shape
        ),
    }


def id_order(ids: Sequence[str]) -> Array:
    """Document numbers sorted by the UTF-8 bytes of their ids."""
    encoded = [doc_id.encode() for doc_id in ids]
    return np.array(sorted(range(len(ids)), key=encoded.__getitem__), np.uint32)
