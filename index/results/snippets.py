"""Marked texts → segments, and the windows of a body that show best why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Fragment

SNIPPET_CHARS = 220
MAX_SNIPPETS = 2
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its marked spans: sorted, apart, in code points."""

    text: str
    spans: tuple[tuple[int, int], ...]


def segments(marked: Marked, start: int = 0, end: int | None = None) -> tuple[Fragment, ...]:
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


def snippets(paragraphs: Sequence[Marked]) -> tuple[tuple[Fragment, ...], ...]:
    """Up to two windows with the most different marked words, in reading order."""
    windows = [
        (-variety, number, start, end)
        for number, paragraph in enumerate(paragraphs)
        if paragraph.spans
        for variety, start, end in (_best_window(paragraph),)
    ]
    chosen = sorted(sorted(windows)[:MAX_SNIPPETS], key=lambda window: window[1])
    return tuple(_with_dots(paragraphs[number], start, end) for _, number, start, end in chosen)


def _best_window(marked: Marked) -> tuple[int, int, int]:
    """The variety of the window with the most different words, its start and its end."""
    text, spans = marked.text, marked.spans
    words = [text[first:last].lower() for first, last in spans]
    if len(text) <= SNIPPET_CHARS:
        return _variety(words), 0, len(text)
    windows = []
    for start, end in dict.fromkeys(_window_at(text, first, last) for first, last in spans):
        inside = [
            word
            for (first, last), word in zip(spans, words, strict=True)
            if start <= first and last <= end
        ]
        windows.append((_variety(inside), start, end))
    return max(windows, key=lambda window: (window[0], -window[1]))


def _variety(words: Sequence[str]) -> int:
    return 3 * len(set(words)) + len(words)


def _window_at(text: str, first: int, last: int) -> tuple[int, int]:
    """About SNIPPET_CHARS around a mark, from a space to a space."""
    before = max(0, (SNIPPET_CHARS - (last - first)) // 3)
    start = max(0, first - before)
    end = min(len(text), max(last, start + SNIPPET_CHARS))
    if start and (space := _SPACE.search(text, start, first)):
        start = space.end()
    if end < len(text):
        cut = max(text.rfind(" ", last, end), text.rfind("\n", last, end))
        end = cut if cut > 0 else end
    return start, end


def _with_dots(marked: Marked, start: int, end: int) -> tuple[Fragment, ...]:
    cut = segments(marked, start, end)
    head = (Fragment("… "),) if start else ()
    tail = (Fragment(" …"),) if end < len(marked.text) else ()
    return (*head, *cut, *tail)
