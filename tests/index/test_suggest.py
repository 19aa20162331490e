"""What a text that is still being typed becomes: accents, words, phrases, headlines, labels."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from small_index import everyday_news, small_index, story

from analyzers import fold
from index import (
    VIETNAM_TIME,
    Article,
    Completion,
    Filters,
    LoggedQuery,
    SearchEngine,
    SearchRequest,
    SuggestionKind,
    SuggestRequest,
    TextPart,
    Withdrawal,
    open_engine,
)

QUERIES = {SuggestionKind.QUERY, SuggestionKind.DID_YOU_MEAN}


@pytest.fixture(scope="module")
def demo(demo_archive: str) -> Iterator[SearchEngine]:
    engine = open_engine(demo_archive)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    documents: dict[str, str | tuple[str, int] | Article] = {
        **everyday_news(),
        "pm1": "Thủ tướng Phạm Minh Chính thăm đồng bào vùng lũ",
        "pm2": "Thủ tướng Phạm Minh Chính: sớm khắc phục hậu quả bão",
        "pm3": "Chiều nay, Thủ tướng Phạm Minh Chính tới Hà Tĩnh",
        "phap1": "Thủ tướng Pháp thăm Việt Nam",
        "phap2": "Hai ứng viên cho ghế thủ tướng Pháp",
        "hoc1": "Trao học bổng du học cho sinh viên nghèo",
        "hoc2": "Ba trăm học bổng du học Nhật Bản",
        "hoc3": "Xin học bổng du học cần gì",
        "bong1": "Đội bóng đá nữ thắng trận mở màn",
        "bong2": "Sân bóng đá mới của huyện",
    }
    with small_index(tmp_path_factory.mktemp("news"), documents) as index:
        yield index.engine


def items(engine: SearchEngine, text: str, limit: int = 8) -> tuple[Completion, ...]:
    return engine.suggest(SuggestRequest(text=text, limit=limit)).items


def queries(engine: SearchEngine, text: str, limit: int = 8) -> list[str]:
    return [item.text for item in items(engine, text, limit) if item.kind in QUERIES]


def of_kind(found: Sequence[Completion], kind: SuggestionKind) -> list[str]:
    return [item.text for item in found if item.kind is kind]


@pytest.mark.parametrize("typed", ["ha n", "hà n", "Hà N", "ha no", "HA NOI", " ha  n ", '"ha n'])
def test_ha_n_becomes_ha_noi(demo: SearchEngine, typed: str) -> None:
    assert queries(demo, typed)[0] == "hà nội"


def test_marks_typed_constrain(demo: SearchEngine) -> None:
    found = items(demo, "hạ n")
    assert found
    assert found[0].text.startswith("hạ ")
    texts = [item.text for item in found]
    if "hà nội" in texts:
        other = found[texts.index("hà nội")]
        assert (other.kind, other.how) == (SuggestionKind.DID_YOU_MEAN, "accents_ignored")
        assert all(text.startswith("hạ ") for text in texts[: texts.index("hà nội")])


@pytest.mark.parametrize("typed", ["việ", "viêt", "vi", "viet n", "việt", "VIỆT N", "vieet"])
def test_a_syllable_in_the_middle_of_composition_is_a_beginning(
    news: SearchEngine, typed: str
) -> None:
    assert "việt nam" in queries(news, typed)


def test_a_tone_may_stand_on_a_letter_that_it_will_leave(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Thuyền về bến", "b": "Thủy triều dâng"}) as index:
        assert of_kind(items(index.engine, "thuỳ"), SuggestionKind.TITLE) == ["Thuyền về bến"]


def test_a_phrase_of_headlines_goes_on_while_it_always_does(news: SearchEngine) -> None:
    found = queries(news, "thu tuong ph")
    assert found[:2] == ["thủ tướng phạm minh chính", "thủ tướng pháp"]
    assert queries(news, "thủ tướng phá")[0] == "thủ tướng pháp"


def test_the_rest_of_a_longer_word_comes_after_whole_words(news: SearchEngine) -> None:
    assert queries(news, "bong d")[0] == "bóng đá"


def test_one_syllable_becomes_words(demo: SearchEngine) -> None:
    found = queries(demo, "ngu")
    assert {"ngư dân", "nguyên nhân"} <= set(found)
    assert all(fold(text).startswith("ngu") for text in found)


def test_letters_that_are_complete_only_get_their_accents(demo: SearchEngine) -> None:
    first = items(demo, "ha noi")[0]
    assert (first.text, first.kind, first.how) == (
        "hà nội",
        SuggestionKind.DID_YOU_MEAN,
        "restore_accents",
    )
    assert items(demo, "hà nội")[0].kind is SuggestionKind.QUERY


@pytest.mark.parametrize(
    ("typed", "how", "meant"),
    [
        ("tieengs vi", "telex", "tiếng việt"),
        ("tieengs vieetj", "telex", "tiếng việt"),
        ("tieengs viee", "telex", "tiếng việt"),
        ("vieetj n", "telex", "việt nam"),
        ("tie61ng vie", "vni", "tiếng việt"),
        ("quoocs ho", "telex", "quốc hội"),
        ("quộc hội", "spelling", "quốc hội"),
        ("quộc hồi", "spelling", "quốc hội"),
    ],
)
def test_keystrokes_and_slips_are_offered(
    tmp_path_factory: pytest.TempPathFactory, typed: str, how: str, meant: str
) -> None:
    headlines = {
        "a": "Quốc hội bàn về tiếng Việt",
        "b": "Tiếng Việt ở Việt Nam",
        "c": "Kỳ họp Quốc hội bế mạc",
        "d": "Học tiếng Việt ở đâu",
        "e": "Người Việt Nam ở xa",
    }
    with small_index(tmp_path_factory.mktemp("slips"), headlines) as index:
        found = [item for item in items(index.engine, typed) if item.text == meant]
    assert [(item.kind, item.how) for item in found] == [(SuggestionKind.DID_YOU_MEAN, how)]
    assert found[0].parts == (TextPart(meant),)


@pytest.mark.parametrize("typed", ["taxi", "test", "visa", "bus", "trong", "gas", "tax", "vis"])
def test_words_of_news_are_no_keystrokes(news: SearchEngine, typed: str) -> None:
    assert all(item.how not in ("telex", "vni") for item in items(news, typed))


def test_words_typed_as_one_are_taken_apart(demo: SearchEngine) -> None:
    first = items(demo, "hanoi")[0]
    assert (first.text, first.how) == ("hà nội", "split")


def test_totals_are_those_of_a_search(demo: SearchEngine) -> None:
    found = [item for item in items(demo, "ha n", 20) if item.kind in QUERIES]
    assert found
    for item in found:
        assert item.total == demo.search(SearchRequest(query=item.text)).total


def test_every_suggestion_leads_somewhere(demo: SearchEngine) -> None:
    """200 beginnings of headlines of the archive, every fourth without its accents."""
    asked = 0
    hits = demo.search(SearchRequest(limit=50)).hits
    for number, hit in enumerate(hits):
        for length in (1, 3, 6, 11):
            asked += 1
            text = hit.article.headline[:length].lower()
            for item in items(demo, text):
                if item.doc_id is not None:
                    assert demo.get(item.doc_id) is not None, text
                    continue
                filters = {
                    SuggestionKind.SECTION: Filters(sections=(str(item.key),)),
                    SuggestionKind.SOURCE: Filters(sources=(str(item.key),)),
                    SuggestionKind.AUTHOR: Filters(authors=(str(item.key),)),
                }.get(item.kind)
                request = (
                    SearchRequest(query=item.text, collapse=True)
                    if filters is None
                    else SearchRequest(filters=filters, collapse=True)
                )
                page = demo.search(request)
                assert page.total == item.total, (text, item)
                assert page.total >= 1
                assert not page.relaxed
        assert number < 50
    assert asked == 200


def test_headlines_have_all_syllables_and_the_newest_come_first(tmp_path: Path) -> None:
    days = {"cu": 1, "moi": 20, "giua": 10}
    documents = {
        name: Article(
            id=name,
            headline=f"Lũ lên nhanh ngày {day}",
            published=datetime(2026, 10, day, 8, tzinfo=VIETNAM_TIME),
        )
        for name, day in days.items()
    }
    with small_index(tmp_path, {**documents, "khac": "Nhanh chân, lũ đang lên"}) as index:
        found = [item for item in items(index.engine, "lu le") if item.doc_id]
    assert [item.doc_id for item in found] == ["moi", "giua", "cu", "khac"]
    assert found[0].parts == (TextPart("Lũ lê", typed=True), TextPart("n nhanh ngày 20"))
    assert found[3].parts == (
        TextPart("Nhanh chân, "),
        TextPart("lũ", typed=True),
        TextPart(" đang "),
        TextPart("lê", typed=True),
        TextPart("n"),
    )


def test_a_whole_headline_is_found_by_its_beginning_however_long(demo: SearchEngine) -> None:
    longest = max(
        (hit.article.headline for hit in demo.search(SearchRequest(limit=100)).hits),
        key=lambda headline: len(headline.split()),
    )
    words = longest.split()
    assert len(words) > 12
    for count in (11, len(words)):
        assert longest in of_kind(items(demo, " ".join(words[:count])), SuggestionKind.TITLE)
        assert longest in of_kind(items(demo, fold(" ".join(words[:count]))), SuggestionKind.TITLE)


def test_labels_begin_with_the_text_at_any_word(tmp_path: Path) -> None:
    labelled = Article(
        id="a",
        headline="Tin",
        source="Báo Sông Hồng",
        section="Thời sự",
        authors=("Nguyễn Văn An",),
    )
    with small_index(tmp_path, {"a": labelled, "b": labelled, "c": "Tin khác"}) as index:
        engine = index.engine
        for typed, kind, text in (
            ("song h", SuggestionKind.SOURCE, "Báo Sông Hồng"),
            ("báo s", SuggestionKind.SOURCE, "Báo Sông Hồng"),
            ("thoi", SuggestionKind.SECTION, "Thời sự"),
            ("van an", SuggestionKind.AUTHOR, "Nguyễn Văn An"),
        ):
            found = [item for item in items(engine, typed) if item.kind is kind]
            assert [(item.text, item.total) for item in found] == [(text, 2)], typed
        assert items(engine, "sóng h") == ()


def test_labels_of_one_slug_are_one_suggestion(tmp_path: Path) -> None:
    documents = {
        "a": Article(id="a", headline="Một", section="Thời sự"),
        "b": Article(id="b", headline="Hai", section="Thời sự"),
        "c": Article(id="c", headline="Ba", section="THỜI SỰ"),
    }
    with small_index(tmp_path, documents) as index:
        found = items(index.engine, "thoi s")
        assert [(item.text, item.total) for item in found] == [("Thời sự", 3)]


def test_a_label_written_like_a_slug_stands_for_itself(tmp_path: Path) -> None:
    documents = {
        "a": Article(id="a", headline="Một", section="Thời sự"),
        "b": Article(id="b", headline="Hai", section="thoi-su"),
    }
    with small_index(tmp_path, documents) as index:
        found = items(index.engine, "thoi s")
        page = index.search(SearchRequest(filters=Filters(sections=("thoi-su",))))
        assert page.total == 1
        assert [(item.text, item.key, item.total) for item in found] == [
            ("Thời sự", "thời-sự", 1),
            ("thoi-su", "thoi-su", 1),
        ]


def test_words_that_only_articles_have_are_suggested_too(tmp_path: Path) -> None:
    documents = {"a": story("Tin vắn", "Cá basa rớt giá."), "b": story("Tin ngắn", "Cá basa.")}
    with small_index(tmp_path, documents) as index:
        assert queries(index.engine, "cá b") == ["cá basa"]
        assert queries(index.engine, "ca ba") == ["cá basa"]


@pytest.mark.parametrize(("clients", "there"), [(4, False), (5, True)])
def test_logged_queries_need_five_clients(news: SearchEngine, clients: int, there: bool) -> None:
    logged = LoggedQuery("thủ tướng thăm vùng lũ", clients)
    request = SuggestRequest(text="thu tuong th", logged=(logged,))
    texts = [item.text for item in news.suggest(request).items]
    assert (logged.text in texts) is there


def test_logged_queries_must_fit_and_find_something(news: SearchEngine) -> None:
    logged = (LoggedQuery("thủ tướng qwxz", 99), LoggedQuery("giá vàng", 99))
    request = SuggestRequest(text="thu tuong", logged=logged)
    texts = {item.text for item in news.suggest(request).items}
    assert not texts & {query.text for query in logged}


def test_commits_show_and_deletes_vanish(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Nắng lên"}) as index:
        engine = index.engine
        assert items(engine, "động đ") == ()
        with engine.writer() as writer:
            for name, place in {"b": "Kon Tum", "c": "Quảng Nam", "d": "Nghệ An"}.items():
                headline = f"Động đất tại {place}"
                writer.put(Article(id=name, headline=headline, section="Động đất"))
        found = items(engine, "động đ")
        assert of_kind(found, SuggestionKind.QUERY) == ["động đất"]
        assert of_kind(found, SuggestionKind.SECTION) == ["Động đất"]
        assert [item.doc_id for item in found if item.doc_id] == ["d", "c", "b"]
        with engine.writer() as writer:
            assert writer.delete("b")
        engine.withdraw([Withdrawal(id="c", on=date(2026, 10, 1))])
        found = items(engine, "động đ")
        assert [item.total for item in found if item.kind in QUERIES] == [1]
        assert [item.doc_id for item in found if item.doc_id] == ["d"]
        with engine.writer() as writer:
            assert writer.delete("d")
        assert items(engine, "động đ") == ()


def test_a_limit_is_kept_and_checked(demo: SearchEngine) -> None:
    for limit in (1, 3, 20):
        found = items(demo, "ha", limit)
        assert 0 < len(found) <= limit
        keys = [(item.kind, item.text, item.doc_id) for item in found]
        assert len(set(keys)) == len(keys)
    for limit in (0, 21):
        with pytest.raises(ValueError, match="limit must be between 1 and 20"):
            SuggestRequest(text="ha", limit=limit)
