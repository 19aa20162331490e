"""What every engine of the comparison has to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from queries import Kind, Query, plain_words

from index import Article

#: Title, lead and body count in these proportions, where an engine has zones.
ZONE_WEIGHTS = (3.0, 1.5, 1.0)
TOP = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """The exact number of hits, and the best of them by the engine's own numbers."""

    total: int
    best: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk; `stored` is the articles' text among them, None where it is not apart."""

    total: int
    stored: int | None


Run: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One way to ask an opened index; `prepare` is not timed, what it returns is."""

    name: str
    prepare: Callable[[Query], Run]
    ids: Callable[[Answer], tuple[str, ...]]
    """The ids of an answer's best articles, best first; not timed."""
    kinds: frozenset[Kind] = frozenset(Kind)
    share: float = 1.0
    """Which part of the queries it is asked: slow engines get fewer."""
    rounds: int | None = None
    """Timed rounds at most, None for all."""
    counts_alike: bool = True
    """Whether its totals have to be those of the other peers."""


class Contender(Protocol):
    """An engine at its best reasonable set-up, marks folded at indexing and in queries."""

    @property
    def name(self) -> str:
        """Its name in results."""

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        """Index the articles into an empty folder; the number of articles in the index."""

    def sizes(self, folder: Path) -> Sizes:
        """What it takes on disk."""

    def open(self, folder: Path) -> list[Retrieval]:
        """The ways to ask it."""


def peer_library(name: str) -> Any:
    """A peer's package; it is no requirement of the project, and untyped for that reason."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        command = "pip install --require-hashes -r requirements/bench.txt"
        raise SystemExit(f"{name} is not installed: {command}, or leave it out") from None


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def zones(article: Article) -> tuple[str, str, str]:
    """Title, lead and body as they are written."""
    return article.headline, article.lead, "\n".join(article.body)


def folded_zones(article: Article) -> tuple[str, str, str]:
    """Title, lead and body as folded words with spaces between: any simple tokenizer will do."""
    title, lead, body = (" ".join(plain_words(zone)) for zone in zones(article))
    return title, lead, body
