"""`timbao eval check`, `report` and `baseline`: a suite against what was accepted."""

import shlex
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from index import VIETNAM_TIME, SearchEngine
from index.evaluation import (
    Baseline,
    Evaluation,
    GateResult,
    Rule,
    Suite,
    accept,
    baseline_text,
    evaluate,
    judge,
    junit_xml,
    parse_rules,
    read_baseline,
    read_suite,
    report_html,
    shown_articles,
)

from .command_options import index_option
from .evaluation_files import IN_FILE, OUT_FILE, open_index, write_text
from .evaluation_output import print_check, print_history
from .version_control import checkout_of

__all__ = ["baseline_command", "check_command", "report_command"]

_REGRESSION = 1

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
    type=IN_FILE,
    help="What to compare with.  [default: baseline.json of the suite, if there]",
)


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


@click.command("check", short_help="Fail where results got worse than the baseline.")
@_suite_option
@_baseline_option
@click.option(
    "--fail-on",
    "rules",
    type=_RulesType(),
    help="What is too much worse, such as ndcg@10:-0.01,queries:-0.2×3.  [default: as the suite "
    "says]",
)
@click.option("--junit", type=OUT_FILE, help="Write the verdicts as JUnit XML too.")
@click.option("--report", type=OUT_FILE, help="Write the HTML report too.")
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
    engine = open_index(index_address)
    evaluation = evaluate(suite, engine)
    gate = judge(evaluation, baseline, rules)
    if junit is not None:
        write_text(junit, junit_xml(evaluation, gate))
    if report is not None:
        write_text(report, _report(engine, evaluation, baseline, gate, index_address))
    print_check(evaluation, baseline, gate)
    if not gate.passed:
        raise click.exceptions.Exit(_REGRESSION)


@click.command("report", short_help="Write what a suite shows as one HTML file.")
@_suite_option
@_baseline_option
@click.option("--out", required=True, type=OUT_FILE, help="Where to write the page.")
@index_option
def report_command(folder: Path, baseline_path: Path | None, out: Path, index_address: str) -> None:
    """Run a suite and write a page with its measures, its classes and what moved.

    The page is one file that needs no network. The exit code is 0 even if the suite fails.
    """
    suite, baseline = _read(folder, baseline_path)
    engine = open_index(index_address)
    evaluation = evaluate(suite, engine)
    gate = judge(evaluation, baseline)
    write_text(out, _report(engine, evaluation, baseline, gate, index_address))
    click.echo(f"report written to {out}")


@click.command("baseline", short_help="Show or renew the results to keep up with.")
@_suite_option
@click.option(
    "--baseline",
    "baseline_path",
    type=OUT_FILE,
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
        evaluation = evaluate(suite, open_index(index_address))
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
        click.echo(f"baseline written to {path}")
    if baseline is None:
        click.echo(f"There is no baseline in {path}.")
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
    return report_html(
        evaluation,
        baseline,
        gate,
        command=shlex.join(command),
        headlines=_headlines(engine, shown_articles(evaluation, baseline)),
    )


def _headlines(engine: SearchEngine, doc_ids: Iterable[str]) -> dict[str, str]:
    articles = (engine.get(doc_id) for doc_id in doc_ids)
    return {article.id: article.headline for article in articles if article is not None}
