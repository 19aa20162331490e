"""Finds in texts the few tokens that a query may have found, without a look at most words."""

from collections.abc import Iterable, Sequence, Set

from analyzers import PieceToken, Token, expand_word, known_keys


class WantedWords:
    """The tokens of texts with one of the exact keys, or of the folded keys, for one search."""

    def __init__(self, exact: Set[str], folded: Set[str] = frozenset()) -> None:
        self._exact = exact
        self._folded = folded
        self._seen: set[str] = set()
        self._kept: dict[str, tuple[tuple[PieceToken, ...], int]] = {}
        """Word → its wanted tokens, and how many positions all of its tokens take."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The wanted tokens of each text in order; `start` and `end` are its code points.

        Positions are those of the text as far as neighbours can tell: whatever else stands
        between two wanted tokens counts as one position.
        """
        # A comma or full stop before a space is in no token, and the words without it recur.
        split = [text.replace(", ", "  ").replace(". ", "  ").split(" ") for text in texts]
        self._look_at(set().union(*split).difference(self._seen))
        return [self._tokens(words) for words in split]

    def _tokens(self, words: Sequence[str]) -> tuple[Token, ...]:
        kept = self._kept
        numbers = [number for number, word in enumerate(words) if word in kept]
        found: list[Token] = []
        start = position = before = 0
        for number in numbers:
            if before < number:
                between = words[before:number]
                start += sum(map(len, between)) + len(between)
                position += _has_tokens(between)
            word = words[number]
            tokens, width = kept[word]
            for token in tokens:
                found.append(token.placed(start, position))
            start += len(word) + 1
            position += width
            before = number + 1
        return tuple(found)

    def _look_at(self, words: Set[str]) -> None:
        self._seen |= words
        exact, folded, kept = self._exact, self._folded, self._kept
        for word in self._possible(words):
            expanded = expand_word(word)
            tokens = tuple(
                token for token in expanded.tokens if token.exact in exact or token.folded in folded
            )
            if tokens:
                kept[word] = tokens, expanded.width

    def _possible(self, words: Set[str]) -> Iterable[str]:
        if self._folded:
            return words
        exact = self._exact
        return [
            word
            for word, key in zip(words, known_keys(words), strict=True)
            if key is None or key in exact
        ]


def _has_tokens(words: Sequence[str]) -> bool:
    # The first one nearly always has: it is looked at without the cost of a generator.
    return expand_word(words[0]).width > 0 or any(expand_word(word).width for word in words)
