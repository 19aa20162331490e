"""Finds in texts the few tokens that a query may have found, without a look at most words."""

from collections.abc import Iterable, Set

from analyzers import PieceToken, Token, expand_word, known_keys


class WantedWords:
    """The tokens of texts with one of the exact keys, or of the folded keys, for one search."""

    def __init__(self, exact: Set[str], folded: Set[str] = frozenset()) -> None:
        self._exact = exact
        self._folded = folded
        self._seen: set[str] = set()
        self._kept: dict[str, tuple[PieceToken, ...]] = {}

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The wanted tokens in order; `start` and `end` are code points of the text.

        Positions are those of the text as far as neighbours can tell: whatever else stands
        between two wanted tokens counts as one position.
        """
        # A comma or full stop before a space is in no token, and the words without it recur.
        words = text.replace(", ", "  ").replace(". ", "  ").split(" ")
        self._look_at(set(words).difference(self._seen))
        kept = self._kept
        found: list[Token] = []
        start = position = before = 0
        for number in [number for number, word in enumerate(words) if word in kept]:
            between = words[before:number]
            start += sum(map(len, between)) + len(between)
            position += any(expand_word(word).width for word in between)
            word = words[number]
            found += (
                Token(
                    token.exact,
                    token.folded,
                    start + token.start,
                    start + token.end,
                    position + token.offset,
                    token.kind,
                )
                for token in kept[word]
            )
            start += len(word) + 1
            position += expand_word(word).width
            before = number + 1
        return tuple(found)

    def _look_at(self, words: Set[str]) -> None:
        self._seen |= words
        for word in self._possible(words):
            found = tuple(token for token in expand_word(word).tokens if self._is_wanted(token))
            if found:
                self._kept[word] = found

    def _possible(self, words: Set[str]) -> Iterable[str]:
        if self._folded:
            return words
        exact = self._exact
        return [
            word
            for word, key in zip(words, known_keys(words), strict=True)
            if key is None or key in exact
        ]

    def _is_wanted(self, token: PieceToken) -> bool:
        return token.exact in self._exact or token.folded in self._folded
