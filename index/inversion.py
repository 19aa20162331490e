"""Articles → analysed documents: the work of an indexing process."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analyzers import PieceToken, TokenKind, expand_piece, has_marks, raw_pieces, segmenter

from .collation import collation_key
from .documents import Article
from .near_copies import sketch, syllable_hash
from .schema import ZONE_COUNT, Zone, ZoneText, zone_texts
from .segments.array_file import Array
from .segments.tokens import (
    ZONE_TOKEN_LIMITS,
    AnalyzedBatch,
    AnalyzedDocument,
    BatchVocabulary,
    DocumentColumns,
)
from .stored import pack_article

#: Ends the terms of zones that are written wholly without marks ("Ha Noi traffic"), so that
#: accented queries can find them without matching every bare syllable of accented text.
BARE_ZONE_MARK = "\x1f"
#: Positions left free between paragraphs: neither neighbours nor proximity ever cross.
PARAGRAPH_GAP = 30
_PIECE_CACHE_LIMIT = 400_000
_PRIMARY, _WORD = 1, 2
_RUNNING_TEXT = (Zone.LEAD, Zone.BODY)
_WORD_KINDS = frozenset({TokenKind.WORD, TokenKind.JOINED})
_STACKED_KINDS = frozenset({TokenKind.DATE, TokenKind.JOINED})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A text piece as vocabulary numbers: (term, position within the piece, flags)."""

    tokens: tuple[tuple[int, int, int], ...]
    width: int
    marked: bool
    parts: tuple[str, ...]
    """What the word segmenter sees of it."""


def article_digest(article: Article) -> int:
    """64 bits of the article's content."""
    return _digest(article.to_json())


