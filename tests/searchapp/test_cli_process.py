"""`timbao` as a process: starting, serving, being stopped."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from running import PROGRAM, fetch, run_timbao, serving


def test_search_starts_without_what_it_does_not_need(archive: str, repository: Path) -> None:
    program = f"""
import sys
from searchapp.cli import main
main(["search", "ha noi", "--index", {archive!r}], standalone_mode=False)
heavy = ("flask", "waitress", "rich", "trafilatura", "sklearn", "pyvi")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run(  # noqa: S603  # our own interpreter and program
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr


def test_a_closed_pipe_is_no_traceback(archive: str, repository: Path) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    command = f'"$0" -c "$1" search "ban tin" --limit 25 --index "{archive}" | true'
    done = subprocess.run(  # noqa: S603  # our own program
        [shell, "-c", command, PROGRAM[0], PROGRAM[2]],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_serve_prints_one_line_and_answers(archive: str, repository: Path) -> None:
    with serving(repository, "--port", "0", "--index", archive) as (line, process):
        match = re.fullmatch(r"Tìm Báo: (http://127\.0\.0\.1:\d+)/\n", line)
        assert match is not None, line
        assert fetch(f"{match[1]}/healthz")[0] == 200
        assert "<h1>Tìm Báo</h1>" in fetch(f"{match[1]}/")[1]
        port = match[1].rpartition(":")[2]
        second = run_timbao(repository, "serve", "--port", port, "--index", archive)
        assert second.returncode == 1
        assert second.stderr.startswith(f"Error: Cannot listen on 127.0.0.1:{port} (")
        assert second.stderr.count("\n") == 1
        process.terminate()
        rest, errors = process.communicate(timeout=10)
        assert rest == ""
        assert "Traceback" not in errors


def test_serve_takes_its_settings_from_the_environment(archive: str, repository: Path) -> None:
    env = {"TIMBAO_INDEX": archive, "TIMBAO_PORT": "0", "TIMBAO_SITE_NAME": "Kho báo huyện"}
    with serving(repository, env=env) as (line, _):
        assert "<h1>Kho báo huyện</h1>" in fetch(line.removeprefix("Tìm Báo: ").strip())[1]
