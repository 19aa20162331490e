"""The text of a news page: the element that holds most paragraphs, without the boxes in it."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from .bad_record import RecordError
from .html_elements import text_of
from .record_dates import parse_time
from .text_repair import words_of

__all__ = ["find_body", "lines_below", "load_extractor", "page_body"]

_HEADINGS: Final = ("h2", "h3", "h4")
_PARAGRAPHS: Final = ("p", "blockquote", "pre", "li", "dd", "dt", *_HEADINGS)
_CONTAINERS: Final = ("div", "article", "section", "main", "td", "body", "center", "amp-story")
_BLOCKS: Final = frozenset(
    (*_PARAGRAPHS, *_CONTAINERS, "ul", "ol", "table", "figure", "dl", "aside")
)
#: What buttons and players say, in any order.
_LABEL: Final = (
    r"(?:chia sẻ(?: bài viết)?|facebook|twitter|zalo|in bài(?: viết)?|copy link(?: thành công)?|"
    r"link bài gốc|lấy link!?|sao chép liên kết|trở lại|quay lại|xem bản gốc|thích|email|"
    r"lưu(?: bài)?(?: viết)?|quảng cáo|advertisement|anzeige|publicité|publicidad|từ kh(?:óa|oá)|"
    r"tags?|chủ đề|thẻ|nghe (?:đọc bài|bài(?: viết)?|nội dung(?: bài viết)?)|audio|theo dõi|"
    r"google news|gửi|giọng (?:nữ|nam)(?: miền (?:bắc|trung|nam))?|tạm dừng|cỡ chữ|a(?: a)+|"
    r"(?:gửi |xem thêm |viết |đăng nhập để )?bình luận|hãy là người đầu tiên bình luận|"
    r"(?:lên |về )?đầu trang|(?:về )?trang chủ|tặng sao|xem video|"
    r"bấm (?:vào đây )?để xem(?: video)?|"
    r"\d(?:[.,]\d)?x)"
)
_APP_LINE: Final = re.compile(
    rf"{_LABEL}(?:[\s|•,:/\d]*{_LABEL})*[\s|•:()\d/]*|0|\(\d+\)|\d{{1,2}}:\d\d\s*/\s*\d{{1,2}}:\d\d|"
    r"[*•\-–\s]*(?:tải ứng dụng|tải app|theo dõi .{2,40} trên (?:google|facebook|zalo|youtube)|"
    r"(?:kính )?mời (?:quý )?(?:độc giả|bạn đọc|khán giả|quý vị) (?:theo dõi|đón đọc|đón xem|"
    r"xem thêm)|"
    r"đăng ký (?:nhận (?:bản )?tin|kênh)|(?:hãy |trở thành ).{0,24}tặng sao).{0,160}",
    re.IGNORECASE,
)
_AUTHOR: Final = re.compile(r"\W*(?:tác giả|bài viết|by|author|von|par|por)\W*")
_CLOCK: Final = re.compile(
    r"\d{1,2}\s*[:hg]\s*\d{2}(?:\s*[-–,]\s*\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)?\s*:?"
)
#: Of a paragraph that is only a link to elsewhere.
_LINK_SHARE: Final = 0.8
#: What the element must hold of the text that trafilatura finds, and the other way round.
_AGREES: Final = 0.7

_BYLINE_WORDS: Final = 12
_LINES_BELOW: Final = 2
_CANDIDATES: Final = 4
_LEVELS: Final = 3
#: Of the words of an element around the densest, so many may be trafilatura's no more.
_STRANGE: Final = 0.4


def load_extractor() -> Callable[..., str | None]:
    """The function that finds the text of a page by general rules."""
    # Here, not above: it takes a tenth of a second and 20 MB, and only HTML needs it.
    import trafilatura

    return trafilatura.extract


def find_body(tree: HtmlElement, said: Collection[str]) -> tuple[HtmlElement | None, list[str]]:
    """The element of the article's text, and the text as trafilatura finds it.

    Of the elements that hold most text, and those around them, it is the first with which
    trafilatura agrees: None where there is none.

    Args:
        tree: the page, of which all was taken that is not of the text.
        said: texts that do not count: headline and lead, in lower case.
    """
    found = load_extractor()(tree, include_comments=False, include_tables=True) or ""
    lines = [part for line in found.split("\n") for part in _paragraph([line])]
    other = words_of(" ".join(lines)) - words_of(" ".join(said))
    for dense in _densest(tree, said):
        for element in (dense, *islice(dense.iterancestors(), _LEVELS)):
            if element.tag == "html":
                break
            own = words_of(" ".join(_blocks(element)))
            if len(own & other) >= _AGREES * len(other):
                if element is dense or len(own - other) <= _STRANGE * len(own):
                    return element, lines
                break
    return None, lines


def _densest(tree: HtmlElement, said: Collection[str]) -> list[HtmlElement]:
    """The elements whose own paragraphs, or whose children's, hold most text that is no link."""
    scores: dict[HtmlElement, float] = {}
    for paragraph in tree.iter(*_CONTAINERS, "p", "h2", "h3"):
        if paragraph.tag in _CONTAINERS and any(child.tag in _BLOCKS for child in paragraph):
            own = [paragraph.text or "", *(child.tail or "" for child in paragraph)]
            if (length := len(" ".join("".join(own).split()))) > 100:
                scores[paragraph] = scores.get(paragraph, 0.0) + length
            continue
        text = text_of(paragraph)
        length = round(len(text) * (1 - _link_share(paragraph)))
        if length < 20 or text.casefold() in said or _is_teaser(paragraph):
            continue
        parent = paragraph if paragraph.find("br") is not None else paragraph.getparent()
        share = 1.0
        for _ in range(3):
            if parent is None or parent.tag == "html":
                break
            scores[parent] = scores.get(parent, 0.0) + length * share
            share /= 2.5
            parent = parent.getparent()
    return sorted(scores, key=lambda element: -scores[element])[:_CANDIDATES]


