"""News for the benchmarks as articles: sample documents, shared news, mixed and grown corpora.

`mixed` has the articles and teasers of 2020 to 2026 first, then those of news60k.

`grown` has the articles of news60k first and then made ones: the headline, the lead and every
paragraph of a made article come from natural articles of one section, drawn anew from a seed, and
it has as many paragraphs as a natural article. So syllables and adjacent pairs are as in real
text, while the vocabulary stays that of 60,000 articles and paragraphs occur several times.
"""

import gzip
import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

import numpy as np

from index import Article, BadRecord, read_path

REPOSITORY: Final = Path(__file__).resolve().parent.parent
SHARED: Final = Path(os.environ.get("TIMBAO_SHARED", REPOSITORY.parent / "shared"))
NEWS: Final = SHARED / "data" / "news60k.jsonl.gz"
TEASERS: Final = SHARED / "data" / "headlines30k.jsonl.gz"
_RECENT: Final = ("tuoitre2024.jsonl.gz", "unc_dantri.jsonl.gz")
QUESTIONS: Final = SHARED / "data" / "eval" / "vinewsqa" / "topics.tsv"
#: Corpus → articles; `grown` may have any number.
SIZES: Final = {
    "sample": 0,
    "news20k": 20_000,
    "news60k": 60_000,
    "mixed": 60_000,
    "grown": 200_000,
}
SEED: Final = 20_261_123


@dataclass(frozen=True, slots=True)
class Corpus:
    """A named corpus; `count` articles of it, 0 for all there are."""

    name: str
    count: int
    seed: int = SEED

    @property
    def label(self) -> str:
        """Its name and size, also the name of a folder."""
        return f"{self.name}-{self.count}" if self.count else self.name

    def articles(self) -> list[Article]:
        """The articles, the same on every run; AssertionError where there are fewer than asked."""
        if self.name == "sample":
            articles = list(_read(REPOSITORY / "sample_docs", self.count or None))
        elif self.name == "grown":
            articles = grown(self.count, self.seed)
        elif self.name == "mixed":
            paths = [*(TEASERS.with_name(name) for name in _RECENT), TEASERS, NEWS]
            articles = list(islice(chain.from_iterable(_read(p, None) for p in paths), self.count))
        else:
            articles = list(_read(NEWS, self.count))
        assert articles, f"{self.label} is empty"
        assert not self.count or len(articles) == self.count, f"{self.label}: {len(articles)}"
        assert len({article.id for article in articles}) == len(articles), "an id occurs twice"
        return articles


def add_corpus_options(parser: ArgumentParser, default: str = "news60k") -> None:
    """--corpus, --articles, --seed."""
    parser.add_argument("--corpus", choices=list(SIZES), default=default)
    parser.add_argument("--articles", type=int, help="how many of them (default: all)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the corpus and the queries")


def corpus_of(options: Namespace) -> Corpus:
    """The corpus that the options name; exits where its data are missing."""
    if options.corpus != "sample" and not NEWS.is_file():
        raise SystemExit(f"no shared data in {SHARED}: set TIMBAO_SHARED to the folder that has it")
    count = SIZES[options.corpus] if options.articles is None else options.articles
    return Corpus(options.corpus, count, options.seed)


def text_bytes(articles: Sequence[Article]) -> int:
    """UTF-8 bytes of headlines, leads and bodies: what index sizes are divided by."""
    return sum(
        len(text.encode())
        for article in articles
        for text in (article.headline, article.lead, *article.body)
    )


def questions() -> list[str]:
    """The questions of vinewsqa; none without the shared data."""
    if not QUESTIONS.is_file():
        return []
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines]


def teaser_headlines() -> Iterator[str]:
    """The headlines of headlines30k as they were printed."""
    with gzip.open(TEASERS, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["title"]


def grown(count: int, seed: int) -> list[Article]:
    """That many articles: those of news60k, then recombined ones with ids `made-…`."""
    articles = list(_read(NEWS, min(count, SIZES["news60k"])))
    natural = [article for article in articles if article.body]
    sections: dict[str, list[Article]] = {}
    for article in natural:
        sections.setdefault(article.section, []).append(article)
    paragraphs = {
        section: [paragraph for article in members for paragraph in article.body]
        for section, members in sections.items()
    }
    made = count - len(articles)
    return articles + [_made(n, natural, sections, paragraphs, seed) for n in range(made)]


def _made(
    number: int,
    natural: Sequence[Article],
    sections: Mapping[str, Sequence[Article]],
    paragraphs: Mapping[str, Sequence[str]],
    seed: int,
) -> Article:
    """An article whose source, section and number of paragraphs are those of a natural one."""
    random = np.random.default_rng([seed, number])
    pattern = natural[int(random.integers(len(natural)))]
    section, texts = sections[pattern.section], paragraphs[pattern.section]
    headline, lead = (section[pick] for pick in random.integers(len(section), size=2).tolist())
    picks = random.integers(len(texts), size=len(pattern.body)).tolist()
    return Article(
        id=f"made-{number:06}",
        headline=headline.headline or pattern.headline,
        lead=lead.lead,
        body=tuple(texts[pick] for pick in picks),
        source=pattern.source,
        section=pattern.section,
    )


def _read(path: Path, count: int | None) -> Iterator[Article]:
    return islice(read_path(path, on_bad=_refuse), count)


def _refuse(bad: BadRecord) -> None:
    raise AssertionError(f"a benchmark's data cannot be read: {bad}")
