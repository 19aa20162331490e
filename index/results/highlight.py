"""Marks what a query found, in the article's own spelling, as data."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyzers import (
    STACKED,
    Token,
    TokenKind,
    expand_piece,
    fold,
    has_marks,
    raw_pieces,
)

from ..article import Article
from ..model import ArticleMarks, Fragment, Highlights, MatchedWord, MatchKind
from ..query.targets import FormSequence, QueryTarget
from ..schema import Zone, zone_texts
from ..segments.inversion import BARE_ZONE_MARK
from .wanted_words import WantedWords

_MAX_MATCHED = 12
#: A composed Vietnamese letter between others: what nearly every text begins with.
_PLAINLY_MARKED = re.compile(r"[a-zđ][àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]|đ[aăâeêioôơuưy]")
_SNIPPET_CHARS = 220
_MAX_SNIPPETS = 2
_SPACE = re.compile(r"\s")


class _Occurrence(NamedTuple):
    """The tokens first to last (exclusive) of a paragraph, found by one target.

    Hundreds are made and compared for a page of hits, which tuples do fastest.
    """

    first: int
    last: int
    target: int


class _Paragraph(NamedTuple):
    zone: Zone
    text: str
    tokens: tuple[Token, ...]
    occurrences: tuple[_Occurrence, ...]


class _Marked(NamedTuple):
    """A text and its marked spans: sorted, apart, in code points."""

    text: str
    spans: tuple[tuple[int, int], ...]


_NOTHING = [_Marked("", ())]


class Highlighter:
    """Marks articles for one query; targets stand in the order of the query."""

    def __init__(self, targets: Sequence[QueryTarget]) -> None:
        self._targets = targets
        self._by_first: dict[str, list[tuple[int, frozenset[Zone], FormSequence]]] = {}
        """Form → the targets that begin with it: number, zones, all of its forms in order."""
        wanted = {
            form
            for target in targets
            for option in target.options
            for forms in option
            for form in forms
        }
        bare = {
            form.removesuffix(BARE_ZONE_MARK) for form in wanted if form.endswith(BARE_ZONE_MARK)
        }
        marked = {form for form in wanted if not form.endswith(BARE_ZONE_MARK)}
        self._marked, self._bare = WantedWords(marked), WantedWords(marked, bare)
        for number, target in enumerate(targets):
            for sequence in target.options:
                for form in sequence[0]:
                    self._by_first.setdefault(form, []).append((number, target.zones, sequence))

    def mark(self, article: Article) -> tuple[Highlights, tuple[MatchedWord, ...]]:
        """The marked texts, and which words were found where and how."""
        paragraphs = self._paragraphs(article)
        settled = self._settle(paragraphs)
        by_zone = self._by_zone(paragraphs, settled)
        highlights = Highlights(
            title=_fragments(by_zone.get(Zone.HEADLINE, _NOTHING)[0]),
            lead=_fragments(by_zone.get(Zone.LEAD, _NOTHING)[0]),
            snippets=_snippets(by_zone.get(Zone.BODY, []) + by_zone.get(Zone.CAPTIONS, [])),
            related=tuple(_fragments(m) for m in by_zone.get(Zone.RELATED, []) if m.spans),
        )
        return highlights, self._matched(paragraphs, settled)

    def mark_article(self, article: Article) -> ArticleMarks:
        """The whole article, marked."""
        paragraphs = self._paragraphs(article)
        by_zone = self._by_zone(paragraphs, self._settle(paragraphs))
        return ArticleMarks(
            headline=_fragments(by_zone.get(Zone.HEADLINE, _NOTHING)[0]),
            lead=_fragments(by_zone.get(Zone.LEAD, _NOTHING)[0]),
            body=tuple(_fragments(marked) for marked in by_zone.get(Zone.BODY, [])),
            captions=tuple(_fragments(marked) for marked in by_zone.get(Zone.CAPTIONS, [])),
        )

    def _paragraphs(self, article: Article) -> list[_Paragraph]:
        paragraphs = []
        for zone_text in zone_texts(article):
            zone, texts = zone_text.zone, zone_text.paragraphs
            bare = not any(
                _PLAINLY_MARKED.search(text)
                or any(
                    has_marks(t.exact) for raw in raw_pieces(text) for t in expand_piece(raw).tokens
                )
                for text in texts
            )
            finder = self._bare if bare else self._marked
            paragraphs += [
                _Paragraph(
                    zone,
                    text,
                    tokens,
                    tuple(self._occurrences(zone, tokens, bare) if tokens else ()),
                )
                for text, tokens in zip(texts, finder.tokens(texts), strict=True)
            ]
        return paragraphs

    def _occurrences(
        self, zone: Zone, tokens: Sequence[Token], bare: bool
    ) -> Iterator[_Occurrence]:
        for index, token in enumerate(tokens):
            for key in (token.folded + BARE_ZONE_MARK, token.exact) if bare else (token.exact,):
                for number, zones, sequence in self._by_first.get(key, ()):
                    if zone not in zones:
                        continue
                    if len(sequence) == 1:
                        yield _Occurrence(index, index + 1, number)
                    elif last := _sequence_end(tokens, index, sequence, bare=bare):
                        yield _Occurrence(index, last, number)

    def _by_zone(
        self, paragraphs: Sequence[_Paragraph], settled: Sequence[Sequence[_Occurrence]]
    ) -> dict[Zone, list[_Marked]]:
        by_zone: dict[Zone, list[_Marked]] = {}
        for paragraph, kept in zip(paragraphs, settled, strict=True):
            text, tokens = paragraph.text, paragraph.tokens
            if not kept:
                by_zone.setdefault(paragraph.zone, []).append(_Marked(text, ()))
                continue
            spans: list[tuple[int, int]] = []
            for start, end in sorted(
                {(tokens[o.first].start, tokens[o.last - 1].end) for o in kept}
            ):
                if spans and (start <= spans[-1][1] or text[spans[-1][1] : start].isspace()):
                    spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
                else:
                    spans.append((start, end))
            by_zone.setdefault(paragraph.zone, []).append(_Marked(text, tuple(spans)))
        return by_zone

    def _settle(self, paragraphs: Sequence[_Paragraph]) -> list[list[_Occurrence]]:
        """The occurrences to mark: beside its neighbour of the query where a word ever stands so.

        A bare `ha noi` would otherwise mark every hạ and every nói. Where it never does, only what
        the word most likely means: the năm of "trong năm học" is not the nam of `quang nam`.
        """
        if len(self._targets) == 1:
            return [list(paragraph.occurrences) for paragraph in paragraphs]
        beside: list[set[_Occurrence]] = []
        paired: set[int] = set()
        for paragraph in paragraphs:
            together: set[_Occurrence] = set()
            if len(paragraph.occurrences) > 1:
                tokens = paragraph.tokens
                ends: dict[tuple[int, int], list[_Occurrence]] = {}
                for occurrence in paragraph.occurrences:
                    place = occurrence.target, tokens[occurrence.last - 1].position
                    ends.setdefault(place, []).append(occurrence)
                for occurrence in paragraph.occurrences:
                    place = occurrence.target - 1, tokens[occurrence.first].position - 1
                    for before in ends.get(place, ()):
                        together.add(before)
                        together.add(occurrence)
            paired |= {occurrence.target for occurrence in together}
            beside.append(together)
        return [
            [
                o
                for o in paragraph.occurrences
                if o in together
                or (o.target not in paired and self._is_likely(o, paragraph.tokens[o.first].exact))
            ]
            for paragraph, together in zip(paragraphs, beside, strict=True)
        ]

    def _is_likely(self, occurrence: _Occurrence, exact: str) -> bool:
        likely = self._targets[occurrence.target].likely
        return likely is None or exact in likely or not has_marks(exact)

    def _matched(
        self, paragraphs: Sequence[_Paragraph], settled: Sequence[Sequence[_Occurrence]]
    ) -> tuple[MatchedWord, ...]:
        words: dict[MatchedWord, None] = {}
        seen: set[tuple[int, str, Zone]] = set()
        for paragraph, kept in zip(paragraphs, settled, strict=True):
            for occurrence in kept:
                target = self._targets[occurrence.target]
                tokens = paragraph.tokens[occurrence.first : occurrence.last]
                found = paragraph.text[tokens[0].start : tokens[-1].end]
                if (occurrence.target, found, paragraph.zone) in seen:
                    continue
                seen.add((occurrence.target, found, paragraph.zone))
                how = _how(target, tokens, found)
                words[MatchedWord(target.typed, found, paragraph.zone, how)] = None
                if len(words) == _MAX_MATCHED:
                    return tuple(words)
        return tuple(words)


def _sequence_end(
    tokens: Sequence[Token], index: int, sequence: FormSequence, *, bare: bool
) -> int | None:
    """Where the sequence that begins at this token ends; None where it does not stand here."""
    position = tokens[index].position
    for forms in sequence[1:]:
        position += 1
        if not forms:
            continue
        index = next(
            (
                at
                for at in range(index + 1, len(tokens))
                if tokens[at].position >= position
                and (tokens[at].kind not in STACKED or tokens[at].exact in forms)
            ),
            len(tokens),
        )
        if index == len(tokens) or tokens[index].position != position:
            return None
        token = tokens[index]
        if token.exact not in forms and not (bare and token.folded + BARE_ZONE_MARK in forms):
            return None
    return index + 1


def _how(target: QueryTarget, tokens: Sequence[Token], found: str) -> MatchKind:
    written = " ".join(token.exact for token in tokens)
    if any(token.kind is TokenKind.JOINED for token in tokens) and found != target.typed:
        return MatchKind.JOINED
    if written == target.exact:
        same = found.lower() == target.typed.lower()
        return MatchKind.EXACT if same or not has_marks(written) else MatchKind.TONE_PLACEMENT
    if fold(written) == fold(target.exact):
        return MatchKind.ACCENTS_IGNORED
    return target.expansion_kind if len(tokens) != 1 or target.expanded else MatchKind.I_Y


def _fragments(marked: _Marked, start: int = 0, end: int | None = None) -> tuple[Fragment, ...]:
    """The text from start to end, cut at the marks."""
    end = len(marked.text) if end is None else end
    cut: list[Fragment] = []
    at = start
    for first, last in marked.spans:
        if first < start or last > end:
            continue
        if first > at:
            cut.append(Fragment(marked.text[at:first]))
        cut.append(Fragment(marked.text[first:last], marked=True))
        at = last
    if at < end:
        cut.append(Fragment(marked.text[at:end]))
    return tuple(cut)


def _snippets(paragraphs: Sequence[_Marked]) -> tuple[tuple[Fragment, ...], ...]:
    """Up to two windows with the most different marked words, in reading order."""
    windows = [
        (-variety, number, start, end)
        for number, paragraph in enumerate(paragraphs)
        if paragraph.spans
        for variety, start, end in (_best_window(paragraph),)
    ]
    chosen = sorted(sorted(windows)[:_MAX_SNIPPETS], key=lambda window: window[1])
    snippets = []
    for _, number, start, end in chosen:
        marked = paragraphs[number]
        head = (Fragment("… "),) if start else ()
        tail = (Fragment(" …"),) if end < len(marked.text) else ()
        snippets.append((*head, *_fragments(marked, start, end), *tail))
    return tuple(snippets)


def _best_window(marked: _Marked) -> tuple[int, int, int]:
    """The variety of the window with the most different words, its start and its end.

    A window takes about _SNIPPET_CHARS around a mark, from a space to a space.
    """
    text, spans = marked.text, marked.spans
    words = [text[first:last].lower() for first, last in spans]
    if len(text) <= _SNIPPET_CHARS:
        return 3 * len(set(words)) + len(words), 0, len(text)
    around: dict[tuple[int, int], None] = {}
    for first, last in spans:
        start = max(0, first - max(0, (_SNIPPET_CHARS - (last - first)) // 3))
        end = min(len(text), max(last, start + _SNIPPET_CHARS))
        if start and (space := _SPACE.search(text, start, first)):
            start = space.end()
        if end < len(text):
            cut = max(text.rfind(" ", last, end), text.rfind("\n", last, end))
            end = cut if cut > 0 else end
        around[start, end] = None
    windows = []
    for start, end in around:
        inside = [
            word
            for (first, last), word in zip(spans, words, strict=True)
            if start <= first and last <= end
        ]
        windows.append((3 * len(set(inside)) + len(inside), start, end))
    return max(windows, key=lambda window: (window[0], -window[1]))
