"""`timbao eval`: the gate, its report and its baseline."""

import shlex
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import click

from index import VIETNAM_TIME, SearchEngine
from index.evaluation import (
    Baseline,
    ClassesVerdict,
    Conditions,
    Evaluation,
    EvaluationInputError,
    MeanVerdict,
    QueriesVerdict,
    QueryVariant,
    RemovedVerdict,
    Rule,
    Suite,
    accept,
    baseline_text,
    evaluate,
    evaluate_runs,
    judge,
    read_baseline,
    read_run_for,
    read_suite,
)

from ..text.formatting import terminal_text
from .command_options import index_option, json_option, print_json
from .evaluation_options import (
    IN_FILE,
    OUT_FILE,
    EvalGroup,
    ExitCode,
    RulesType,
    checkout_of,
    lang_option,
    open_index,
    prepare_file,
    runs_by_variant,
    runs_option,
    suite_option,
    write_text,
)
from .evaluation_output import print_check, print_history
from .evaluation_records import check_document, history_document, junit_xml
from .evaluation_report import report_html
from .evaluation_runs import (
    freeze_command,
    pool_command,
    run_command,
    score_command,
    topics_command,
)
from .evaluation_texts import gettext_of

__all__ = ["eval_group"]

RunFiles = tuple[tuple[QueryVariant, Path], ...]

_POLICIES = click.Choice(["fail", "ignore"])

_baseline_option = click.option(
    "--baseline",
    "baseline_path",
    type=IN_FILE,
    help="What to compare with.  [default: baseline.json of the suite]",
)
_related_run_option = click.option(
    "--related-run",
    type=IN_FILE,
    help="With --run: a run whose topics are the ids of articles, for related_qrels.txt.",
)
_lost_option = click.option(
    "--lost",
    type=_POLICIES,
    default="fail",
    show_default=True,
    help="What becomes of judged articles that the index lacks: fail, or leave their judgements "
    "and assertions out.",
)
_fail_on_option = click.option(
    "--fail-on",
    "rules",
    type=RulesType(),
    help="What is too much worse, such as ndcg@10:-0.01,queries:-0.2×3.  [default: as the suite "
    "says]",
)


@click.group("eval", cls=EvalGroup, short_help="Measure the relevance of the results.")
def eval_group() -> None:
    """Measure the relevance of the results, and fail a build that makes them worse.

    A suite is a folder with topics, judgements, assertions and a baseline: see docs/evaluation.md.
    Exit codes: 0 done and passed, 1 worse than allowed, 2 bad input (with its file and line), 3 no
    index that can be searched, 4 worse than allowed, but on other articles than the baseline's,
    5 the command itself failed.
    """


@eval_group.command("check", short_help="Fail where results got worse than the baseline.")
@suite_option
@_baseline_option
@click.option("--no-baseline", is_flag=True, help="Judge what needs no baseline only.")
@_fail_on_option
@_lost_option
@click.option(
    "--removed",
    type=_POLICIES,
    default="fail",
    show_default=True,
    help="What becomes of topics, judgements and assertions that the baseline had and the suite "
    "has no more.",
)
@runs_option
@_related_run_option
@click.option("--junit", type=OUT_FILE, help="Write the verdicts as JUnit XML too.")
@click.option("--report", type=OUT_FILE, help="Write the HTML report too.")
@json_option
@lang_option
@index_option
def check_command(
    folder: Path,
    baseline_path: Path | None,
    no_baseline: bool,
    rules: tuple[Rule, ...] | None,
    lost: str,
    removed: str,
    run_files: RunFiles,
    related_run: Path | None,
    junit: Path | None,
    report: Path | None,
    as_json: bool,
    lang: str,
    index_address: str,
) -> None:
    """Run a suite and compare it with its baseline and its thresholds.

    Rules: MEASURE:-X fails if the mean falls by more than X, for every way of typing, and with @P
    only where chance gives that in fewer than P of all cases; queries:-X×N if N topics or more fall
    by X in nDCG@10; classes:-X if a class of topics falls by more than X; related:-X if the related
    news do (nDCG@5; -0.02 unless it is given). Exit code 1 names the worst topics and classes.
    """
    if no_baseline and baseline_path is not None:
        raise click.UsageError("--baseline and --no-baseline exclude each other.")
    suite = read_suite(folder)
    baseline = None if no_baseline else _needed_baseline(suite, baseline_path)
    for path in (junit, report):
        prepare_file(path)
    evaluation, engine = _evaluated(suite, run_files, related_run, lost, index_address)
    conditions = Conditions(rules=rules, ignore_removed=removed == "ignore")
    gate = judge(evaluation, baseline, conditions)
    _ = gettext_of(lang)
    if junit is not None:
        write_text(junit, junit_xml(evaluation, gate, _))
    if report is not None:
        page = report_html(
            evaluation, baseline, gate, command=_command(), headline=_headline(engine), lang=lang
        )
        write_text(report, page)
    code = ExitCode.PASSED
    if not gate.passed:
        code = ExitCode.OTHER_ARTICLES if gate.data_differ else ExitCode.WORSE
    if as_json:
        print_json(check_document(evaluation, baseline, gate, code, _))
    else:
        print_check(evaluation, baseline, gate, _)
    if code:
        raise click.exceptions.Exit(code)