def _is_teaser(paragraph: HtmlElement) -> bool:
    """Whether a headline that leads to another article stands right above the paragraph."""
    above = paragraph.getprevious()
    return (
        above is not None
        and above.tag in ("a", "h2", "h3", "h4", "h5")
        and (above.tag == "a" or above.find(".//a") is not None)
        and _link_share(above) > _LINK_SHARE
    )


def page_body(
    element: HtmlElement | None, lines: Sequence[str], said: Collection[str], names: Sequence[str]
) -> list[str]:
    """The paragraphs and headings of the page's article.

    Args:
        element: that of the text, or None.
        lines: the text as trafilatura finds it, where there is no element.
        said: headline and lead.
        names: of its authors, whose lines above and below the text are left out.
    """
    found = list(lines)
    if element is not None:
        found = list(_blocks(element))
        headings = {text_of(heading) for heading in element.iter(*_HEADINGS)}
        while found and found[-1] in headings:
            found.pop()
    return _with_clocks(_without_bylines(found, said, [name.casefold() for name in names]))


def lines_below(element: HtmlElement) -> list[str]:
    """The lines right below the text that are aligned right or in bold or italics as a whole."""
    while element.getnext() is None and (parent := element.getparent()) is not None:
        if parent.tag in ("body", "html"):
            return []
        element = parent
    lines = []
    for _ in range(_LINES_BELOW):
        following = element.getnext()
        if following is None:
            break
        element, text = following, text_of(following)
        style = f"{element.get('style') or ''} {element.get('align') or ''}"
        marked = [element, *element.iter("strong", "b", "em", "i")]
        if "right" in style or any(text_of(part) == text for part in marked[1:]):
            lines.append(text)
    return lines


def _without_bylines(lines: list[str], said: Collection[str], names: Sequence[str]) -> list[str]:
    """The lines without headline, lead, name and date before the text, and names below it."""

    def is_byline(line: str) -> bool:
        if line.casefold() in said:
            return True
        if len(line.split()) > _BYLINE_WORDS:
            return False
        rest = line.casefold()
        named = any(name in rest for name in names)
        for name in names:
            rest = rest.replace(name, " ")
        ended = line.rstrip().endswith((".", "!", "?", "”", '"'))
        return (named and not ended) or _is_time(rest) or _AUTHOR.fullmatch(rest) is not None

    first, last = 0, len(lines)
    while first < last and is_byline(lines[first]):
        first += 1
    while last > first and is_byline(lines[last - 1]):
        last -= 1
    return lines[first:last]


def _is_time(text: str) -> bool:
    text = re.sub(r"^\W+|tác giả|^\s*(?:đăng|cập nhật)", "", text).strip(" -–|,•")
    if not re.search(r"\d", text) or _CLOCK.fullmatch(text):
        return False
    try:
        return parse_time(text) is not None
    except RecordError:
        return False


def _with_clocks(lines: list[str]) -> list[str]:
    """The lines, a time of day alone put before the line that it is the time of."""
    joined: list[str] = []
    clock = ""
    for line in lines:
        if _CLOCK.fullmatch(line):
            clock = f"{line} "
        else:
            joined.append(clock + line)
            clock = ""
    return joined


def _blocks(element: HtmlElement) -> Iterator[str]:
    """The element's paragraphs in order: no captions, nor lines that only lead elsewhere."""
    inline: list[str] = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("figure", "figcaption", "h1"):
            inline.append(child.tail or "")
            continue
        if child.tag == "br":
            yield from _paragraph(inline)
            inline = [child.tail or ""]
        elif child.tag in _BLOCKS or child.find(".//p") is not None:
            yield from _paragraph(inline)
            inline = [child.tail or ""]
            yield from _block(child)
        else:
            inline += [str(child.text_content()), child.tail or ""]
    yield from _paragraph(inline)


def _block(element: HtmlElement) -> Iterator[str]:
    if element.tag == "table":
        for row in element.iter("tr"):
            yield from _paragraph([" | ".join(filter(None, map(text_of, row)))])
    elif element.tag in _PARAGRAPHS and not any(child.tag in _BLOCKS for child in element):
        if _link_share(element) < _LINK_SHARE or element.tag in _HEADINGS:
            yield from _blocks_of_lines(element, element.tag in _HEADINGS)
    else:
        yield from _blocks(element)


def _blocks_of_lines(element: HtmlElement, heading: bool) -> Iterator[str]:
    """A paragraph, parted where it breaks its lines."""
    inline = [element.text or ""]
    for child in element:
        if child.tag == "br":
            yield from _paragraph(inline, heading)
            inline = [child.tail or ""]
        elif isinstance(child.tag, str):
            inline += [str(child.text_content()), child.tail or ""]
        else:
            inline.append(child.tail or "")
    yield from _paragraph(inline, heading)


def _paragraph(parts: list[str], heading: bool = False) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    if text and (heading or not _APP_LINE.fullmatch(text)):
        yield text


def _link_share(element: HtmlElement) -> float:
    """The share of the element's text that is links."""
    whole = len(text_of(element))
    if not whole:
        return 0.0
    return sum(len(text_of(link)) for link in element.iter("a")) / whole
