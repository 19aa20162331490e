"""The shipped relevance suites: a build with worse ranking fails here."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from index import open_engine, read_path
from searchapp.cli import main


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "articles"),
    [("suite", "sample_docs"), ("ranking", "benchmarks/relevance/ranking/articles.jsonl")],
)
def test_ranking_is_no_worse_than_the_baseline(
    repository: Path, tmp_path: Path, name: str, articles: str
) -> None:
    address = f"whoosh:{tmp_path / 'index'}"
    with open_engine(address).writer() as writer:
        written = sum(writer.put_all(read_path(repository / articles, on_bad=print)))
    assert written > 150
    suite = repository / "benchmarks" / "relevance" / name
    result = CliRunner().invoke(main, ["eval", "check", "--suite", str(suite), "--index", address])
    assert result.exit_code == 0, result.output
