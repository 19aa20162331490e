"""Twelve articles that are awkward to cite, and what every export of them is tested with."""

from datetime import datetime
from typing import Final

from index import VIETNAM_TIME, Article
from searchapp.query.urls import Site

__all__ = ["CITABLE", "SITE"]

SITE: Final = Site("https://kho.example")


def _on(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=VIETNAM_TIME)


CITABLE: Final = (
    Article(
        id="mot",
        headline="Hà Nội ngập nhiều tuyến phố sau mưa lớn",
        lead="Mưa từ rạng sáng làm 18 điểm úng nước.",
        source="Báo Sông Hồng",
        section="Thời sự",
        authors=("Nguyễn Văn An",),
        tags=("mưa lớn", "ngập úng"),
        url="https://songhong.example/thoi-su/ngap.html",
        published=_on("2026-10-05T06:40:00"),
    ),
    Article(
        id="hai",
        headline="Giá lúa hè thu tăng 15% & nông dân vẫn lo",
        source="Tin Tức Phố",
        section="Kinh tế",
        authors=("Trần Thị Bưởi", "Lê Quang Định"),
        url="https://pho.example/lua?id=1&p=2",
        published=_on("2026-01-01T00:00:00"),
        published_precision="day",
    ),
    Article(
        id="ba",
        headline="Vì sao hồ thủy điện xả lũ ban đêm?",
        source="Báo Sông Hồng",
        authors=("Phạm Ngọc", "Đỗ Ánh", "Ngô Ý Nhi"),
        published=_on("2025-12-31T23:30:00"),
    ),
    Article(
        id="vodanh",
        headline="Bản tin thời tiết ngày nghỉ lễ",
        source="Đài Ban Mai",
        published=_on("2026-09-02T05:00:00"),
    ),
    Article(
        id="khongnguon",
        headline="Chợ nổi vắng khách",
        authors=("H’Hen Niê",),
        published=_on("2024-02-29T08:00:00"),
    ),
    Article(
        id="khongngay",
        headline="Ký ức phố cổ",
        source="Tạp chí Xưa",
        authors=("Vũ Bằng Lăng",),
        url="https://xua.example/pho-co",
    ),
    Article(id="trong", headline="Mẩu tin không rõ gốc tích"),
    Article(
        id="ngoackep",
        headline="Bộ trưởng nói “không có vùng cấm”",
        source="Tin Tức Phố",
        authors=("Hoàng Dũng",),
        published=_on("2026-03-08T09:00:00"),
    ),
    Article(
        id="chamhoi",
        headline="Xe buýt {miễn phí} 100%: ai trả #tiền_vé $ \\ ~ ^ …",
        source="Báo Sông Hồng.",
        authors=("Nhóm PV.",),
        url="https://songhong.example/{bus}~a",
        published=_on("2026-11-11T11:11:00"),
    ),
    Article(
        id="congthuc",
        headline='=HYPERLINK("https://xau.example";"bấm")',
        lead="Dòng một\r\nER  - \r\nTY  - BOOK",
        source="+Tin",
        section="@mục",
        authors=("-An", "Bình, Chánh"),
        published=_on("2026-05-19T19:05:00"),
    ),
    Article(
        id="tin?1#a%20b&c",
        headline="",
        body=("Bài chép tay không có đầu đề, chỉ còn đoạn kể chuyện đốt lò gạch ven sông.",),
    ),
    Article(
        id="dong",
        headline="Mười một phóng viên theo chân đoàn cứu hộ",
        source="Đài Ban Mai",
        authors=tuple(f"Tác Giả {number}" for number in range(1, 12)),
        published=_on("2026-08-15T20:00:00"),
    ),
)
