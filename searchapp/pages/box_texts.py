"""What the search box and the widget say, for scripts: plain values that become JSON."""

from flask_babel import force_locale, get_locale

from ..text.i18n import LANGUAGES, translate

__all__ = ["box_texts", "widget_texts"]

#: Stands for a number that only the script knows.
_COUNT = "{count}"


def box_texts() -> dict[str, object]:
    """What the list of suggestions says in the language of the page."""
    return {
        "language": str(get_locale()),
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


def widget_texts() -> dict[str, dict[str, object]]:
    """Everything that the widget says, in each language of the interface."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            texts[language] = {**box_texts(), **_widget_only()}
    return texts


def _widget_only() -> dict[str, object]:
    return {
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
