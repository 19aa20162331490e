"""`timbao eval`: what it prints, what it writes, and with which code it ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_suite import SUBJECTS, build_index, write_suite

from index import open_engine
from searchapp.cli import main


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index that tests may only read."""
    return build_index(tmp_path_factory.mktemp("eval"))


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "suite")


def _eval(*args: object, status: int = 0) -> Result:
    """The result of a command that must end with this exit code."""
    command = ["eval", *map(str, args)]
    result = CliRunner().invoke(main, command, prog_name="timbao", catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def _error(*args: object, status: int) -> str:
    """The one line that a failing command writes to standard error."""
    result = _eval(*args, status=status)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def _accept(suite: Path, address: str, reason: str = "lần đầu") -> Result:
    options = ("--accept", "--reason", reason, "--author", "Ban thử")
    return _eval("baseline", "--suite", suite, "--index", address, *options)


def test_two_runs_are_equal_byte_for_byte(address: str, suite: Path, tmp_path: Path) -> None:
    runs = [tmp_path / "one.run", tmp_path / "two.run"]
    for run in runs:
        args = ("--topics", suite / "topics.tsv", "--out", run, "--index", address)
        assert _eval("run", *args).stdout.startswith(f"Đã ghi {len(SUBJECTS)} chủ đề, ")
    assert runs[0].read_bytes() == runs[1].read_bytes()
    rows = [line.split(" ") for line in runs[0].read_text(encoding="utf-8").splitlines()]
    assert {row[0] for row in rows} == {item.topic for item in SUBJECTS}
    assert {(row[1], row[5], len(row)) for row in rows} == {("Q0", "timbao", 6)}
    for item in SUBJECTS:
        own = [row for row in rows if row[0] == item.topic]
        assert [int(row[3]) for row in own] == list(range(1, len(own) + 1))
        scores = [float(row[4]) for row in own]
        assert scores == sorted(set(scores), reverse=True)


def test_a_run_may_be_short_and_typed_in_another_way(
    address: str, suite: Path, tmp_path: Path
) -> None:
    out = tmp_path / "none.run"
    args = ("--topics", suite / "topics.tsv", "--out", out, "--index", address)
    _eval("run", *args, "--limit", "1", "--variant", "none")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [line.split()[2] for line in lines] == [f"{item.key}-a" for item in SUBJECTS]


def test_scores_equal_those_of_ir_measures(address: str, suite: Path, tmp_path: Path) -> None:
    run = tmp_path / "timbao.run"
    _eval("run", "--topics", suite / "topics.tsv", "--out", run, "--index", address)
    printed = _eval("score", "--qrels", suite / "qrels.txt", run).stdout.splitlines()
    values = dict(zip(printed[0].split()[1:], printed[1].split()[1:], strict=True))
    asked = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-m", "ir_measures", str(suite / "qrels.txt"), str(run), *values],
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(line.split("\t") for line in asked.stdout.splitlines()) == values


def test_runs_are_compared_by_class_and_by_topic(address: str, suite: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.run", tmp_path / "bad.run"
    _eval("run", "--topics", suite / "topics.tsv", "--out", good, "--index", address)
    turned = [f"{item.topic} Q0 {item.key}-c 1 1.0 bad" for item in SUBJECTS]
    bad.write_text("\n".join(turned), encoding="utf-8")
    args = ("--qrels", suite / "qrels.txt", "--topics", suite / "topics.tsv", "--per-topic")
    lines = _eval("score", *args, good, bad).stdout.splitlines()
    assert f"{bad}  lớp place: 0.0000 nDCG@10, 2 chủ đề" in lines
    comparison = next(line for line in lines if line.startswith(f"{bad} so với {good}: "))
    assert "thắng 0, thua 8, hòa 0, chênh lệch −1.0000, p = 0.00" in comparison
    assert f"{bad}\tt-xang\t0.0000\t0.0000\t0.0000\t0.0000\t1.0000" in lines


def test_check_passes_unchanged_after_acceptance(address: str, suite: Path) -> None:
    first = _eval("check", "--suite", suite, "--index", address, "--no-baseline").stdout
    assert "Chưa có baseline" in first
    accepted = _accept(suite, address).stdout
    assert "Ban thử  lần đầu" in accepted
    output = _eval("check", "--suite", suite, "--index", address).stdout
    assert output.splitlines()[-1].endswith("Không đổi so với baseline.")
    assert "không dấu" in output
    assert "(ngưỡng 0.95)" in output
    assert "Khẳng định: 5/5" in output
    history = _eval("baseline", "--suite", suite, "--index", "whoosh:nowhere").stdout
    assert history == accepted.split("baseline.json\n", 1)[1]


def test_check_fails_where_articles_are_lost(suite: Path, tmp_path: Path) -> None:
    address = build_index(tmp_path / "own")
    _accept(suite, address)
    with open_engine(address).writer() as writer:
        assert all(writer.delete(f"{item.key}-a") for item in SUBJECTS[:4])
    junit, report = tmp_path / "junit.xml", tmp_path / "report.html"
    args = ("check", "--suite", suite, "--index", address, "--junit", junit, "--report", report)
    output = _eval(*args, status=4).stdout
    assert "Kho bài đã thay đổi: 24 → 20 bài (thêm 0, mất 4, sửa 0)" in output
    assert "thiếu xang-a, hocsinh-a, longthanh-a, baohiem-a" not in output
    assert "được thiếu baohiem-a, hocsinh-a, longthanh-a, xang-a" in output
    assert "assertions.yaml:2: giá xăng dầu" in output
    assert output.splitlines()[-1].endswith("Kho bài khác với baseline: chưa chắc do mã nguồn.")
    assert "<failure" in junit.read_text(encoding="utf-8")
    assert "Trượt" in report.read_text(encoding="utf-8")


def test_changed_judgements_are_no_regression(address: str, suite: Path) -> None:
    _accept(suite, address)
    qrels = suite / "qrels.txt"
    text = qrels.read_text(encoding="utf-8")
    for letter in "bc":
        text = text.replace(f"-{letter} 0", f"-{letter} 3").replace(f"-{letter} 2", f"-{letter} 0")
    qrels.write_text(text, encoding="utf-8")
    output = _eval("check", "--suite", suite, "--index", address).stdout
    assert "Điểm chấm (qrels) đã thay đổi" in output
    assert "nDCG@10 so với baseline: 0.0000" in output


def test_a_larger_tolerance_lets_a_loss_pass(address: str, suite: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.run", tmp_path / "bad.run"
    _eval("run", "--topics", suite / "topics.tsv", "--out", good, "--index", address)
    lines = good.read_text(encoding="utf-8").splitlines(keepends=True)
    bad.write_text("".join(line for line in lines if " hocsinh-b " not in line), encoding="utf-8")
    baseline = ("baseline", "--suite", suite, "--accept", "--reason", "x")
    _eval(*baseline, "--run", good)
    check = ("check", "--suite", suite, "--run", bad)
    _eval(*check, status=1)
    _eval(*check, "--fail-on", "ndcg@10:-0.005", status=1)
    assert "Đạt" in _eval(*check, "--fail-on", "ndcg@10:-0.2,queries:-0.2x3").stdout


def test_a_report_is_written_even_for_a_failing_suite(
    address: str, suite: Path, tmp_path: Path
) -> None:
    (suite / "assertions.yaml").write_text('- query: "a"\n  total_at_least: 99\n', encoding="utf-8")
    out = tmp_path / "report.html"
    _eval("report", "--suite", suite, "--out", out, "--index", address)
    page = out.read_text(encoding="utf-8")
    assert f"timbao eval check --suite {suite} --index {address}" in page
    assert "Bộ thử nhỏ" in page


def test_a_baseline_may_be_elsewhere(address: str, suite: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other.json"
    options = ("--baseline", elsewhere, "--accept", "--reason", "khác")
    _eval("baseline", "--suite", suite, "--index", address, *options)
    assert not (suite / "baseline.json").exists()
    output = _eval("check", "--suite", suite, "--index", address, "--baseline", elsewhere).stdout
    assert "Không đổi" in output


# -- exit codes


def test_a_missing_index_ends_with_3(suite: Path, tmp_path: Path) -> None:
    index = ("--index", f"whoosh:{tmp_path / 'none'}")
    out = tmp_path / "out"
    for command in (
        ("run", "--topics", suite / "topics.tsv", "--out", out),
        ("check", "--suite", suite, "--no-baseline"),
        ("report", "--suite", suite, "--out", out),
        ("baseline", "--suite", suite, "--accept", "--reason", "x"),
    ):
        assert "There is no index in" in _error(*command, *index, status=3)
    assert "whoosh:FOLDER" in _error(
        "check", "--suite", suite, "--no-baseline", "--index", "solr:x", status=3
    )
    assert not out.exists()


def test_a_malformed_line_17_ends_with_2(address: str, suite: Path, tmp_path: Path) -> None:
    qrels = suite / "qrels.txt"
    lines = qrels.read_text(encoding="utf-8").splitlines()
    lines[16] = "t-xang 0 xang-a relevant"
    qrels.write_text("\n".join(lines), encoding="utf-8")
    expected = f"Error: {qrels}, line 17: the grade 'relevant' is not a whole number"
    assert _error("check", "--suite", suite, "--index", address, status=2).startswith(expected)
    run = tmp_path / "run"
    run.write_text("t-xang Q0 a 1 1 x\n", encoding="utf-8")
    assert _error("score", "--qrels", qrels, run, status=2).startswith(expected)


def test_a_malformed_topic_is_reported_before_the_index_is_opened(tmp_path: Path) -> None:
    topics, out = tmp_path / "topics.tsv", tmp_path / "run"
    topics.write_text("q1\thà nội\nq2 hà nội\n", encoding="utf-8")
    args = ("run", "--topics", topics, "--out", out, "--index", f"whoosh:{tmp_path / 'none'}")
    assert f"{topics}, line 2: " in _error(*args, status=2)
    assert not out.exists()


def test_a_file_that_cannot_be_written_ends_with_2(
    address: str, suite: Path, tmp_path: Path
) -> None:
    (tmp_path / "no").write_text("", encoding="utf-8")
    out = tmp_path / "no" / "run"
    args = ("run", "--topics", suite / "topics.tsv", "--out", out, "--index", address)
    assert f"{out}: it cannot be written (" in _error(*args, status=2)


@pytest.mark.parametrize(
    ("command", "options", "reason"),
    [
        ("check", ("--fail-on", "ndcg@10"), "'ndcg@10' is not a rule"),
        ("check", ("--baseline", "nowhere.json"), "'nowhere.json' does not exist"),
        ("baseline", ("--accept",), "--accept and --reason need each other"),
        ("baseline", ("--reason", "x"), "--accept and --reason need each other"),
        ("report", (), "Missing option '--out'"),
    ],
)
def test_mistakes_in_options_end_with_2(
    suite: Path, command: str, options: tuple[str, ...], reason: str
) -> None:
    assert reason in _eval(command, "--suite", suite, *options, status=2).stderr


def test_searching_does_not_load_what_evaluation_needs(repository: Path) -> None:
    code = (
        "import sys, searchapp.commands.searching;"
        "print([m for m in ('ir_measures', 'yaml', 'index.evaluation') if m in sys.modules])"
    )
    asked = subprocess.run(  # noqa: S603  # our own interpreter and program
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert asked.stdout == "[]\n"
