"""Row by row: the analyzer does what the specification says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import assert_analyzes_to, folded_terms_of, terms_of

SPEC = Path(__file__).parents[1] / "data" / "analysis_spec.tsv"


def each_row(kind: str, names: str) -> pytest.MarkDecorator:
    """Parametrize a test with the rows of one kind, each named by its id."""
    rows = [row for row in read_rows() if row[1] == kind]
    return pytest.mark.parametrize(names, [row[2:] for row in rows], ids=[row[0] for row in rows])


def read_rows() -> Iterator[list[str]]:
    for line in SPEC.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [unescape(cell) for cell in line.split("\t")]


def unescape(cell: str) -> str:
    if cell == "-":
        return ""
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), cell)


@each_row("T", "text, exact, folded")
def test_token_list(text: str, exact: str, folded: str) -> None:
    assert_analyzes_to(text, exact.split(), folded=folded.split())


@each_row("EQ", "first, second")
def test_same_exact_key(first: str, second: str) -> None:
    assert_analyzes_to(first, terms_of(second), folded=folded_terms_of(second))


@each_row("NE", "first, second")
def test_different_exact_keys(first: str, second: str) -> None:
    assert terms_of(first) != terms_of(second)


@each_row("FEQ", "first, second")
def test_same_folded_key(first: str, second: str) -> None:
    assert folded_terms_of(first) == folded_terms_of(second)


def test_every_row_of_the_table_is_of_a_kind_that_is_tested() -> None:
    # That none is missing is tested with the rows of the other files: test_specification_rows.py.
    rows = list(read_rows())
    assert len({row[0] for row in rows}) == len(rows)
    assert {(row[1], len(row)) for row in rows} == {("T", 5), ("EQ", 4), ("NE", 4), ("FEQ", 4)}
