"""`timbao eval run` and `timbao eval score`: TREC runs, as other tools write and read them."""

from pathlib import Path

import click

from index import MAX_RESULT_DEPTH
from index.evaluation import (
    Variant,
    read_qrels,
    read_run,
    read_topics,
    run_text,
    run_topics,
    score_run,
)

from .command_options import choice_of, index_option
from .evaluation_files import IN_FILE, OUT_FILE, open_index, write_text
from .evaluation_output import print_scores

__all__ = ["run_command", "score_command"]


@click.command("run", short_help="Write what is found for topics as a TREC run.")
@click.option(
    "--topics",
    required=True,
    type=IN_FILE,
    help="Lines of id, query and perhaps class, tabs between.",
)
@click.option("--out", required=True, type=OUT_FILE, help="Where to write the run.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=1000,
    show_default=True,
    help="The most articles of a topic.",
)
@click.option(
    "--variant",
    type=choice_of(Variant),
    default=str(Variant.AS_WRITTEN),
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
    run = run_topics(open_index(index_address), queries, variant=Variant(variant), limit=limit)
    write_text(out, run_text(run))
    click.echo(f"{len(queries)} topics, {run.hits} hits written to {out}")


@click.command("score", short_help="Measure TREC runs against judgements.")
@click.option("--qrels", required=True, type=IN_FILE, help="Lines of topic, 0, article, grade.")
@click.option("--topics", type=IN_FILE, help="Topics with classes, to have the mean of each.")
@click.option("--per-topic", is_flag=True, help="Print the values of every topic too.")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=IN_FILE)
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
