"""Articles → analysed documents: the work of an indexing process."""

import hashlib
import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analyzers import (
    STACKED,
    PieceToken,
    TokenKind,
    expand_piece,
    has_marks,
    pieces_in_context,
    segmenter,
)

from ..article import Article, without_times
from ..collation import collation_key
from ..schema import ZONE_COUNT, Zone, ZoneText, zone_texts
from ..stored_article import pack_article, trusted_article
from .analyzed import (
    ZONE_TOKEN_LIMITS,
    AnalyzedBatch,
    AnalyzedDocument,
    BatchVocabulary,
    DocumentColumns,
)
from .array_file import Array
from .duplicates import sketch, syllable_hash
from .numbering import Numbering

#: Ends the terms of zones that are written wholly without marks ("Ha Noi traffic"), so that
#: accented queries can find them without matching every bare syllable of accented text.
BARE_ZONE_MARK = "\x1f"
#: Positions left free between paragraphs: neither neighbours nor proximity ever cross.
PARAGRAPH_GAP = 30
#: Characters of the pieces and words that an inverter knows; with more it begins anew.
_CHARACTERS_KEPT = 1_000_000
_PROVENANCE = b',"provenance":['
_PRIMARY, _WORD = 1, 2
_ZONES = np.arange(ZONE_COUNT, dtype=np.uint8)
_WORD_KINDS = frozenset({TokenKind.WORD, TokenKind.CODE, TokenKind.JOINED})


class _Entry(NamedTuple):
    """A text piece as vocabulary numbers: its tokens, the positions that it takes."""

    terms: tuple[int, ...]
    flags: tuple[int, ...]
    offsets: tuple[int, ...]
    """Positions within the piece."""
    width: int
    marked: bool
    parts: tuple[str, ...]
    """What the word segmenter sees of it."""


def content_digest(record: bytes) -> int:
    """64 bits of an article's content, as its JSON, wherever and whenever it was read.

    Of the provenance, its last entry, only what was done to the text counts.
    """
    record = without_times(record)
    # Inside a text the quotes are escaped: this is found only where it is meant.
    content, _, origin = record.partition(_PROVENANCE)
    digest = hashlib.blake2b(content, digest_size=8)
    if origin:
        _reader, _path, _line, *converted = json.loads(b"[" + origin.removesuffix(b"}"))
        digest.update(json.dumps(converted).encode())
    return int.from_bytes(digest.digest(), "little")


