"""The text of a news page: the element that holds most paragraphs, without the boxes in it."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from .bad_record import RecordError
from .html_elements import text_of
from .record_dates import parse_time
from .related_block import is_comment_marker
from .text_repair import words_of

__all__ = ["densest", "lines_below", "page_body", "take_boxes"]

_HEADINGS: Final = ("h2", "h3", "h4")
_PARAGRAPHS: Final = ("p", "blockquote", "pre", "li", "dd", "dt", *_HEADINGS)
_CONTAINERS: Final = ("div", "article", "section", "main", "td", "body", "center", "amp-story")
_BLOCKS: Final = frozenset(
    (*_PARAGRAPHS, *_CONTAINERS, "ul", "ol", "table", "figure", "dl", "aside")
)
_NO_TEXT: Final = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "video", "audio"),
    *("button", "select", "textarea", "input", "form", "nav", "footer", "aside", "dialog"),
    *("amp-sidebar", "amp-ad", "amp-embed", "amp-iframe"),
)
#: Words in the class or id of what stands in a text without being of it.
_BOXES: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?|cmt|binh-?luan|y-?kien|share|sharing|social|socials|related?|relate|"
    r"tin-?lien-?quan|tin-?lq|lien-?quan|cung-?chuyen-?muc|xem-?them|doc-?them|read-?more|most-?read|"
    r"popular|trending|recommend(?:ed|ation)?s?|newsletter|subscribe|subscription|ads?|advert\w*|banner|"
    r"quang-?cao|sponsor\w*|promo\w*|app|apps|download-?app|tai-?ung-?dung|breadcrumbs?|tags?|tag-?list|"
    r"tu-?khoa|keywords|menu|navbar|sidebar|footer|toolbar|rating|vote|cookie|consent|paywall|"
    r"box-?comment|adsby\w*|fb-|zalo|print|rss|follow|google-?news|login|popup|modal)(?=$|[\s_-])",
    re.IGNORECASE,
)
_LABEL: Final = (
    r"(?:chia sẻ|facebook|twitter|zalo|in bài(?: viết)?|copy link(?: thành công)?|link bài gốc|"
    r"lấy link!?|sao chép liên kết|trở lại|quay lại|xem bản gốc|bình luận|thích|lưu(?: bài)?|"
    r"quảng cáo|advertisement|anzeige|publicité|publicidad|từ kh(?:óa|oá)|tags?|chủ đề|thẻ|"
    r"nghe (?:đọc bài|bài(?: viết)?|nội dung)|audio|theo dõi|google news|gửi|email)"
)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Below each comment: "Thích 3 Trả lời 12 giờ trước".
_REPLY: Final = re.compile(
    r"(?=.*\b(?:trả lời|phản hồi|reply|antworten|répondre|responder)\b)"
    r"(?:(?:thích|like|me gusta|j’aime|gefällt mir|trả lời|phản hồi|reply|antworten|répondre|responder|"
    r"báo (?:cáo|vi phạm)|chia sẻ|\d[\d:/.-]*|(?:giờ|phút|ngày|tuần|tháng|năm)(?: trước)?|hours?|days?|"
    r"ago|lúc)\W*){2,}",
    re.IGNORECASE,
)
_TAG_LINE: Final = re.compile(
    r"(?:từ kh(?:óa|oá)|tags?|chủ đề|thẻ|keywords|topics|thèmes|themen|temas)\s*:.*", re.IGNORECASE
)
_COMMENTS: Final = re.compile(r"comment|binh-?luan|y-?kien|cmt", re.IGNORECASE)
#: Characters of text that are enough for an article below which there are long comments.
_LEFT: Final = 300
_COMMENT_WORDS: Final = 200
_APP_LINE: Final = re.compile(
    rf"{_LABEL}(?:[\s|•,:/]*{_LABEL})*[\s|•:()\d/]*|0|\d{{1,2}}:\d\d\s*/\s*\d{{1,2}}:\d\d|"
    r"[*•\-–\s]*(?:tải ứng dụng|tải app|theo dõi .{2,40} trên (?:google|facebook|zalo|youtube)|"
    r"(?:kính )?mời (?:quý )?(?:độc giả|bạn đọc|khán giả|quý vị) (?:theo dõi|đón đọc|đón xem|xem thêm)|"
    r"đăng ký (?:nhận (?:bản )?tin|kênh)|(?:hãy |trở thành ).{0,24}tặng sao).{0,160}",
    re.IGNORECASE,
)
_AUTHOR: Final = re.compile(r"\W*(?:tác giả|bài viết|by|author|von|par|por)\W*")
_CLOCK: Final = re.compile(r"\d{1,2}\s*[:hg]\s*\d{2}(?:\s*[-–,]\s*\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)?\s*:?")
#: Headings of what is on the page for another reason than the article.
_OTHER_NEWS: Final = re.compile(
    r"(?:tin |bài )?(?:đọc|xem) nhiều(?: nhất)?|(?:tin )?mới nhất|tin mới(?: nhất| nhận)?|tin nóng|"
    r"(?:tin )?nổi bật|đừng bỏ lỡ|tiêu điểm|most (?:read|popular)|les plus lus|lo más (?:leído|visto)|"
    r"meistgelesen|mehr zum thema|newsletter|nhận bản tin",
    re.IGNORECASE,
)
#: Of a paragraph that is only a link to elsewhere.
_LINK_SHARE: Final = 0.8
#: What the element must hold of the text that trafilatura finds, and the other way round.
_AGREES: Final = 0.7


_NEVER_TAKEN: Final = ("head", "body", "main", "article")
_BYLINE_WORDS: Final = 12
_LINES_BELOW: Final = 2


def take_boxes(tree: HtmlElement, headline: HtmlElement | None) -> None:
    """Take what shows by class, kind, heading or place that it is not of the text out of the tree.

    Args:
        tree: the page, of which related news and metadata were taken.
        headline: where it prints its headline; what stands before it goes.
    """
    kept = {tree, *tree.iter(*_NEVER_TAKEN)}
    if headline is not None:
        kept.update(headline.iterancestors(), [headline])
    whole = _prose(tree)
    for element in list(tree.iter(etree.Element)):
        if element in kept or element.getparent() is None:
            continue
        name = _HUMP.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}")
        box = _BOXES.search(name)
        left = whole - _prose(element) if box else 0
        if element.tag in _NO_TEXT or (
            box and (2 * left > whole or (_COMMENTS.search(name) and left > _LEFT))
        ):
            element.drop_tree()
    for heading in list(tree.iter(*_HEADINGS, "h5", "div", "p", "span", "strong")):
        if heading.getparent() is not None and heading not in kept and _ends_the_text(heading):
            _drop_from(heading, kept)
    for line in list(tree.iter("p", "div", "span", "li")):
        box = line.getparent()
        if box is None or line in kept or len(text := text_of(line)) > 300:
            continue
        if _TAG_LINE.fullmatch(text) and line.find(".//a") is not None:
            line.drop_tree()
        elif _REPLY.fullmatch(text) and not line.find("p") and box not in kept:
            if len(text_of(box).split()) < _COMMENT_WORDS and box.getparent() is not None:
                box.drop_tree()
    if headline is not None and headline.getparent() is not None:
        _cut_before(headline, tree)


def _prose(element: HtmlElement) -> int:
    """The characters of the element's text that are no links."""
    links = sum(len(str(link.text_content())) for link in element.iter("a"))
    code = sum(len(part.text or "") for part in element.iter("script", "style"))
    return len(str(element.text_content())) - links - code


