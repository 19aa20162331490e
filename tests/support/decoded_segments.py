"""Segments written from plain values and read back into plain values."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import count
from pathlib import Path

import numpy as np

from analyzers import fold
from index.schema import ZONE_COUNT
from index.segments.analyzed import (
    AnalyzedBatch,
    AnalyzedDocument,
    BatchVocabulary,
    DocumentColumns,
)
from index.segments.array_file import Array, open_arrays, write_arrays
from index.segments.build import SegmentBuilder
from index.segments.columns import KEYWORD_COLUMNS, NO_DATE
from index.segments.merge import LiveSegment, merge_arrays
from index.segments.segment import PostingList, Segment

#: Key → document → frequency in each zone.
Frequencies = dict[tuple[str, ...], dict[int, tuple[int, ...]]]

NO_COLUMNS = DocumentColumns(
    source="", section="", authors=(), tags=(), published=None, title_key=b""
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a document; stacked: on the position of another one."""

    term: str
    position: int
    zone: int = 2
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A document before it is written; `words` are compounds with their zones."""

    doc_id: str
    tokens: tuple[Token, ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    columns: DocumentColumns = NO_COLUMNS


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a segment holds."""

    terms: Frequencies
    pairs: Frequencies
    words: Frequencies
    positions: dict[tuple[str, int], list[int]]
    documents: list[tuple[object, ...]] = field(default_factory=list)


def batch_of(sources: Sequence[Source]) -> AnalyzedBatch:
    """The documents with their strings numbered."""
    terms: dict[str, int] = defaultdict(count().__next__)
    words: dict[str, int] = defaultdict(count().__next__)
    documents = tuple(_analyzed(source, terms, words) for source in sources)
    vocabulary = BatchVocabulary(
        terms=tuple(terms),
        terms_folded=tuple(map(fold, terms)),
        words=tuple(words),
        words_folded=tuple(map(fold, words)),
    )
    return AnalyzedBatch(vocabulary, documents)


def content_of_batch(batch: AnalyzedBatch) -> list[dict[str, object]]:
    """Every document's fields, strings in the place of their numbers."""
    known = batch.vocabulary
    return [
        {
            **{each.name: _plain(getattr(document, each.name)) for each in fields(document)},
            "terms": [(known.terms[n], known.terms_folded[n]) for n in document.terms],
            "words": [(known.words[n], known.words_folded[n]) for n in document.words],
        }
        for document in batch.documents
    ]


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _analyzed(source: Source, terms: dict[str, int], words: dict[str, int]) -> AnalyzedDocument:
    tokens = source.tokens
    return AnalyzedDocument(
        doc_id=source.doc_id,
        terms=np.array([terms[token.term] for token in tokens], np.uint32),
        positions=np.array([token.position for token in tokens], np.uint32),
        zones=np.array([token.zone for token in tokens], np.uint8),
        primary=np.array([not token.stacked for token in tokens], np.uint8),
        words=np.array([words[word] for word, _ in source.words], np.uint32),
        word_zones=np.array([zone for _, zone in source.words], np.uint8),
        lengths=_lengths(source),
        zone_starts=_zone_starts(source),
        stored=b"stored " + source.doc_id.encode(),
        digest=_digest(source),
        sketch=np.frombuffer(f"{source.doc_id:24.24}".encode("ascii", "replace"), np.uint8),
        columns=source.columns,
    )


def _lengths(source: Source) -> tuple[int, ...]:
    return tuple(
        sum(t.zone == zone and not t.stacked for t in source.tokens) for zone in range(ZONE_COUNT)
    )


def _zone_starts(source: Source) -> tuple[int, ...]:
    return tuple(
        min((t.position for t in source.tokens if t.zone >= zone), default=2**20)
        for zone in range(ZONE_COUNT)
    )


def _digest(source: Source) -> int:
    return 2**64 - 1 - len(source.doc_id)