@eval_group.command("report", short_help="Write what a suite shows as one HTML file.")
@suite_option
@_baseline_option
@_fail_on_option
@_lost_option
@runs_option
@_related_run_option
@click.option("--out", required=True, type=OUT_FILE, help="Where to write the page.")
@lang_option
@index_option
def report_command(
    folder: Path,
    baseline_path: Path | None,
    rules: tuple[Rule, ...] | None,
    lost: str,
    run_files: RunFiles,
    related_run: Path | None,
    out: Path,
    lang: str,
    index_address: str,
) -> None:
    """Run a suite and write a page with its measures, its classes and what moved.

    The page is one file that needs no network. The exit code is 0 even if the suite fails, and a
    suite without a baseline is shown by itself.
    """
    suite = read_suite(folder)
    path = baseline_path or suite.baseline_path
    baseline = read_baseline(path) if path.exists() else None
    prepare_file(out)
    evaluation, engine = _evaluated(suite, run_files, related_run, lost, index_address)
    gate = judge(evaluation, baseline, Conditions(rules=rules))
    page = report_html(
        evaluation, baseline, gate, command=_command(), headline=_headline(engine), lang=lang
    )
    write_text(out, page)
    _ = gettext_of(lang)
    click.echo(terminal_text(_("Đã ghi báo cáo vào %(path)s", path=out)))


@eval_group.command("baseline", short_help="Show or renew the results to keep up with.")
@suite_option
@click.option(
    "--baseline",
    "baseline_path",
    type=OUT_FILE,
    help="The file.  [default: baseline.json of the suite]",
)
@click.option("--accept", "accepted", is_flag=True, help="Make the present results the baseline.")
@click.option("--reason", help="Why: kept in the file's history.")
@click.option("--author", help="Who accepts.  [default: whom git names]")
@click.option(
    "--despite-failures",
    is_flag=True,
    help="Accept even if an assertion, a threshold or a judged article is missing.",
)
@_lost_option
@runs_option
@_related_run_option
@json_option
@lang_option
@index_option
def baseline_command(
    folder: Path,
    baseline_path: Path | None,
    accepted: bool,
    reason: str | None,
    author: str | None,
    despite_failures: bool,
    lost: str,
    run_files: RunFiles,
    related_run: Path | None,
    as_json: bool,
    lang: str,
    index_address: str,
) -> None:
    """Print the history of a suite's baseline; with --accept --reason "…", add to it.

    Before it accepts, it prints what differs from the baseline so far. It refuses, with exit code
    1, while an assertion or a threshold that needs no baseline fails. The history also keeps the
    author, and the commit that git names for the folder.
    """
    if accepted != bool(reason and reason.strip()):
        raise click.UsageError("--accept and --reason need each other.")
    suite = read_suite(folder)
    path = baseline_path or suite.baseline_path
    baseline = read_baseline(path) if path.exists() else None
    _ = gettext_of(lang)
    if reason is not None:
        prepare_file(path)
        evaluation, _engine = _evaluated(suite, run_files, related_run, lost, index_address)
        gate = judge(evaluation, baseline)
        if not as_json:
            print_check(evaluation, baseline, gate, _)
            click.echo()
        refusing = [verdict for verdict in gate.failed if not _moves_with_a_baseline(verdict)]
        if refusing and not despite_failures:
            click.echo(
                _(
                    "Chưa chấp nhận: %(count)s điều kiện không phụ thuộc baseline bị trượt. Hãy "
                    "sửa, hoặc thêm --despite-failures.",
                    count=len(refusing),
                ),
                err=True,
            )
            raise click.exceptions.Exit(ExitCode.WORSE)
        checkout = checkout_of(folder)
        baseline = accept(
            evaluation,
            baseline,
            day=datetime.now(VIETNAM_TIME).date(),
            reason=" ".join(reason.split()),
            author=checkout.author if author is None else author,
            commit=checkout.commit,
        )
        write_text(path, baseline_text(baseline))
    if as_json:
        print_json(history_document(baseline))
        return
    if reason is not None:
        click.echo(terminal_text(_("Đã ghi baseline vào %(path)s", path=path)))
    if baseline is None:
        click.echo(terminal_text(_("Chưa có baseline trong %(path)s.", path=path)))
    else:
        print_history(baseline, _)


