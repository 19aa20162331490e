"""The segmenter against pyvi itself: same labels, same words, none of pyvi's imports."""

import gzip
import json
import random
import runpy
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.pyvi_model import MODEL_FILE, WORDS_FILE, PyviLabeller, model_directory
from analyzers.segmentation import Segmenter, load_segmenter, pyvi_tokens, segmenter

if TYPE_CHECKING:
    from _typeshed import TraceFunction

SENTENCES = [
    "Công an thành phố Hà Nội vừa bắt giữ ba đối tượng trộm cắp xe máy.",
    "Học sinh học sinh học ở trường trung học phổ thông.",
    "Bà Trần Thị Lụa - Chủ nhiệm hợp tác xã Tam Hồng",
    "UBND TP.HCM và HĐND tỉnh Lai Châu họp chiều 20/11/2025 lúc 14h30.",
    "TP. Hồ Chí Minh: giá nhà tăng 3,5%, lên 2.100 tỷ đồng (khoảng 85 triệu USD)!",
    "Ông Nguyễn Văn Tạo nói: “Chúng tôi không thể chấp nhận được”.",
    "CHỦ TỊCH NƯỚC TIẾP ĐẠI SỨ CÁC NƯỚC ĐÔNG NAM Á",
    "thủ tướng chính phủ phê duyệt dự án đường sắt tốc độ cao bắc nam",
    "Nhà văn hoá Thanh Niên và nhà văn hóa thiếu nhi",
    "Tổng thống Pu-tin thăm Mát-xcơ-va, Cam-pu-chia và Ô-xtrây-li-a",
    "Virus SARS-CoV-2, COVID - 19, vắc-xin mRNA, iPhone 16 Pro Max",
    "Xem https://songhong.example/tin?id=1&x=2 hoặc viết cho toa-soan.bao@songhong.example nhé",
    "Mr. Smith và ThS. Lê Thu ==> Đà Nẵng -> Huế >> hết...",
    "thu tuong pham minh chinh tham ha noi",
    "Người dân vùng lũ được hỗ trợ gạo, mì tôm, nước sạch và thuốc men.",
    "Đội tuyển bóng đá nữ quốc gia thắng 2-0 trên sân vận động Thống Nhất",
    "Khí tượng thuỷ văn: áp thấp nhiệt đới mạnh lên thành bão số 5",
    "Giáo sư, tiến sĩ y khoa; bác sĩ chuyên khoa II",
    "1 2 3 1.000.000 2,5 1_000 12/5 ½ ² ٣",
    "a_b __ _ học_sinh ___",
    "Hà Nội\nHà Nội\n\nthành phố\r\nHồ\tChí  Minh\u00a0",
    "Hà Nội là Thu\u0309 d\u0323ô, nơi người u\u031b\u031b (tổ hợp dấu)",
    "Ĳ ß ǅ İstanbul ΑΣ ΟΔΟΣ ﬁ 東京 Москва 😀👍🏽",
    "nul \0 giữa \0công\0an hà\0nội \x85 \u2028 \u200b",
    "... ( ) () -- – — “” ‘’ !? #$%&*+,/:;<=>@[]^`{|}~\\",
    "Tp. Mr. Mrs. Ms. Dr. ThS. A. Đ. ĐBQH.",
    "x" * 5_000,
    ".",
    "!!!???",
    "Hà",
    "\n",
    "2026",
    "",
    "   \t ",
]

Labels = Callable[[Sequence[str]], list[bool]]


@pytest.fixture(scope="session")
def pyvi_labels() -> Labels:
    """pyvi's CRF itself."""
    from pyvi.ViTokenizer import ViTokenizer

    def labels(tokens: Sequence[str]) -> list[bool]:
        [found] = ViTokenizer.model.predict([ViTokenizer.sent2features(list(tokens), False)])
        return [label == "I_W" for label in found]

    return labels