class Inverter:
    """Turns articles into arrays; one per process, it remembers a bounded number of pieces."""

    def __init__(self) -> None:
        self._segmenter = segmenter()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._terms = Numbering()
        self._words = Numbering()
        self._hashes = array("I")
        self._entries: dict[str, _Entry] = {}
        self._characters = 0

    def invert(self, records: Iterable[bytes]) -> AnalyzedBatch:
        """One batch with its own vocabulary, documents in the order given.

        Args:
            records: what `Article.to_json` made of the articles.
        """
        if self._characters > _CHARACTERS_KEPT:
            self._begin_anew()
        documents = [self._document(record) for record in records]
        terms, terms_folded, places = self._terms.used([each.terms for each in documents])
        words, words_folded, word_places = self._words.used([each.words for each in documents])
        vocabulary = BatchVocabulary(
            terms=tuple(terms),
            terms_folded=tuple(terms_folded),
            words=tuple(words),
            words_folded=tuple(words_folded),
        )
        renumbered = (
            replace(each, terms=places[each.terms], words=word_places[each.words])
            for each in documents
        )
        return AnalyzedBatch(vocabulary, tuple(renumbered))

    def _document(self, record: bytes) -> AnalyzedDocument:
        """A document with the numbers of this inverter."""
        article = trusted_article(record)
        terms: list[int] = []
        positions: list[int] = []
        flags: list[int] = []
        words: list[int] = []
        sizes = [0] * ZONE_COUNT
        word_sizes = [0] * ZONE_COUNT
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
            del zone_words[ZONE_TOKEN_LIMITS[zone] :]
            words += zone_words
            sizes[zone], word_sizes[zone] = len(terms) - start, len(zone_words)
        primary = np.array(flags, np.uint8) & np.uint8(_PRIMARY)
        zones = np.repeat(_ZONES, sizes)
        lengths = np.bincount(zones[primary > 0], minlength=ZONE_COUNT).tolist()
        numbers = np.array(terms, np.uint32)
        hashes = np.frombuffer(self._hashes, np.uint32)[numbers]
        return AnalyzedDocument(
            doc_id=article.id,
            terms=numbers,
            positions=np.array(positions, np.uint32),
            zones=zones,
            primary=primary,
            words=np.array(words, np.uint32),
            word_zones=np.repeat(_ZONES, word_sizes),
            lengths=tuple(lengths),
            zone_starts=_filled(zone_starts, lengths, base),
            stored=pack_article(record),
            digest=content_digest(record),
            sketch=sketch(hashes[_running(primary, zones)]),
            columns=_columns(article),
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
        known = self._entries.get
        words: list[int] = []
        any_marked = False
        for paragraph in text.paragraphs:
            parts: list[str] = []
            for piece in pieces_in_context(paragraph):
                piece_terms, piece_flags, offsets, width, marked, seen = known(
                    piece
                ) or self._entry(piece)
                terms += piece_terms
                flags += piece_flags
                for offset in offsets:
                    positions.append(base + offset)
                base += width
                any_marked |= marked
                parts += seen
            base += PARAGRAPH_GAP
            words += self._compounds(parts)
        return base, words, any_marked

    def _entry(self, piece: str) -> _Entry:
        self._characters += len(piece)
        expanded = expand_piece(piece)
        tokens = expanded.tokens
        exact = tuple(token.exact for token in tokens if token.kind not in STACKED)
        entry = self._entries[piece] = _Entry(
            terms=tuple(self._term(token.exact, token.folded) for token in tokens),
            flags=tuple(map(_flags, tokens)),
            offsets=tuple(token.offset for token in tokens),
            width=expanded.width,
            marked=any(map(has_marks, exact)),
            parts=exact or (piece,),
        )
        return entry

    def _term(self, exact: str, folded: str) -> int:
        number = self._terms.of.get(exact)
        if number is None:
            number = self._terms.add(exact, folded)
            self._hashes.append(syllable_hash(folded))
        return number

    def _bare(self, term: int) -> int:
        fold = self._terms.folded[term]
        return self._term(fold + BARE_ZONE_MARK, fold)

    def _compounds(self, parts: Sequence[str]) -> list[int]:
        """The multi-syllable words of one paragraph."""
        known = self._words.of.get
        found = []
        for first, last in self._segmenter.words(parts):
            if last - first > 1:
                word = " ".join(parts[first:last])
                number = known(word)
                found.append(self._word(word, parts[first:last]) if number is None else number)
        return found

    def _word(self, word: str, parts: Sequence[str]) -> int:
        self._characters += len(word)
        tokens = (token for part in parts for token in expand_piece(part).tokens)
        return self._words.add(word, " ".join(token.folded for token in tokens))


def folds_of(article: Article) -> set[str]:
    """The folded form of everything that an article brings into a vocabulary."""
    return {
        token.folded
        for zone_text in zone_texts(article)
        for paragraph in zone_text.paragraphs
        for piece in pieces_in_context(paragraph)
        for token in expand_piece(piece).tokens
    }


def _running(primary: Array, zones: Array) -> Array:
    """Which tokens are the syllables of lead and body; headlines differ from copy to copy."""
    in_text = (zones == Zone.LEAD) | (zones == Zone.BODY)
    return np.asarray(in_text & (primary > 0))


def _flags(token: PieceToken) -> int:
    primary = 0 if token.kind in STACKED else _PRIMARY
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
        changed=None if article.changed is None else round(1000 * article.changed.timestamp()),
        title_key=collation_key(article.headline),
    )
