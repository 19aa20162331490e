"""What is kept in memory between searches is bounded, and mapped pages are given back."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.cache import Memo
from index.segments.array_file import open_arrays, write_arrays

_SMAPS = Path("/proc/self/smaps")


def test_a_memo_makes_each_value_once_until_it_is_full() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key

    memo: Memo[int] = Memo(3)
    for key in (1, 2, 1, 3, 2, 3):
        assert memo.get(key, partial(make, key)) == key
    assert made == [1, 2, 3]
    assert memo.get(4, partial(make, 4)) == 4
    assert memo.get(1, partial(make, 1)) == 1
    assert made == [1, 2, 3, 4, 1]


@pytest.mark.skipif(not _SMAPS.is_file(), reason="resident pages are counted as Linux does")
def test_released_pages_are_not_resident_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "some.arrays"
    values = np.arange(1 << 20, dtype=np.uint32)
    with path.open("wb") as stream:
        write_arrays(stream, {"values": values})
    file = open_arrays(path)
    assert int(file.arrays["values"].sum(dtype=np.uint64)) == int(values.sum(dtype=np.uint64))
    assert _resident_kib(path) >= 4_000
    file.release()
    assert _resident_kib(path) < 200
    assert np.array_equal(file.arrays["values"], values)


def _resident_kib(path: Path) -> int:
    (entry,) = re.findall(rf"{re.escape(str(path))}\n(?:.*\n)*?Rss: +(\d+) kB", _SMAPS.read_text())
    return int(entry)