for _each in (run_command, score_command, topics_command, pool_command, freeze_command):
    eval_group.add_command(_each)


def _needed_baseline(suite: Suite, path: Path | None) -> Baseline:
    """The baseline; without one a check would pass on nothing."""
    wanted = path or suite.baseline_path
    if not wanted.exists():
        reason = (
            'there is no baseline: accept one with `timbao eval baseline --accept --reason "…"`, '
            "or give --no-baseline"
        )
        raise EvaluationInputError(wanted, None, reason)
    return read_baseline(wanted)


def _evaluated(
    suite: Suite, run_files: RunFiles, related_run: Path | None, lost: str, address: str
) -> tuple[Evaluation, SearchEngine | None]:
    """The evaluation of an index, or of runs, for which there is no engine."""
    if run_files:
        runs = runs_by_variant(suite.qrels, run_files)
        related = None
        if related_run is not None and suite.related is not None:
            related = read_run_for(suite.related, related_run)
        return evaluate_runs(suite, runs, related), None
    if related_run is not None:
        raise click.UsageError("--related-run needs --run.")
    engine = open_index(address)
    return evaluate(suite, engine, ignore_lost=lost == "ignore"), engine


def _moves_with_a_baseline(verdict: object) -> bool:
    """Whether accepting new results is the answer to a verdict that fails."""
    return isinstance(verdict, MeanVerdict | QueriesVerdict | ClassesVerdict | RemovedVerdict)


def _command() -> str:
    """The check that gives the same numbers: what was typed, but not where to write."""
    given = click.get_current_context().params
    words = ["timbao", "eval", "check", "--suite", str(given["folder"])]
    for variant, path in given["run_files"]:
        words += ["--run", str(path) if variant is QueryVariant.AS_WRITTEN else f"{variant}={path}"]
    if not given["run_files"]:
        words += ["--index", given["index_address"]]
    for option, name in (("--baseline", "baseline_path"), ("--related-run", "related_run")):
        if given[name] is not None:
            words += [option, str(given[name])]
    if given["rules"] is not None:
        words += ["--fail-on", ",".join(map(str, given["rules"]))]
    words += ["--no-baseline"] if given.get("no_baseline") else []
    for name in ("lost", "removed"):
        words += [f"--{name}", "ignore"] if given.get(name) == "ignore" else []
    return shlex.join(words)


def _headline(engine: SearchEngine | None) -> Callable[[str], str | None] | None:
    """The headline of an article by its id; None for runs."""
    if engine is None:
        return None

    @cache
    def headline(doc_id: str) -> str | None:
        article = engine.get(doc_id)
        return None if article is None else article.headline

    return headline
