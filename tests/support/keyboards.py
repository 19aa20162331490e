"""Typing Vietnamese into Chromium as input methods do."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import CDPSession, Page

__all__ = ["VIET_STEPS", "compose", "finish_composition", "type_with_unikey"]

#: What stands in the box while v i e e t j are typed in Telex.
VIET_STEPS: Final = ("v", "vi", "vie", "viê", "viêt", "việt")


def type_with_unikey(
    page: "Page",
    steps: "Sequence[str]" = VIET_STEPS,
    *,
    pause: int = 40,
    stopped_clock: bool = False,
) -> None:
    """Type so that the text goes through these steps, with Backspace and inserted letters.

    Args:
        pause: milliseconds between two keys.
        stopped_clock: the page's clock was stopped, and the pauses move it on: exactly so long,
            however busy the machine is.
    """
    wait = page.clock.run_for if stopped_clock else page.wait_for_timeout
    for before, after in pairwise(("", *steps)):
        kept = next(
            (n for n in range(len(before), -1, -1) if after.startswith(before[:n])),
            0,
        )
        for _ in before[kept:]:
            page.keyboard.press("Backspace")
        page.keyboard.insert_text(after[kept:])
        wait(pause)


def compose(page: "Page", steps: "Sequence[str]" = VIET_STEPS, *, pause: int = 40) -> "CDPSession":
    """Compose through these steps and leave the composition open, as ibus and phones do."""
    session = page.context.new_cdp_session(page)
    for text in steps:
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        page.wait_for_timeout(pause)
    return session


def finish_composition(session: "CDPSession", text: str) -> None:
    """Let the input method hand over the text."""
    session.send("Input.insertText", {"text": text})
