"""docs/evaluation.md: its files make a suite, and its commands work on the sample documents."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from index import open_engine, read_paths
from index.evaluation import read_suite
from searchapp.cli import main

_FILE = re.compile(r"^`(toasoan/\S+)`[^#]*?:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


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
def folder(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the reader, with the files that the document shows."""
    (tmp_path / "toasoan").mkdir()
    for name, text in _FILE.findall(document):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def test_the_commands_work_in_their_order(document: str, folder: Path, address: str) -> None:
    commands = [
        shlex.split(line.removeprefix("$ "))
        for block in _CONSOLE.findall(document)
        for line in block.splitlines()
    ]
    assert [command[2] for command in commands] == [
        "baseline", "check", "check", "baseline", "run", "run", "score",
    ]  # fmt: skip
    for program, *args in commands:
        assert program == "timbao"
        result = CliRunner().invoke(main, args, env={"TIMBAO_INDEX": address})
        assert result.exit_code == 0, (args, result.output)
    assert {"junit.xml", "report.html", "timbao.run", "bare.run"} <= {
        path.name for path in folder.iterdir()
    }
