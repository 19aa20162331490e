"""`timbao eval`: runs, measures, the gate, its report and its baseline."""

import click

from index import SearchError
from index.evaluation import EvaluationInputError, EvaluationNotInstalled

from .evaluation_runs import run_command, score_command
from .evaluation_suite import baseline_command, check_command, report_command

__all__ = ["eval_group"]


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


eval_group.add_command(run_command)
eval_group.add_command(score_command)
eval_group.add_command(check_command)
eval_group.add_command(report_command)
eval_group.add_command(baseline_command)
