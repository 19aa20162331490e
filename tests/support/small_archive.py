"""A small archive for the tests of the website and of the commands."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from index import VIETNAM_TIME, Article, Provenance, RelatedItem

__all__ = ["ODD_ID", "SCRIPT_TITLE", "small_archive"]

SCRIPT_TITLE: Final = "<script>alert(1)</script> hà nội"
ODD_ID: Final = "tin?1#a%20b&c"

_BULLETINS: Final = (
    "Sương mù dày ở đèo Hải Vân khiến tàu khách giảm tốc độ suốt buổi sáng.",
    "Nắng nóng trở lại vùng cao nguyên, hồ chứa chỉ còn một phần ba dung tích.",
    "Mưa đá rơi trắng vườn mận, bà con phủ lưới giữ lứa quả cuối vụ.",
    "Gió mùa tràn về ven biển, ngư dân kéo thuyền lên bãi từ nửa đêm.",
    "Triều cường dâng cao hơn dự báo mười phân, chợ cá dời giờ họp.",
)


def small_archive() -> list[Article]:
    """Three dozen articles; what each is for stands in the tests that use it."""
    return [*_news(), *_bulletins()]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM_TIME)


def _news() -> Iterator[Article]:
    yield Article(
        id="ngap",
        url="https://songhong.example/thoi-su/ngap.html",
        source="Báo Sông Hồng",
        section="Thời sự",
        headline="Hà Nội ngập nhiều tuyến phố sau mưa lớn",
        lead="Mưa từ rạng sáng làm 18 điểm trong nội thành úng nước.",
        body=(
            "Đường Nguyễn Trãi ngập sâu 40 cm, xe máy phải quay đầu.",
            "Công ty thoát nước huy động bơm dã chiến ở các hầm chui.",
        ),
        captions=("Người dân dắt xe qua đoạn ngập",),
        authors=("Nguyễn Văn An", "Lưu Hải Yến"),
        tags=("mưa lớn", "ngập úng"),
        published=_at("2026-10-05T06:40:00"),
        updated=_at("2026-10-05T09:15:00"),
        related=(
            RelatedItem(
                "Vớt bèo tấm khơi dòng sông Tô Lịch",
                "Công nhân vớt hai tấn bèo trước mùa mưa.",
                "https://songhong.example/beo.html",
            ),
            RelatedItem("Hồ điều hòa mới ở phía tây thành phố"),
        ),
    )
    yield Article(
        id="ngap2",
        source="Tin Tức Phố",
        section="Thời sự",
        headline="Hầm chui đại lộ ngập sâu, công ty thoát nước bơm xuyên đêm",
        body=(
            "Bơm dã chiến chạy suốt đêm ở các hầm chui trong nội thành Hà Nội.",
            "Mưa lớn làm nhiều tuyến phố úng nước, xe máy phải quay đầu.",
        ),
        published=_at("2026-10-06T00:00:00"),
        published_precision="day",
    )
    yield Article(
        id="khongdau",
        source="Tin Tức Phố",
        section="Thời sự",
        headline="Ha Noi traffic",
        body=("Traffic was slow on Friday morning.",),
        published=_at("2026-04-03T08:30:00"),
    )
    yield Article(
        id="script",
        source="Tin Tức Phố",
        section="Công nghệ",
        headline=SCRIPT_TITLE,
        body=("Một câu lệnh mở đầu buổi học an toàn mạng.",),
        published=_at("2026-04-22T13:00:00"),
    )
    yield Article(
        id="hoabinh1",
        source="Báo Sông Hồng",
        section="Môi trường",
        headline="Hòa Bình xả lũ",
        body=("Thủy điện mở hai cửa xả đáy.",),
        published=_at("2026-07-29T08:05:00"),
    )
    yield Article(
        id="hoabinh2",
        source="Tin Tức Phố",
        section="Môi trường",
        headline="Hoà Bình xả lũ đợt hai",
        body=("Thuỷ điện mở thêm cửa xả thứ ba.",),
        published=_at("2026-07-30T08:05:00"),
    )
    yield Article(
        id="tiengviet",
        source="Báo Sông Hồng",
        section="Giáo dục",
        headline="Lớp dạy tiếng Việt giữa lòng thành phố cảng",
        body=("Lớp học tiếng Việt mở vào tối thứ bảy.",),
        published=_at("2025-02-11T19:00:00"),
    )
    yield Article(
        id="hcm",
        source="Báo Sông Hồng",
        section="Giao thông",
        headline="Thành phố Hồ Chí Minh chạy thử tàu điện",
        body=("Ủy ban nhân dân thành phố cho biết chuyến đầu chở khách mời.",),
        published=_at("2025-12-01T10:00:00"),
    )
    yield Article(
        id=ODD_ID,
        headline="",
        body=("Bài chép tay không có đầu đề, chỉ còn đoạn kể chuyện đốt lò gạch ven sông.",),
        provenance=Provenance(reader="scraped_page", path="lo-gach.txt", encoding="TCVN3"),
    )
    for number, word in enumerate(("ma", "má", "mà", "mã", "mạ"), 1):
        yield Article(
            id=f"ma{number}",
            source="Báo Sông Hồng",
            section="Văn hóa",
            headline=f"Chữ {word} trong trang vở tập viết",
            published=_at(f"2024-01-{number:02}T08:00:00"),
        )


def _bulletins() -> Iterator[Article]:
    for number in range(25):
        yield Article(
            id=f"bantin{number:02}",
            source="Đài Ban Mai",
            section="Thời tiết",
            headline=f"Bản tin thời tiết số {number + 1}",
            body=(_BULLETINS[number % len(_BULLETINS)],),
            published=_at(f"2023-03-{number + 1:02}T05:00:00"),
        )
