"""Every kind of error: its status, its title, and what a person can do about it."""

from dataclasses import dataclass
from typing import Final

from ..text.wording import later

__all__ = ["OTHER", "PROBLEM_KINDS", "ProblemKind", "problem_kind"]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The last two are Vietnamese messages, to be translated when they are shown."""

    code: str
    status: int
    title: str
    advice: str


_KINDS: Final = (
    ProblemKind(
        "invalid-parameter",
        400,
        later("Tham số chưa đúng"),
        later("Một tham số có giá trị không dùng được. “errors” cho biết tham số nào và vì sao."),
    ),
    ProblemKind(
        "unknown-parameter",
        400,
        later("Tham số không có"),
        later("Địa chỉ có một tham số mà API không biết. Hãy xem lại tên, hoặc bỏ tham số đó."),
    ),
    ProblemKind(
        "repeated-parameter",
        400,
        later("Tham số lặp lại"),
        later("Tham số này chỉ được có một giá trị."),
    ),
    ProblemKind(
        "bad-date",
        400,
        later("Ngày chưa đúng"),
        later("Hãy viết yyyy, yyyy-mm hoặc yyyy-mm-dd. “from” không được sau “to”."),
    ),
    ProblemKind(
        "page-too-deep",
        400,
        later("Trang quá xa"),
        later("Chỉ xem được 10.000 kết quả đầu. Hãy lọc thêm, hoặc xuất tệp."),
    ),
    ProblemKind(
        "query-syntax",
        400,
        later("Câu tìm chưa đúng"),
        later(
            "Câu tìm nâng cao sai cú pháp. “position” là vị trí của lỗi; "
            "“links.as_plain_words” tìm các từ đó như từ thường."
        ),
    ),
    ProblemKind(
        "key-required",
        401,
        later("Cần có khóa"),
        later("Kho này chỉ trả lời khi có khóa. Hãy xin khóa ở người quản trị."),
    ),
    ProblemKind(
        "key-invalid",
        401,
        later("Khóa không dùng được"),
        later("Khóa không có trong kho, hoặc đã bị thu hồi. Hãy xin khóa mới ở người quản trị."),
    ),
    ProblemKind(
        "origin-not-allowed",
        403,
        later("Trang này không được dùng khóa"),
        later("Khóa chỉ dùng được ở những trang đã đăng ký. Hãy nhờ người quản trị thêm trang."),
    ),
    ProblemKind(
        "scope-not-allowed",
        403,
        later("Khóa không có quyền này"),
        later("Khóa không được dùng cho địa chỉ này. Hãy nhờ người quản trị thêm quyền."),
    ),
    ProblemKind(
        "csrf",
        403,
        later("Yêu cầu từ trang khác"),
        later("Yêu cầu này phải được gửi từ một trang của kho. Hãy mở lại trang và thử lại."),
    ),
    ProblemKind(
        "not-found",
        404,
        later("Không tìm thấy"),
        later("Không có địa chỉ này, hoặc kho không có tin với mã đó."),
    ),
    ProblemKind(
        "method-not-allowed",
        405,
        later("Cách gọi không được nhận"),
        later("Địa chỉ này không nhận cách gọi như vậy. API chỉ nhận GET."),
    ),
    ProblemKind(
        "not-acceptable",
        406,
        later("Không có định dạng này"),
        later("API chỉ trả lời bằng application/json. Hãy sửa “Accept”, hoặc bỏ đi."),
    ),
    ProblemKind(
        "withdrawn",
        410,
        later("Tin đã được gỡ"),
        later("Tin đã được gỡ theo yêu cầu của tòa soạn. “withdrawn_at” là ngày gỡ."),
    ),
    ProblemKind(
        "query-too-long",
        413,
        later("Câu tìm quá dài"),
        later("Câu tìm có tối đa 500 ký tự. Hãy rút gọn."),
    ),
    ProblemKind(
        "request-entity-too-large",
        413,
        later("Yêu cầu quá lớn"),
        later("Hãy gửi ít dữ liệu hơn."),
    ),
    ProblemKind(
        "rate-limited",
        429,
        later("Hơi nhanh"),
        later("Có quá nhiều lần gọi trong một phút. Hãy đợi số giây ở “Retry-After” rồi thử lại."),
    ),
    ProblemKind(
        "internal",
        500,
        later("Hệ thống gặp lỗi"),
        later("Lỗi ở phía kho. Hãy báo người quản trị “request_id”."),
    ),
    ProblemKind(
        "index-unavailable",
        503,
        later("Kho tin chưa sẵn sàng"),
        later("Kho tin đang được cập nhật. Vui lòng thử lại sau ít phút."),
    ),
)
#: What no kind of its own is worth: the status says all.
OTHER: Final = ProblemKind(
    "request-failed",
    400,
    later("Yêu cầu không thực hiện được"),
    later("“status” và “detail” cho biết vì sao."),
)
PROBLEM_KINDS: Final = {kind.code: kind for kind in (*_KINDS, OTHER)}


def problem_kind(code: str) -> ProblemKind:
    """The kind with this code, or OTHER."""
    return PROBLEM_KINDS.get(code, OTHER)
