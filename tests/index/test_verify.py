"""Damage is found: by opening an index, by reading an article, by `timbao verify`."""

from dataclasses import replace
from pathlib import Path

import pytest
from archives import EVERYTHING, FORK, merge_all, small_index, total
from click.testing import CliRunner, Result
from damage import alter, array_offsets, segments, toc
from generated_news import numbered_article

from index import Article, IndexCorrupt, IndexNotFound, RelatedItem, SearchRequest
from index.engines.embedded.engine import WhooshEngine
from searchapp.cli import main

STORED = "doc.stored"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of one segment, in which no array is empty."""
    whole = replace(
        numbered_article(7),
        lead="Thủ đô Hà Nội đón đợt rét đầu mùa.",
        captions=("Hồ Gươm sáng sớm.",),
        source="Báo Sông Hồng",
        section="Thời tiết",
        authors=("Lê Lai",),
        tags=("rét",),
        related=(RelatedItem("Sa Pa có sương muối", "Nhiệt độ xuống 2 độ."),),
    )
    small_index(tmp_path)
    with WhooshEngine(tmp_path).writer() as writer:
        writer.put(whole)
    merge_all(tmp_path)
    return tmp_path


def verify(folder: Path) -> Result:
    """`timbao verify` in this folder."""
    return CliRunner().invoke(main, ["verify", "--index", f"whoosh:{folder}"])


def test_a_sound_index_is_reported_with_its_size(tmp_path: Path) -> None:
    folder = small_index(tmp_path)
    report = WhooshEngine(folder).verify()
    assert (report.segments, report.articles) == (2, 7)
    assert report.bytes == sum(path.stat().st_size for path in folder.glob("*.arrays"))
    result = verify(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"sound: 7 articles, 2 segments, {report.bytes / 1e6:.1f} MB\n"


def test_an_index_without_articles_is_sound(tmp_path: Path) -> None:
    with WhooshEngine(tmp_path).writer():
        pass
    report = WhooshEngine(tmp_path).verify()
    assert (report.segments, report.bytes, report.articles) == (0, 0, 0)


def test_without_an_index_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        WhooshEngine(tmp_path / "none").verify()


def test_damage_in_any_array_is_found_and_not_served(folder: Path) -> None:
    (path,) = segments(folder)
    data = path.read_bytes()
    altered = 0
    for name, (begin, end) in array_offsets(path).items():
        if begin == end:
            continue
        alter(path, name)
        altered += 1
        with pytest.raises(IndexCorrupt, match=name):
            WhooshEngine(folder).verify()
        if name != STORED:
            with pytest.raises(IndexCorrupt, match=name):
                total(folder)
            with pytest.raises(IndexCorrupt, match=name), WhooshEngine(folder).writer() as writer:
                writer.put(numbered_article(9))
        path.write_bytes(data)
    assert altered > 30
    assert WhooshEngine(folder).verify().articles == total(folder) == 7


def test_a_damaged_text_is_an_error_of_its_article_only(folder: Path) -> None:
    (path,) = segments(folder)
    begin, end = array_offsets(path)[STORED]
    middle = (begin + end) // 2
    data = path.read_bytes()
    path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    engine = WhooshEngine(folder)
    assert engine.count() == 7
    read: list[Article] = []
    damaged: list[IndexCorrupt] = []
    for number in range(1, 8):
        try:
            article = engine.get(f"n{number}")
        except IndexCorrupt as error:
            damaged.append(error)
        else:
            assert article is not None
            read.append(article)
    assert (len(read), [error.path for error in damaged]) == (6, [str(path)])
    with pytest.raises(IndexCorrupt, match="a stored article cannot be read"):
        engine.search(EVERYTHING)


@pytest.mark.parametrize("damage", ["altered", "cut", "missing", "contents"])
def test_verify_names_the_damaged_file_in_one_line(folder: Path, damage: str) -> None:
    (path,) = segments(folder)
    if damage == "altered":
        alter(path, STORED)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-64])
    elif damage == "missing":
        path.unlink()
    else:
        path = toc(folder)
        path.write_bytes(path.read_bytes()[:-1])
    result = verify(folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: The index in {path} is damaged (")
    assert result.stderr.count("\n") == 1


def test_a_segment_in_use_is_not_verified_again(folder: Path) -> None:
    engine = WhooshEngine(folder)
    assert engine.count() == 7
    alter(segments(folder)[0], "column.title")
    with engine.writer() as writer:
        writer.put(numbered_article(8))
    assert engine.count() == 8
    with pytest.raises(IndexCorrupt, match=r"column\.title"):
        WhooshEngine(folder).count()
    with pytest.raises(IndexCorrupt, match=r"column\.title"):
        engine.verify()


def test_what_a_rollback_would_bring_back_is_verified_too(folder: Path) -> None:
    (old,) = segments(folder)
    engine = WhooshEngine(folder)
    engine.reindex()
    assert engine.verify().segments == 2
    alter(old, STORED)
    with pytest.raises(IndexCorrupt, match=old.name):
        engine.verify()
    with pytest.raises(IndexCorrupt, match=old.name):
        engine.rollback()
    assert engine.search(SearchRequest(query="sương muối")).total == 1
    assert total(folder) == 7


def commit_often(folder: Path) -> None:
    """Small commits, each of which takes the files of the one before away."""
    for number in range(100, 120):
        with WhooshEngine(folder).writer() as writer:
            writer.put(numbered_article(number))
            writer.delete(f"n{number - 1}")


def test_verify_reads_again_what_a_commit_takes_away(folder: Path) -> None:
    process = FORK.Process(target=commit_often, args=(folder,))
    process.start()
    engine = WhooshEngine(folder)
    reports = [engine.verify()]
    while process.is_alive():
        reports.append(engine.verify())
    process.join()
    assert process.exitcode == 0
    assert {report.articles for report in reports} <= {7, 8}
    assert engine.verify().articles == 8
