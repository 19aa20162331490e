"""Word segmentation: pyvi beside the lean segmenter on the same tokens, and word F1 (--f1).

    python benchmarks/bench_segmentation.py [--shared] [--tokens 200000] [--repeats 5]
    python benchmarks/bench_segmentation.py --f1

The two take turns in one process; times are CPU time, the median over the repeats counts. Every
run asserts that both give the same labels. Without --shared the corpus is sample_docs/, repeated
until there are enough tokens.
"""

import argparse
import gzip
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from time import process_time

from analyzers import exact_key
from analyzers.pyvi_model import PyviLabeller, model_directory
from analyzers.segmentation import Segmenter, load_segmenter, pyvi_tokens

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TIMBAO_SHARED", REPOSITORY.parent / "shared"))

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Tokens per second of CPU time (medians), and how long the lean model took to load."""

    corpus: str
    python: str
    sentences: int
    tokens: int
    repeats: int
    load_seconds: float
    pyvi_labels_per_s: float
    labels_per_s: float
    words_per_s: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScores:
    """Precision, recall and F1 of word spans, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class F1Row:
    """The scores on one gold file, with the tokens in one form."""

    file: str
    form: str
    sentences: int
    words: int
    scores: WordScores


def measure(segmenter: Segmenter, sentences: Sequence[Sequence[str]], repeats: int) -> list[float]:
    """Median CPU seconds of pyvi's labels, the segmenter's labels and the segmenter's words."""
    pyvi = PyviLabeller()
    by_pyvi = [pyvi.labels(sentence) for sentence in sentences]
    labelled = [segmenter.labels(sentence) for sentence in sentences]
    assert labelled == by_pyvi, "labels differ from pyvi's"
    tasks: list[Callable[[Sequence[str]], object]] = [
        pyvi.labels,
        segmenter.labels,
        segmenter.words,
    ]
    seconds: list[list[float]] = [[] for _ in tasks]
    for _ in range(repeats):
        for task, times in zip(tasks, seconds, strict=True):
            start = process_time()
            for sentence in sentences:
                task(sentence)
            times.append(process_time() - start)
    return [median(times) for times in seconds]


def throughput(corpus: str, lines: Iterable[str], wanted: int, repeats: int) -> Throughput:
    """The speed of both on the first `wanted` tokens of the lines (up to the end of a line)."""
    start = process_time()
    segmenter = load_segmenter(model_directory())
    load_seconds = process_time() - start
    sentences: list[list[str]] = []
    tokens = 0
    for line in lines:
        if tokens >= wanted:
            break
        sentences.append(pyvi_tokens(line))
        tokens += len(sentences[-1])
    assert tokens >= wanted, f"{corpus} has only {tokens} tokens"
    pyvi_s, labels_s, words_s = measure(segmenter, sentences, repeats)
    return Throughput(
        corpus=corpus,
        python=platform.python_version(),
        sentences=len(sentences),
        tokens=tokens,
        repeats=repeats,
        load_seconds=round(load_seconds, 4),
        pyvi_labels_per_s=round(tokens / pyvi_s),
        labels_per_s=round(tokens / labels_s),
        words_per_s=round(tokens / words_s),
        ratio=round(pyvi_s / labels_s, 2),
    )


def word_f1(gold: Iterable[Sequence[Span]], predicted: Iterable[Sequence[Span]]) -> WordScores:
    """How far predicted words are gold words: both ends must agree.

    Each item is a sentence as (first, last exclusive) token indexes; a punctuation mark is a word.
    """
    in_gold = in_predicted = in_both = 0
    for gold_words, predicted_words in zip(gold, predicted, strict=True):
        in_gold += len(gold_words)
        in_predicted += len(predicted_words)
        in_both += len(set(gold_words) & set(predicted_words))
    return WordScores(
        precision=in_both / in_predicted if in_predicted else 0.0,
        recall=in_both / in_gold if in_gold else 0.0,
        f1=2 * in_both / (in_predicted + in_gold) if in_predicted + in_gold else 0.0,
    )


def gold_sentence(line: str) -> tuple[list[str], list[Span]]:
    """The syllables and the word spans of a line whose words are joined by "_"."""
    syllables: list[str] = []
    spans: list[Span] = []
    for word in line.split():
        first = len(syllables)
        syllables += [part for part in word.split("_") if part] or [word]
        spans.append((first, len(syllables)))
    return syllables, spans


def f1_rows(folder: Path) -> Iterator[F1Row]:
    """F1 of every gold file, for the tokens as written and in the form that the index feeds."""
    segmenter = load_segmenter(model_directory())
    forms: dict[str, Callable[[str], str]] = {"as written": str, "index form": exact_key}
    for path in sorted(folder.glob("*.seg.txt")):
        sentences = [
            gold_sentence(line) for line in path.read_text(encoding="utf-8").splitlines() if line
        ]
        for name, form in forms.items():
            yield F1Row(
                file=path.name,
                form=name,
                sentences=len(sentences),
                words=sum(len(spans) for _, spans in sentences),
                scores=word_f1(
                    (spans for _, spans in sentences),
                    (segmenter.words([form(s) for s in syllables]) for syllables, _ in sentences),
                ),
            )


def sample_lines() -> Iterator[str]:
    """The lines of the sample documents, over and over."""
    lines: list[str] = []
    for path in sorted((REPOSITORY / "sample_docs").glob("*.jsonl")):
        with path.open(encoding="utf-8") as articles:
            lines += article_lines(articles)
    assert lines, "sample_docs/ holds no article"
    return cycle(lines)


def shared_lines() -> Iterator[str]:
    """The lines of news60k."""
    path = SHARED / "data" / "news60k.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as articles:
        yield from article_lines(articles)


def article_lines(articles: Iterable[str]) -> Iterator[str]:
    """The headline, lead and body lines of JSON Lines articles."""
    for article in map(json.loads, articles):
        for zone in ("title", "lead", "body"):
            yield from filter(str.strip, article.get(zone, "").splitlines())


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--shared", action="store_true", help="news60k instead of sample_docs")
    parser.add_argument("--tokens", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--f1", action="store_true", help="word F1 instead of speed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if (options.f1 or options.shared) and not SHARED.is_dir():
        parser.error(f"no shared data in {SHARED}: set TIMBAO_SHARED to the folder that has it")
    figures: object
    if options.f1:
        rows = list(f1_rows(SHARED / "data" / "segmentation"))
        assert rows, "no gold files"
        figures = [asdict(row) for row in rows]
        for row in rows:
            scores = row.scores
            print(
                f"{row.file:24} {row.form:12} {row.sentences:5} sentences {row.words:6} words"
                f"   P {scores.precision:.4f}  R {scores.recall:.4f}  F1 {scores.f1:.4f}"
            )
    else:
        corpus, lines = (
            ("news60k", shared_lines()) if options.shared else ("sample_docs", sample_lines())
        )
        result = throughput(corpus, lines, options.tokens, options.repeats)
        figures = asdict(result)
        print(f"{result.corpus}: {result.tokens:,} tokens in {result.sentences:,} lines, CPU time")
        print(f"pyvi, labels   {result.pyvi_labels_per_s:>10,} tokens/s")
        print(f"lean, labels   {result.labels_per_s:>10,} tokens/s   {result.ratio} × pyvi")
        print(f"lean, words    {result.words_per_s:>10,} tokens/s")
        print(f"lean model loaded in {result.load_seconds * 1000:.0f} ms; labels are identical")
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
