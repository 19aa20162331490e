"""The shipped topics on a cluster: ranked as by the embedded engine."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index import SearchEngine, SearchRequest, open_engine, read_path
from index.evaluation.evaluate import evaluate
from index.evaluation.suite import read_suite
from searchapp.cli import main

pytestmark = pytest.mark.cluster

_TOP_HITS = 0.95
_NDCG = 0.01


@pytest.fixture(scope="module")
def engines(
    repository: Path, opensearch_hosts: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SearchEngine, SearchEngine, str]]:
    """The sample documents in the embedded engine and on a cluster, and the cluster's address."""
    folder = tmp_path_factory.mktemp("parity")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "0")
        patch.setenv("TIMBAO_OPENSEARCH_SHARDS", "2")
        address = f"opensearch://{opensearch_hosts}/parity-{folder.parent.name}"
        with (
            closing(open_engine(f"whoosh:{folder}")) as embedded,
            closing(open_engine(address)) as cluster,
        ):
            for engine in (embedded, cluster):
                with engine.writer() as writer:
                    documents = read_path(repository / "sample_docs", on_bad=print)
                    assert sum(writer.put_all(documents)) > 150
            yield embedded, cluster, address


def test_topics_rank_alike(
    engines: tuple[SearchEngine, SearchEngine, str], repository: Path
) -> None:
    embedded, cluster, _ = engines
    suite = read_suite(repository / "benchmarks" / "relevance" / "suite")
    expected, found = evaluate(suite, embedded), evaluate(suite, cluster)
    same_top = same_ten = 0
    topics = suite.judged_topics
    for topic in topics:
        request = SearchRequest(query=topic.query, limit=10)
        ids = [[hit.id for hit in engine.search(request).hits] for engine in (embedded, cluster)]
        same_top += ids[0][:1] == ids[1][:1]
        same_ten += ids[0] == ids[1]
    figures = {
        "topics": len(topics),
        "same top hit": same_top,
        "same first ten": same_ten,
        "nDCG@10, embedded": round(expected.as_written.mean(), 4),
        "nDCG@10, cluster": round(found.as_written.mean(), 4),
    }
    folder = repository / "var"
    folder.mkdir(exist_ok=True)
    (folder / "parity.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    assert same_top >= _TOP_HITS * len(topics), figures
    for variant, scores in expected.scores.items():
        assert abs(found.scores[variant].mean() - scores.mean()) <= _NDCG, variant


def test_the_gate_passes_on_a_cluster(
    engines: tuple[SearchEngine, SearchEngine, str], repository: Path
) -> None:
    suite = str(repository / "benchmarks" / "relevance" / "suite")
    command = ["eval", "check", "--suite", suite, "--index", engines[2]]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
