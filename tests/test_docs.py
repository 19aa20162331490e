"""The documents that show commands: they are run, and their help is the real one."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from build_cli_docs import cli_reference
from running import fetch, run_timbao, serving

from searchapp.cli import main

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(
    r"`((?:analyzers|index|searchapp|tests|benchmarks|scripts|docs|deploy|sample_docs)/[^\s`]*)"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of a document and the output that is shown below it (empty: none is)."""

    args: tuple[str, ...]
    output: str


@pytest.fixture(scope="module")
def readme(repository: Path) -> list[Shown]:
    """The commands of README.md in order."""
    text = (repository / "README.md").read_text(encoding="utf-8")
    return [shown for block in _BLOCK.findall(text) for shown in _commands(block)]


@pytest.fixture(scope="module")
def sample_index(
    readme: list[Shown], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The index that the README's own command builds, elsewhere."""
    address = f"whoosh:{tmp_path_factory.mktemp('readme')}"
    command = next(shown for shown in readme if shown.args[:2] == ("timbao", "index"))
    done = run_timbao(repository, *command.args[1:], env={"TIMBAO_INDEX": address})
    assert done.returncode == 0, done.stderr
    _assert_shows(command, done.stdout)
    return address


def test_the_readme_shows_the_main_commands(readme: list[Shown]) -> None:
    shown = {command.args[:2] for command in readme}
    assert shown >= {("make", "serve"), ("make", "test"), ("timbao", "index"), ("timbao", "search")}


def test_the_commands_of_the_readme_work(
    readme: list[Shown], sample_index: str, repository: Path
) -> None:
    ran = 0
    for command in readme:
        program, *args = command.args
        if program != "timbao" or args[0] in ("index", "serve"):
            continue
        done = run_timbao(repository, *args, env={"TIMBAO_INDEX": sample_index})
        assert done.returncode == 0, (command, done.stderr)
        _assert_shows(command, done.stdout)
        ran += 1
    assert ran


def test_the_readme_serves_the_sample_documents(
    readme: list[Shown], sample_index: str, repository: Path
) -> None:
    assert ("timbao", "serve") in {command.args[:2] for command in readme}
    with serving(repository, "--port", "0", env={"TIMBAO_INDEX": sample_index}) as (line, _):
        site = line.removeprefix("Tìm Báo: ").strip()
        assert "kết quả cho “cong an”" in fetch(f"{site}search?q=cong+an")[1]


def test_the_make_targets_of_the_readme_exist(readme: list[Shown], repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = [command.args[1] for command in readme if command.args[0] == "make"]
    assert targets
    for target in targets:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target


def test_cli_md_is_the_help_of_the_commands(repository: Path) -> None:
    written = (repository / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == cli_reference(main, "timbao"), "run `make docs`"


def test_every_path_in_the_documents_exists(repository: Path) -> None:
    documents = [repository / "README.md", repository / "CONTRIBUTING.md"]
    # Figures of recorded runs keep the names that modules had when they were measured.
    documents += [p for p in (repository / "docs").rglob("*.md") if p.name != "performance.md"]
    written = {
        (document.name, path)
        for document in documents
        for path in _PATH.findall(document.read_text(encoding="utf-8"))
    }
    assert written
    assert [where for where in written if not any(repository.glob(where[1]))] == []


def _commands(block: str) -> Iterator[Shown]:
    """The commands of a block; `a && b` are two, and a comment is none."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        *before, last = line.split("&&")
        for command in before:
            yield Shown(tuple(shlex.split(command, comments=True)), "")
        yield Shown(tuple(shlex.split(last, comments=True)), output)


def _assert_shows(command: Shown, printed: str) -> None:
    """Whether the output is what the document shows; a line or end of line … stands for any."""
    if not command.output.strip():
        return
    pattern = re.escape(command.output.strip()).replace("…", r"[\s\S]*?")
    assert re.fullmatch(pattern, printed.strip()), (command.args, printed)


def test_the_notice_names_every_package_that_is_installed(repository: Path) -> None:
    notice = (repository / "NOTICE").read_text(encoding="utf-8").lower()
    pins = (repository / "requirements" / "app.txt").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", pins, re.MULTILINE)
    assert len(names) > 40
    assert [name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", notice)] == []