def arrays_of(sources: Sequence[Source]) -> dict[str, Array]:
    """The arrays of a new segment with these documents."""
    builder = SegmentBuilder()
    builder.add_batch(batch_of(sources))
    return builder.arrays()


def written(path: Path, arrays: Mapping[str, Array]) -> Segment:
    """A segment that was written to a file and opened again."""
    with path.open("wb") as stream:
        write_arrays(stream, arrays)
    opened = open_arrays(path)
    opened.verify()
    return Segment(opened)


def merged_arrays(
    folder: Path, parts: Sequence[Sequence[Source]], deleted: frozenset[str]
) -> dict[str, Array]:
    """The arrays of segments with these documents, merged without the deleted ones."""
    segments = []
    for number, sources in enumerate(parts):
        segment = written(folder / f"part-{number}", arrays_of(sources))
        live = np.array([source.doc_id not in deleted for source in sources], bool)
        segments.append(LiveSegment(segment, live))
    return merge_arrays(segments)


def content_of(sources: Sequence[Source]) -> Content:
    """What a segment with these documents must hold, counted without arrays."""
    content = Content(defaultdict(dict), defaultdict(dict), defaultdict(dict), defaultdict(list))
    for number, source in enumerate(sources):
        primary = [token for token in source.tokens if not token.stacked]
        at = {token.position: token for token in primary}
        for token in source.tokens:
            _add(content.terms, (token.term,), number, token.zone)
            content.positions[token.term, number].append(token.position)
        for token in primary:
            if (after := at.get(token.position + 1)) is not None:
                _add(content.pairs, (token.term, after.term), number, token.zone)
        for word, zone in source.words:
            _add(content.words, (word,), number, zone)
        c = source.columns
        labels = [(c.source,) * bool(c.source), (c.section,) * bool(c.section), c.authors, c.tags]
        content.documents.append(
            (
                source.doc_id,
                _lengths(source),
                _zone_starts(source),
                _digest(source),
                b"stored " + source.doc_id.encode(),
                c.published,
                c.title_key,
                *(tuple(sorted(set(values))) for values in labels),
            )
        )
    return content


def _add(frequencies: Frequencies, key: tuple[str, ...], doc: int, zone: int) -> None:
    row = list(frequencies[key].get(doc, (0,) * ZONE_COUNT))
    row[zone] += 1
    frequencies[key][doc] = tuple(row)


def content(segment: Segment) -> Content:
    """What an opened segment holds."""
    terms = segment.terms.text.all()
    found = Content({}, {}, {}, {})
    for number, term in enumerate(terms):
        assert segment.terms.number(term, fold(term)) == number
        found.terms[term,] = _frequencies(segment, segment.term_list(number))
        for doc, position in zip(*map(np.ndarray.tolist, segment.positions(number)), strict=True):
            found.positions.setdefault((term, doc), []).append(position)
        for pair in segment.pairs(number, range(len(terms))):
            key = (term, terms[pair.second])
            found.pairs[key] = _frequencies(segment, segment.pair_list(pair))
    for number, word in enumerate(segment.words.text.all()):
        found.words[word,] = _frequencies(segment, segment.word_list(number))
    labels = [segment.keyword(name).rows() for name in KEYWORD_COLUMNS]
    published = segment.published.tolist()
    for doc in range(segment.doc_count):
        doc_id = segment.ids[doc]
        assert doc in segment.find_docs(doc_id)
        found.documents.append(
            (
                doc_id,
                tuple(segment.lengths[doc].tolist()),
                tuple(segment.zone_starts[doc].tolist()),
                int(segment.digests[doc]),
                segment.stored.raw(doc),
                None if published[doc] == NO_DATE else published[doc],
                segment.titles.raw(doc),
                *(rows[doc] for rows in labels),
            )
        )
    return found


def _frequencies(segment: Segment, postings: PostingList) -> dict[int, tuple[int, ...]]:
    docs = postings.docs.tolist()
    assert docs == sorted(set(docs))
    rows = segment.combinations[postings.combinations].tolist()
    return dict(zip(docs, map(tuple, rows), strict=True))
