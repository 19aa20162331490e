"""News pages of our own making in the shapes of Vietnamese outlets, with what is in them."""

# ruff: noqa: E501  markup is more readable in long lines

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from extraction_shapes import SHAPES, Shape

from analyzers import fold
from index.article import VIETNAM_TIME

__all__ = ["Gold", "Page", "pages"]

_TEXTS: Final = Path(__file__).with_name("extraction") / "articles.txt"
_NAMES: Final = (
    "Lâm Vũ",
    "Hà My",
    "Đỗ Quỳnh Chi",
    "Nguyễn Văn Hạ",
    "Tô Hoài An",
    "Mai Thảo Vy",
    "Lê Cát",
)
_WEEKDAYS: Final = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_MENU: Final = (
    "Thời sự",
    "Thế giới",
    "Kinh doanh",
    "Giải trí",
    "Thể thao",
    "Pháp luật",
    "Giáo dục",
    "Bất động sản",
    "Lịch thi đấu",
    "Khoa học công nghệ",
)
_COMMENTS: Final = (
    '<div id="box_comment_vne" class="box_comment_vne"><h3>Ý kiến (2)</h3>%s</div>',
    '<div class="comment-wrapper"><div class="title">Bình luận (2)</div>%s</div>',
    '<div class="list-y-kien"><h3>Ý kiến bạn đọc</h3>%s</div>',
    "<section><h3>Bạn đọc phản hồi</h3>%s</section>",
    "<div><h4>Bình luận</h4>%s</div>",
    '<div class="binhluan">%s</div>',
)
_COMMENT: Final = (
    '<div class="item"><p class="full_content"><span class="txt-name">Bạn đọc Hai Bờ</span> Tin vui quá, '
    "mong chỗ tôi ở cũng sớm được như vậy.</p><p>Thích Trả lời 12 giờ trước</p></div>"
    '<div class="item"><p class="full_content"><b>Cô Giáo Làng</b> Bài viết hay, cảm ơn phóng viên đã về '
    "tận nơi để ghi lại câu chuyện này.</p><p>Thích Trả lời 9 giờ trước</p></div>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What a person reads in a page."""

    headline: str = ""
    lead: str = ""
    body: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    to_the_minute: bool = True
    section: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    is_article: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One page and what is in it."""

    outlet: str
    kind: str
    html: str
    gold: Gold


@dataclass(slots=True)
class _Text:
    section: str
    tags: tuple[str, ...]
    headline: str
    lead: str
    body: list[tuple[str, str]] = field(default_factory=list)
    """Paragraphs ("p") and headings ("h")."""
    captions: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


def pages() -> Iterator[Page]:
    """Every outlet: two reports, one without metadata, a photo essay, a front page, and in turn a
    text in lines, in divs, a live page, a video page, an infographic, an AMP page."""
    texts = _texts()
    for number, shape in enumerate(SHAPES):
        first, second = texts[number % len(texts)], texts[(number + 1) % len(texts)]
        yield _page(shape, first, number, "report")
        yield _page(shape, second, number + 1, "two authors")
        yield _page(shape, texts[(number + 2) % len(texts)], number + 2, "photos")
        if shape.crumb in ("html", "ld") and shape.sign + shape.page.replace("$author", "") != "":
            yield _page(
                replace(shape, linked="none", keywords="meta"),
                texts[(number + 3) % len(texts)],
                number + 3,
                "no JSON-LD",
            )
        turn = ("lines", "divs", "live", "video", "infographic", "amp")[number % 6]
        yield _page(shape, texts[(number + 4) % len(texts)], number + 4, turn)
        yield _front(shape, texts, number)


def _texts() -> list[_Text]:
    found: list[_Text] = []
    lines = iter(_TEXTS.read_text("utf-8").splitlines()[1:])
    for line in lines:
        if line.startswith("@ "):
            section, _, tags = line[2:].partition(" | ")
            found.append(_Text(section, tuple(tags.split(", ")), next(lines), next(lines)))
            continue
        mark = line[:2]
        if mark == "= ":
            found[-1].captions.append(line[2:])
        elif mark == "> ":
            found[-1].related.append(line[2:])
        else:
            kind, text = ("h", line[3:]) if line.startswith("## ") else ("p", line)
            found[-1].body.append((kind, text))
    return found


def _fill(template: str, **values: str) -> str:
    for name in sorted(values, key=len, reverse=True):
        template = template.replace(f"${name}", values[name])
    return template


def _page(shape: Shape, text: _Text, seed: int, kind: str) -> Page:
    time = datetime(2026, 3, 1 + seed, 6 + seed % 12, (7 * seed + 5) % 60, tzinfo=VIETNAM_TIME)
    names = (_NAMES[seed % 7], _NAMES[(seed + 2) % 7])[: 2 if kind == "two authors" else 1]
    address = f"https://{shape.domain}/{_slug(text.headline)}-2026{seed:04}.html"
    body, gold_body, captions, related = _body(shape, text, kind)
    said = (" - " if seed % 2 else ", ").join(names)
    author = _fill(shape.author_words, author=said)
    links = "".join(
        f'<li><a href="/{_slug(one)}-20260101.html">{one}</a></li>' for one in text.related[1:]
    )
    shown = _strftime(time, shape.date)
    page = _fill(
        shape.page,
        headline=text.headline,
        lead=shape.lead_prefix + text.lead,
        date=shown,
        section=text.section,
        author=author,
        sign=_fill(shape.sign, author=author),
        body=body,
        tags="".join(f'<li><a href="/tag">{tag}</a></li>' for tag in text.tags),
        related=_fill(shape.related, links=links),
        comments=_COMMENTS[seed % 6] % _COMMENT,
        menu="".join(f'<li><a href="/{_slug(one)}.htm">{one}</a></li>' for one in _MENU),
        more="".join(
            f'<li><a href="/{_slug(one)}.htm">{one}</a></li>' for one in (*_MENU[4:], "Du lịch hè")
        ),
        today=_strftime(
            datetime(2026, 12, 1, 9, 15, tzinfo=VIETNAM_TIME),
            "%A, %d/%m/%Y" + (" | %H:%M (GMT+7)" if seed % 2 else ""),
        ),
        isoshort=time.strftime("%Y-%m-%d %H:%M"),
        isoday=time.strftime("%Y-%m-%d"),
        iso=time.isoformat(),
    )
    head = _head(shape, text, time, names, address, kind, shown_time="%H" in shape.date)
    gold = Gold(
        headline=text.headline,
        lead=text.lead,
        body=gold_body,
        captions=captions,
        authors=names,
        published=time,
        section=text.section,
        source=shape.source,
        tags=text.tags,
        related=(*related, *text.related[1:]),
    )
    attribute = " amp" if kind == "amp" else ""
    html = f'<!DOCTYPE html><html lang="vi"{attribute}><head>{head}</head><body>{page}{_FOOTER}</body></html>'
    return Page(shape.domain, kind, html, gold)


_FOOTER: Final = (
    '<div class="newsletter"><p>Đăng ký nhận bản tin mỗi sáng</p><input></div><footer><p>Cơ quan chủ quản: '
    "Hội Nhà báo ven sông. Giấy phép số 12/GP.</p><p>Liên hệ quảng cáo: 0900 000 000</p></footer>"
)


def _body(
    shape: Shape, text: _Text, kind: str
) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The markup of the text; its paragraphs, captions and related headlines."""
    related = text.related[0]
    box = _fill(shape.box, url=f"/{_slug(related)}-20260102.html", text=related)
    figures = [_fill(shape.figure, text=caption) for caption in text.captions]
    if kind == "photos":
        opening = text.body[0][1]
        markup = _fill(shape.paragraph, text=opening) + "".join(figures)
        return markup, (opening,), tuple(text.captions), ()
    if kind == "infographic":
        alt = "; ".join(text.captions)
        return f'<figure><img src="info.png" alt="{alt}"></figure>', (), (alt,), ()
    if kind == "video":
        text = replace(text, body=text.body[:2])
        video = '<div class="video-player"><video src="a.mp4"></video><button>Phát</button></div>'
        markup = video + "".join(_fill(shape.paragraph, text=line) for _, line in text.body)
        return markup, tuple(line for _, line in text.body), (), ()
    if kind == "live":
        entries = [(f"{9 + at:02}:{at * 7:02}", line) for at, (_, line) in enumerate(text.body[:5])]
        markup = "".join(
            f'<div class="live-item"><span class="live-time">{clock}</span><p>{line}</p></div>'
            for clock, line in entries
        )
        return markup, tuple(" ".join(entry) for entry in entries), (), ()
    if kind == "lines":
        lines = [line for mark, line in text.body if mark == "p"]
        return "<br><br>".join(lines) + figures[0], tuple(lines), (text.captions[0],), ()
    paragraph = "<div>$text</div>" if kind == "divs" else shape.paragraph
    figure = '<amp-img alt="x" width="4"></amp-img>' if kind == "amp" else figures[0]
    parts = [
        _fill(paragraph if mark == "p" else shape.heading, text=line) for mark, line in text.body
    ]
    parts[1:1] = [figure]
    parts[4:4] = [box]
    gold = [line for _, line in text.body]
    if kind == "two authors":
        rows = (("Năm", "Số lượng"), ("2025", "1.240"), ("2026", "1.515"))
        table = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
        )
        parts.append(
            f"<table>{table}</table><blockquote>Chúng tôi làm vì con cháu sau này.</blockquote>"
        )
        gold += [" | ".join(row) for row in rows] + ["Chúng tôi làm vì con cháu sau này."]
    return "".join(parts), tuple(gold), () if kind == "amp" else (text.captions[0],), (related,)


