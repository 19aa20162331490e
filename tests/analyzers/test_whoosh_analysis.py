"""Vietnamese analyzers in Whoosh's own index, with its own parser, phrases and highlighter."""

import os
import pickle
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh.analysis import (
    CompositeAnalyzer,
    LowercaseFilter,
    RegexTokenizer,
    StopFilter,
)
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.highlight import NullFormatter, WholeFragmenter
from whoosh.qparser import MultifieldParser, QueryParser

from analyzers import index_tokens
from analyzers.whoosh_analysis import (
    VietnameseAnalyzer,
    VietnameseFoldingAnalyzer,
    VietnameseFoldingFilter,
    VietnameseNormalizeFilter,
    VietnameseTokenizer,
    VietnameseWordFilter,
)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


NEWS = {
    "old": ("Công an bắt trộm ở Hòa Bình", "Má tôi kể: công ty An Phát đã đóng cửa."),
    "new": ("HOÀ BÌNH họp báo", "Mà Hà Nội thì mưa. Nội các họp."),
    "nfd": (
        unicodedata.normalize("NFD", "Tướng Trần Độ"),
        unicodedata.normalize("NFD", "Hòa giải"),
    ),
    "name": ("Tổng thống Pu-tin thăm Hà Nội", "Ngày 20/11/2025, giá 1.000.000 đồng"),
}
SENTENCES = [
    "Công an thành phố Hà Nội vừa bắt giữ ba đối tượng trộm cắp xe máy.",
    "Học sinh học sinh học, giáo viên thì dạy học ở trường trung học phổ thông.",
    "Bà Trần Thị Lụa, chủ nhiệm hợp tác xã Tam Hồng: giá nhà tăng!",
    "Người dân vùng lũ được hỗ trợ gạo, mì tôm, nước sạch và thuốc men.",
]


def schema() -> Schema:
    folding = TEXT(analyzer=VietnameseFoldingAnalyzer())
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=VietnameseAnalyzer(), stored=True),
        body=TEXT(analyzer=VietnameseAnalyzer(), stored=True, chars=True),
        folded=folding,
    )


@pytest.fixture(scope="module", params=["memory", "disk"])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Any]:
    """Whoosh's searcher over the news, with the schema as Whoosh pickled and read it again."""
    disk = request.param == "disk"
    folder = str(tmp_path_factory.mktemp("whoosh"))
    storage = FileStorage(folder) if disk else RamStorage()
    writer = storage.create_index(schema()).writer()
    for name, (title, body) in NEWS.items():
        writer.add_document(id=name, title=title, body=body, folded=f"{title} {body}")
    writer.commit()
    if disk:
        storage = FileStorage(folder)
    with storage.open_index().searcher() as opened:
        yield opened


def found(searcher: Any, text: str, field: str = "title") -> set[str]:
    query = QueryParser(field, searcher.schema).parse(text)
    return {hit["id"] for hit in searcher.search(query)}


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("title", "hòa bình", {"old", "new"}),  # one tone placement
        ("title", "Hoà", {"old", "new"}),
        ("body", "má", {"old"}),  # marks count
        ("body", "mà", {"new"}),
        ("folded", "ma", {"old", "new"}),
        ("folded", "duong", set()),
        ("folded", "DỪNG CUA", set()),
        ("folded", "dong cua", {"old"}),
        ("title", nfd("tướng"), {"nfd"}),
        ("title", "putin", {"name"}),
        ("title", "Pu-tin", {"name"}),
        ("body", "1000000", {"name"}),
        ("body", "20/11/2025", {"name"}),
        ("title", "công_an", {"old"}),
        ("body", "công_an", set()),  # "công ty An Phát" has the syllables, not the word
        ("body", "công an", {"old"}),
        ("folded", "cong_an", {"old"}),
        ("title", "hòa*", {"old", "new"}),
        ("title", "tổng OR họp NOT hoà", {"name"}),
    ],
)
def test_whooshs_parser_finds(searcher: Any, field: str, text: str, expected: set[str]) -> None:
    assert found(searcher, text, field) == expected


