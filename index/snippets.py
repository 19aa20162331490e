"""Marked texts → segments, and the windows of a body that show best why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .engines.base import Segment

SNIPPET_CHARS = 220
MAX_SNIPPETS = 2
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its marked spans: sorted, apart, in code points."""

    text: str
    spans: tuple[tuple[int, int], ...]


def segments(marked: Marked, start: int = 0, end: int | None = None) -> tuple[Segment, ...]:
    """The text from start to end, cut at the marks."""
    end = len(marked.text) if end is None else end
    cut: list[Segment] = []
    at = start
    for first, last in marked.spans:
        if first < start or last > end:
            continue
        if first > at:
            cut.append(Segment(marked.text[at:first]))
        cut.append(Segment(marked.text[first:last], marked=True))
        at = last
    if at < end:
        cut.append(Segment(marked.text[at:end]))
    return tuple(cut)


def snippets(paragraphs: Sequence[Marked]) -> tuple[tuple[Segment, ...], ...]:
    """Up to two windows with the most different marked words, in reading order."""
    windows = [
        (-_variety(paragraph, start, end), number, start, end)
        for number, paragraph in enumerate(paragraphs)
        if paragraph.spans
        for start, end in (_best_window(paragraph),)
    ]
    chosen = sorted(sorted(windows)[:MAX_SNIPPETS], key=lambda window: window[1])
    return tuple(_with_dots(paragraphs[number], start, end) for _, number, start, end in chosen)


def _variety(marked: Marked, start: int, end: int) -> int:
    inside = [marked.text[a:b].lower() for a, b in marked.spans if start <= a and b <= end]
    return 3 * len(set(inside)) + len(inside)


def _best_window(marked: Marked) -> tuple[int, int]:
    if len(marked.text) <= SNIPPET_CHARS:
        return 0, len(marked.text)
    windows = (_window_at(marked.text, first, last) for first, last in marked.spans)
    return max(windows, key=lambda window: (_variety(marked, *window), -window[0]))


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


def _with_dots(marked: Marked, start: int, end: int) -> tuple[Segment, ...]:
    cut = segments(marked, start, end)
    head = (Segment("… "),) if start else ()
    tail = (Segment(" …"),) if end < len(marked.text) else ()
    return (*head, *cut, *tail)