def _ends_the_text(heading: HtmlElement) -> bool:
    if len(heading) > 1 or len(text := text_of(heading)) > 60:
        return False
    text = text.rstrip(" :")
    return is_comment_marker(text) or _OTHER_NEWS.fullmatch(text) is not None


def _drop_from(heading: HtmlElement, kept: set[HtmlElement]) -> None:
    """Drop the box that the heading is the head of, or what stands between it and the next one."""
    box = heading
    while (parent := box.getparent()) is not None and parent not in kept:
        if box.getprevious() is not None or (parent.text or "").strip():
            break
        box = parent
    if box.getparent() is None:
        return  # its box was taken before
    text = text_of(heading).rstrip(" :")
    news = _OTHER_NEWS.fullmatch(text) is not None
    if box is not heading and len(text_of(box)) > len(text):
        if not news or _is_other_news(box, text):
            box.drop_tree()
        return
    # One word may as well be a heading of the text.
    alone = " " not in text or text.casefold() == "bình luận"
    following, taken = heading.getnext(), []
    while following is not None and following.tag not in _HEADINGS and following not in kept:
        if (alone and following.tag == "p") or (news and not _is_other_news(following, "")):
            break
        taken.append(following)
        following = following.getnext()
    for element in (heading, *taken) if taken else ():
        element.drop_tree()