def _head(
    shape: Shape,
    text: _Text,
    time: datetime,
    names: Sequence[str],
    address: str,
    kind: str,
    *,
    shown_time: bool,
) -> str:
    """The <head>: title, Open Graph, <meta>, JSON-LD as the shape has them."""
    meta = [
        f"<meta charset='utf-8'><title>{text.headline} - {shape.source}</title>",
        f'<link rel="canonical" href="{address}?utm_source=rss">',
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(text.headline)}">',
        f'<meta name="description" content="{shape.lead_prefix}{escape(text.lead)}">',
        f'<meta property="og:site_name" content="{shape.site_name or shape.source}">',
    ]
    linked = shape.linked
    in_meta = shape.times == "meta" or (linked in ("none", "broken") and not shown_time)
    if in_meta or (linked in ("none", "broken") and shape.times == "ld"):
        meta.append(f'<meta property="article:published_time" content="{time.isoformat()}">')
    if shape.times == "property":
        meta.append(f'<meta itemprop="datePublished" content="{time.isoformat()}">')
    if shape.crumb == "meta":
        meta.append(f'<meta property="article:section" content="{text.section}, Đời sống">')
    if shape.crumb == "property":
        meta.append(f'<meta itemprop="articleSection" content="{text.section}">')
    if shape.keywords == "meta":
        meta.append(f'<meta name="keywords" content="{", ".join(text.tags)}">')
    else:
        meta += [f'<meta property="article:tag" content="{tag}">' for tag in text.tags]
    if shape.crumb == "ld":
        steps = ("Trang chủ", text.section)
        items = [
            {"@type": "ListItem", "position": at, "item": {"@id": "/", "name": step}}
            for at, step in enumerate(steps)
        ]
        meta.append(_script({"@type": "BreadcrumbList", "itemListElement": items}))
    if linked == "none":
        return "".join(meta)
    author: object = [{"@type": "Person", "name": name} for name in names]
    if linked == "site":
        author = {"@type": "Person", "name": shape.site_name or shape.source}
    node: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": {"live": "LiveBlogPosting", "video": "NewsArticle"}.get(kind, "NewsArticle"),
        "headline": text.headline,
        "description": shape.lead_prefix + text.lead,
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "datePublished": time.isoformat(),
        "author": author,
        "publisher": {"@type": "Organization", "name": shape.site_name or shape.source},
    }
    if kind == "video":
        node = {
            "@context": "http://schema.org",
            "@type": "VideoObject",
            "name": text.headline,
            "description": text.lead,
            "uploadDate": time.isoformat(),
            "author": author,
        }
    if linked == "graph":
        people = [
            {"@type": "Person", "@id": f"#p{at}", "name": name} for at, name in enumerate(names)
        ]
        node |= {"author": [{"@id": f"#p{at}"} for at in range(len(names))]}
        return "".join(meta) + _script(
            {"@graph": [{"@type": "WebSite", "name": shape.source}, node, *people]}
        )
    if linked == "list":
        other = {
            "@type": "NewsArticle",
            "headline": "Một tin khác đứng đầu danh sách hôm nay",
            "datePublished": "2020-01-01T00:00:00+07:00",
            "author": {"name": "Người Khác"},
        }
        meta.append(_script({"@type": "ItemList", "itemListElement": [other]}))
    if linked == "double":
        node |= {
            key: _numbered(str(node.get(key, "")))
            for key in ("headline", "name", "description")
            if key in node
        }
    script = _script(node)
    if linked == "broken":
        script = script.replace('"description": "', '"description": "Lời "trích" chưa đóng ', 1)
    return "".join(meta) + script


