"""No row of the analysis specification without a test: its id is the id of one."""

import re
from itertools import chain
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROWS = TESTS / "data" / "specification_rows.txt"
# In other files, ids of the same form belong to the table of product features.
FILES = ["test_analysis_spec.py", "test_collation.py", "test_legacy.py", "test_query_*.py"]


def listed_rows() -> list[str]:
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    return [row for line in lines if not line.startswith("#") for row in line.split()]


def test_a_row_is_listed_once() -> None:
    rows = listed_rows()
    assert len(rows) == len(set(rows)) > 0


def test_every_row_is_a_test_and_every_test_of_a_row_is_listed(
    collected: dict[Path, list[str]],
) -> None:
    files = set(chain.from_iterable(TESTS.rglob(pattern) for pattern in FILES))
    if not files <= collected.keys():
        pytest.skip("not all tests of the specification were collected")
    names = "\n".join(chain.from_iterable(collected[path] for path in files))
    listed = set(listed_rows())
    sections = "".join({row[0] for row in listed})
    assert set(re.findall(rf"\[([{sections}]\d+)[\]-]", names)) == listed