def _is_other_news(box: HtmlElement, heading: str) -> bool:
    """Whether the box is a list of links or a form."""
    rest = len(text_of(box)) - len(heading)
    links = sum(len(text_of(link)) for link in box.iter("a"))
    return 2 * links > rest or next(box.iter("input", "form", "button"), None) is not None


def _cut_before(headline: HtmlElement, tree: HtmlElement) -> None:
    """Drop what stands before the headline, unless most of the text does."""
    before = sum(len(text_of(part)) for part in headline.xpath("preceding::p"))
    if before > sum(len(text_of(part)) for part in headline.xpath("following::p")):
        return
    for element in (headline, *headline.iterancestors()):
        if element is tree or element.getparent() is None:
            break
        for sibling in list(element.itersiblings(preceding=True)):
            sibling.tail = None
            if sibling.tag != "head":
                sibling.drop_tree()
        element.getparent().text = None


def densest(tree: HtmlElement, said: Collection[str]) -> HtmlElement | None:
    """The element whose own paragraphs, or whose children's, hold most text that is no link.

    Args:
        tree: the page, of which all was taken that is not of the text.
        said: texts that do not count: headline and lead, in lower case.
    """
    scores: dict[HtmlElement, float] = {}
    for paragraph in tree.iter(*_CONTAINERS, "p", "h2", "h3"):
        if paragraph.tag in _CONTAINERS and any(child.tag in _BLOCKS for child in paragraph):
            own = [paragraph.text or "", *(child.tail or "" for child in paragraph)]
            if (length := len(" ".join("".join(own).split()))) > 100:
                scores[paragraph] = scores.get(paragraph, 0.0) + length
            continue
        text = text_of(paragraph)
        length = len(text) * (1 - _link_share(paragraph))
        if length < 20 or text.casefold() in said:
            continue
        parent = paragraph if paragraph.find("br") is not None else paragraph.getparent()
        share = 1.0
        for _ in range(3):
            if parent is None or parent.tag == "html":
                break
            scores[parent] = scores.get(parent, 0.0) + length * share
            share /= 2.5
            parent = parent.getparent()
    return max(scores, key=lambda element: scores[element], default=None)


def page_body(
    tree: HtmlElement, element: HtmlElement | None, said: Collection[str], names: Sequence[str]
) -> list[str]:
    """The paragraphs and headings of the page's article.

    Args:
        tree: the page, of which all was taken that is not of the text.
        element: the densest one.
        said: headline and lead.
        names: of its authors, whose lines above and below the text are left out.
    """
    # Here, not above: it takes a tenth of a second and 20 MB, and only HTML needs it.
    import trafilatura

    found = trafilatura.extract(tree, include_comments=False, include_tables=True) or ""
    lines = [part for line in found.split("\n") for part in _paragraph([line])]
    if element is not None:
        own = list(_blocks(element))
        other = words_of(" ".join(lines)) - words_of(" ".join((*said, *names)))
        if len(words_of(" ".join(own)) & other) >= _AGREES * len(other):
            lines = own
    return _with_clocks(_without_bylines(lines, said, [name.casefold() for name in names]))


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
        if not isinstance(child.tag, str) or child.tag in (*_NO_TEXT, "figure", "figcaption", "h1"):
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
            yield from _blocks_of_lines(element)
    else:
        yield from _blocks(element)


def _blocks_of_lines(element: HtmlElement) -> Iterator[str]:
    """A paragraph, parted where it breaks its lines."""
    inline = [element.text or ""]
    for child in element:
        if child.tag == "br":
            yield from _paragraph(inline)
            inline = [child.tail or ""]
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            inline += [str(child.text_content()), child.tail or ""]
        else:
            inline.append(child.tail or "")
    yield from _paragraph(inline)


def _paragraph(parts: list[str]) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    if text and not _APP_LINE.fullmatch(text):
        yield text


def _link_share(element: HtmlElement) -> float:
    """The share of the element's text that is links."""
    whole = len(text_of(element))
    if not whole:
        return 0.0
    return sum(len(text_of(link)) for link in element.iter("a")) / whole
