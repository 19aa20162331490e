"""Words in queries without accents, found with the archive's own counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_index import everyday_news, small_index

from analyzers import analyze
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.snapshot_searcher import SnapshotSearcher
from index.query.word_segmentation import segment_query


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnapshotSearcher]:
    folder: Path = tmp_path_factory.mktemp("everyday")
    with small_index(folder, everyday_news()) as index:
        assert isinstance(index.engine, WhooshEngine)
        yield index.engine._current()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("dai hoi dang bo tinh lai chau", {"đại_hội đảng_bộ tỉnh lai_châu"}, id="X1"),
        pytest.param("nghi quyet dai hoi dang", {"nghị_quyết đại_hội đảng"}, id="X2"),
        pytest.param("gia xang dau", {"giá xăng_dầu"}, id="X3"),
        pytest.param("chu tich nuoc", {"chủ_tịch nước"}, id="X4"),
        pytest.param("thu tuong chinh phu", {"thủ_tướng chính_phủ"}, id="X5"),
        pytest.param("bo cong an", {"bộ công_an"}, id="X6"),
        pytest.param("dien bien phu", {"điện_biên_phủ"}, id="X7"),
        pytest.param("cong ty co phan", {"công_ty cổ_phần", "công_ty_cổ_phần"}, id="X8"),
        pytest.param("dau tu nuoc ngoai", {"đầu_tư nước_ngoài"}, id="X9"),
        pytest.param("hoc sinh hoc sinh hoc", {"học_sinh học sinh_học"}, id="X10"),
    ],
)
def test_words_of_a_query_without_accents(
    searcher: SnapshotSearcher, query: str, words: set[str]
) -> None:
    segmented = segment_query(searcher.counts, analyze(query))
    assert " ".join(segmented) in words
