"""The commands of `timbao`, on a real index."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from small_archive import small_archive

from index import VIETNAM_TIME, open_engine
from searchapp.cli import main

COMMANDS_ON_AN_INDEX = (
    *(("search", "a"), ("show", "a"), ("stats",), ("delete", "a"), ("withdraw", "a")),
    *(("verify",), ("reindex",), ("rollback",)),
)
LINES = (
    '{"id": "a1", "title": "Hà Nội mưa lớn", "body": "Phố ngập.", "published": "2026-10-05",'
    ' "source": "Báo Sông Hồng", "related": [{"title": "Bè phái", "snippet": "Một đoạn."}]}',
    '{"id": "a2", "title": "Đà Nẵng nắng", "body": "Biển đông người.", "source": "Tin Tức Phố"}',
)


def timbao(*args: str, status: int = 0) -> Result:
    """The result of a command that must end with this exit code."""
    result = CliRunner().invoke(main, args, prog_name="timbao", catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def document_of(*args: str) -> dict[str, Any]:
    """The one JSON document that a command prints."""
    return cast(dict[str, Any], json.loads(timbao(*args, "--json").stdout))


def error_of(*args: str, status: int) -> str:
    """The one line that a failing command writes to standard error."""
    result = timbao(*args, status=status)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


@pytest.fixture
def news_file(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(LINES), encoding="utf-8")
    return path


@pytest.fixture
def own_index(news_file: Path, tmp_path: Path) -> str:
    """The address of an index of LINES that a test may change."""
    address = f"whoosh:{tmp_path / 'index'}"
    timbao("index", str(news_file), "--index", address)
    return address


# -- index


def test_index_reports_what_it_did(news_file: Path, tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'new'}"
    first = document_of("index", str(news_file), "--index", address)
    assert (first["indexed"], first["unchanged"], first["bad"]) == (2, 0, 0)
    assert first["bad_records"] == []
    assert first["seconds"] > 0
    assert first["rate"] > 0
    again = document_of("index", str(news_file), "--index", address)
    assert (again["indexed"], again["unchanged"]) == (0, 2)


def test_index_leaves_out_bad_records_with_file_line_and_reason(
    news_file: Path, tmp_path: Path
) -> None:
    with news_file.open("a", encoding="utf-8") as lines:
        lines.write('\n{"title": "hỏng"\n{"id": "a3", "titel": "Huế", "published": "31/02/2026"}\n')
    result = timbao("index", str(news_file), "--json", "--index", f"whoosh:{tmp_path / 'new'}")
    summary = json.loads(result.stdout)
    assert (summary["indexed"], summary["bad"]) == (2, 2)
    assert [bad["line"] for bad in summary["bad_records"]] == [3, 4]
    for bad in summary["bad_records"]:
        assert bad["path"] == str(news_file)
        assert f"left out: {news_file}:{bad['line']}: {bad['reason']}" in result.stderr


def test_index_in_words(news_file: Path, tmp_path: Path) -> None:
    result = timbao("index", str(news_file), "--index", f"whoosh:{tmp_path / 'new'}")
    assert result.stdout.startswith("2 articles indexed in ")
    assert result.stderr == ""


def test_index_of_nothing_readable_fails(tmp_path: Path) -> None:
    path = tmp_path / "hong.jsonl"
    path.write_text("không phải JSON\n", encoding="utf-8")
    result = timbao("index", str(path), "--index", f"whoosh:{tmp_path / 'new'}", status=4)
    assert "0 articles indexed, 1 records left out" in result.stdout


def test_index_of_a_missing_path_is_a_mistake(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'new'}"
    result = timbao("index", str(tmp_path / "khong-co"), "--index", address, status=2)
    assert "does not exist" in result.stderr
    assert not (tmp_path / "new").exists()


# -- search, show, stats, delete


@pytest.mark.parametrize(
    ("args", "query"),
    [
        (("ha noi",), {"q": "ha noi"}),
        (("hà nội", "--accents", "exact"), {"q": "hà nội", "accents": "exact"}),
        (("lũ", "--section", "Môi trường"), {"q": "lũ", "section": "Môi trường"}),
        (("ban tin", "--sort", "oldest"), {"q": "ban tin", "sort": "oldest"}),
        (("ha noi", "--no-expand"), {"q": "ha noi", "expand": "none"}),
        (("ban tin", "--no-fix"), {"q": "ban tin", "nofix": "1"}),
        (
            ("ngap", "--from", "05/10/2026", "--to", "2026-10-05", "--field", "title"),
            {"q": "ngap", "from": "2026-10-05", "to": "2026-10-05", "field": "title"},
        ),
    ],
)
def test_search_prints_the_document_of_the_api(
    client: FlaskClient, archive: str, args: tuple[str, ...], query: dict[str, str]
) -> None:
    printed = document_of("search", *args, "--limit", "10", "--index", archive)
    served = client.get(
        "/api/v1/search",
        query_string={**query, "per_page": "10", "tier": "1"},
        base_url="http://127.0.0.1:8000",
    ).json
    assert served is not None
    assert printed["total"] > 0
    for document in (printed, served):
        del document["meta"]["took_ms"], document["meta"]["request_id"]
    assert printed == served


def test_search_in_words(archive: str) -> None:
    printed = timbao("search", "ha noi ngap", "--index", archive).stdout
    assert printed.startswith("2 hits; 2 are near (--tier all)\n")
    assert " 1. Hà Nội ngập nhiều tuyến phố sau mưa lớn\n" in printed
    assert "    Báo Sông Hồng · 05/10/2026 06:40 · Thời sự · ngap\n" in printed


def test_marked_words_are_bold_on_a_terminal(archive: str) -> None:
    args = ("search", "ha noi ngap", "--index", archive)
    printed = CliRunner().invoke(main, args, color=True).stdout
    assert " 1. \x1b[1mHà Nội ngập\x1b[0m nhiều tuyến phố" in printed


def test_search_says_when_only_the_related_news_match(archive: str) -> None:
    printed = timbao("search", "bèo tấm", "--index", archive).stdout
    assert "    in its related news:\n    Vớt bèo tấm khơi dòng sông Tô Lịch\n" in printed


def test_search_limits_the_hits_and_says_so(archive: str) -> None:
    printed = timbao("search", "bản tin", "--limit", "2", "--index", archive).stdout
    assert printed.startswith("25 hits, the first 2\n")
    assert " 2. " in printed
    assert " 3. " not in printed


def test_search_without_hits_is_no_error(archive: str) -> None:
    assert timbao("search", "zzzz", "--index", archive).stdout == "No hits.\n"


def test_show_prints_an_article_with_its_related_items(archive: str) -> None:
    shown = document_of("show", "ngap", "--index", archive)
    article = small_archive()[0]
    assert shown["title"] == article.headline
    assert shown["body"] == list(article.body)
    assert shown["related_items"] == [
        {
            "headline": "Vớt bèo tấm khơi dòng sông Tô Lịch",
            "snippet": "Công nhân vớt hai tấn bèo trước mùa mưa.",
            "url": "https://songhong.example/beo.html",
        },
        {"headline": "Hồ điều hòa mới ở phía tây thành phố", "snippet": "", "url": None},
    ]
    words = timbao("show", "ngap", "--index", archive).stdout
    assert words.startswith(f"{article.headline}\nBáo Sông Hồng · 05/10/2026 06:40 · Thời sự")
    assert "\nRelated news:\n- Vớt bèo tấm khơi dòng sông Tô Lịch\n" in words


def test_show_of_an_unknown_id_fails(archive: str) -> None:
    error = error_of("show", "khong-co", "--index", archive, status=1)
    assert error == "Error: There is no article khong-co.\n"


def test_stats_counts_articles_and_labels(archive: str) -> None:
    stats = document_of("stats", "--index", archive)
    assert stats["articles"] == len(small_archive())
    assert (stats["first_published"], stats["last_published"]) == ("2023-03-01", "2026-10-06")
    assert {"name": "Đài Ban Mai", "articles": 25} in stats["sources"]
    words = timbao("stats", "--index", archive).stdout
    assert f"articles    {len(small_archive())}\n" in words
    assert "published   01/03/2023 to 06/10/2026\n" in words


def test_delete_removes_articles(own_index: str) -> None:
    result = timbao("delete", "a1", "khong-co", "a1", "--index", own_index)
    assert result.stdout == "deleted a1\n"
    assert result.stderr == "There is no article khong-co.\n"
    assert document_of("stats", "--index", own_index)["articles"] == 1
    assert error_of("delete", "a1", "--index", own_index, status=1)


def test_withdraw_removes_articles_for_good(own_index: str, news_file: Path) -> None:
    args = ("withdraw", "a1", "khong-co", "a1", "--on", "2026-10-01", "--index", own_index)
    result = timbao(*args)
    assert result.stdout == "withdrawn a1\nwithdrawn khong-co\n"
    assert result.stderr == "khong-co: it is not in the index, and will not be taken in.\n"
    assert open_engine(own_index).withdrawals().days["a1"] == date(2026, 10, 1)
    again = timbao("withdraw", "a1", "--index", own_index)
    assert again.stdout == ""
    assert again.stderr == "a1 was withdrawn before, on 01/10/2026.\n"
    assert open_engine(own_index).withdrawals().days["a1"] == date(2026, 10, 1)
    indexed = document_of("index", str(news_file), "--index", own_index)
    assert (indexed["indexed"], indexed["unchanged"]) == (0, 2)
    assert error_of("show", "a1", "--index", own_index, status=1)
    timbao("withdraw", "--undo", "a1", "--index", own_index)
    timbao("withdraw", "--undo", "a1", "--index", own_index, status=1)
    assert document_of("index", str(news_file), "--index", own_index)["indexed"] == 1


def test_withdraw_takes_the_day_of_today(own_index: str) -> None:
    before = datetime.now(VIETNAM_TIME).date()
    timbao("withdraw", "a2", "--index", own_index)
    day = open_engine(own_index).withdrawals().days["a2"]
    assert day is not None
    assert before <= day <= datetime.now(VIETNAM_TIME).date()


# -- verify, reindex, rollback


def test_reindex_and_rollback_say_what_they_did(own_index: str) -> None:
    def generation() -> int:
        return int(document_of("stats", "--index", own_index)["generation"])

    before = generation()
    reindexed = timbao("reindex", "--index", own_index)
    assert reindexed.stdout.startswith("2 articles reindexed in ")
    assert reindexed.stderr == ""
    assert generation() == before + 1
    rolled_back = timbao("rollback", "--index", own_index)
    assert rolled_back.stdout == f"rolled back to 2 articles, generation {before + 2}\n"
    assert timbao("verify", "--index", own_index).stdout.startswith("sound: 2 articles, ")
    timbao("delete", "a1", "--index", own_index)
    error = error_of("rollback", "--index", own_index, status=1)
    assert "cannot be rolled back (no generation before a reindex is kept)" in error


# -- analyze


def test_analyze_shows_every_step() -> None:
    shown = document_of("analyze", "UBND họp 20/11/2014 với Pu-tin, học sinh")
    assert shown["pieces"] == ["UBND", "họp", "20/11/2014", "với", "Pu-tin", ",", "học", "sinh"]
    assert shown["tokens"][0] == {
        "exact": "ubnd",
        "folded": "ubnd",
        "start": 0,
        "end": 4,
        "position": 0,
        "kind": "word",
    }
    exact = [token["exact"] for token in shown["tokens"]]
    assert exact[2:7] == ["--11-20", "2014-11-20", "20", "11", "2014"]
    assert "putin" in exact
    assert shown["words"] == [{"text": "học sinh", "start": 32, "end": 40}]
    assert shown["expansions"] == [{"text": "UBND", "also": ["ủy ban nhân dân"]}]


def test_analyze_in_words() -> None:
    printed = timbao("analyze", "Công an hoà giải").stdout
    assert "1. pieces    Công | an | hoà | giải\n" in printed
    assert "hoà → hoà → hoa\n" in printed
    assert "3. words     công an | hoà giải\n" in printed


# -- errors


@pytest.mark.parametrize("command", COMMANDS_ON_AN_INDEX)
def test_a_missing_index_is_one_line_with_the_remedy(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "none"
    error = error_of(*command, "--index", f"whoosh:{folder}", status=1)
    assert "build one with `timbao index" in error
    assert not folder.exists()


def test_a_syntax_error_is_a_mistake_in_the_command(archive: str) -> None:
    error = error_of("search", "(hà OR", "--mode", "advanced", "--index", archive, status=2)
    assert error.startswith("Error: The query fails at character 7")


@pytest.mark.parametrize(
    "args",
    [
        *(("search", "a", "--from", "31/02/2026"), ("search", "a" * 501), ("search",), ("nix",)),
        *(("withdraw", "a", "--on", "31/02/2026"), ("withdraw",)),
    ],
)
def test_mistakes_exit_with_2(archive: str, args: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, args, env={"TIMBAO_INDEX": archive})
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_an_unusable_setting_is_one_line(archive: str) -> None:
    args = ("search", "a", "--json", "--index", archive)
    result = CliRunner().invoke(main, args, env={"TIMBAO_THREADS": "viele"})
    assert result.exit_code == 2
    assert (
        result.stderr == "Error: TIMBAO_THREADS='viele' cannot be used: set it to a whole number.\n"
    )


@pytest.mark.parametrize(
    "args",
    [
        *(("stats",), ("keys", "list"), ("queries",), ("serve", "--port", "0"), ("verify",)),
        *(("delete", "a"), ("search", "a"), ("eval", "--help"), ("index", "--help")),
    ],
)
def test_a_misspelt_setting_ends_every_command(archive: str, args: tuple[str, ...]) -> None:
    env = {"TIMBAO_INDEX": archive, "TIMBAO_PORXIES": "1"}
    result = CliRunner().invoke(main, args, env=env)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "Error: TIMBAO_PORXIES is no setting: did you mean TIMBAO_PROXIES? "
        "Correct the name, or unset it; docs/settings.md lists them all.\n"
    )


def test_blanks_around_a_setting_do_not_count_for_options_either(archive: str) -> None:
    env = {"TIMBAO_INDEX": f" {archive}\t", "TIMBAO_PORT": "  ", "TIMBAO_KEYS": " "}
    result = CliRunner().invoke(main, ["stats"], env=env)
    assert result.stdout.startswith(f"articles    {len(small_archive())}\n")
    shown = CliRunner().invoke(main, ["serve", "--help"], env=env)
    assert shown.exit_code == 0
    listed = CliRunner().invoke(main, ["keys", "list"], env=env)
    assert (listed.exit_code, listed.stdout) == (0, "")


def test_the_index_may_be_named_by_the_environment(archive: str) -> None:
    result = CliRunner().invoke(main, ["stats"], env={"TIMBAO_INDEX": archive})
    assert result.stdout.startswith(f"articles    {len(small_archive())}\n")
