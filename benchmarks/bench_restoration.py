"""How often accents are restored right, and how often plain text is taken for keystrokes.

    python benchmarks/bench_restoration.py [--articles 20000] [--headlines 10000]

The first 20,000 articles of news60k are indexed below --folder. The queries come from the
headlines of its last 10,000, which neither that index nor the shipped prior has seen: of every
headline one stretch of 2, 3 and 4 syllables without punctuation, its marks stripped. A stretch is
either one of whole words (by the segmenter, on the headline as written) or any. It is right when
every syllable is; i/y spellings count as wrong. What is measured is the best reading, before the
check that it has hits.

Then every headline of headlines30k is read without marks: none of them is Telex or VNI.
"""

import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

import numpy as np
from bench_index import FOLDER, built
from corpora import NEWS, SEED, Corpus, corpus_of, teaser_headlines
from measure import Json, run_facts, write_json
from queries import plain_words

from analyzers import (
    STACKED,
    TokenKind,
    analyze,
    expand_piece,
    fold,
    is_syllable,
    raw_pieces,
    segmenter,
)
from index import BadRecord, SearchRequest, read_path
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.snapshot_searcher import SnapshotSearcher
from index.query.decoded_query import keystroke_readings
from index.query.restore import Counts, likeliest_forms

#: Articles of news60k before those whose headlines are asked.
SEEN: Final = 50_000
WIDTHS: Final = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring syllables of a headline as exact keys."""

    aligned: bool
    """Whether it is known to begin and end with a word."""
    forms: tuple[str, ...]


def stretches(headlines: Iterable[str], seed: int) -> Iterator[Stretch]:
    """For every headline and width one stretch of whole words and one of any, where there are."""
    random = np.random.default_rng(seed)
    for headline in headlines:
        forms, bounds = _read(unicodedata.normalize("NFC", headline))
        for width in WIDTHS:
            firsts = [i for i in range(len(forms) - width + 1) if all(forms[i : i + width])]
            aligned = [i for i in firsts if i in bounds and i + width in bounds]
            for choice, is_aligned in ((aligned, True), (firsts, False)):
                if choice:
                    first = choice[int(random.integers(len(choice)))]
                    yield Stretch(is_aligned, tuple(forms[first : first + width]))


def _read(headline: str) -> tuple[list[str], set[int]]:
    """The exact key of every part, "" where it is no syllable, and where words begin or end."""
    written: list[str] = []
    forms: list[str] = []
    for piece in raw_pieces(headline):
        tokens = [token for token in expand_piece(piece).tokens if token.kind not in STACKED]
        written += [piece[token.start : token.end] for token in tokens] or [piece]
        forms += [
            token.exact if token.kind is TokenKind.WORD and is_syllable(token.exact) else ""
            for token in tokens
        ] or [""]
    sizes = (last - first for first, last in segmenter().words(written))
    return forms, {0, *accumulate(sizes)}


def accuracy(counts: Counts, asked: Sequence[Stretch]) -> list[Json]:
    """The share of right readings for each kind of stretch and width."""
    right: dict[tuple[bool, int], list[bool]] = {}
    for stretch in asked:
        tokens = analyze(" ".join(map(fold, stretch.forms)))
        best = likeliest_forms(counts, tokens)
        right.setdefault((stretch.aligned, len(stretch.forms)), []).append(best == stretch.forms)
    return [
        {
            "stretches": "whole words" if aligned else "any",
            "syllables": width,
            "queries": len(found),
            "right": sum(found),
            "accuracy": round(sum(found) / len(found), 4),
        }
        for (aligned, width), found in sorted(right.items(), key=lambda item: (-item[0][0], item))
    ]


def read_as_keystrokes(searcher: SnapshotSearcher, texts: Iterable[str]) -> list[str]:
    """The texts for which a reading of keystrokes is found."""
    request = SearchRequest()
    found = []
    for text in texts:
        runs = searcher.interpreter.text_runs(request, text)
        if any(True for _ in keystroke_readings(searcher.lexicon, searcher.counts, text, runs)):
            found.append(text)
    return found


def unseen_headlines(count: int) -> list[str]:
    """The headlines of articles SEEN and following."""
    articles = islice(read_path(NEWS, on_bad=_refuse), SEEN, SEEN + count)
    return [article.headline for article in articles]


def bare_headlines() -> Iterator[str]:
    """The headlines of headlines30k, lower case, without marks and punctuation."""
    for headline in teaser_headlines():
        yield " ".join(plain_words(headline))


def _refuse(bad: BadRecord) -> None:
    raise AssertionError(f"a benchmark's data cannot be read: {bad}")


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=20_000, help="how many are indexed")
    parser.add_argument("--headlines", type=int, default=10_000, help="how many are asked")
    parser.add_argument("--seed", type=int, default=SEED, help="of the stretches")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    options.corpus = "news20k"
    if options.articles > SEEN:
        parser.error(f"at most {SEEN:,} articles: the headlines of the others are asked")
    corpus: Corpus = corpus_of(options)
    facts = run_facts()
    searcher = WhooshEngine(built("Tìm Báo", corpus, options.folder))._current()
    headlines = unseen_headlines(options.headlines)
    assert len(headlines) == options.headlines, f"only {len(headlines)} headlines"
    asked = list(stretches(headlines, options.seed))
    rows = [
        {"prior": prior, **row}
        for prior, counts in ((True, searcher.counts), (False, searcher.lexicon))
        for row in accuracy(counts, asked)
    ]
    bare = list(islice(bare_headlines(), 3 * options.headlines))
    mistaken = read_as_keystrokes(searcher, bare)
    print(f"{corpus.count:,} articles indexed, {len(headlines):,} unseen headlines")
    for row in rows:
        print(
            f"{'with' if row['prior'] else 'without'} prior, {row['stretches']:11}"
            f" {row['syllables']} syllables: {row['right']:5} of {row['queries']:5} right,"
            f" {row['accuracy']:.1%}"
        )
    print(f"taken for keystrokes: {len(mistaken)} of {len(bare):,} headlines without marks")
    for text in mistaken[:10]:
        print(f"  {text}")
    write_json(
        options.json,
        {
            "benchmark": "restoration",
            "facts": facts,
            "articles": corpus.count,
            "headlines": len(headlines),
            "seed": options.seed,
            "rows": rows,
            "keystrokes": {"headlines": len(bare), "mistaken": mistaken},
        },
    )


if __name__ == "__main__":
    main()
