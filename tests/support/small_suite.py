"""A small suite with the articles that it judges, and an index of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from index import VIETNAM_TIME, Article, RelatedItem, open_engine

__all__ = ["SUBJECTS", "Subject", "build_index", "write_suite"]

_FIRST_DAY: Final = datetime(2026, 10, 1, 8, tzinfo=VIETNAM_TIME)


@dataclass(frozen=True, slots=True)
class Subject:
    """A query with two articles about it, and one that only has its syllables and links to it."""

    key: str
    group: str
    query: str
    headline: str
    text: str
    stray: str

    @property
    def topic(self) -> str:
        return f"t-{self.key}"

    @property
    def articles(self) -> Iterator[Article]:
        """`-a` has the query in its headline, `-b` in its body, `-c` only apart or in a link."""
        common = "Bài viết tổng hợp từ nhiều nguồn trong tuần qua."
        yield self._article("a", 1, self.headline, (self.text, common))
        yield self._article("b", 2, "Điểm tin cuối tuần", (common, self.text))
        link = RelatedItem(f"Xem thêm: {self.query}", f"{self.query}, tiếp theo và hết")
        yield self._article("c", 3, "Chuyện bên lề", (self.stray, common), (link,))

    def _article(
        self,
        letter: str,
        day: int,
        headline: str,
        body: tuple[str, ...],
        related: tuple[RelatedItem, ...] = (),
    ) -> Article:
        return Article(
            id=f"{self.key}-{letter}",
            headline=headline,
            body=body,
            related=related,
            published=_FIRST_DAY + timedelta(days=day),
        )


SUBJECTS: Final = (
    Subject(
        "xang", "event", "giá xăng dầu",
        "Giá xăng dầu giảm phiên thứ ba liên tiếp",
        "Liên bộ điều chỉnh giá xăng dầu từ 15 giờ chiều nay.",
        "Đánh giá của thợ máy: mùi xăng nặng, thùng dầu rỉ ở đáy.",
    ),
    Subject(
        "hocsinh", "word", "học sinh giỏi",
        "Tuyên dương học sinh giỏi vùng cao",
        "Tám học sinh giỏi được nhận học bổng toàn phần.",
        "Môn sinh khó học, ai giỏi toán cũng ngại phần di truyền.",
    ),
    Subject(
        "longthanh", "place", "sân bay Long Thành",
        "Sân bay Long Thành đón chuyến bay thử",
        "Đường nối sân bay Long Thành thông xe trước Tết.",
        "Trước sân đình, lá bay; hội Rồng có tên Long, xóm Thành vắng.",
    ),
    Subject(
        "baohiem", "word", "bảo hiểm xã hội",
        "Sửa luật bảo hiểm xã hội: người lao động hỏi gì",
        "Mức đóng bảo hiểm xã hội tự nguyện được hỗ trợ thêm.",
        "Họ bảo đường hiểm, cả xã đi hội về muộn.",
    ),
    Subject(
        "hoabinh", "place", "thủy điện Hòa Bình",
        "Thủy điện Hòa Bình mở cửa xả đáy",
        "Hồ thủy điện Hòa Bình hạ mực nước đón lũ.",
        "Chị Thủy hòa điện vào lưới, làng quê yên bình.",
    ),
    Subject(
        "bacsi", "event", "bác sĩ đảo xa",
        "Bác sĩ đảo xa và ca mổ trong đêm bão",
        "Một bác sĩ đảo xa kể chuyện trực Tết.",
        "Ông bác là văn sĩ, ra đảo sống, nhà ở xa.",
    ),
    Subject(
        "luquet", "event", "lũ quét miền núi",
        "Lũ quét miền núi cuốn trôi cầu treo",
        "Cảnh báo lũ quét miền núi trong 24 giờ tới.",
        "Bọn trẻ kéo cả lũ ra quét sân, kể chuyện miền xuôi và núi rừng.",
    ),
    Subject(
        "nuocmam", "word", "nước mắm truyền thống",
        "Nước mắm truyền thống giữ nghề bằng thùng gỗ",
        "Hội thi nước mắm truyền thống mở ở làng chài.",
        "Uống nước xong, ông bán mắm truyền nghề, thống nhất giá.",
    ),
)  # fmt: skip

_ASSERTIONS: Final = """\
- query: "giá xăng dầu"
  top: {id: xang-a, within: 1}
- query: "gia xang dau"
  above: [xang-a, xang-c]
  suggests: "giá xăng dầu"
- query: "học sinh"
  total_at_least: 2
- query: "trong"
  no_suggestion: telex
"""


def build_index(folder: Path) -> str:
    """The address of a new index of all articles of all subjects."""
    address = f"whoosh:{folder}"
    engine = open_engine(address)
    with engine.writer() as writer:
        added = list(writer.put_all(article for item in SUBJECTS for article in item.articles))
    engine.close()
    assert all(added)
    assert len(added) == 3 * len(SUBJECTS)
    return address


def write_suite(folder: Path, settings: str = "") -> Path:
    """A folder with topics, graded judgements, assertions, restorations and related news."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "topics.tsv": [f"{item.topic}\t{item.query}\t{item.group}" for item in SUBJECTS],
        "qrels.txt": [
            f"{item.topic} 0 {item.key}-{letter} {grade}"
            for item in SUBJECTS
            for letter, grade in (("a", 3), ("b", 2), ("c", 0))
        ],
        "related_qrels.txt": [f"{item.key}-a 0 {item.key}-b 3" for item in SUBJECTS],
        "golden_restoration.tsv": ["gia xang dau\tgiá xăng dầu"],
        "assertions.yaml": [_ASSERTIONS],
        "suite.yaml": [f"name: Bộ thử nhỏ\n{settings}"],
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
