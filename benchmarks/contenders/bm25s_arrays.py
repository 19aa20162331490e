"""bm25s: eagerly scored sparse matrices; any word matches, it has neither AND nor phrases."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from queries import Kind, Query

from index import Article

from .base import (
    TOP,
    Answer,
    Retrieval,
    Run,
    Sizes,
    folded_zones,
    folder_bytes,
    peer_library,
    zones,
)

_TEXTS = "texts.jsonl"


class Bm25s:
    """One field; the ranking of Lucene."""

    name = "bm25s"

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        model = peer_library("bm25s").BM25(method="lucene", k1=1.2, b=0.75)
        model.index([" ".join(folded_zones(a)).split() for a in articles], show_progress=False)
        model.save(str(folder), show_progress=False)
        with (folder / _TEXTS).open("w", encoding="utf-8") as texts:
            for article in articles:
                texts.write(json.dumps([article.id, *zones(article)], ensure_ascii=False) + "\n")
        return int(model.scores["num_docs"])

    def sizes(self, folder: Path) -> Sizes:
        return Sizes(folder_bytes(folder), (folder / _TEXTS).stat().st_size)

    def open(self, folder: Path) -> list[Retrieval]:
        library = peer_library("bm25s")
        model = library.BM25.load(str(folder))
        kinds = frozenset({Kind.WORD, Kind.SHORT_OR, Kind.LONG_OR})
        with (folder / _TEXTS).open(encoding="utf-8") as texts:
            ids: dict[object, str] = {row: json.loads(line)[0] for row, line in enumerate(texts)}
        return [
            Retrieval(
                self.name,
                lambda query: _prepare(library, model, query),
                # It fills its ten places up with articles that have none of the words.
                lambda answer: tuple(ids[row] for row in answer.best[: answer.total]),
                kinds,
            )
        ]


def _prepare(library: Any, model: Any, query: Query) -> Run:
    words = list(query.folded)

    def run() -> Answer:
        scores = model.get_scores(words)
        _, best = library.selection.topk(scores, k=TOP, backend="numpy", sorted=True)
        return Answer(int(np.count_nonzero(scores)), tuple(best.tolist()))

    return run