def _numbered(text: str) -> str:
    return "".join(char if ord(char) < 256 else f"&amp;#{ord(char)};" for char in text)


def _script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


def _front(shape: Shape, texts: Sequence[_Text], seed: int) -> Page:
    """A section's front page, which is no article."""
    tag, inner = (("article", "h3"), ("div", "h3"), ("li", "h2"), ("section", "h4"))[seed % 4]
    section = texts[seed % len(texts)].section
    entries = "".join(
        f'<{tag} class="item-news"><{inner}><a href="/{_slug(text.headline)}-2026.html">{text.headline}</a></{inner}>'
        f"<p>{text.lead}</p></{tag}>"
        for text in texts
    )
    kind = '<meta property="og:type" content="website">' if seed % 3 else ""
    menu = "".join(f'<li><a href="/{_slug(one)}.htm">{one}</a></li>' for one in _MENU)
    clock = '<span class="time">Thứ ba, 1/12/2026</span>' if seed % 2 else ""
    html = (
        f"<!DOCTYPE html><html lang='vi'><head><title>Tin {section} mới nhất - {shape.source}</title>{kind}</head><body>"
        f"<div class='top'>{clock}<ul>{menu}</ul></div><h1>{section}</h1><div class='list'>{entries}</div>{_FOOTER}</body></html>"
    )
    return Page(shape.domain, "front page", html, Gold(is_article=False))


def _strftime(time: datetime, form: str) -> str:
    return time.strftime(form.replace("%A", _WEEKDAYS[time.weekday()]))


def _slug(text: str) -> str:
    return "-".join(fold(text.casefold()).split())[:60]
