"""`timbao backup` and `timbao restore`: made and brought back while others search and write."""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

import pytest
from archives import EVERYTHING, FORK, in_memory, merge_all, small_index, total
from click.testing import CliRunner
from damage import alter, read_toc, segments, toc, write_toc
from generated_news import numbered_article

from index import (
    BackupReport,
    BackupUnusable,
    FolderRequired,
    IndexCorrupt,
    IndexLocked,
    IndexMismatch,
    IndexNotFound,
    Withdrawal,
    back_up,
    restore,
)
from index.engines.embedded.disk import write_lock
from index.engines.embedded.engine import WhooshEngine
from searchapp.cli import main

_OF_0_1 = Path(__file__).parents[1] / "data" / "index_format_2" / "index"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Two segments with the articles 1 to 7, the newest generation 2 without article 0."""
    with in_memory() as parent:
        yield small_index(parent / "index")


@pytest.fixture
def backup(folder: Path) -> Path:
    """A backup of that index."""
    path = folder.parent / "backup"
    backed_up(folder, path)
    return path


def backed_up(folder: Path, path: Path) -> BackupReport:
    return back_up(f"whoosh:{folder}", path)


def restored(folder: Path, path: Path) -> BackupReport:
    return restore(f"whoosh:{folder}", path)


def write(folder: Path, number: int) -> None:
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(number))


def contents(folder: Path) -> dict[str, bytes]:
    return {f"{path}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_is_an_index_and_comes_back(folder: Path) -> None:
    before = contents(folder)
    path = folder.parent / "new" / "backup"
    report = backed_up(folder, path)
    assert contents(folder) == before
    assert (report.generation, report.articles, report.withdrawn) == (2, 7, 0)
    assert total(path / "index") == WhooshEngine(path / "index").verify().articles == 7
    described = json.loads((path / "backup.json").read_text())
    files = {f"{file.relative_to(path)}": file.stat().st_size for file in path.rglob("*.*")}
    del files["backup.json"]
    assert {name: file["size"] for name, file in described["files"].items()} == files
    assert sum(files.values()) == report.bytes
    for file in path.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o027 == 0
    assert [each.name for each in path.parent.iterdir()] == ["backup"]

    engine = WhooshEngine(folder)
    write(folder, 8)
    assert engine.count() == 8
    again = restored(folder, path)
    assert (again.generation, again.time, again.articles) == (2, report.time, 7)
    # The running engine takes it as any commit, and what was there is the generation before.
    assert engine.count() == total(folder) == engine.verify().articles == 7
    assert engine.stats().generation == 4
    write(folder, 9)
    assert engine.count() == 8
    assert total(path / "index") == 7


def damage_table(folder: Path) -> None:
    toc(folder).write_bytes(b"")


def damage_segment(folder: Path) -> None:
    alter(segments(folder)[0], "doc.stored")


def cut_segment(folder: Path) -> None:
    segments(folder)[0].write_bytes(b"x")


def nothing_left(folder: Path) -> None:
    shutil.rmtree(folder)


def no_tables(folder: Path) -> None:
    for path in folder.glob("*.toc"):
        path.unlink()


@pytest.mark.parametrize(
    "damage", [damage_table, damage_segment, cut_segment, nothing_left, no_tables]
)
def test_a_damaged_index_is_restored(
    folder: Path, backup: Path, damage: Callable[[Path], None]
) -> None:
    engine = WhooshEngine(folder)
    assert engine.count() == 7
    damage(folder)
    before = contents(folder)
    restored(folder, backup)
    assert engine.count() == total(folder) == engine.verify().articles == 7
    if damage is damage_table:  # nothing is lost of what may still be examined
        assert set(contents(folder)) > set(before)
    write(folder, 8)
    assert engine.count() == total(folder) == 8


def test_what_was_withdrawn_since_stays_withdrawn(folder: Path, backup: Path) -> None:
    day = date(2026, 11, 30)
    WhooshEngine(folder).withdraw([Withdrawal(id="n1", on=day)])
    result = CliRunner().invoke(main, ["restore", f"{backup}", "--index", f"whoosh:{folder}"])
    assert result.exit_code == 0, result.stderr
    assert "n1 was withdrawn since and stays so" in result.stdout
    engine = WhooshEngine(folder)
    assert (engine.get("n1"), engine.withdrawals().days["n1"], engine.count()) == (None, day, 6)
    # Also where the newest generation, or all of it, cannot be read any more.
    write(folder, 8)
    damage_table(folder)
    assert restored(folder, backup).kept_withdrawn == ("n1",)
    assert WhooshEngine(folder).withdrawals().days["n1"] == day


def test_a_backup_of_an_index_of_0_1_is_one_of_the_same_articles(tmp_path: Path) -> None:
    folder = shutil.copytree(_OF_0_1, tmp_path / "old")
    report = backed_up(folder, tmp_path / "backup")
    assert (report.articles, report.withdrawn) == (200, 1)
    assert restored(tmp_path / "new", tmp_path / "backup").articles == 200
    before, after = WhooshEngine(folder), WhooshEngine(tmp_path / "new")
    assert before.reindex() == after.reindex() == 200
    by_id = attrgetter("id")
    assert sorted(after.articles(), key=by_id) == sorted(before.articles(), key=by_id)
    assert after.withdrawals() == before.withdrawals()


def commit_often(folder: Path) -> None:
    for number in range(100, 130):
        write(folder, number)
        with WhooshEngine(folder).writer() as writer:
            writer.delete(f"n{number}")
        merge_all(folder)


@pytest.mark.slow
@pytest.mark.serial
def test_backups_while_another_process_commits(folder: Path) -> None:
    process = FORK.Process(target=commit_often, args=(folder,))
    process.start()
    made = 0
    while process.is_alive() or not made:
        path = folder.parent / f"{made}"
        report = backed_up(folder, path)
        assert report.articles == total(path / "index")
        assert report.articles in (7, 8)
        made += 1
    process.join()
    assert process.exitcode == 0


# -- what is refused


def test_a_folder_with_something_in_it_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    backed_up(folder, tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    os.mkfifo(tmp_path / "fifo")
    before = contents(tmp_path)
    for name in ("empty", "file", "link", "fifo", ".", "file/below"):
        with pytest.raises(BackupUnusable, match="another folder"):
            backed_up(folder, tmp_path / name)
    assert contents(tmp_path) == before
    assert not (tmp_path / "other").exists()


def test_a_damaged_index_is_not_backed_up(folder: Path, tmp_path: Path) -> None:
    path = segments(folder)[0]
    alter(path, "doc.stored")
    with pytest.raises(IndexCorrupt, match=path.name) as error:
        backed_up(folder, tmp_path / "backup")
    assert error.value.path == str(path)
    path.unlink()
    with pytest.raises(IndexCorrupt, match=path.name):
        backed_up(folder, tmp_path / "backup")
    with pytest.raises(IndexNotFound):
        backed_up(tmp_path / "none", tmp_path / "backup")
    for use in (back_up, restore):
        with pytest.raises(FolderRequired, match="timbao copy"):
            use("opensearch://127.0.0.1:9/news", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def altered(text: str) -> Callable[[Path], None]:
    def write(backup: Path) -> None:
        (backup / "backup.json").write_text(text)

    return write


def of_another_version(backup: Path) -> None:
    path = backup / "backup.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))


def swapped_segments(backup: Path) -> None:
    first, second = segments(backup / "index")
    first.rename(backup / "x")
    second.rename(first)
    (backup / "x").rename(second)


def linked_segment(backup: Path) -> None:
    path = segments(backup / "index")[0]
    path.rename(backup / "x")
    path.symlink_to(backup / "x")


def without_a_segment(backup: Path) -> None:
    segments(backup / "index")[0].unlink()


def without_a_description(backup: Path) -> None:
    (backup / "backup.json").unlink()


def inner(damage: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda backup: damage(backup / "index")


@pytest.mark.parametrize(
    "damage",
    [
        *(altered(text) for text in ("", "{}", "[" * 100_000, "null", '{"version": 1}', "\xff")),
        of_another_version,
        swapped_segments,
        linked_segment,
        without_a_segment,
        without_a_description,
        nothing_left,
        *map(inner, (damage_table, damage_segment, cut_segment, no_tables)),
    ],
)
def test_a_damaged_backup_changes_nothing(
    folder: Path, backup: Path, damage: Callable[[Path], None]
) -> None:
    before = contents(folder)
    damage(backup)
    with pytest.raises(BackupUnusable):
        restored(folder, backup)
    assert {name: data for name, data in contents(folder).items() if "LOCK" not in name} == {
        name: data for name, data in before.items() if "LOCK" not in name
    }
    missing = folder.parent / "missing"
    with pytest.raises(BackupUnusable):
        restored(missing, backup)
    assert WhooshEngine(folder).search(EVERYTHING).total == 7


def test_restoring_is_writing(folder: Path, backup: Path) -> None:
    with write_lock(folder), pytest.raises(IndexLocked):
        restored(folder, backup)
    table = toc(backup / "index")
    data = json.loads((backup / "backup.json").read_text())
    assert data["files"][f"index/{table.name}"]["size"] == table.stat().st_size
    with pytest.raises(IndexMismatch):
        restored(folder, in_another_format(backup))
    assert total(folder) == 7


def in_another_format(backup: Path) -> Path:
    """The backup as if a program with another format of tables had made it."""
    write_toc(backup / "index", read_toc(backup / "index") | {"format": 99})
    table = toc(backup / "index")
    path = backup / "backup.json"
    described = json.loads(path.read_text())
    described["files"][f"index/{table.name}"] = {
        "size": table.stat().st_size,
        "sha256": sha256(table.read_bytes()).hexdigest(),
    }
    path.write_text(json.dumps(described))
    return backup
