"""What the templates can call, and the texts that pages hand to scripts."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from index import EngineStats, MatchedWord, MatchKind, Zone

from ..query.options import DEFAULT_PER_PAGE, PER_PAGE_CHOICES
from ..query.params import excluding, toggled, unrestricted, within, without_rewrite
from ..query.urls import Site, article_url, mounted, url
from ..settings import Settings
from ..text.formatting import (
    closed_directions,
    date_text,
    encoding_text,
    headline_of,
    iso_text,
    month_text,
    time_text,
)
from ..text.i18n import LANGUAGES, number_text, translate, translated
from ..text.messages import N_

__all__ = ["STATIC", "attach", "static_digest", "widget_texts"]

STATIC: Final = Path(__file__).parent.parent / "static"
_DIGITS: Final = 12
_ZONES: Final = {
    Zone.HEADLINE: N_("Khớp tiêu đề"),
    Zone.LEAD: N_("Khớp sa-pô"),
    Zone.BODY: N_("Khớp nội dung"),
    Zone.CAPTIONS: N_("Khớp chú thích ảnh"),
    Zone.RELATED: N_("Khớp tin liên quan đặt cạnh bài"),
}
_HOW: Final = {
    MatchKind.EXACT: N_("đúng như bạn gõ"),
    MatchKind.ACCENTS_IGNORED: N_("không xét dấu"),
    MatchKind.TONE_PLACEMENT: N_("kiểu đặt dấu khác"),
    MatchKind.I_Y: N_("i và y như nhau"),
    MatchKind.ABBREVIATION: N_("viết tắt"),
    MatchKind.JOINED: N_("viết liền hoặc có gạch nối"),
    MatchKind.SYNONYM: N_("đồng nghĩa"),
}
#: Stands for a number that only the script knows.
_COUNT: Final = "{count}"


def attach(app: Flask, settings: Settings) -> None:
    """Let the templates of an application call what they need."""
    public = settings.public_url
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        {
            "site_name": settings.site_name,
            "static": f"/static-{static_digest()}/",
            "DEFAULT_PER_PAGE": DEFAULT_PER_PAGE,
            "PER_PAGE_CHOICES": PER_PAGE_CHOICES,
            "timedelta": timedelta,
            # Addresses
            "article_url": article_url,
            "language_url": _language_url,
            "mounted": mounted,
            "public_origin": Site(public).origin if public else "",
            "url": url,
            # Other searches
            "excluding": excluding,
            "toggled": toggled,
            "unrestricted": unrestricted,
            "within": within,
            "without_rewrite": without_rewrite,
            # Texts
            "archive_text": _archive_text,
            "box_texts": {code: _box_texts(code) for code in LANGUAGES},
            "closed_directions": closed_directions,
            "date_text": date_text,
            "encoding_text": encoding_text,
            "headline_of": headline_of,
            "iso_text": iso_text,
            "isolated": Markup("<bdi>%s</bdi>").__mod__,
            "reasons": _reasons,
            "time_text": time_text,
        }
    )


@cache
def static_digest() -> str:
    """A hash of all files that pages load, which their addresses have: they may be kept for good.

    One for all of them, as scripts import each other by their place.
    """
    digest = hashlib.sha256()
    for path in sorted(each for each in STATIC.rglob("*") if each.is_file()):
        digest.update(f"{path.relative_to(STATIC)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:_DIGITS]


def widget_texts() -> dict[str, dict[str, object]]:
    """Everything that the widget says, in each language of the interface."""
    return {code: _widget_texts(code) for code in LANGUAGES}


def _language_url(code: str) -> str:
    """The link to the page that is being shown, in another language."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return f"{mounted(quote(request.path))}?{urlencode([*pairs, ('lang', code)])}"


def _archive_text(stats: EngineStats) -> str:
    """How many articles there are and from when to when."""
    count = number_text(stats.articles)
    first, last = stats.first_published, stats.last_published
    if first is None or last is None:
        return translate("Kho hiện có %(count)s tin.", count=count)
    return translate(
        "Kho hiện có %(count)s tin từ %(first)s đến %(last)s.",
        count=count,
        first=month_text(first),
        last=month_text(last),
    )


def _reasons(matched: Iterable[MatchedWord]) -> list[str]:
    """Why a hit is there: a sentence for each part of it and each way in which words match."""
    grouped: dict[tuple[Zone, MatchKind], list[MatchedWord]] = {}
    for word in matched:
        grouped.setdefault((word.zone, word.how), []).append(word)
    sentences = []
    for (zone, how), words in grouped.items():
        where, way = translate(_ZONES[zone]), translate(_HOW[how])
        found = ", ".join(f"“{text}”" for text in dict.fromkeys(word.found for word in words))
        typed = ", ".join(f"“{text}”" for text in dict.fromkeys(word.typed for word in words))
        if how is MatchKind.EXACT:
            sentence = translate(
                "%(where)s: %(found)s (%(how)s)", where=where, found=found, how=way
            )
        else:
            sentence = translate(
                "%(where)s: %(found)s (bạn gõ %(typed)s: %(how)s)",
                where=where,
                found=found,
                typed=typed,
                how=way,
            )
        sentences.append(sentence)
    return sentences


def _box_texts(code: str) -> dict[str, object]:
    """What the list of suggestions says in a language."""
    translate = partial(translated, code)
    return {
        "language": code,
        "list": translate("Gợi ý"),
        "none": translate("Không có gợi ý."),
        "one": translate("1 gợi ý. Dùng phím mũi tên để chọn."),
        "many": translate("%(count)s gợi ý. Dùng phím mũi tên để chọn.", count=_COUNT),
        "total": translate("%(count)s tin", count=_COUNT),
        "forget": translate("Xóa tìm gần đây"),
        "kinds": {
            "query": translate("câu tìm"),
            "title": translate("tin"),
            "section": translate("chuyên mục"),
            "source": translate("nguồn"),
            "author": translate("tác giả"),
            "did_you_mean": translate("sửa cách gõ"),
            "recent": translate("tìm gần đây"),
        },
    }


def _widget_texts(code: str) -> dict[str, object]:
    translate = partial(translated, code)
    return {
        **_box_texts(code),
        "label": translate("Tìm tin"),
        "search": translate("Tìm"),
        "offline": translate("Chưa kết nối được máy tìm. Nhấn Enter để mở trang tìm kiếm."),
        "busy": translate(
            "Bạn tìm hơi nhanh. Vui lòng thử lại sau %(seconds)s giây.", seconds=_COUNT
        ),
        "nothing": translate("Không tìm thấy tin nào cho “%(query)s”.", query="{query}"),
        "section": translate("Chuyên mục"),
        "time": translate("Thời gian"),
        "any": translate("Tất cả"),
        "today": translate("Hôm nay"),
        "week": translate("7 ngày"),
        "month": translate("30 ngày"),
        "insert": translate("Chèn"),
        "insertCitation": translate("Chèn trích dẫn"),
        "related": translate("Tin liên quan"),
        "shared": translate("cùng nhắc: %(words)s", words="{words}"),
    }
