"""No row of the analysis specification without a test: its id is the id of one."""

import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
ROWS = TESTS / "data" / "specification_rows.txt"
# In other files, ids of the same form belong to the table of product features.
FILES = ["test_analysis_spec.py", "test_collation.py", "test_legacy.py", "test_query_*.py"]


def listed_rows() -> list[str]:
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    return [row for line in lines if not line.startswith("#") for row in line.split()]


def collected_rows() -> set[str]:
    """How the ids of the tests of the specification begin, as pytest collects them."""
    files = [str(path) for pattern in FILES for path in sorted(TESTS.glob(pattern))]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listing = subprocess.run(  # noqa: S603 - the command is made of constants
        [*command, *files], capture_output=True, text=True, cwd=TESTS.parent, check=False
    )
    assert listing.returncode == 0, listing.stdout[-2000:] + listing.stderr[-2000:]
    return set(re.findall(r"::.*\[([A-Z]\d+)[\]-]", listing.stdout))


def test_the_list_is_whole() -> None:
    rows = listed_rows()
    assert len(rows) == len(set(rows)) == 263


def test_every_row_is_a_test() -> None:
    assert set(listed_rows()) - collected_rows() == set()
