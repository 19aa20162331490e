"""The tokens of a text that a query wants, without those of its other words."""

import re
from collections.abc import Iterable, Sequence, Set

from analyzers import PieceToken, Token, expand_word, tone_placements, words_with

_MOST_LOOKED_FOR = 64
#: What no plain text has: letters of others than Vietnamese, and marks or characters of their own.
_UNUSUAL = re.compile(r"[^\n -^`-~…–—“”‘’À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
#: Between two texts; no word goes on beyond it.
_BREAK = " \n "
_JOINING = "-'’"
_ALNUM = re.compile(r"[^\W_]")
#: Characters that are in no token where they stand before or behind all letters of a word.
_AROUND = ".,;:!?()[]…-–'’"


class WantedWords:
    """The tokens of texts with one of the exact keys, or of the folded keys, for one search."""

    def __init__(self, exact: Set[str], folded: Set[str] = frozenset()) -> None:
        self._exact = exact
        self._folded = folded
        self._seen: set[str] = set()
        self._kept: dict[str, tuple[tuple[PieceToken, ...], int]] = {}
        """Word → its wanted tokens, and how many positions all of its tokens take."""
        self._spellings: tuple[str, ...] = ()
        """How a plain text has the keys in lower case, if they are few enough to be looked for."""
        if len(exact) <= _MOST_LOOKED_FOR and not folded:
            spellings = tuple(word for key in exact for word in tone_placements(key))
            if all(word.isalpha() and not _UNUSUAL.search(word) for word in spellings):
                self._spellings = spellings

    def tokens(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The wanted tokens of each text in order; `start` and `end` are its code points.

        Positions are those of the text as far as neighbours can tell: whatever else stands
        between two wanted tokens counts as one position.
        """
        if self._spellings and not any(map(_UNUSUAL.search, texts)):
            return self._looked_for(texts)
        split = [
            # None of these is in a token, and the words without them recur.
            text.replace(", ", "  ")
            .replace(". ", "  ")
            .replace('"', " ")
            .replace("“", " ")
            .replace("”", " ")
            .split(" ")
            for text in texts
        ]
        self._look_at(set().union(*split).difference(self._seen))
        kept = self._kept
        found: list[tuple[Token, ...]] = []
        for words in split:
            if kept.keys().isdisjoint(words):
                found.append(())
                continue
            inside: list[Token] = []
            start = position = before = 0
            for number in [number for number, word in enumerate(words) if word in kept]:
                if before < number:
                    between = words[before:number]
                    start += sum(map(len, between)) + len(between)
                    # The first one nearly always has tokens: it needs no generator.
                    position += expand_word(between[0]).width > 0 or any(
                        expand_word(word).width for word in between
                    )
                word = words[number]
                tokens, width = kept[word]
                for token in tokens:
                    inside.append(token.placed(start, position))
                start += len(word) + 1
                position += width
                before = number + 1
            found.append(tuple(inside))
        return found

    def _looked_for(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The same for plain texts: only words that have a spelling in them are looked at."""
        text = _BREAK.join(texts)
        lower = text.lower()
        starts: set[int] = set()
        for spelling in self._spellings:
            size, at = len(spelling), lower.find(spelling)
            while at >= 0:
                end = at + size
                # Digits may stand before it: they are a token of their own in "10/4Hà".
                if not (lower[at - 1 : at].isalpha() or lower[end : end + 1].isalnum()):
                    starts.add(lower.rfind(" ", 0, at) + 1)
                at = lower.find(spelling, end)
        for mark in _JOINING:  # what it joins is one token more
            at = lower.find(mark)
            while at >= 0:
                if lower[at - 1 : at].isalnum() and lower[at + 1 : at + 2].isalnum():
                    starts.add(lower.rfind(" ", 0, at) + 1)
                at = lower.find(mark, at + 1)
        found: list[tuple[Token, ...]] = []
        inside: list[Token] = []
        first = end = position = 0
        for start in sorted(starts):
            while start > first + len(texts[len(found)]):
                first = end = first + len(texts[len(found)]) + len(_BREAK)
                found.append(tuple(inside))
                inside, position = [], 0
            between, end = end, text.find(" ", start)
            end = len(text) if end < 0 else end
            expanded = expand_word(text[start:end])
            position += _ALNUM.search(text, between, start) is not None
            for token in expanded.tokens:
                if token.exact in self._exact:
                    inside.append(token.placed(start - first, position))
            position += expanded.width
        for _ in range(len(found), len(texts)):
            found.append(tuple(inside))
            inside = []
        return found

    def _look_at(self, words: set[str]) -> None:
        self._seen |= words
        exact, folded, kept = self._exact, self._folded, self._kept
        possible: Iterable[str] = words
        if not folded:
            possible, unknown = words_with(words, exact)
            for word in unknown:
                inside = word.strip(_AROUND)
                alone = expand_word(inside).tokens if inside.isalnum() else None
                if alone is None or any(token.exact in exact for token in alone):
                    possible.append(word)
        for word in possible:
            expanded = expand_word(word)
            tokens = tuple(
                token for token in expanded.tokens if token.exact in exact or token.folded in folded
            )
            if tokens:
                kept[word] = tokens, expanded.width
