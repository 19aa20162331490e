"""`timbao eval`: runs, measures, the gate, its report and its baseline."""

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import click

from index import MAX_RESULT_DEPTH, VIETNAM_TIME, SearchEngine, SearchError, open_engine
from index.evaluation import (
    Baseline,
    Evaluation,
    EvaluationInputError,
    EvaluationNotInstalled,
    GateResult,
    QueryVariant,
    Rule,
    Suite,
    accept,
    baseline_text,
    evaluate,
    judge,
    parse_rules,
    read_baseline,
    read_qrels,
    read_run,
    read_suite,
    read_topics,
    run_text,
    run_topics,
    score_run,
)

from ..text.formatting import terminal_text
from .command_options import choice_of, index_option
from .evaluation_output import junit_xml, print_check, print_history, print_scores
from .evaluation_report import report_html

__all__ = ["Checkout", "checkout_of", "eval_group"]

_REGRESSION = 1
_IN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT_FILE = click.Path(dir_okay=False, path_type=Path)

_suite_option = click.option(
    "--suite",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with topics.tsv, qrels.txt and what else the suite has.",
)
_baseline_option = click.option(
    "--baseline",
    "baseline_path",
    type=_IN_FILE,
    help="What to compare with.  [default: baseline.json of the suite, if there]",
)


class _BadInput(click.ClickException):
    exit_code = 2


class _NoIndex(click.ClickException):
    exit_code = 3


