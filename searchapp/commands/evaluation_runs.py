"""`timbao eval run`, `score`, `topics`, `pool` and `freeze`: files for an evaluation and of it."""

import gzip
from pathlib import Path
from time import perf_counter

import click

from index import MAX_RESULT_DEPTH, read_path
from index.evaluation import (
    ARTICLES_FILE,
    DISTRACTORS,
    FROZEN_DEPTH,
    POOL_DEPTH,
    QRELS_FILE,
    TOPICS_FILE,
    EvaluationInputError,
    Minimum,
    Qrels,
    QueryVariant,
    Topic,
    article_line,
    frozen_ids,
    read_qrels,
    read_run_for,
    read_suite,
    read_topics,
    run_text,
    run_topics,
    score_run,
    state_of,
    topic_runs,
    typed,
    unjudged,
)

from ..text.formatting import terminal_text
from .command_options import choice_of, index_option, json_option, print_json
from .evaluation_options import (
    IN_FILE,
    OUT_FILE,
    ExitCode,
    MinimumType,
    lang_option,
    open_index,
    prepare_file,
    runs_by_variant,
    runs_option,
    suite_option,
    write_text,
)
from .evaluation_output import print_scores
from .evaluation_records import score_document, score_junit_xml
from .evaluation_texts import gettext_of

__all__ = ["freeze_command", "pool_command", "run_command", "score_command", "topics_command"]

RunFiles = tuple[tuple[QueryVariant, Path], ...]

_topics_option = click.option(
    "--topics",
    required=True,
    type=IN_FILE,
    help="Lines of id, query and perhaps class, tabs between.",
)
_variant_option = click.option(
    "--variant",
    type=choice_of(QueryVariant),
    default=str(QueryVariant.AS_WRITTEN),
    show_default=True,
    help="The way in which the topics are typed.",
)


@click.command("run", short_help="Write what is found for topics as a TREC run.")
@_topics_option
@click.option("--out", required=True, type=OUT_FILE, help="Where to write the run.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=1000,
    show_default=True,
    help="The most articles of a topic.",
)
@_variant_option
@lang_option
@index_option
def run_command(
    topics: Path, out: Path, limit: int, variant: str, lang: str, index_address: str
) -> None:
    """Search for every topic and write the articles found as a TREC run.

    A line is: topic, Q0, article, rank from 1, score, timbao. Two runs on one index are equal byte
    for byte, and scores fall from rank to rank, so that trec_eval keeps the order.
    """
    queries = read_topics(topics)
    prepare_file(out)
    run = run_topics(open_index(index_address), queries, variant=QueryVariant(variant), limit=limit)
    write_text(out, run_text(run))
    _ = gettext_of(lang)
    text = _(
        "Đã ghi %(topics)s chủ đề, %(hits)s kết quả vào %(path)s",
        topics=len(queries),
        hits=run.hits,
        path=out,
    )
    click.echo(terminal_text(text))


@click.command("score", short_help="Measure TREC runs against judgements.")
@click.option("--qrels", required=True, type=IN_FILE, help="Lines of topic, 0, article, grade.")
@click.option("--topics", type=IN_FILE, help="Topics with classes, to have the mean of each.")
@click.option("--per-topic", is_flag=True, help="Print the values of every topic too.")
@click.option(
    "--min",
    "minimums",
    metavar="MEASURE=X",
    type=MinimumType(),
    multiple=True,
    help="Fail with exit code 1 where the mean of a run is below X, such as nDCG@10=.8.",
)
@click.option("--junit", type=OUT_FILE, help="Write the topics and minimums as JUnit XML too.")
@json_option
@lang_option
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=IN_FILE)
def score_command(
    qrels: Path,
    topics: Path | None,
    per_topic: bool,
    minimums: tuple[Minimum, ...],
    junit: Path | None,
    as_json: bool,
    lang: str,
    runs: tuple[Path, ...],
) -> None:
    """Print nDCG@10, RR@10, P@5, R@100 and Judged@10 of each RUN.

    Values are those of trec_eval: means over the judged topics, where a topic without hits counts
    0. With several runs each is compared with the first: topics won, lost and equal in nDCG@10, and
    the p-value of the paired randomisation test.
    """
    prepare_file(junit)
    judgements = read_qrels(qrels)
    listed: tuple[Topic, ...] = () if topics is None else read_topics(topics)
    found, seconds = [], {}
    for path in runs:
        start = perf_counter()
        found.append((str(path), score_run(judgements, read_run_for(judgements, path))))
        seconds[str(path)] = perf_counter() - start
    _ = gettext_of(lang)
    if junit is not None:
        write_text(junit, score_junit_xml(found, listed, minimums, seconds, _))
    if as_json:
        print_json(score_document(found, listed, minimums))
    else:
        print_scores(found, listed, _, per_topic=per_topic)
    missed = [(name, one) for name, scores in found for one in minimums if not one.holds(scores)]
    for name, one in missed:
        text = _("%(name)s: %(measure)s dưới %(least)s", name=name, measure=one.measure,
                 least=f"{one.least:g}")  # fmt: skip
        click.echo(terminal_text(text), err=True)
    if missed:
        raise click.exceptions.Exit(ExitCode.WORSE)


