"""Query classes from headlines and questions: seeded, cleaned, with accents and without."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from corpora import Corpus, questions

from index import Article

_WORD: Final = re.compile(r"[^\W_]+")
#: Queries come from the headlines of the first so many articles, so that a corpus and its larger
#: versions are asked the same.
HEADLINES: Final = 20_000


class Kind(StrEnum):
    """A class of queries; the value is its name in results."""

    WORD = "1 word"
    AND = "2 words AND"
    SHORT_OR = "3–4 words OR"
    LONG_OR = "6–10 words OR"
    PHRASE = "phrase of 2–3"

    @property
    def any_word(self) -> bool:
        """Whether articles with any of the words match."""
        return self in (Kind.SHORT_OR, Kind.LONG_OR)


class Form(StrEnum):
    """How a query is typed."""

    ACCENTED = "accented"
    STRIPPED = "stripped"


_LENGTHS: Final = {
    Kind.WORD: (1, 1),
    Kind.AND: (2, 2),
    Kind.SHORT_OR: (3, 4),
    Kind.LONG_OR: (6, 10),
    Kind.PHRASE: (2, 3),
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query of different words, lower case, letters only, as typed."""

    kind: Kind
    form: Form
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a person would type."""
        words = " ".join(self.words)
        return f'"{words}"' if self.kind is Kind.PHRASE else words

    @property
    def folded(self) -> tuple[str, ...]:
        """The words without marks."""
        return tuple(plain_words(" ".join(self.words)))


class _FoldTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = [c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c)]
        self[code] = folded = "".join(kept)
        return folded


_FOLDS = _FoldTable({ord("đ"): "d"})


def plain_words(text: str) -> list[str]:
    """The lower-case words of a text without marks: what the peers index and are asked."""
    return _WORD.findall(text.lower().translate(_FOLDS))


def queries_for(articles: Sequence[Article], per_class: int, corpus: Corpus) -> list[Query]:
    """`per_class` different queries of every class, each in both forms, from a corpus's headlines.

    A query is a stretch of a headline, and half of the longest ones are stretches of questions.
    """
    headlines = [article.headline for article in articles[:HEADLINES]]
    asked = questions() if corpus.name != "sample" else []
    found: list[Query] = []
    for number, kind in enumerate(Kind):
        sources = [headlines, asked] if asked and kind is Kind.LONG_OR else [headlines]
        random = np.random.default_rng([corpus.seed, number])
        taken: dict[tuple[str, ...], None] = {}
        for words in _stretches(sources, _LENGTHS[kind], random, 100 * per_class):
            taken.setdefault(words)
            if len(taken) == per_class:
                break
        assert len(taken) == per_class, f"only {len(taken)} queries of the class {kind}"
        for words in taken:
            accented = Query(kind, Form.ACCENTED, words)
            found += [accented, Query(kind, Form.STRIPPED, accented.folded)]
    return found


def _stretches(
    sources: Sequence[Sequence[str]],
    lengths: tuple[int, int],
    random: np.random.Generator,
    tries: int,
) -> Iterator[tuple[str, ...]]:
    """Random stretches of different words, from the sources in turn."""
    for number in range(tries):
        texts = sources[number % len(sources)]
        text = unicodedata.normalize("NFC", texts[int(random.integers(len(texts)))]).lower()
        words = _WORD.findall(text)
        width = int(random.integers(lengths[0], lengths[1] + 1))
        if len(words) < width:
            continue
        start = int(random.integers(len(words) - width + 1))
        stretch = tuple(words[start : start + width])
        if len(set(plain_words(" ".join(stretch)))) == width and all(w.isalpha() for w in stretch):
            yield stretch