class _ExitCodes(click.Group):
    """Ends with the exit codes that a build relies on."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (EvaluationInputError, EvaluationNotInstalled) as error:
            raise _BadInput(str(error)) from error
        except SearchError as error:
            # Never 1: a build must not take an index that cannot be opened for a regression.
            raise _NoIndex(str(error)) from error


@click.group("eval", cls=_ExitCodes, short_help="Measure the relevance of the results.")
def eval_group() -> None:
    """Measure the relevance of the results, and fail a build that makes them worse.

    A suite is a folder with topics, judgements, assertions and a baseline: see docs/evaluation.md.
    Exit codes: 0 done and passed, 1 worse than allowed, 2 bad input (with its file and line), 3 no
    index that can be searched.
    """


class _RulesType(click.ParamType[tuple[Rule, ...]]):
    """Rules such as ndcg@10:-0.01,queries:-0.2×3."""

    name = "rules"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Rule, ...]:
        """The rules that are meant."""
        try:
            return parse_rules(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


@eval_group.command("run", short_help="Write what is found for topics as a TREC run.")
@click.option(
    "--topics",
    required=True,
    type=_IN_FILE,
    help="Lines of id, query and perhaps class, tabs between.",
)
@click.option("--out", required=True, type=_OUT_FILE, help="Where to write the run.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=1000,
    show_default=True,
    help="The most articles of a topic.",
)
@click.option(
    "--variant",
    type=choice_of(QueryVariant),
    default=str(QueryVariant.AS_WRITTEN),
    show_default=True,
    help="The way in which the topics are typed.",
)
@index_option
def run_command(topics: Path, out: Path, limit: int, variant: str, index_address: str) -> None:
    """Search for every topic and write the articles found as a TREC run.

    A line is: topic, Q0, article, rank from 1, score, timbao. Two runs on one index are equal byte
    for byte, and scores fall from rank to rank, so that trec_eval keeps the order.
    """
    queries = read_topics(topics)
    run = run_topics(
        _open_index(index_address), queries, variant=QueryVariant(variant), limit=limit
    )
    _write_text(out, run_text(run))
    click.echo(terminal_text(f"{len(queries)} topics, {run.hits} hits written to {out}"))


@eval_group.command("score", short_help="Measure TREC runs against judgements.")
@click.option("--qrels", required=True, type=_IN_FILE, help="Lines of topic, 0, article, grade.")
@click.option("--topics", type=_IN_FILE, help="Topics with classes, to have the mean of each.")
@click.option("--per-topic", is_flag=True, help="Print the values of every topic too.")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=_IN_FILE)
def score_command(
    qrels: Path, topics: Path | None, per_topic: bool, runs: tuple[Path, ...]
) -> None:
    """Print nDCG@10, RR@10, P@5, R@100 and Judged@10 of each RUN.

    Values are those of ir-measures: means over the judged topics, where a topic without hits counts
    0. With several runs each is compared with the first: topics won, lost and equal in nDCG@10, and
    the p-value of the paired randomisation test.
    """
    judgements = read_qrels(qrels)
    listed = () if topics is None else read_topics(topics)
    found = [(str(path), score_run(judgements, read_run(path))) for path in runs]
    print_scores(found, listed, per_topic=per_topic)


@eval_group.command("check", short_help="Fail where results got worse than the baseline.")
@_suite_option
@_baseline_option
@click.option(
    "--fail-on",
    "rules",
    type=_RulesType(),
    help="What is too much worse, such as ndcg@10:-0.01,queries:-0.2×3.  [default: as the suite "
    "says]",
)
@click.option("--junit", type=_OUT_FILE, help="Write the verdicts as JUnit XML too.")
@click.option("--report", type=_OUT_FILE, help="Write the HTML report too.")
@index_option
def check_command(
    folder: Path,
    baseline_path: Path | None,
    rules: tuple[Rule, ...] | None,
    junit: Path | None,
    report: Path | None,
    index_address: str,
) -> None:
    """Run a suite and compare it with its baseline and its thresholds.

    Rules: MEASURE:-X fails if the mean falls by more than X, for every way of typing; queries:-X×N
    if N topics or more fall by X in nDCG@10; classes:-X if a class of topics falls by more than X;
    related:-X if the related news do (nDCG@5). Exit code 1 names the worst topics and classes.
    """
    suite, baseline = _read(folder, baseline_path)
    engine = _open_index(index_address)
    evaluation = evaluate(suite, engine)
    gate = judge(evaluation, baseline, rules)
    if junit is not None:
        _write_text(junit, junit_xml(evaluation, gate))
    if report is not None:
        _write_text(report, _report(engine, evaluation, baseline, gate, index_address))
    print_check(evaluation, baseline, gate)
    if not gate.passed:
        raise click.exceptions.Exit(_REGRESSION)


@eval_group.command("report", short_help="Write what a suite shows as one HTML file.")
@_suite_option
@_baseline_option
@click.option("--out", required=True, type=_OUT_FILE, help="Where to write the page.")
@index_option
def report_command(folder: Path, baseline_path: Path | None, out: Path, index_address: str) -> None:
    """Run a suite and write a page with its measures, its classes and what moved.

    The page is one file that needs no network. The exit code is 0 even if the suite fails.
    """
    suite, baseline = _read(folder, baseline_path)
    engine = _open_index(index_address)
    evaluation = evaluate(suite, engine)
    gate = judge(evaluation, baseline)
    _write_text(out, _report(engine, evaluation, baseline, gate, index_address))
    click.echo(terminal_text(f"report written to {out}"))


@eval_group.command("baseline", short_help="Show or renew the results to keep up with.")
@_suite_option
@click.option(
    "--baseline",
    "baseline_path",
    type=_OUT_FILE,
    help="The file.  [default: baseline.json of the suite]",
)
@click.option("--accept", "accepted", is_flag=True, help="Make the present results the baseline.")
@click.option("--reason", help="Why: kept in the file's history.")
@click.option("--author", help="Who accepts.  [default: whom git names]")
@index_option
def baseline_command(
    folder: Path,
    baseline_path: Path | None,
    accepted: bool,
    reason: str | None,
    author: str | None,
    index_address: str,
) -> None:
    """Print the history of a suite's baseline; with --accept --reason "…", add to it.

    The history also keeps the author, and the commit that git names for the folder.
    """
    if accepted != bool(reason and reason.strip()):
        raise click.UsageError("--accept and --reason need each other.")
    suite = read_suite(folder)
    path = baseline_path or suite.baseline_path
    baseline = read_baseline(path) if path.exists() else None
    if reason is not None:
        evaluation = evaluate(suite, _open_index(index_address))
        checkout = checkout_of(folder)
        baseline = accept(
            evaluation,
            baseline,
            day=datetime.now(VIETNAM_TIME).date(),
            reason=" ".join(reason.split()),
            author=checkout.author if author is None else author,
            commit=checkout.commit,
        )
        _write_text(path, baseline_text(baseline))
        click.echo(terminal_text(f"baseline written to {path}"))
    if baseline is None:
        click.echo(terminal_text(f"There is no baseline in {path}."))
    else:
        print_history(baseline)


def _read(folder: Path, baseline_path: Path | None) -> tuple[Suite, Baseline | None]:
    suite = read_suite(folder)
    path = baseline_path or suite.baseline_path
    return suite, read_baseline(path) if path.exists() else None


def _report(
    engine: SearchEngine,
    evaluation: Evaluation,
    baseline: Baseline | None,
    gate: GateResult,
    address: str,
) -> str:
    command = ["timbao", "eval", "check", "--suite", str(evaluation.suite.folder)]
    command += ["--index", address]

    @cache
    def headline(doc_id: str) -> str | None:
        article = engine.get(doc_id)
        return None if article is None else article.headline

    return report_html(evaluation, baseline, gate, command=shlex.join(command), headline=headline)


def _open_index(address: str) -> SearchEngine:
    """The engine; raises IndexNotFound now, not after other work is done."""
    engine = open_engine(address)
    engine.count()
    return engine


def _write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8 with plain line ends.

    Raises:
        EvaluationInputError: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationInputError(
            path, None, f"it cannot be written ({error.strerror})"
        ) from error


@dataclass(frozen=True, slots=True)
class Checkout:
    """The author that git would name and the short commit; "" for what git does not know."""

    author: str = ""
    commit: str = ""


def checkout_of(folder: Path) -> Checkout:
    """What git says of the checkout that a folder belongs to; nothing where there is no git."""
    git = shutil.which("git")
    if git is None:
        return Checkout()
    return Checkout(
        author=_answer(git, folder, "config", "user.name"),
        commit=_answer(git, folder, "rev-parse", "--short", "--verify", "HEAD"),
    )


def _answer(git: str, folder: Path, *arguments: str) -> str:
    asked = subprocess.run(  # noqa: S603  # a fixed program, without a shell
        [git, "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""
