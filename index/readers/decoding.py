"""What encoding the bytes of a news file are in: their letters decide, then what it declares."""

import codecs
import re
from itertools import islice
from typing import Final, NamedTuple

from analyzers import repair_fields

from .bad_record import RecordError

__all__ = [
    "BROKEN_BYTES",
    "SAMPLE_BYTES",
    "FileEncoding",
    "decode_mixed",
    "decode_record",
    "detect_encoding",
]

#: So many bytes of a file are looked at.
SAMPLE_BYTES: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# Where a browser looks for the declaration, too.
_HEAD: Final = 4096
# Python knows many more codecs, and some of them are no character sets at all.
_CHARSETS: Final = re.compile(
    r"(?:windows-|cp)125\d|iso-?8859-\d{1,2}|koi8-[ru]|latin-?1|us-ascii|ascii"
)
_LATIN_1: Final = ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii")
_NO_TEXT: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_WORD: Final = re.compile(rb"[A-Za-z]{2}")
#: A broken byte may stand beside so many letters outside ASCII that are right.
_RIGHT_LETTERS: Final = 8
BROKEN_BYTES: Final = "bytes that are not UTF-8 are shown as \ufffd"
_STRANGE_LINES: Final = 20
#: Of the bytes of a text no more than this share are control characters.
_CONTROLS: Final = 0.1
#: Below so many of them, letters outside ASCII say nothing about an encoding.
_TELLING: Final = 24


class FileEncoding(NamedTuple):
    """A codec of Python, how many bytes its mark takes, and what a person should hear of it."""

    codec: str
    mark: int = 0
    notice: str = ""


def detect_encoding(sample: bytes, *, whole: bool, declared: str = "") -> FileEncoding:
    """The encoding of a file that begins with the sample.

    Bytes of an old Vietnamese encoding are given as Latin-1, from which `convert_legacy` goes on.

    Args:
        sample: up to SAMPLE_BYTES.
        whole: the file holds no more.
        declared: what stands beside the file about its encoding, as in the header of a page.

    Raises:
        RecordError: no text.
    """
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            if not codec:
                raise RecordError("UTF-32 text, expected UTF-8 or UTF-16")
            found = FileEncoding(codec)
            if codec == "utf-8":  # as others write who take everything for it
                found = detect_encoding(sample[len(mark) :], whole=whole, declared=declared)
            return found._replace(mark=len(mark))
    if codec := _utf16_without_mark(sample):
        return FileEncoding(codec)
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample, final=whole)
    broken = text.count("\ufffd")
    if not broken:
        return FileEncoding("utf-8")
    lines = sample.splitlines()
    right = b"\n".join(line for line in lines if _is_utf8(line))
    if len(right.decode()) + _RIGHT_LETTERS <= len(right):
        # Some lines may be in another encoding than the rest.
        strange = islice((line for line in lines if not _is_utf8(line)), _STRANGE_LINES)
        if all("\ufffd" in (decode_mixed(line) or "\ufffd") for line in strange):
            return FileEncoding("utf-8", notice=BROKEN_BYTES)
        return FileEncoding("utf-8", notice="lines that are not UTF-8 are read by their letters")
    if sum(char > "\x7f" for char in text) - broken >= _RIGHT_LETTERS * broken:
        return FileEncoding("utf-8", notice=BROKEN_BYTES)
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    if controls > len(sample) * _CONTROLS:
        raise RecordError("binary data, expected text")
    return FileEncoding(*_one_byte_codec(sample, declared.lower()))


def decode_mixed(line: bytes) -> str | None:
    """A line that is not UTF-8, in a file of which others are; None where its letters fit nothing.

    One in an old Vietnamese encoding is given as Latin-1; of others broken bytes become \ufffd.
    """
    text = line.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) - broken >= _RIGHT_LETTERS * broken:
        return text
    latin = line.decode("latin-1")
    return None if repair_fields(_NO_TEXT.sub("\n", latin).split("\n")) is None else latin


def decode_record(data: bytes) -> tuple[str, str]:
    """The text of a record or a line in UTF-8, and what a person should hear where it is not.

    Raises:
        RecordError: its letters fit no encoding.
    """
    try:
        return data.decode(), ""
    except UnicodeDecodeError as error:
        if (mixed := decode_mixed(data)) is None:
            raise RecordError("not UTF-8 or UTF-16 text") from error
        return mixed, "not UTF-8, unlike others of the file: read by its letters"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(sample: bytes) -> str:
    """UTF-16 shows by its blanks and ASCII letters, every other byte of which is zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 8 > max(even, odd):
        return ""
    codec = "utf-16-le" if odd > even else "utf-16-be"
    try:
        codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return ""
    return codec


def _one_byte_codec(sample: bytes, declared: str) -> tuple[str, int, str]:
    prose = _NO_TEXT.sub("\n", sample.decode("latin-1"))
    if repair_fields(prose.split("\n")) is not None:
        return "latin-1", 0, ""
    if match := _DECLARED.search(sample, 0, _HEAD):
        declared = declared or match[1].decode("ascii").lower()
    if declared in _LATIN_1:
        return "windows-1252", 0, ""  # as browsers do
    if _CHARSETS.fullmatch(declared):
        return declared, 0, ""
    if not _WORD.search(sample):
        raise RecordError("neither UTF-8 or UTF-16 text nor in an encoding that is known")
    codec = "windows-1252"
    if sum(byte > 127 for byte in sample) >= _TELLING:
        # Here, not above: few files come so far.
        from charset_normalizer import from_bytes

        best = from_bytes(sample).best()
        codec = codec if best is None else best.encoding
    return codec, 0, f"it names no encoding that its letters fit: read as {codec}"