@pytest.mark.parametrize(
    ("field", "phrase", "expected"),
    [
        ("title", "hòa bình", {"old", "new"}),
        ("title", "bình hòa", set()),
        ("title", "công an bắt", {"old"}),  # over a word and beyond it
        ("title", "an bắt trộm", {"old"}),  # beginning inside of a word
        ("body", "công an", set()),
        ("body", "hà nội nội", set()),
        ("body", "hà nội thì", {"new"}),
        ("title", "putin", {"name"}),
        ("title", "thống pu-tin thăm hà nội", {"name"}),
        ("body", "20/11/2025 giá 1.000.000 đồng", {"name"}),
    ],
)
def test_phrases(searcher: Any, field: str, phrase: str, expected: set[str]) -> None:
    assert found(searcher, f'"{phrase}"', field) == expected


def test_several_fields(searcher: Any) -> None:
    parser = MultifieldParser(["title", "body"], searcher.schema)
    assert {hit["id"] for hit in searcher.search(parser.parse('"hà nội"'))} == {"new", "name"}


@pytest.mark.parametrize(
    ("field", "text", "name", "marked"),
    [
        ("body", "hoà", "nfd", ["Hòa"]),
        ("title", "tướng độ", "nfd", ["Tướng", "Độ"]),
        ("title", "hoà", "new", ["HOÀ"]),
        ("title", "putin", "name", ["Pu-tin"]),
        ("title", "công_an", "old", ["Công an"]),
        ("body", "má", "old", ["Má"]),
    ],
)
def test_highlights_are_slices_of_the_text_as_given(
    searcher: Any, field: str, text: str, name: str, marked: list[str]
) -> None:
    results = searcher.search(QueryParser(field, searcher.schema).parse(text))
    hit = next(hit for hit in results if hit["id"] == name)
    results.formatter = _Brackets()
    results.fragmenter = WholeFragmenter()
    shown = hit.highlights(field)
    assert shown.replace("[", "").replace("]", "") == hit[field]
    assert [part.split("]")[0] for part in shown.split("[")[1:]] == [
        nfd(word) if name == "nfd" else word for word in marked
    ]


class _Brackets(NullFormatter):  # type: ignore[misc]  # Whoosh has no types
    def format_token(self, text: str, token: Any, replace: bool = False) -> str:
        return f"[{text[token.startchar : token.endchar]}]"


def test_the_texts_are_those_of_our_own_index(repository: Path) -> None:
    chain = VietnameseTokenizer() | VietnameseNormalizeFilter()
    folding = chain | VietnameseFoldingFilter()
    texts = [path.read_text(encoding="utf-8") for path in (repository / "sample_docs").rglob("*.*")]
    assert texts
    for text in texts:
        own = index_tokens(text)
        options = {"positions": True, "chars": True, "mode": "index"}
        theirs = [(t.text, t.startchar, t.endchar, t.pos) for t in chain(text, **options)]
        assert theirs == [(t.exact, t.start, t.end, t.position) for t in own]
        assert [t.text for t in folding(text)] == [t.folded for t in own]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_words_are_pyvis(sentence: str) -> None:
    from pyvi import ViTokenizer  # here, for it takes a second that no other test needs

    written = VietnameseTokenizer() | VietnameseWordFilter()
    words = [t.text for t in written(sentence) if "_" in t.text]
    assert words == [word for word in ViTokenizer.tokenize(sentence).split() if "_" in word]
    lowered = ViTokenizer.tokenize(" ".join(t.text for t in _marked(sentence)))
    analyzed = [t.text for t in VietnameseAnalyzer()(sentence) if "_" in t.text]
    assert analyzed == [word for word in lowered.split() if "_" in word]


def _marked(sentence: str) -> Iterator[Any]:
    """The tokens with normalized texts, each behind the punctuation before it."""
    for token in (VietnameseTokenizer() | VietnameseNormalizeFilter())(sentence + " ."):
        token.text = " ".join([*token.before, token.text])
        yield token


def test_no_word_crosses_a_line() -> None:
    assert "công_an" in [t.text for t in VietnameseAnalyzer()("công an")]
    assert [t.text for t in VietnameseAnalyzer()("công\nan")] == ["công", "an"]