@click.command("topics", short_help="Print topics as they are typed in some way.")
@_topics_option
@_variant_option
def topics_command(topics: Path, variant: str) -> None:
    """Print the id and the query of every topic, a tab between, for scripts that ask an engine."""
    for topic in read_topics(topics):
        click.echo(f"{topic.id}\t{typed(topic.query, QueryVariant(variant))}")


@click.command("pool", short_help="Print the first articles that nobody has judged.")
@suite_option
@runs_option
@click.option(
    "--depth",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=POOL_DEPTH,
    show_default=True,
    help="How many articles of each topic are looked at.",
)
@click.option("--headlines", is_flag=True, help="Print the query and the headlines too.")
@index_option
def pool_command(
    folder: Path, run_files: RunFiles, depth: int, headlines: bool, index_address: str
) -> None:
    """Print a line of qrels.txt for each unjudged article among the first ten of a topic.

    Every way of typing is looked at, or the given runs and only they. Put a grade in the place of
    each question mark, and add the lines to qrels.txt: with the question mark they are refused.
    Needs no qrels.txt: a new suite begins with this.
    """
    topics = read_topics(folder / TOPICS_FILE)
    queries = {topic.id: topic.query for topic in topics}
    path = folder / QRELS_FILE
    qrels = read_qrels(path, queries) if path.exists() else Qrels({})
    engine = None if run_files else open_index(index_address)
    if engine is None:
        judged = qrels if qrels.topics else Qrels({topic: {} for topic in queries})
        runs = tuple(runs_by_variant(judged, run_files).values())
    else:
        runs = topic_runs(topics, engine, depth)
    for item in unjudged(qrels, runs, queries, depth):
        line = f"{item.topic} 0 {item.doc_id} ?"
        if headlines:
            article = None if engine is None else engine.get(item.doc_id)
            title = "" if article is None else f" | {article.headline}"
            line += f"  # {queries[item.topic]}{title}"
        click.echo(terminal_text(line))


@click.command("freeze", short_help="Write the articles that a suite needs as one small file.")
@suite_option
@click.option(
    "--out", type=OUT_FILE, help=f"Where to write it.  [default: {ARTICLES_FILE} of the suite]"
)
@click.option(
    "--depth",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=FROZEN_DEPTH,
    show_default=True,
    help="How many hits of each topic are taken.",
)
@click.option(
    "--distractors",
    type=click.IntRange(0, 1000),
    default=DISTRACTORS,
    show_default=True,
    help="How many other articles for each one that is needed.",
)
@lang_option
@index_option
def freeze_command(
    folder: Path,
    out: Path | None,
    depth: int,
    distractors: int,
    lang: str,
    index_address: str,
) -> None:
    """Write the articles of a gate, so that its results move with the code and not with the news.

    These are the judged articles, the first of each topic in every way of typing, what assertions
    and related news find, and others among which they have to be found. `timbao index` reads the
    file, the same on every machine; accept a baseline on an index of it.
    """
    suite = read_suite(folder)
    path = out or folder / ARTICLES_FILE
    prepare_file(path)
    engine = open_index(index_address)
    ids = frozen_ids(suite, engine, depth=depth, distractors=distractors)
    articles = [article for doc_id in ids if (article := engine.get(doc_id)) is not None]
    lines = b"".join(map(article_line, articles))
    # Without a time and a name in its head the same articles give the same bytes.
    path.write_bytes(gzip.compress(lines, mtime=0) if path.suffix == ".gz" else lines)
    bad: list[object] = []
    if state_of(read_path(path, on_bad=bad.append)).digest != state_of(articles).digest:
        reason = "some articles are not read back as they are in the index"
        raise EvaluationInputError(path, None, reason)
    _ = gettext_of(lang)
    text = _(
        "Đã ghi %(count)s bài vào %(path)s (%(size)s KB)",
        count=len(articles),
        path=path,
        size=-(-path.stat().st_size // 1000),
    )
    click.echo(terminal_text(text))
