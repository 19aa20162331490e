"""The first page, the advanced form and the help."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from index import AccentMode, SearchRequest, collation_key

from ..documents.explanation import FIELD_TEXTS
from ..http import access, context
from ..query.archive_labels import Label, keys_of, merged_labels
from ..query.composed_query import COMPOSED, composed, rows_of
from ..query.parameter_reader import read_params
from ..query.params import SearchParams
from ..text.messages import N_
from .alternatives import hits_of
from .templating import static_digest

__all__ = ["EXAMPLES", "blueprint"]

blueprint = Blueprint("pages", __name__)

_NEWEST: Final = 8
_SECTIONS: Final = 16
#: Ways to search: titles and explanations with examples, a query and how its accents are read.
EXAMPLES: Final = (
    (
        N_("Gõ có dấu hoặc không dấu"),
        N_(
            "Gõ không dấu thì tìm mọi cách bỏ dấu. Dấu nào bạn gõ thì tin phải có dấu đó: "
            "“đuong” tìm “đường” và “đương”, không tìm “dương”."
        ),
        (("ha noi", AccentMode.AUTO), ("hà nội", AccentMode.AUTO), ("đuong", AccentMode.AUTO)),
    ),
    (
        N_("Chỉ tìm đúng dấu"),
        N_("Chọn “Đúng dấu” khi chỉ cần từ viết y như đã gõ."),
        (("lũ", AccentMode.EXACT),),
    ),
    (
        N_("Nguyên một cụm từ"),
        N_("Đặt trong ngoặc kép: các từ phải đứng liền nhau, đúng thứ tự."),
        (('"hà nội"', AccentMode.AUTO), ('"công an"', AccentMode.AUTO)),
    ),
    (
        N_("Các từ đứng gần nhau"),
        N_(
            "Thêm ~ và số tiếng (1 đến 30) sau ngoặc kép: các từ đứng trong khoảng đó, "
            "thứ tự nào cũng được."
        ),
        (('"mưa hà nội"~10', AccentMode.AUTO),),
    ),
    (
        N_("Bớt hoặc thêm lựa chọn"),
        N_(
            "Dấu trừ viết liền trước một từ, một cụm từ hay một cặp ngoặc loại tin có phần đó. "
            "Các phép tìm viết hoa: AND (VÀ) – có cả hai, OR (HOẶC) – có ít nhất một, "
            "NOT (KHÔNG) – không có. Dùng ngoặc tròn để nhóm lại. "
            "Dấu * thay cho phần cuối của từ."
        ),
        (
            ("hà nội -mưa", AccentMode.AUTO),
            ('mưa -"hà nội"', AccentMode.AUTO),
            ("mưa AND bão", AccentMode.AUTO),
            ("lũ OR bão", AccentMode.AUTO),
            ("mưa NOT bão", AccentMode.AUTO),
            ("(lũ OR bão) -mưa", AccentMode.AUTO),
            ("ngh*", AccentMode.AUTO),
        ),
    ),
    (
        N_("Tìm trong một phần của tin"),
        N_(
            "Viết tên phần rồi dấu hai chấm trước từ: tieude: (tiêu đề), sapo:, noidung:, "
            "chuthich: (chú thích ảnh), lienquan: (tin liên quan); tacgia:, muc: (chuyên mục), "
            "nguon:. Tên có dấu cách thì đặt trong ngoặc kép."
        ),
        (
            ("tieude:hà", AccentMode.AUTO),
            ("sapo:mưa", AccentMode.AUTO),
            ("noidung:mưa", AccentMode.AUTO),
            ("tacgia:nguyễn", AccentMode.AUTO),
            ('muc:"thời sự"', AccentMode.AUTO),
            ('nguon:"báo sông hồng"', AccentMode.AUTO),
        ),
    ),
    (
        N_("Tìm theo ngày"),
        N_(
            "Sau “ngay:” là một ngày, một tháng hay một năm, hai mốc cách nhau bằng “..”, một mốc "
            "và “..”, hoặc ngày và tháng của mọi năm (15/1)."
        ),
        (
            ("ngay:10/2026", AccentMode.AUTO),
            ("ngay:..2025", AccentMode.AUTO),
            ("ngay:2024..2025 mưa", AccentMode.AUTO),
        ),
    ),
    (
        N_("Tin có đủ và tin có gần đủ"),
        N_(
            "Con số ở đầu trang là số tin có đủ mọi từ bạn gõ. Khi chưa đầy một trang, dưới đường "
            "kẻ là tin viết khác dấu rồi tin có gần đủ các từ, mỗi loại có con số riêng. Bộ lọc, "
            "biểu đồ, tệp xuất và tin theo dõi chỉ gồm tin có đủ. Câu có ngoặc kép, phép tìm, "
            "phần của tin hoặc xếp theo ngày chỉ tìm tin khớp đúng."
        ),
        (("mưa lớn hà nội", AccentMode.AUTO),),
    ),
    (
        N_("Viết tắt và cách viết khác"),
        N_(
            "Viết tắt quen thuộc được hiểu cả hai chiều; “hòa” và “hoà”, “bác sĩ” và “bác sỹ” "
            "là như nhau. Mỗi cách mở rộng hiện thành một nhãn để bạn bỏ đi."
        ),
        (("TP.HCM", AccentMode.AUTO), ("bác sỹ", AccentMode.AUTO)),
    ),
)


@blueprint.get("/")
def home() -> str:
    """The first page: the box, what the archive holds, its newest articles."""
    engine = access.engine(access.Group.READING)
    stats = context.stats()
    newest = engine.search(context.within_budgets(SearchRequest(limit=_NEWEST, collapse=True))).hits
    return render_template(
        "home.html",
        everything=SearchParams(),
        stats=stats,
        newest=list(enumerate(newest, 1)),
        sections=merged_labels(stats.sections)[:_SECTIONS],
    )


@blueprint.get("/advanced")
def advanced() -> str:
    """A form with a field for everything that a search can have, filled in from the address."""
    access.count(access.Group.READING)
    sent = any(name in request.args for name in COMPOSED)
    params = read_params(composed(request.args)).params
    stats = context.stats()
    return render_template(
        "advanced.html",
        params=params,
        rows=rows_of(params.query),
        counted=hits_of(access.engine(), params) if sent or "count" in request.args else None,
        field_texts=FIELD_TEXTS,
        sections=_choices(merged_labels(stats.sections), params.filters.sections),
        sources=_choices(merged_labels(stats.sources), params.filters.sources),
        without_field=[
            (name, value)
            for name, value in params.pairs()
            if name.startswith("not_") or name in ("mode", "expand")
        ],
    )


@blueprint.get("/advanced/count")
def advanced_count() -> Response:
    """How many hits the form has as it is filled in, and the query that it makes."""
    params = read_params(composed(request.args)).params
    response = jsonify(query=params.query, total=hits_of(access.engine(), params))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/help")
def help_page() -> str:
    """How to search, with examples that run on this archive and the hits that they have."""
    engine = access.engine()
    topics = []
    for title, text, examples in EXAMPLES:
        searches = [SearchParams(query=query, accents=accents) for query, accents in examples]
        totals = [engine.total(context.within_budgets(asked)) for asked in searches]
        topics.append((title, text, list(zip(searches, totals, strict=True))))
    return render_template("help.html", topics=topics)


def _choices(labels: Sequence[Label], chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Value, text and whether it is chosen, of every label in alphabetical order.

    The chosen ones that the archive does not have come last.
    """
    keys = frozenset().union(*map(keys_of, chosen))
    known = {label.key for label in labels}
    by_name = sorted(labels, key=lambda label: collation_key(label.name))
    return [
        *((label.key, label.name, label.key in keys) for label in by_name),
        *((value, value, True) for value in chosen if known.isdisjoint(keys_of(value))),
    ]


@blueprint.get("/static-<digest>/<path:filename>")
def static_file(digest: str, filename: str) -> Response:
    """What pages load, under an address that changes with it; a former one has the newest."""
    response = current_app.send_static_file(filename)
    if digest == static_digest():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if response.status_code == 200:
        # In memory, where it can be packed.
        response.direct_passthrough = False
        body = response.get_data()
        response.close()
        response.set_data(body)
    return response
