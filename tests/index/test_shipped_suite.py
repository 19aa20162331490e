"""The shipped relevance suite over the sample documents: a build with worse ranking fails here."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from index import open_engine, read_path
from searchapp.cli import main


@pytest.mark.slow
def test_ranking_is_no_worse_than_the_baseline(repository: Path, tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'index'}"
    with open_engine(address).writer() as writer:
        written = sum(writer.put_all(read_path(repository / "sample_docs", on_bad=print)))
    assert written > 150
    suite = repository / "benchmarks" / "relevance" / "suite"
    result = CliRunner().invoke(main, ["eval", "check", "--suite", str(suite), "--index", address])
    assert result.exit_code == 0, result.output
