"""docs/evaluation.md: its files, commands, workflow and script work as they stand."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from running import serving
from small_suite import SUBJECTS, build_index

from index import open_engine, read_paths
from index.evaluation import read_run, read_suite

_FILE = re.compile(r"^`(toasoan/\S+)`[^#]*?:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_WORKFLOW = re.compile(r"`\.github/workflows/gate\.yaml`:\n\n```yaml\n(.*?)^```", re.M | re.DOTALL)
_SCRIPT = re.compile(r"`ask\.py`[^`]*?:\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def document(repository: Path) -> str:
    return (repository / "docs" / "evaluation.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of the sample documents."""
    address = f"whoosh:{tmp_path_factory.mktemp('samples')}"
    bad: list[object] = []
    with open_engine(address).writer() as writer:
        assert all(writer.put_all(read_paths([repository / "sample_docs"], on_bad=bad.append)))
    assert bad == []
    return address


@pytest.fixture
def folder(document: str, tmp_path: Path) -> Path:
    """The working folder of the reader, with the files that the document shows."""
    (tmp_path / "toasoan").mkdir()
    for name, text in _FILE.findall(document):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _shell(folder: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What a command gives in a shell that finds the installed `timbao`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "CI": "true", **more}
    return subprocess.run(  # noqa: S603  # commands of our own document
        ["bash", "-eo", "pipefail", "-c", command],  # noqa: S607
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _commands(document: str) -> list[str]:
    return [
        line.removeprefix("$ ")
        for block in _CONSOLE.findall(document)
        for line in block.splitlines()
        if "bench_gate.py" not in line and "ask.py" not in line
    ]


def test_the_files_make_a_suite(folder: Path) -> None:
    names = sorted(path.name for path in (folder / "toasoan").iterdir())
    assert names == [
        "assertions.yaml",
        "golden_restoration.tsv",
        "qrels.txt",
        "related_qrels.txt",
        "suite.yaml",
        "topics.tsv",
    ]
    suite = read_suite(folder / "toasoan")
    assert suite.settings.name == "Tòa soạn"
    assert len(suite.judged_topics) == 3
    assert len(suite.assertions) == 5


@pytest.mark.slow
def test_the_commands_work_in_their_order(document: str, folder: Path, address: str) -> None:
    commands = _commands(document)
    assert [command.split()[2] for command in commands if command.startswith("timbao eval")] == [
        "pool", "freeze", "baseline", "check", "pool", "baseline",
        "run", "run", "baseline", "check", "score",
    ]  # fmt: skip
    for command in commands:
        if command.startswith("sed"):  # the grades are those that the document shows
            kept = (folder / "toasoan" / "qrels.txt").read_bytes()
        done = _shell(folder, command, TIMBAO_INDEX=address)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        if command.startswith("sed"):
            (folder / "toasoan" / "qrels.txt").write_bytes(kept)
    assert {"written.run", "bare.run", "runs.json"} <= {path.name for path in folder.iterdir()}


@pytest.mark.slow
def test_a_newcomer_makes_a_gate_for_her_own_archive(document: str, tmp_path: Path) -> None:
    address = build_index(tmp_path / "archive")
    (tmp_path / "toasoan").mkdir()
    topics = [f"{item.key}\t{item.query}" for item in SUBJECTS]
    (tmp_path / "toasoan" / "topics.tsv").write_text("\n".join(topics), encoding="utf-8")
    for command in _commands(document)[:6]:
        done = _shell(tmp_path, command, TIMBAO_INDEX=address)
        assert done.returncode == 0, (command, done.stderr)
        if "pool" in command:
            judging = tmp_path / "cham.txt"
            lines = judging.read_text(encoding="utf-8").splitlines()
            assert len(lines) >= 3 * len(SUBJECTS)
            assert all(" ?  # " in line and " | " in line for line in lines)
            grades = {"a": "3", "b": "2", "c": "0"}
            judged = []
            for line in lines:
                topic, _, doc_id, _ = line.split("  # ")[0].split()
                own = doc_id.startswith(f"{topic}-")
                judged.append(line.replace("?", grades[doc_id[-1]] if own else "0", 1))
            judging.write_text("\n".join(judged) + "\n", encoding="utf-8")
    assert "Không đổi so với baseline." in done.stdout
    assert "nDCG@10" in done.stdout


@pytest.mark.slow
def test_the_workflow_runs_as_it_stands(document: str, folder: Path, address: str) -> None:
    found = _WORKFLOW.search(document)
    assert found is not None
    workflow = yaml.safe_load(found[1])
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert len(steps) == 3
    for command in _commands(document)[2:5]:
        done = _shell(folder, command, TIMBAO_INDEX=address)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    # A build begins in a fresh checkout.
    _shell(folder, "rm -rf var")
    for step in steps:
        done = _shell(folder, step)
        assert done.returncode == 0, (step, done.stdout, done.stderr)
    for name in ("junit.xml", "report.html"):
        assert (folder / "var" / "report" / name).stat().st_size > 1000
    # And goes red, with the code that says so, where an article no longer comes first.
    with (folder / "toasoan" / "assertions.yaml").open("a", encoding="utf-8") as file:
        file.write('- query: "hoa binh xa lu"\n  above: [north-14, d07]\n')
    assert _shell(folder, steps[-1]).returncode == 1


class _Foreign(BaseHTTPRequestHandler):
    """Answers as Elasticsearch and Meilisearch do, with two articles for every query."""

    asked: list[tuple[str, object]] = []  # noqa: RUF012  # one server a test

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body))
        if self.path == "/news/_search":
            hits = [{"_id": "d07", "_score": 2.0}, {"_id": "d08", "_score": 2.0}]
            answer: object = {"hits": {"total": {"value": 2}, "hits": hits}}
        else:
            answer = {"hits": [{"id": "d07"}, {"id": "d08"}], "estimatedTotalHits": 2}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def _foreign() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Foreign) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def script(document: str, folder: Path) -> Path:
    found = _SCRIPT.search(document)
    assert found is not None
    (folder / "ask.py").write_text(found[1], encoding="utf-8")
    return folder