@pytest.fixture(scope="session")
def pyvi_words() -> Callable[[str], list[str]]:
    """pyvi's tokenizer, CRF and post-filter: the words of a text, syllables joined by "_"."""
    from pyvi.ViTokenizer import ViTokenizer

    def words(text: str) -> list[str]:
        found = ViTokenizer.spacy_tokenize(text)
        return list(found[0]) if isinstance(found, tuple) else []  # no tokens: the text itself

    return words


def joined(tokens: Sequence[str]) -> list[str]:
    spans = segmenter().words(tokens)
    return ["_".join(tokens[first:last]) for first, last in spans]


def differences(texts: Iterable[str], pyvi_labels: Labels) -> tuple[int, list[list[str]]]:
    """The number of tokens compared and the sentences labelled unlike pyvi."""
    compared, different = 0, []
    for text in texts:
        for tokens in (pyvi_tokens(text), pyvi_tokens(text.lower())):
            if tokens and segmenter().labels(tokens) != pyvi_labels(tokens):
                different.append(tokens)
            compared += len(tokens)
    return compared, different


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda text: repr(text[:24]))
def test_labels_and_words_are_those_of_pyvi(
    sentence: str, pyvi_labels: Labels, pyvi_words: Callable[[str], list[str]]
) -> None:
    tokens = pyvi_tokens(sentence)
    assert joined(tokens) == pyvi_words(sentence)
    assert differences([sentence], pyvi_labels)[1] == []


def test_words_of_a_few_sentences() -> None:
    assert joined(pyvi_tokens("Công an thành phố Hà Nội bắt giữ ba đối tượng.")) == (
        ["Công_an", "thành_phố", "Hà_Nội", "bắt_giữ", "ba", "đối_tượng", "."]
    )
    assert segmenter().words([]) == []
    assert segmenter().words(["hà"]) == [(0, 1)]
    assert segmenter().words(["hà", "nội", ",", "việt", "nam"]) == [(0, 2), (2, 3), (3, 5)]


@given(data=st.data())
def test_any_tokens_are_labelled_as_by_pyvi(data: st.DataObject, pyvi_labels: Labels) -> None:
    known = "công an hà nội xã hội chủ nghĩa học sinh Hồ Chí Minh UBND 20 2.100 , . “ \n"
    token = st.one_of(
        st.sampled_from(known.split(" ")),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    )
    tokens = data.draw(st.lists(token, min_size=1, max_size=30))
    assert segmenter().labels(tokens) == pyvi_labels(tokens)
    spans = segmenter().words(tokens)
    assert [at for first, last in spans for at in range(first, last)] == list(range(len(tokens)))


@given(st.text())
def test_pyvi_tokens_are_those_of_pyvi(text: str) -> None:
    from pyvi.ViTokenizer import ViTokenizer

    assert pyvi_tokens(text) == ViTokenizer.sylabelize(text)[1]


def test_tokens_that_pyvi_cannot_take() -> None:
    # a surrogate cannot be written in UTF-8, which CRFsuite wants: like any unknown syllable
    for other in (["hà", "nội", ","], ["công", "an", "", "việt", "nam"]):
        assert segmenter().words(["\ud800", *other]) == segmenter().words(["щ", *other])


def test_a_line_of_20_000_tokens_is_labelled_as_by_pyvi(pyvi_labels: Labels) -> None:
    tokens = varied_tokens(20_000)
    assert segmenter().labels(tokens) == pyvi_labels(tokens)


def test_the_work_is_linear_in_the_number_of_tokens() -> None:
    tokens = varied_tokens(20_000)
    segmenter().words(tokens)  # so that every token type is known in both counts
    few, many = (lines_executed(partial(segmenter().words, tokens[:n])) for n in (2_000, 20_000))
    assert 9 * few < many < 11 * few


def varied_tokens(count: int) -> list[str]:
    words = [token for sentence in SENTENCES for token in pyvi_tokens(sentence)]
    return random.Random(5).choices(words, k=count)  # noqa: S311  # no secret, a fixed sequence


def lines_executed(action: Callable[[], object]) -> int:
    executed = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> "TraceFunction":
        nonlocal executed
        executed += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return executed


