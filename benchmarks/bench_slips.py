"""How often a slip in a query gets the right offer, and how often a right query gets any.

    python benchmarks/bench_slips.py [--corpus sample mixed-8000 mixed-60000 news60k-60000]
        [--headlines 30000] [--seed N] [--list]

The slips are those of tests/data/slips.tsv. One counts where the archive holds what is meant, in a
row; its offer is right when the first offer, or what the query was read as, is what is meant, and
wrong when it is anything else. Spellings are compared by their keys, of the kind "kept" to the
letter. Then the headlines of headlines30k are searched for as they are: they need no offer. Every
promised total is compared with that of the page it leads to.

Slips that the archive does not hold are asked too and reported apart: an offer is no use there.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from bench_index import FOLDER, built
from corpora import REPOSITORY, SEED, SHARED, TEASERS, Corpus, teaser_headlines
from measure import Json, run_facts, write_json

from analyzers import analyze
from index import SearchEngine, SearchRequest, open_engine

SLIPS: Final = REPOSITORY / "tests" / "data" / "slips.tsv"
_TO_THE_LETTER: Final = "kept"
_CORPORA: Final = ("sample", "mixed-8000", "mixed-60000", "news60k-60000")


@dataclass(frozen=True, slots=True)
class Slip:
    """A query with a slip and what is meant."""

    typed: str
    right: tuple[str, ...]
    kind: str

    def means(self, text: str) -> bool:
        """Whether a text is what is meant."""
        if self.kind == _TO_THE_LETTER:
            return text in self.right
        return _keys(text) in map(_keys, self.right)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one slip was answered with; None: nothing."""

    slip: Slip
    held: bool
    """Whether the archive holds what is meant."""
    answer: str | None
    kept_promise: bool

    @property
    def verdict(self) -> str:
        """right, wrong or none."""
        if self.answer is None:
            return "none"
        return "right" if self.slip.means(self.answer) else "wrong"


def slips() -> list[Slip]:
    """The table."""
    lines = SLIPS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Slip(typed, tuple(right.split("|")), kind) for typed, right, kind in rows]


def outcome(engine: SearchEngine, slip: Slip) -> Outcome:
    """What an engine answers to a slip."""
    request = SearchRequest(query=slip.typed, limit=1)
    page = engine.search(request)
    texts = slip.right if slip.kind == _TO_THE_LETTER else [f'"{text}"' for text in slip.right]
    held = any(engine.search(SearchRequest(query=t, limit=0, fix=False)).total for t in texts)
    read_as = [rewrite.target for rewrite in page.query.rewrites if rewrite.source == slip.typed]
    for suggestion in page.suggestions[:1]:
        promised = engine.search(replace(request, query=suggestion.text)).total
        return Outcome(slip, held, suggestion.text, promised == suggestion.total)
    return Outcome(slip, held, next((t for t in read_as if t != slip.typed), None), True)


def right_queries(count: int, seed: int) -> list[str]:
    """So many headlines as they were printed, drawn from all."""
    printed = list(teaser_headlines())
    random = np.random.default_rng(seed)
    picks = random.choice(len(printed), min(count, len(printed)), replace=False)
    return [printed[pick] for pick in picks.tolist()]


def offers(engine: SearchEngine, queries: Sequence[str]) -> list[tuple[str, str, str]]:
    """The queries that another one is offered for: query, kind, offer."""
    found = []
    for query in queries:
        page = engine.search(SearchRequest(query=query, limit=0))
        found += [(query, offer.kind, offer.text) for offer in page.suggestions[:1]]
    return found


def report(label: str, outcomes: Sequence[Outcome], *, listed: bool) -> Json:
    """The figures of one archive, printed."""
    held = [each for each in outcomes if each.held]
    verdicts = Counter(each.verdict for each in held)
    elsewhere = sum(each.answer is not None for each in outcomes if not each.held)
    broken = sum(not each.kept_promise for each in outcomes)
    share = {name: verdicts[name] / max(len(held), 1) for name in ("right", "wrong", "none")}
    print(
        f"{label}: {len(held)} slips counted, {len(outcomes) - len(held)} not held;"
        f" right {share['right']:.1%}, wrong {share['wrong']:.1%}, none {share['none']:.1%};"
        f" offers for slips not held {elsewhere}; totals not kept {broken}"
    )
    kinds = dict.fromkeys(each.slip.kind for each in outcomes)
    by_kind = {
        kind: Counter(each.verdict for each in held if each.slip.kind == kind) for kind in kinds
    }
    for kind, counts in by_kind.items():
        total = sum(counts.values())
        print(f"  {kind:8} {counts['right']:3} of {total:3} right, {counts['wrong']} wrong")
    for each in held if listed else ():
        if each.verdict != "right":
            print(f"    {each.verdict:5} {each.slip.typed} → {each.answer}, not {each.slip.right}")
    return {
        "corpus": label,
        "counted": len(held),
        "not_held": len(outcomes) - len(held),
        **{name: round(value, 4) for name, value in share.items()},
        "offers_elsewhere": elsewhere,
        "totals_not_kept": broken,
    }


def corpus_named(label: str) -> Corpus:
    """The corpus with this label; a number behind a hyphen is its size."""
    name, _, count = label.partition("-")
    return Corpus(name, int(count or 0))


def _keys(text: str) -> list[str]:
    return [token.exact for token in analyze(text)]


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", nargs="+", default=_CORPORA, metavar="NAME[-ARTICLES]")
    parser.add_argument("--headlines", type=int, default=30_000, help="how many are asked")
    parser.add_argument("--seed", type=int, default=SEED, help="of the headlines")
    parser.add_argument("--list", action="store_true", help="name every answer that is not right")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if not TEASERS.is_file():
        raise SystemExit(f"no shared data in {SHARED}: set TIMBAO_SHARED to the folder that has it")
    facts, table, rows = run_facts(), slips(), []
    asked = right_queries(options.headlines, options.seed)
    for label in options.corpus:
        engine = open_engine(f"whoosh:{built('Tìm Báo', corpus_named(label), options.folder)}")
        outcomes = [outcome(engine, slip) for slip in table]
        row = report(label, outcomes, listed=options.list)
        doubted = offers(engine, asked)
        engine.close()
        share = len(doubted) / max(len(asked), 1)
        print(f"  offers for {len(doubted)} of {len(asked):,} headlines, {share:.2%}")
        for query, kind, text in doubted if options.list else ():
            print(f"    {kind}: {query} → {text}")
        rows.append({**row, "headlines": len(asked), "doubted": len(doubted)})
    write_json(options.json, {"benchmark": "slips", "facts": facts, "rows": rows})


if __name__ == "__main__":
    main()
