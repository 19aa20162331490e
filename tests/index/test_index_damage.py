"""What an index does when its files are damaged, hostile, or written by another version."""

import os
import pickle
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import merge_all, small_index, total
from damage import array_offsets, read_toc, segments, toc, write_toc
from generated_news import numbered_article

from index import IndexCorrupt, IndexMismatch
from index.engines.embedded.engine import WhooshEngine
from index.segments.array_file import open_arrays


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with seven articles."""
    return small_index(tmp_path / "index")


def write_one(folder: Path) -> None:
    """Add an article."""
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(9))


USES: tuple[Callable[[Path], object], ...] = (total, write_one)


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (str(self.made),)


def test_another_analysis_is_refused(folder: Path) -> None:
    record = read_toc(folder)
    for changed in ({"fingerprint": "vi-0"}, {"format": 99}):
        write_toc(folder, record | changed)
        for use in USES:
            with pytest.raises(IndexMismatch, match="timbao index"):
                use(folder)
    write_toc(folder, record)
    assert total(folder) == 7


@pytest.mark.parametrize("damage", ["byte", "empty", "cut", "binary"])
def test_a_damaged_table_of_contents_is_refused(folder: Path, damage: str) -> None:
    path = toc(folder)
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(
        {
            "byte": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "empty": b"",
            "cut": data[:middle],
            "binary": bytes(range(256)),
        }[damage]
    )
    for use in USES:
        with pytest.raises(IndexCorrupt):
            use(folder)
    path.write_bytes(data)
    write_one(folder)
    assert total(folder) == 8


def test_a_table_of_contents_of_another_shape_is_refused(folder: Path) -> None:
    record = read_toc(folder)
    header = {name: record[name] for name in ("format", "fingerprint")}
    entries: tuple[object, ...] = (
        *(7, ["x"], ["x", 1], ["../x", 1, ""], ["x", "1", ""], ["x", 1, "?"], [1, 1, ""]),
    )
    records: tuple[object, ...] = ([], None, 7, {}, header, header | {"segments": 7})
    for wrong in (*records, *(header | {"segments": [entry]} for entry in entries)):
        write_toc(folder, wrong)
        with pytest.raises(IndexCorrupt):
            total(folder)


@pytest.mark.parametrize("part", [toc, lambda folder: segments(folder)[0]])
def test_code_in_an_index_is_not_run(folder: Path, part: Callable[[Path], Path]) -> None:
    made = folder / "hostile"
    data = pickle.dumps(Hostile(made))
    path = part(folder)
    for hostile in (data, b"%08x\n%s" % (zlib.crc32(data), data)):
        path.write_bytes(hostile)
        for use in USES:
            with pytest.raises(IndexCorrupt):
                use(folder)
    assert not made.exists()


def test_a_segment_of_another_length_is_refused(folder: Path) -> None:
    path = segments(folder)[0]
    data = path.read_bytes()
    for changed in (b"", data[:1], data[:30], data[: len(data) // 2], data[:-1], data + b"\0"):
        path.write_bytes(changed)
        with pytest.raises(IndexCorrupt):
            total(folder)
    path.write_bytes(data)
    assert total(folder) == 7


def test_a_missing_segment_is_refused(folder: Path) -> None:
    path = segments(folder)[0]
    path.unlink()
    with pytest.raises(IndexCorrupt):
        total(folder)
    with pytest.raises(IndexCorrupt) as raised:
        WhooshEngine(folder).reindex()
    assert (raised.value.path, raised.value.reason) == (str(path), "it is missing")


def test_nothing_is_rolled_back_to_a_missing_segment(folder: Path) -> None:
    path = segments(folder)[0]
    WhooshEngine(folder).reindex()
    path.unlink()
    with pytest.raises(IndexCorrupt) as raised:
        WhooshEngine(folder).rollback()
    assert (raised.value.path, raised.value.reason) == (str(path), "it is missing")
    assert total(folder) == 7


def test_an_altered_byte_is_found(folder: Path) -> None:
    path = segments(folder)[0]
    data = path.read_bytes()
    open_arrays(path).verify()
    for name, (begin, end) in array_offsets(path).items():
        if begin == end:
            continue
        at = (begin + end) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])
        with pytest.raises(IndexCorrupt, match=name):
            open_arrays(path).verify()
        with pytest.raises(IndexCorrupt):
            WhooshEngine(folder).verify()
        # Nothing of it is served either.
        with pytest.raises(IndexCorrupt):
            total(folder)
    for at in range(0, 200, 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])
        with pytest.raises(IndexCorrupt):
            open_arrays(path)


def test_a_sound_index_verifies(folder: Path) -> None:
    for count in (2, 1):
        report = WhooshEngine(folder).verify()
        assert (report.segments, report.articles) == (count, 7)
        assert report.bytes == sum(path.stat().st_size for path in segments(folder))
        merge_all(folder)
