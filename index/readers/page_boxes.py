"""What stands on a news page without being of its text: boxes, comments, captions of pictures."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from .html_elements import text_of
from .related_block import is_comment_marker

__all__ = ["take_boxes", "take_captions", "take_shown_captions"]

_HEADINGS: Final = ("h2", "h3", "h4")
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
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Below each comment: "Thích 3 Trả lời 12 giờ trước".
_REPLY: Final = re.compile(
    r"(?=.*\b(?:trả lời|phản hồi|reply|antworten|répondre|responder)\b)"
    r"(?:(?:thích|like|me gusta|j’aime|gefällt mir|trả lời|phản hồi|reply|antworten|répondre|"
    r"responder|báo (?:cáo|vi phạm)|chia sẻ|\d[\d:/.-]*|"
    r"(?:giờ|phút|ngày|tuần|tháng|năm)(?: trước)?|"
    r"hours?|days?|ago|lúc)\W*){2,}",
    re.IGNORECASE,
)
_TAG_LINE: Final = re.compile(
    r"(?:từ kh(?:óa|oá)|tags?|chủ đề|thẻ|keywords|topics|thèmes|themen|temas)\s*:.*", re.IGNORECASE
)
_COMMENTS: Final = re.compile(r"comment|binh-?luan|y-?kien|cmt", re.IGNORECASE)
#: Characters of text that are enough for an article below which there are long comments.
_LEFT: Final = 300
_COMMENT_WORDS: Final = 200
_NEVER_TAKEN: Final = ("head", "body", "main", "article")
#: Comment headings that may as well be headings of a text.
_BARE: Final = frozenset(("bình luận", "thảo luận", "ý kiến", "phản hồi", "comments", "kommentare"))
_CAPTION_CLASS: Final = re.compile(
    r"caption|chu[-_]?thich|(?:img|image|photo|pic)[-_]?(?:cap|desc?|note|text)(?![a-z])",
    re.IGNORECASE,
)
_CAPTION_WORDS: Final = 80
_PORTRAIT_WORDS: Final = 14
_PICTURES: Final = 200
_LEVELS: Final = 3
#: Headings of what is on the page for another reason than the article.
_OTHER_NEWS: Final = re.compile(
    r"(?:tin |bài )?(?:đọc|xem) nhiều(?: nhất)?|(?:tin )?mới nhất|tin mới(?: nhất| nhận)?|tin nóng|"
    r"(?:tin )?nổi bật|đừng bỏ lỡ|tiêu điểm|most (?:read|popular)|les plus lus|"
    r"lo más (?:leído|visto)|meistgelesen|mehr zum thema|newsletter|nhận bản tin",
    re.IGNORECASE,
)


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
    for heading in list(tree.iter(*_HEADINGS, "h5", "div", "p", "span", "strong")):
        if heading.getparent() is not None and heading not in kept and _ends_the_text(heading):
            _drop_from(heading, kept, whole)
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
    for line in list(tree.iter("p", "div", "span", "li")):
        box = line.getparent()
        if box is None or line in kept or len(text := text_of(line)) > 300:
            continue
        if _TAG_LINE.fullmatch(text) and line.find(".//a") is not None:
            line.drop_tree()
        elif (
            _REPLY.fullmatch(text)
            and box not in kept
            and box.getparent() is not None
            and len(text_of(box).split()) < _COMMENT_WORDS
        ):
            box.drop_tree()
    if headline is not None and headline.getparent() is not None:
        _cut_before(headline, tree)


def _is_less(part: int, whole: int) -> bool:
    """Whether enough text for an article remains beside the part."""
    return 2 * part < whole or whole - part > _LEFT


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


def _drop_from(heading: HtmlElement, kept: set[HtmlElement], whole: int) -> None:
    """Drop the box that the heading is the head of, or what stands between it and the next one.

    Args:
        heading: of comments or of other news.
        kept: what is never dropped.
        whole: the characters of the page's prose.
    """
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
        if _is_other_news(box, text) if news else _is_less(_prose(box), whole):
            box.drop_tree()
        return
    bare = text.casefold() in _BARE
    following, taken = heading.getnext(), []
    while following is not None and following.tag not in _HEADINGS and following not in kept:
        if (bare and following.tag == "p") or (news and not _is_other_news(following, "")):
            break
        taken.append(following)
        following = following.getnext()
    # What is most of the page is its text, below the button of the comments.
    if taken and _is_less(sum(map(_prose, taken)), whole):
        for element in (heading, *taken):
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


def take_captions(tree: HtmlElement) -> tuple[list[str], set[HtmlElement]]:
    """The captions that the page calls so, taken out of the tree, and the pictures they are of."""
    captions, pictures = [], set()
    for element in list(tree.iter(etree.Element)):
        if element.tag != "figcaption" and not _CAPTION_CLASS.search(element.get("class") or ""):
            continue
        text = text_of(element)
        inside = element.tag not in ("html", "body", "main", "article", "head")
        if inside and len(text.split()) <= _CAPTION_WORDS and element.getparent() is not None:
            captions.append(text)
            for around in islice(element.iterancestors(), _LEVELS):
                if images := list(around.iter("img", "amp-img", "video", "picture")):
                    pictures.update(images)
                    break
            element.drop_tree()
    return captions, pictures


def take_shown_captions(
    body: HtmlElement, captioned: set[HtmlElement], names: Sequence[str]
) -> list[str]:
    """The captions that stand with a picture in a box of their own, or below it in italics.

    They are taken out of the tree.

    Args:
        body: the element of the text.
        captioned: the pictures whose captions were taken.
        names: of the authors, whose portraits have their names beside them.
    """
    captions = []
    for image in list(islice(body.iter("img", "amp-img"), _PICTURES)):
        if image in captioned:
            continue
        box = image
        while box is not body and not text_of(box) and (parent := box.getparent()) is not None:
            box = parent
        if box is body or _blocks(box) > 1 or box.getparent() is None:
            box = _top(image, body)
            below = box.getnext() if box is not None else None
            if below is None or not _is_in_italics(below):
                continue
            box = below
        elif image.getparent() is box and (
            (box.text or "").strip() or (box.tag == "p" and (image.tail or "").strip())
        ):
            continue  # a paragraph with a picture in it
        text = text_of(box)
        words = len(text.split())
        named = any(text.casefold().startswith(name.casefold()) for name in names)
        if 3 < words <= _CAPTION_WORDS and not (named and words < _PORTRAIT_WORDS):
            captions.append(text)
            box.drop_tree()
    return captions


def _blocks(box: HtmlElement) -> int:
    return sum(1 for part in box.iter("p", "div", "li", "h2", "h3") if _own_text(part))


def _own_text(element: HtmlElement) -> bool:
    return bool("".join([element.text or "", *(part.tail or "" for part in element)]).strip())


def _top(image: HtmlElement, body: HtmlElement) -> HtmlElement | None:
    """The child of the body that the picture stands in."""
    element = image
    while (parent := element.getparent()) is not None and parent is not body:
        element = parent
    return element if parent is not None else None


def _is_in_italics(line: HtmlElement) -> bool:
    text = text_of(line)
    return bool(text) and any(text_of(part) == text for part in line.iter("em", "i"))