def test_the_script_asks_other_engines(script: Path) -> None:
    topics = "timbao eval topics --topics toasoan/topics.tsv --variant none"
    with _foreign() as address:
        for engine, place in (("elasticsearch", "/news"), ("meilisearch", "/indexes/news")):
            command = f"{topics} | python ask.py {engine} {address}{place} > {engine}.run"
            done = _shell(script, command)
            assert done.returncode == 0, done.stderr
            run = read_run(script / f"{engine}.run")
            assert run.top("xa-lu", 9) == ("d07", "d08")
            assert set(run.rankings) == {"xa-lu", "dich", "bhxh"}
    bodies = json.dumps(_Foreign.asked, ensure_ascii=False)
    assert "thuy dien Hoa Binh xa lu" in bodies
    assert [path for path, _ in _Foreign.asked][::3] == ["/news/_search", "/indexes/news/search"]


def test_the_script_asks_our_own_server(script: Path, repository: Path, address: str) -> None:
    with serving(repository, "--port", "0", "--index", address) as (line, _process):
        found = re.search(r"http://\S+?(?=/?\s|/?$)", line)
        assert found is not None, line
        topics = "timbao eval topics --topics toasoan/topics.tsv"
        done = _shell(script, f"{topics} | python ask.py timbao {found[0]} > http.run")
        assert done.returncode == 0, done.stderr
    assert _shell(script, f"timbao eval run --topics toasoan/topics.tsv --out own.run "
                          f"--index {address}").returncode == 0  # fmt: skip
    own, over_http = (read_run(script / name) for name in ("own.run", "http.run"))
    assert {t: own.top(t, 10) for t in own.rankings} == {
        t: over_http.top(t, 10) for t in over_http.rankings
    }
