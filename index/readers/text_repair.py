"""The one place that every text of every reader passes before it becomes part of an article."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analyzers import exact_key, is_syllable, repair_fields

from ..article import Provenance

__all__ = ["convert_legacy", "join_lines", "one_line", "repair_text", "words_of"]

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# No text: C0 and C1 controls but for tab and line feed, deprecated format controls, annotation
# marks, byte order marks, noncharacters, the language tag. Lone surrogates are replaced.
# Directional marks stay: pages isolate every text.
_CONTROLS: Final = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u206a-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U000e0001"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0xFFFF, 0x110000, 0x10000))
    + "]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WHITE_SPACE: Final = re.compile(r"[ \t\n]+")


def repair_text(text: str) -> str:
    """The text in NFC with "\\n" line ends, without byte order marks and controls.

    Its lines stay as they are. Idempotent.
    """
    # Of all that is replaced nothing is printable, which is told ten times faster.
    if not text.replace("\n", "").isprintable():
        text = _LINE_ENDS.sub("\n", text)
        text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The repaired text on one line, runs of spaces and line ends folded to one space."""
    text = repair_text(text)
    if "\n" in text or "\t" in text or "  " in text:
        text = _WHITE_SPACE.sub(" ", text)
    return text.strip()


def convert_legacy(
    texts: Sequence[str], provenance: Provenance, original: Sequence[str]
) -> tuple[Sequence[str], Provenance]:
    """The texts of one page or record in Unicode, and its provenance with what was done to them.

    The texts have to come as they were read, before any repair. `original` are those of them that
    a reader of the article may want to see as they were.
    """
    legacy = repair_fields(texts)
    if legacy is None:
        return texts, provenance
    if legacy.needs_review:
        return texts, replace(provenance, suspected_encoding=legacy.encoding)
    if provenance.encoding is None:
        kept = "\n".join(text for text in original if text.strip())
        provenance = replace(provenance, encoding=legacy.encoding, original=kept)
    return legacy.texts, replace(provenance, suspected_encoding=None)


#: A column of type: lines of about one length, most of which end inside a sentence.
_WRAPPED_LINES: Final = 4
_LINE_LENGTHS: Final = range(25, 121)
_BROKEN_SENTENCES: Final = 0.6
_LOWER_STARTS: Final = 0.35
_HYPHEN: Final = re.compile(r"[^\W\d_][-\u00ad\u2010\u00ac]")
_SENTENCE_END: Final = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


def join_lines(text: str, *, wrapped: bool = False) -> str:
    """The text with one paragraph a line, where its lines were broken as print or scans break them.

    A hyphen at the end of a line goes with the break: two syllables stay apart, parts of a foreign
    word become one. A text whose lines are paragraphs stays as it is, unless `wrapped` says that
    they are none.

    >>> join_lines("Hội đồng liên-\\nhợp họp.")
    'Hội đồng liên hợp họp.'
    """
    blocks = re.split(r"\n[ \t]*\n", text)
    lines = [line.strip() for block in blocks for line in block.split("\n")[:-1]]
    lengths = sorted(map(len, filter(None, lines)))
    wrapped = (wrapped and bool(lengths)) or (
        len(lengths) >= _WRAPPED_LINES
        and lengths[len(lengths) // 2] in _LINE_LENGTHS
        and lengths[len(lengths) * 9 // 10] <= lengths[len(lengths) // 2] * 1.35
        and sum(not _SENTENCE_END.search(line) for line in lines) >= _BROKEN_SENTENCES * len(lines)
        and sum(line[:1].islower() for line in lines) >= _LOWER_STARTS * len(lines)
    )
    return "\n\n".join(_joined(block, wrapped, lengths) for block in blocks)


def _joined(block: str, wrapped: bool, lengths: list[int]) -> str:
    paragraphs: list[str] = []
    last = ""
    for line in map(str.strip, block.split("\n")):
        if paragraphs and line and _HYPHEN.fullmatch(last[-2:]) and line[0].islower():
            head, _, tail = paragraphs[-1][:-1].rpartition(" ")
            apart = " " if is_syllable(exact_key(tail)) else ""
            paragraphs[-1] = f"{head} {tail}{apart}{line}".lstrip()
        elif paragraphs and line and wrapped and _goes_on(last, line, lengths):
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        last = line
    return "\n".join(paragraphs)


def _goes_on(last: str, line: str, lengths: list[int]) -> bool:
    """Whether a line continues the one above: below a short one, or a full stop, it does not."""
    if line[0].islower():
        return True
    ends_here = _SENTENCE_END.search(last) is not None and len(last) < 0.9 * lengths[-1]
    return len(last) >= 0.7 * lengths[len(lengths) // 2] and not ends_here


def words_of(text: str) -> frozenset[str]:
    """The words of a short text, whatever their case, to tell whether two texts are alike."""
    return frozenset(re.findall(r"\w+", one_line(text).casefold()))
