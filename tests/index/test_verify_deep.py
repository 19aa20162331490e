"""`timbao verify --deep`: whether an index holds what its articles say, if its checksums lie."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from archives import merge_all, small_index
from click.testing import CliRunner, Result
from damage import alter, read_toc, segments, toc, write_toc
from generated_news import numbered_article

from index import IndexCorrupt, VerifyReport
from index.engines.embedded import deep_verify
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.store import NewsIndex
from index.segments.array_file import Array, open_arrays, write_arrays
from index.segments.segment import Segment
from index.segments.soundness import damage_as_corrupt, require_sound
from searchapp.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with seven articles, one more deleted."""
    return small_index(tmp_path / "index")


def verify(folder: Path) -> Result:
    """`timbao verify --deep` in this folder."""
    return CliRunner().invoke(main, ["verify", "--deep", "--index", f"whoosh:{folder}"])


def deep(folder: Path) -> VerifyReport:
    """The same, by the Python API."""
    return WhooshEngine(folder).verify(deep=True)


def change(path: Path, changed: Mapping[str, Array]) -> None:
    """Other arrays, with right checksums."""
    arrays = {name: array.copy() for name, array in open_arrays(path).arrays.items()}
    with path.open("wb") as stream:
        write_arrays(stream, {**arrays, **changed})


def opened(path: Path) -> Segment:
    """A segment, not examined yet."""
    return Segment(open_arrays(path))


def swapped(path: Path, name: str) -> None:
    """The first two entries of an array change places."""
    array = open_arrays(path).arrays[name].copy()
    array[[0, 1]] = array[[1, 0]]
    change(path, {name: array})


def test_what_was_written_merged_and_reindexed_is_what_its_articles_give(folder: Path) -> None:
    engine = WhooshEngine(folder)
    for rewrite in (lambda: None, lambda: merge_all(folder), engine.reindex):
        rewrite()
        report = deep(folder)
        assert (report.faults, report.articles) == ((), 7)
        assert report.compared == report.segments > 0
    result = verify(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("sound: 7 articles, 2 segments, 2 compared with their articles")


def test_every_fault_of_every_file_is_named(folder: Path) -> None:
    first, second = segments(folder)
    swapped(first, "doc.digest")
    swapped(first, "column.published")
    swapped(second, "term.text")
    assert WhooshEngine(folder).verify().articles == 7
    named = [(str(fault.path), fault.reason.split("'")[1]) for fault in deep(folder).faults]
    assert set(named) >= {(str(first), "doc.digest"), (str(first), "column.published")}
    assert {array for path, array in named if path == str(second)} >= {"term.text"}
    assert len(set(named)) == len(named)
    result = verify(folder)
    assert (result.exit_code, result.stdout) == (1, "")
    *lines, last = result.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [path for path, _ in named]
    assert last.startswith(f"Error: {len(named)} faults in 2 files: ")


def test_a_file_that_cannot_be_opened_does_not_end_the_look(folder: Path) -> None:
    first, second = segments(folder)
    change(second, {"doc.digest": np.zeros(1, np.uint64)})
    for name in ("doc.stored", "term.docs", ""):
        if name:
            alter(first, name)
        else:
            first.unlink()
        assert {str(fault.path) for fault in deep(folder).faults} == {str(first), str(second)}
    assert deep(folder).segments == 0


def test_a_text_that_is_not_what_was_indexed_is_found(folder: Path) -> None:
    """As a fault of the writer would leave it: an article is read that searches do not know."""
    (path, _) = segments(folder)
    segment = opened(path)
    stored = [segment.stored.raw(doc) for doc in range(segment.doc_count)]
    stored[2] = zlib.compress(replace(numbered_article(2), lead="Lời dẫn mới").to_json(), 6)
    offsets = np.cumsum([0, *map(len, stored)]).astype(segment.stored.offsets.dtype)
    blob = np.frombuffer(b"".join(stored), np.uint8)
    change(path, {"doc.stored_offsets": offsets, "doc.stored": blob})
    found = {fault.reason.split("'")[1] for fault in deep(folder).faults}
    assert found >= {"doc.digest", "doc.lengths", "term.text", "term.ptr", "position.ptr"}
    assert WhooshEngine(folder).verify().articles == 7


def test_an_article_that_is_there_twice_or_was_withdrawn_is_found(folder: Path) -> None:
    with WhooshEngine(folder).writer() as writer:
        for number in range(8, 18):
            writer.put(numbered_article(number))
    with WhooshEngine(folder).writer() as writer:
        writer.put(replace(numbered_article(9), lead="mới"))
    record = read_toc(folder)
    entries = record["segments"]
    assert isinstance(entries, list)
    entries[2][2] = ""
    write_toc(folder, record | {"withdrawn": {"n3": "2026-11-30"}})
    faults = deep(folder).faults
    assert {str(fault.path) for fault in faults} == {str(toc(folder))}
    assert [fault.reason for fault in faults] == [
        "1 articles are there more than once, n9 for one",
        "1 articles are there and withdrawn, n3 for one",
    ]


def test_what_another_analysis_wrote_is_not_compared(folder: Path) -> None:
    engine = WhooshEngine(folder)
    engine.reindex()
    record = read_toc(folder)
    previous = record["previous"]
    assert isinstance(previous, dict)
    write_toc(folder, record | {"previous": previous | {"fingerprint": "vi-0"}})
    report = deep(folder)
    assert (report.compared, report.segments, report.faults) == (1, 3, ())


def test_large_segments_are_analysed_in_pieces(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_all(folder)
    monkeypatch.setattr(deep_verify, "SEGMENT_ARTICLES", 3)
    assert deep(folder).faults == ()
    swapped(segments(folder)[0], "doc.zone_starts")
    assert deep(folder).faults == ()  # equal rows
    swapped(segments(folder)[0], "doc.digest")
    assert len(deep(folder).faults) == 1


# -- errors while reading


def test_an_error_of_this_program_is_not_taken_for_damage(folder: Path) -> None:
    segment = opened(segments(folder)[0])
    for error in (IndexError("a"), ValueError("b"), MemoryError(), OverflowError(), KeyError("c")):
        with pytest.raises(type(error)) as raised, damage_as_corrupt(lambda: (segment,)):
            raise error
        assert raised.value is error
    assert segment.is_sound


def test_an_error_is_damage_where_the_segment_is_unsound(folder: Path) -> None:
    sound, path = segments(folder)
    swapped(path, "term.text_offsets")
    error = IndexError("a")
    with (
        pytest.raises(IndexCorrupt, match=r"term\.text_offsets") as raised,
        damage_as_corrupt(lambda: map(opened, (sound, path))),
    ):
        raise error
    assert raised.value.path == str(path)
    assert raised.value.__cause__ is error
    with pytest.raises(TypeError), damage_as_corrupt(lambda: (opened(path),)):
        raise TypeError  # no array can cause it
    with pytest.raises(IndexCorrupt):
        require_sound(opened(path))


def test_a_writer_meets_damage_as_such(folder: Path) -> None:
    (path, _) = segments(folder)
    order = open_arrays(path).arrays["doc.id_order"].copy()
    order[:] = 2**31
    change(path, {"doc.id_order": order})
    with pytest.raises(IndexCorrupt) as raised, WhooshEngine(folder).writer() as writer:
        writer.delete("n3")
    assert raised.value.path == str(path)
    assert NewsIndex(folder, "").latest_generation() == 2