@pytest.mark.parametrize("mode", ["index", "query"])
def test_words_instead_of_syllables(mode: str) -> None:
    chain = VietnameseTokenizer() | VietnameseNormalizeFilter() | VietnameseWordFilter(False)
    text = "Công an Hà Nội gặp Pu-tin"
    tokens = [
        (t.text, t.pos, text[t.startchar : t.endchar], t.original)
        for t in chain(text, positions=True, chars=True, keeporiginal=True, mode=mode)
    ]
    joined = [("putin", 3, "Pu-tin", "putin")] if mode == "index" else []
    assert tokens == [
        ("công_an", 0, "Công an", "Công an"),
        ("hà_nội", 1, "Hà Nội", "Hà Nội"),
        ("gặp", 2, "gặp", "gặp"),
        *joined,
        ("pu", 3, "Pu", "Pu"),
        ("tin", 4, "tin", "tin"),
    ]


def test_what_whoosh_asks_of_a_tokenizer() -> None:
    tokenizer = VietnameseTokenizer()
    [whole] = [
        t.copy()
        for t in tokenizer("Hà Nội, 1", True, True, True, tokenize=False, start_pos=3, start_char=5)
    ]
    assert (whole.text, whole.original, whole.pos) == ("Hà Nội, 1", "Hà Nội, 1", 3)
    assert (whole.startchar, whole.endchar) == (5, 14)
    bare = next(tokenizer("Hà Nội"))
    assert {"pos", "startchar", "original"}.isdisjoint(vars(bare))
    tokens = tokenizer("Hà Nội", positions=True, chars=True, start_pos=7, start_char=100)
    assert [(t.pos, t.startchar, t.endchar) for t in tokens] == [(7, 100, 102), (8, 103, 106)]


def test_filters_of_whoosh_compose() -> None:
    stopped = VietnameseAnalyzer(words=False) | StopFilter(stoplist=["và"], minsize=1)
    assert [t.text for t in stopped("Ô tô và xe")] == ["ô", "tô", "xe"]
    kept = [(t.text, t.stopped) for t in stopped("Ô và xe", removestops=False)]
    assert kept == [("ô", False), ("và", True), ("xe", False)]
    lowered = VietnameseTokenizer() | LowercaseFilter()
    assert [t.text for t in lowered("HÒA Bình")] == ["hòa", "bình"]
    of_another = RegexTokenizer() | LowercaseFilter() | VietnameseWordFilter()
    assert [t.text for t in of_another("Công an")] == ["công_an", "công", "an"]


@pytest.mark.parametrize(
    "analyzer",
    [
        VietnameseAnalyzer(),
        VietnameseFoldingAnalyzer(words=False),
        VietnameseTokenizer() | VietnameseWordFilter(syllables=False),
    ],
    ids=repr,
)
def test_values_are_pickled_and_compared(analyzer: CompositeAnalyzer) -> None:
    copied = pickle.loads(pickle.dumps(analyzer))  # noqa: S301  # our own bytes
    assert copied == analyzer
    assert [t.text for t in copied("Công an")] == [t.text for t in analyzer("Công an")]


def test_different_analyzers_are_not_equal() -> None:
    assert VietnameseAnalyzer() == VietnameseAnalyzer(words=True)
    assert VietnameseAnalyzer() != VietnameseAnalyzer(words=False)
    assert VietnameseAnalyzer() != VietnameseFoldingAnalyzer()
    assert VietnameseWordFilter() != VietnameseWordFilter(syllables=False)


def test_importing_analyzers_does_not_load_whoosh() -> None:
    program = "import sys, analyzers; print(any(n.startswith('whoosh') for n in sys.modules))"
    run = subprocess.run(  # noqa: S603  # this interpreter, the fixed program above
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"


def test_the_example_of_the_docs(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (repository / "docs" / "analysis.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(example, {})  # noqa: S102  # our own docs
    shown = capsys.readouterr().out
    assert shown.count("Hòa</b>") == 2
    assert '<b class="match term0">Công an</b>' in shown