def _digest(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


class Inverter:
    """Turns articles into arrays; one per process, its caches grow to a fixed size."""

    def __init__(self) -> None:
        self._segmenter = segmenter()
        self._reset()

    def _reset(self) -> None:
        self._terms: dict[str, int] = {}
        self._folds: list[str] = []
        self._hashes: list[int] = []
        self._words: dict[str, int] = {}
        self._word_folds: list[str] = []
        self._entries: dict[str, _Entry] = {}

    def invert(self, articles: Iterable[Article]) -> AnalyzedBatch:
        """One batch with its own vocabulary, documents in the order given."""
        self._reset()
        documents = tuple(self._document(article) for article in articles)
        vocabulary = BatchVocabulary(
            terms=tuple(self._terms),
            terms_folded=tuple(self._folds),
            words=tuple(self._words),
            words_folded=tuple(self._word_folds),
        )
        return AnalyzedBatch(vocabulary, documents)

    def _document(self, article: Article) -> AnalyzedDocument:
        terms: list[int] = []
        positions: list[int] = []
        flags: list[int] = []
        zones: list[int] = []
        words: list[int] = []
        word_zones: list[int] = []
        lengths = [0] * ZONE_COUNT
        zone_starts = [0] * ZONE_COUNT
        base = 0
        for zone_text in zone_texts(article):
            zone = zone_text.zone
            start = len(terms)
            zone_starts[zone] = base
            base, zone_words, marked = self._zone(zone_text, base, terms, positions, flags)
            del terms[start + ZONE_TOKEN_LIMITS[zone] :]
            del positions[len(terms) :], flags[len(terms) :]
            if not marked:
                terms[start:] = [
                    self._bare(term) if flag & _WORD else term
                    for term, flag in zip(terms[start:], flags[start:], strict=True)
                ]
            zones += [zone] * (len(terms) - start)
            del zone_words[ZONE_TOKEN_LIMITS[zone] :]
            words += zone_words
            word_zones += [zone] * len(zone_words)
            lengths[zone] = sum(flag & _PRIMARY for flag in flags[start:])
        data = article.to_json()
        return AnalyzedDocument(
            doc_id=article.id,
            terms=np.array(terms, np.uint32),
            positions=np.array(positions, np.uint32),
            zones=np.array(zones, np.uint8),
            primary=np.array(flags, np.uint8) & np.uint8(_PRIMARY),
            words=np.array(words, np.uint32),
            word_zones=np.array(word_zones, np.uint8),
            lengths=tuple(lengths),
            zone_starts=_filled(zone_starts, lengths, base),
            stored=pack_article(data),
            digest=_digest(data),
            sketch=sketch(self._running_text(terms, zones, flags)),
            columns=_columns(article),
        )

    def _running_text(
        self, terms: Sequence[int], zones: Sequence[int], flags: Sequence[int]
    ) -> Array:
        """The hashes of the syllables of lead and body; headlines differ from copy to copy."""
        hashes = self._hashes
        return np.fromiter(
            (
                hashes[term]
                for term, zone, flag in zip(terms, zones, flags, strict=True)
                if flag & _PRIMARY and zone in _RUNNING_TEXT
            ),
            np.uint32,
        )

    def _zone(
        self,
        text: ZoneText,
        base: int,
        terms: list[int],
        positions: list[int],
        flags: list[int],
    ) -> tuple[int, list[int], bool]:
        """Append a zone's tokens; the next free position, its words, whether a mark occurs."""
        entries = self._entries
        words: list[int] = []
        marked = False
        for paragraph in text.paragraphs:
            parts: list[str] = []
            for piece in raw_pieces(paragraph):
                entry = entries.get(piece)
                if entry is None:
                    entry = self._entry(piece)
                for term, offset, flag in entry.tokens:
                    terms.append(term)
                    positions.append(base + offset)
                    flags.append(flag)
                base += entry.width
                marked = marked or entry.marked
                parts += entry.parts
            base += PARAGRAPH_GAP
            words += self._compounds(parts)
        return base, words, marked

    def _entry(self, piece: str) -> _Entry:
        if len(self._entries) >= _PIECE_CACHE_LIMIT:
            self._entries.clear()
        expanded = expand_piece(piece)
        tokens = tuple(
            (self._term(t.exact, t.folded), t.offset, _flags(t)) for t in expanded.tokens
        )
        exact = tuple(t.exact for t in expanded.tokens if t.kind not in _STACKED_KINDS)
        entry = _Entry(tokens, expanded.width, any(map(has_marks, exact)), exact or (piece,))
        self._entries[piece] = entry
        return entry

    def _term(self, exact: str, folded: str) -> int:
        number = self._terms.get(exact)
        if number is None:
            number = self._terms[exact] = len(self._terms)
            self._folds.append(folded)
            self._hashes.append(syllable_hash(folded))
        return number

    def _bare(self, term: int) -> int:
        fold = self._folds[term]
        return self._term(fold + BARE_ZONE_MARK, fold)

    def _compounds(self, parts: Sequence[str]) -> list[int]:
        """The multi-syllable words of one paragraph."""
        found = []
        for first, last in self._segmenter.words(parts):
            if last - first < 2:
                continue
            word = " ".join(parts[first:last])
            number = self._words.get(word)
            if number is None:
                number = self._words[word] = len(self._words)
                self._word_folds.append(
                    " ".join(
                        token.folded
                        for part in parts[first:last]
                        for token in expand_piece(part).tokens
                    )
                )
            found.append(number)
        return found


def _flags(token: PieceToken) -> int:
    primary = 0 if token.kind in _STACKED_KINDS else _PRIMARY
    word = _WORD if token.kind in _WORD_KINDS and any(map(str.isalpha, token.folded)) else 0
    return primary | word


def _filled(starts: Sequence[int], lengths: Sequence[int], end: int) -> tuple[int, ...]:
    """Zone starts that never fall: an empty zone begins where the next one does."""
    filled = list(starts)
    for zone in reversed(range(ZONE_COUNT)):
        if lengths[zone]:
            end = filled[zone]
        else:
            filled[zone] = end
    return tuple(filled)


def _columns(article: Article) -> DocumentColumns:
    published = article.published
    return DocumentColumns(
        source=article.source,
        section=article.section,
        authors=article.authors,
        tags=article.tags,
        published=None if published is None else int(published.timestamp()),
        title_key=collation_key(article.headline),
    )