def test_threads_sharing_a_new_segmenter_agree() -> None:
    sentences = [pyvi_tokens(text) for text in SENTENCES]
    alone = [segmenter().words(tokens) for tokens in sentences]
    fresh = load_segmenter(model_directory())
    with ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(lambda: [fresh.words(t) for t in sentences]) for _ in range(16)]
        assert all(each.result() == alone for each in rounds)


def test_one_segmenter_is_shared() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len({id(pool.submit(segmenter).result()) for _ in range(8)}) == 1


def test_types_beyond_the_bound_are_still_right() -> None:
    fresh = load_segmenter(model_directory())
    fresh.words([f"mã{number}" for number in range(70_000)])
    tokens = pyvi_tokens("Công an thành phố Hà Nội")
    assert fresh.words(tokens) == [(0, 2), (2, 4), (4, 6)]


def test_sample_documents_are_labelled_as_by_pyvi(repository: Path, pyvi_labels: Labels) -> None:
    texts = list(sample_texts(repository / "sample_docs"))
    if not texts:
        pytest.skip("sample_docs/ holds no article")
    compared, different = differences(texts, pyvi_labels)
    assert compared > 0
    assert different == []


def sample_texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("pages/*.txt")):
        yield from path.read_text(encoding="utf-8").splitlines()
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from article_lines(lines)


def article_lines(lines: Iterable[str]) -> Iterator[str]:
    """The headline, lead and body lines of JSON Lines articles."""
    for line in lines:
        article = json.loads(line)
        for zone in ("title", "lead", "body"):
            yield from article.get(zone, "").splitlines()


@pytest.mark.slow
def test_20_000_lines_of_news_are_labelled_as_by_pyvi(
    shared_dir: Path, pyvi_labels: Labels
) -> None:
    with gzip.open(shared_dir / "data" / "news60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        compared, different = differences(islice(article_lines(lines), 20_000), pyvi_labels)
    assert compared > 1_000_000
    assert different == []


@pytest.mark.parametrize("changed", [MODEL_FILE, WORDS_FILE])
def test_unknown_model_files_make_pyvi_itself_the_labeller(
    changed: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, pyvi_labels: Labels
) -> None:
    for name in (MODEL_FILE, WORDS_FILE):
        shutil.copy(model_directory() / name, tmp_path)
    with (tmp_path / changed).open("ab") as file:
        file.write(b"\n")
    fallen_back = load_segmenter(tmp_path)
    assert f"{changed} has the unknown SHA-256" in caplog.text
    for tokens in map(pyvi_tokens, SENTENCES):
        assert fallen_back.labels(tokens) == (pyvi_labels(tokens) if tokens else [])
        assert fallen_back.words(tokens) == segmenter().words(tokens)


def test_the_fallback_gives_the_words_of_the_lean_model() -> None:
    by_pyvi = Segmenter(PyviLabeller())
    for tokens in map(pyvi_tokens, SENTENCES):
        assert by_pyvi.words(tokens) == segmenter().words(tokens)


def test_word_f1_counts_words_with_both_ends_right(repository: Path) -> None:
    script = repository / "benchmarks" / "bench_segmentation.py"
    if not script.is_file():
        pytest.skip("an installed copy comes without benchmarks/")
    bench = runpy.run_path(str(script))
    syllables, gold = bench["gold_sentence"]("Công_an bắt_giữ ba đối_tượng _ .")
    assert syllables == ["Công", "an", "bắt", "giữ", "ba", "đối", "tượng", "_", "."]
    assert gold == [(0, 2), (2, 4), (4, 5), (5, 7), (7, 8), (8, 9)]
    scores = bench["word_f1"]([gold, [(0, 1)]], [[(0, 2), (2, 3), (3, 5), (5, 9)], [(0, 1)]])
    assert (scores.precision, scores.recall, scores.f1) == (2 / 5, 2 / 7, 4 / 12)
    assert bench["word_f1"]([], []).f1 == 0.0
