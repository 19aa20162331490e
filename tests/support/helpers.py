"""Assertions that several test files share."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from analyzers import Token, TokenKind, analyze


def assert_analyzes_to(
    text: str,
    terms: Sequence[str],
    *,
    folded: Sequence[str] | None = None,
    starts: Sequence[int] | None = None,
    ends: Sequence[int] | None = None,
    positions: Sequence[int] | None = None,
) -> None:
    """Assert the exact terms of a text, and whatever else is given of their tokens.

    Every call also checks what holds for any text: see `assert_sound`.
    """
    tokens = analyze(text)
    assert [token.exact for token in tokens] == list(terms)
    if folded is not None:
        assert [token.folded for token in tokens] == list(folded)
    if starts is not None:
        assert [token.start for token in tokens] == list(starts)
    if ends is not None:
        assert [token.end for token in tokens] == list(ends)
    if positions is not None:
        assert [token.position for token in tokens] == list(positions)
    assert_sound(text, tokens)
    assert terms_of(unicodedata.normalize("NFD", text)) == list(terms)


def assert_sound(text: str, tokens: Sequence[Token]) -> None:
    """Assert what holds for the analysis of any text.

    Offsets inside the text and never backwards, positions without a gap, words that give the same
    term when their slice is analyzed alone, the same tokens on a second run.
    """
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(before.start <= after.start for before, after in pairwise(tokens))
    assert [token.position for token in tokens[:1]] in ([], [0])
    assert all(after.position - before.position in (0, 1) for before, after in pairwise(tokens))
    for token in tokens:
        if token.kind is TokenKind.WORD:
            assert terms_of(text[token.start : token.end]) == [token.exact]
    assert analyze(text) == list(tokens)


def terms_of(text: str) -> list[str]:
    """The exact terms of a text, in order."""
    return [token.exact for token in analyze(text)]


def folded_terms_of(text: str) -> list[str]:
    """The folded terms of a text, in order."""
    return [token.folded for token in analyze(text)]
