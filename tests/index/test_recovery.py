"""`timbao recover`: the generation before is kept, and an index goes back to it when told to."""

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from archives import exit_code, in_memory, merge_all, small_index, total
from click.testing import CliRunner, Result
from damage import alter, segments, toc
from generated_news import numbered_article

from analyzers import ANALYSIS_VERSION
from index import (
    FolderRequired,
    IndexCorrupt,
    IndexLocked,
    IndexNotFound,
    NoWholeGeneration,
    RecoveryReport,
    Withdrawal,
    recover,
)
from index.engines.embedded.disk import LOCK_NAME, write_lock
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.manifest import kept_segments
from index.engines.embedded.store import NewsIndex
from searchapp.cli import main


@pytest.fixture
def folder() -> Iterator[Path]:
    """Two segments with the articles 1 to 7, the newest generation 2 without article 0."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def recovered(folder: Path, *, without_damaged: bool = False) -> RecoveryReport:
    return recover(f"whoosh:{folder}", without_damaged=without_damaged)


def run(folder: Path, *options: str) -> Result:
    """`timbao recover` in this folder."""
    return CliRunner().invoke(main, ["recover", *options, "--index", f"whoosh:{folder}"])


def write(folder: Path, number: int) -> None:
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(number))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def needs(folder: Path, generation: int) -> set[str]:
    """The files of a generation."""
    manifest = NewsIndex(folder, ANALYSIS_VERSION).manifest(generation)
    kept = kept_segments(manifest.commit, manifest.previous)
    return {f"_NEWS_{generation}.toc", *(info.path(folder).name for info in kept)}


def test_two_generations_are_kept_whole(folder: Path) -> None:
    def rewrite() -> None:
        WhooshEngine(folder).reindex()

    def write_8() -> None:
        write(folder, 8)

    def write_9() -> None:
        write(folder, 9)

    def merge() -> None:
        merge_all(folder)

    def unchanged() -> None:
        with WhooshEngine(folder).writer():
            pass

    changes = (write_8, merge, rewrite, write_9)
    for generation, change in enumerate(changes, 3):
        change()
        for again in (unchanged, unchanged):
            assert names(folder) == {
                *needs(folder, generation),
                *needs(folder, generation - 1),
                LOCK_NAME,
            }
            again()
    # The generation before is an index by itself.
    toc(folder).unlink()
    (folder / LOCK_NAME).unlink()
    assert WhooshEngine(folder).verify().articles == total(folder) == 8


def damage_table(folder: Path) -> None:
    path = toc(folder)
    path.write_bytes(path.read_bytes()[:-1])


def empty_table(folder: Path) -> None:
    toc(folder).write_bytes(b"")


def remove_table(folder: Path) -> None:
    toc(folder).unlink()


def link_table(folder: Path) -> None:
    path = toc(folder)
    path.rename(folder / "moved")
    path.symlink_to(folder / "moved")


def folder_for_table(folder: Path) -> None:
    toc(folder).unlink()
    (folder / "_NEWS_3.toc").mkdir()


@pytest.mark.parametrize(
    "damage", [damage_table, empty_table, remove_table, link_table, folder_for_table]
)
def test_a_damaged_table_costs_one_commit(folder: Path, damage: object) -> None:
    assert callable(damage)
    engine = WhooshEngine(folder)
    write(folder, 8)
    assert engine.count() == 8
    new = names(folder) - needs(folder, 2)
    damage(folder)
    # Nothing answers or writes with an older generation by itself.
    for use in (engine.count, lambda: total(folder), lambda: write(folder, 9), engine.verify):
        with pytest.raises(IndexCorrupt, match="timbao recover"):
            use()
    report = recovered(folder)
    assert (report.basis, report.generation, report.articles) == (2, 4, 7)
    (lost,) = report.lost
    assert (lost.generation, lost.articles) == (3, None)
    assert all(entry.startswith("_NEWS_3.toc: ") for entry in lost.damage)
    # The new segment can be examined; the running engine goes on, and so do writers.
    aside = {path.name for path in report.aside}
    assert aside >= {f"{name}.aside" for name in new if name.endswith(".arrays")}
    assert engine.count() == total(folder) == engine.verify().articles == 7
    assert recovered(folder).generation == recovered(folder).basis == 4
    write(folder, 9)
    write(folder, 10)
    assert total(folder) == 9
    assert names(folder) >= aside


def test_what_is_lost_is_said(folder: Path) -> None:
    with WhooshEngine(folder).writer() as writer:
        for number in (8, 9):
            writer.put(numbered_article(number))
    WhooshEngine(folder).withdraw([Withdrawal(id="n1", on=date(2026, 11, 30))])
    old = needs(folder, 2)
    new = next(path for path in segments(folder) if path.name not in old)
    alter(new, "doc.stored")
    with pytest.raises(IndexCorrupt, match="timbao recover"):
        WhooshEngine(folder).verify()
    result = run(folder)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("lost: generation 3 of ")
    assert lines[0].endswith(", it had 3 articles more")
    assert f"  damaged: {new.name}: the array 'doc.stored' does not match its checksum" in lines
    assert "n1 was withdrawn since and stays so" in lines
    assert f"set aside: {new}.aside" in lines
    assert lines[-1] == "recovered 6 articles of generation 2 as generation 4"
    engine = WhooshEngine(folder)
    assert engine.get("n1") is None
    assert engine.withdrawals().days["n1"] == date(2026, 11, 30)
    assert Path(f"{new}.aside").is_file()
    assert not new.exists()
    assert run(folder).stdout == "sound: generation 4, nothing is to be done\n"


def test_a_sound_index_is_left_alone(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    report = recovered(folder)
    assert (report.generation, report.basis, report.articles) == (2, 2, 7)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["doc.stored", "doc.id", "cut", "missing"])
def test_articles_are_given_up_only_when_told_to(folder: Path, damage: str) -> None:
    large, small = segments(folder)
    if damage == "missing":
        large.unlink()
    elif damage == "cut":
        large.write_bytes(large.read_bytes()[:-1])
    else:
        alter(large, damage)
    before = names(folder)
    with pytest.raises(NoWholeGeneration, match=r"1 of 7 articles.*--without-damaged"):
        recovered(folder)
    assert names(folder) == before
    result = run(folder, "--without-damaged")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    lost = [line.removeprefix("  lost ") for line in lines if line.startswith("  lost ")]
    if damage == "doc.stored":
        assert "lost: 6 articles; index them again" in lines
        assert lost == [f"n{number}" for number in range(1, 7)]
    else:
        assert "lost: 6 articles, the ids of 6 cannot be read; index them again" in lines
        assert lost == []
    assert Path(f"{large}.aside").is_file() == (damage != "missing")
    assert WhooshEngine(folder).verify().articles == total(folder) == 1
    assert small.is_file()
    with WhooshEngine(folder).writer() as writer:
        assert all(writer.put_all(numbered_article(number) for number in range(1, 7)))
    assert total(folder) == 7


def test_the_generation_that_loses_fewest_is_chosen(folder: Path) -> None:
    large, small = segments(folder)
    merge_all(folder)
    (merged,) = segments(folder)
    for path in (merged, small):
        alter(path, "doc.stored")
    report = recovered(folder, without_damaged=True)
    assert (report.basis, report.articles, report.lost_ids) == (2, 6, ("n7",))
    assert [lost.articles for lost in report.lost] == [7]
    assert large.is_file()


def test_only_what_a_rollback_would_bring_back_is_damaged(folder: Path) -> None:
    old = segments(folder)
    engine = WhooshEngine(folder)
    engine.reindex()
    alter(old[0], "doc.stored")
    report = recovered(folder)
    assert (report.basis, report.articles, report.lost, report.lost_articles) == (3, 7, (), 0)
    assert [entry.partition(":")[0] for entry in report.damage] == [old[0].name]
    assert engine.verify().articles == engine.count() == 7


def test_a_rollback_is_still_possible_after_a_recovery(folder: Path) -> None:
    WhooshEngine(folder).reindex()
    write(folder, 8)
    damage_table(folder)
    assert recovered(folder).basis == 3
    WhooshEngine(folder).rollback()
    assert total(folder) == 7


def test_without_a_table_nothing_is_recovered(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        recovered(tmp_path)
    assert list(tmp_path.iterdir()) == []
    for path in folder.glob("*.toc"):
        path.write_bytes(b"")
    before = names(folder)
    for use in (recovered, total):
        with pytest.raises(IndexCorrupt, match=r"delete the folder") as error:
            use(folder)
        assert "timbao recover" not in str(error.value)
    assert names(folder) == before
    assert run(folder).exit_code == 1


def test_without_any_table_nothing_begins_anew(folder: Path) -> None:
    for path in folder.glob("*.toc"):
        path.unlink()
    before = names(folder)
    for use in (total, recovered, lambda folder: write(folder, 8)):
        with pytest.raises(IndexCorrupt, match=r"_NEWS_2\.toc"):
            use(folder)
    assert names(folder) == before


def test_a_damaged_note_of_the_newest_generation_is_not_believed(folder: Path) -> None:
    lock = folder / LOCK_NAME
    data = lock.read_bytes()
    assert int(data[:20]) == 2
    for changed in (data.replace(b"2", b"3", 1), data[:-1], b"", b"\xff" * 30, data + b"x"):
        lock.write_bytes(changed)
        assert total(folder) == 7
    write(folder, 8)
    assert total(folder) == 8
    assert int(lock.read_bytes()[:20]) == 3


def test_recovery_is_a_writer(folder: Path) -> None:
    with write_lock(folder), pytest.raises(IndexLocked):
        recovered(folder)
    with pytest.raises(FolderRequired, match="snapshots"):
        recover("opensearch://127.0.0.1:9/news")


def die_at(folder: Path, count: int) -> None:
    """Recover, but end before the `count`-th rename or removal."""
    left = count

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event in ("os.rename", "os.remove"):
            left -= 1
            if not left:
                sys.exit(9)

    sys.addaudithook(watch)
    recovered(folder)


@pytest.mark.serial
def test_a_recovery_that_dies_is_done_again(folder: Path) -> None:
    write(folder, 8)
    damage_table(folder)
    for count in range(1, 20):
        copy = folder.parent / f"{count}"
        shutil.copytree(folder, copy)
        code = exit_code(die_at, copy, count)
        if code == 0:
            break
        assert code == 9
        try:
            assert total(copy) == 7  # it was published
        except IndexCorrupt:
            assert recovered(copy).articles == 7
        assert {path.suffixes[-1] for path in copy.iterdir() if "_3" in path.name} == {".aside"}
        assert total(copy) == 7
    assert count > 3
