"""The "Tin liên quan" block at the end of a scraped page."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from .agency import split_agency
from .draft import RawLink

__all__ = ["is_comment_marker", "is_related_marker", "parse_related", "split_inline_link"]

_COMMENT: Final = re.compile(
    r"(?:\d+\s+)?(?:(?:viết|gửi|đăng|thêm) (?:bình luận|ý kiến)(?: của bạn)?|bình luận(?: của bạn)?"
    r"|(?:các )?(?:ý kiến|bình luận|phản hồi)"
    r"(?: (?:bạn đọc|của bạn|độc giả|của bạn đọc|mới nhất|hay))?"
    r"|(?:bạn đọc|độc giả) (?:phản hồi|bình luận|viết|nói gì)|comments?|leave a comment|kommentare"
    r"|commentaires|comentarios|thảo luận)\s*(?:\(\d+\))?\s*:?"
)
_RELATED: Final = re.compile(
    r"(?:[>»•*-]+\s*)?(?:(?:(?:các |những )?"
    r"(?:tin|bài|bài viết|tin bài|tin tức|bài báo|video|clip|chùm ảnh|ảnh) )?"
    r"(?:liên quan|cùng chuyên mục|cùng mục|cùng chủ đề|cùng sự kiện)"
    r"|(?:các |những )?(?:tin|bài|bài viết|tin bài|tin tức) khác|dòng sự kiện|sự kiện liên quan"
    r"|xem thêm|đọc thêm|tham khảo thêm|có thể bạn quan tâm|bạn có thể quan tâm"
    r"|bạn quan tâm|mời (?:bạn )?(?:đọc|xem) thêm|bạn có thể thích|gợi ý(?: cho bạn| đọc thêm)?"
    r"|bài đọc thêm"
    r"|(?:chủ đề|nội dung) liên quan|(?:xem|đọc) tiếp|dành cho bạn"
    r"|(?:các )?(?:tin|bài)(?: viết)? (?:cũ|mới) hơn"
    r"|related (?:articles|stories|news|content)|read more|see also|you may also like|more on this"
    r"|(?:à )?lire aussi|lesen sie auch|lea también)\s*[:.…]*"
)
_INLINE: Final = re.compile(
    r"(?:[>»]+\s*)?(?:Xem thêm|Đọc thêm|Tin liên quan|Bài liên quan)\s*:\s*(\S.*)", re.IGNORECASE
)
# A headline may run to some 20 words; what is longer, or ends with a full stop, is a snippet.
_HEADLINE_WORDS: Final = 25


def is_comment_marker(line: str) -> bool:
    """Whether the line is the comment link of a page: "Viết bình luận", "Bình luận (3)"."""
    return _COMMENT.fullmatch(_key(line)) is not None


def is_related_marker(line: str) -> bool:
    """Whether the line is the heading of the related block: "Tin liên quan", "Xem thêm:"."""
    return _RELATED.fullmatch(_key(line)) is not None


def split_inline_link(line: str) -> str:
    """The headline in a line like ">> Xem thêm: <headline>"; "" where it is no such line."""
    match = _INLINE.fullmatch(line.strip())
    return match[1] if match else ""


def parse_related(lines: Sequence[str]) -> list[RawLink]:
    """The distinct items of a block in which headlines and snippets may repeat, in order.

    Lines that differ in white space or case only are the same. A line that the next one repeats is
    a headline; so is a single line that reads like one. Snippets lose their agency prefix.
    """
    texts = [text for line in lines if (text := line.strip())]
    texts = [text for text in texts if not is_related_marker(text) and not is_comment_marker(text)]
    keys = [_key(text) for text in texts]
    headlines: dict[str, str] = {}
    snippets: dict[str, dict[str, str]] = {}
    current = ""
    for position, (text, key) in enumerate(zip(texts, keys, strict=True)):
        repeated = position + 1 < len(keys) and keys[position + 1] == key
        agency, snippet = split_agency(text)
        if key in headlines:
            current = key
        elif current and not repeated and (agency or _reads_like_snippet(text)):
            snippets[current].setdefault(_key(snippet), snippet)
        else:
            current = key
            headlines[key] = text
            snippets[key] = {}
    return [RawLink(text, " ".join(snippets[key].values())) for key, text in headlines.items()]


def _reads_like_snippet(text: str) -> bool:
    return text.rstrip("\"'”’)").endswith((".", "…")) or len(text.split()) > _HEADLINE_WORDS


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
