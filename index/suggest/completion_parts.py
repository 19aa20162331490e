"""Suggestions with the parts marked that were typed already."""

from collections.abc import Sequence

from analyzers import Token, analyze, begins_with, compatible

from ..suggest_model import TextPart
from .query_prefix import TypedText


def completed_parts(forms: Sequence[str], typed: TypedText) -> tuple[TextPart, ...]:
    """The typed beginning of a completion, and the rest.

    >>> completed_parts(("hà", "nội"), TypedText(("ha", "n"), ("ha", "n")))
    (TextPart(text='hà n', typed=True), TextPart(text='ội', typed=False))
    """
    text = " ".join(forms)
    before = sum(len(form) + 1 for form in forms[: len(typed) - 1])
    return _parts(text, [(0, before + len(typed.exact[-1]))])


def marked_parts(text: str, typed: TypedText) -> tuple[TextPart, ...]:
    """A headline or label with all occurrences of the typed tokens marked.

    Tokens side by side are marked as one where they are all there, otherwise one by one.
    """
    tokens = analyze(text)
    width = len(typed)
    spans: list[tuple[int, int]] = []
    for start in range(len(tokens) - width + 1):
        window = tokens[start : start + width]
        if typed.begins([token.exact for token in window]):
            spans.append((window[0].start, _typed_end(window[-1], typed)))
    if not spans:
        for token in tokens:
            if begins_with(typed.exact[-1], token.exact):
                spans.append((token.start, _typed_end(token, typed)))
            elif any(compatible(exact, token.exact) for exact in typed.exact[:-1]):
                spans.append((token.start, token.end))
    return _parts(text, spans)


def _typed_end(token: Token, typed: TypedText) -> int:
    return min(token.end, token.start + len(typed.exact[-1]))


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> tuple[TextPart, ...]:
    """The text cut at the spans, which rise; those that overlap are joined."""
    parts: list[TextPart] = []
    done = 0
    for start, end in _joined(spans):
        parts += [TextPart(text[done:start]), TextPart(text[start:end], typed=True)]
        done = end
    parts.append(TextPart(text[done:]))
    return tuple(part for part in parts if part.text)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
