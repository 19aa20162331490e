"""Telephones, plates, dates and document numbers of real news, counted with other expressions.

What each query must find is read out of the raw texts by the regular expressions here, which share
nothing with the program; ids have to be equal, as words and in quotes.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from index import BadRecord, SearchEngine, SearchRequest, open_engine, read_path

pytestmark = pytest.mark.slow

_PHONE = re.compile(r"(?<![\d.,])0\d(?:[ .-]?\d){8,9}(?!\d)(?![.,]\d)")
_PLATE = re.compile(r"(?<![^\W_])(\d{2}-?[A-Z]{1,2}\d?)(?: ?- ?| )?(\d{3}\.\d{2}|\d{5})(?![^\W_])")
_DATE = re.compile(r"(?<![\d/.,])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)(?![/.]\d)")
#: Words are neighbours whatever signs stand between them.
_DATE_IN_WORDS = re.compile(
    r"(?<![\d.,/-])(\d{1,2})[^\w\n]{1,3}tháng (\d{1,2})(?:,? năm |[ /-])((?:19|20)\d\d)(?!\d)", re.I
)
_DOCUMENT = re.compile(
    r"(?<![\d/.-])(\d{1,5})/((?:19|20)\d\d)/((?:NĐ|QĐ|TT|NQ|CT)-[A-ZĐ][A-Za-zĐđ]+|QH\d+)(?![\w-])"
)


@pytest.fixture(scope="module")
def engine(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    bad: list[BadRecord] = []
    files = [shared_dir / "data" / f"{name}.jsonl.gz" for name in ("tuoitre2024", "unc_dantri")]
    with closing(open_engine(f"whoosh:{tmp_path_factory.mktemp('news')}")) as opened:
        with opened.writer() as writer:
            articles = (record for file in files for record in read_path(file, on_bad=bad.append))
            for _ in writer.put_all(articles):
                pass
        yield opened


@pytest.fixture(scope="module")
def texts(engine: SearchEngine) -> Mapping[str, str]:
    found = {}
    for article in engine.articles():
        related = [text for item in article.related for text in (item.headline, item.snippet)]
        parts = (article.headline, article.lead, *article.body, *article.captions, *related)
        found[article.id] = unicodedata.normalize("NFC", "\n".join(parts))
    return found


def _grouped(
    texts: Mapping[str, str], pattern: re.Pattern[str], key: Callable[[re.Match[str]], str]
) -> dict[str, set[str]]:
    """Each thing that the expression finds, with the ids of its articles."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for doc_id, text in texts.items():
        for match in pattern.finditer(text):
            found[key(match)].add(doc_id)
    return dict(found)


def _assert_equal(
    engine: SearchEngine, things: Mapping[str, set[str]], typings: Callable[[str], Iterable[str]]
) -> None:
    wrong = {}
    for thing, expected in things.items():
        for query in typings(thing):
            page = engine.search(SearchRequest(query=query, limit=10_000))
            found = {hit.id for hit in page.hits} if not page.relaxed else {"relaxed"}
            if found != expected:
                wrong[query] = (sorted(found - expected)[:3], sorted(expected - found)[:3])
    assert wrong == {}


def test_telephones(engine: SearchEngine, texts: Mapping[str, str]) -> None:
    phones = _grouped(texts, _PHONE, lambda match: re.sub(r"\D", "", match[0]))
    assert len(phones) > 40

    def typings(number: str) -> list[str]:
        groups = (number[:4], number[4:7], number[7:])
        return [*(sign.join(groups) for sign in ("", " ", ".", "-")), f'"{number}"']

    _assert_equal(engine, phones, typings)


def test_plates(engine: SearchEngine, texts: Mapping[str, str]) -> None:
    plates = _grouped(texts, _PLATE, lambda match: re.sub(r"\W", "", match[0]).lower())
    assert len(plates) > 15

    def typings(plate: str) -> list[str]:
        head, first, last = plate[:-5], plate[-5:-2], plate[-2:]
        return [plate, f"{head} {first}{last}", f"{head}-{first}.{last}", f'"{head}-{first}{last}"']

    _assert_equal(engine, plates, typings)


def test_dates_of_a_year(engine: SearchEngine, texts: Mapping[str, str]) -> None:
    dates = _grouped(texts, _DATE, lambda m: f"{int(m[1])}/{int(m[3])}/{m[4]}")
    for day, ids in _grouped(
        texts, _DATE_IN_WORDS, lambda m: f"{int(m[1])}/{int(m[2])}/{m[3]}"
    ).items():
        dates.setdefault(day, set()).update(ids)
    days = {
        key: ids
        for key, ids in dates.items()
        if 1 <= int(key.split("/")[0]) <= 28 and 1 <= int(key.split("/")[1]) <= 12
    }
    assert len(days) > 400
    # A date that nothing parts from the word before it is no date to the program.
    glued = {
        f"{int(m[1])}/{int(m[2])}/{m[3]}"
        for text in texts.values()
        for m in re.finditer(r"[^\W\d_](\d{1,2})/(\d{1,2})/(\d{4})", text)
    }
    most = sorted(days.keys() - glued, key=lambda key: (-len(days[key]), key))[:200]

    def typings(key: str) -> list[str]:
        day, month, year = map(int, key.split("/"))
        return [
            key,
            f"{day:02}-{month:02}-{year}",
            f"{day}.{month}.{year}",
            f"ngày {day} tháng {month} năm {year}",
            f'"{day:02}/{month:02}/{year}"',
        ]

    _assert_equal(engine, {key: days[key] for key in most}, typings)


def test_document_numbers(engine: SearchEngine, texts: Mapping[str, str]) -> None:
    documents = _grouped(texts, _DOCUMENT, lambda m: f"{int(m[1])}/{m[2]}/{m[3]}".lower())
    assert len(documents) > 40

    def typings(number: str) -> list[str]:
        return [
            number,
            number.upper(),
            number.replace("-", ""),
            number.replace("/", " / "),
            f'"{number}"',
        ]

    _assert_equal(engine, documents, typings)
