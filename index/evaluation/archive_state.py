"""What an evaluation was measured on: the articles of the archive, and the program.

A gate that has to tell data from code compares two of these.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from analyzers import ANALYSIS_VERSION

from ..article import Article
from ..model import SearchEngine
from ..ranking import DEFAULT_RANKING

#: Of larger archives only the number and the digest are kept, so that a baseline stays a small
#: file: freeze the articles of the gate instead.
LISTED_ARTICLES: Final = 20_000
_ID_CHARACTERS: Final = 6
_CONTENT_CHARACTERS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveState:
    """The articles of an index and the program that searches them."""

    articles: int
    digest: str
    """Sixteen hex digits that change with any id or content."""
    generation: int = 0
    version: str = ""
    analysis: str = ""
    constants: Mapping[str, object] = field(default_factory=dict)
    """The table of the ranking's constants."""
    listed: Mapping[str, str] | None = None
    """A hash of each article's content by a hash of its id; None for more than LISTED_ARTICLES."""

    def holds(self, doc_id: str) -> bool:
        """Whether an article with this id was there; raises ValueError where none is listed."""
        if self.listed is None:
            raise ValueError("the articles are not listed")
        return id_key(doc_id) in self.listed


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveChange:
    """What became of an archive; the numbers are None where the articles are not listed."""

    before: int
    after: int
    new: int | None = None
    gone: int | None = None
    edited: int | None = None

    @property
    def comparable(self) -> bool:
        """Whether it is known which articles both have."""
        return self.new is not None


def archive_state(engine: SearchEngine) -> ArchiveState:
    """The state of an engine's articles, which are all read, whatever order they come in."""
    return replace(state_of(engine.articles()), generation=engine.stats().generation)


def state_of(articles: Iterable[Article]) -> ArchiveState:
    """The state of these articles; where and when they were read is no part of it."""
    listed: dict[str, str] = {}
    whole: list[bytes] = []
    for article in articles:
        written = replace(article, provenance=None, taken=None, changed=None)
        content = hashlib.sha256(written.to_json()).digest()
        whole.append(content)
        listed[id_key(article.id)] = _characters(content, _CONTENT_CHARACTERS)
    digest = hashlib.sha256(b"".join(sorted(whole))).hexdigest()[:16]
    try:
        program = version("timbao")
    except PackageNotFoundError:
        program = ""
    return ArchiveState(
        articles=len(whole),
        digest=digest,
        version=program,
        analysis=str(ANALYSIS_VERSION),
        constants={
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(DEFAULT_RANKING).items()
        },
        listed=None if len(whole) > LISTED_ARTICLES else dict(sorted(listed.items())),
    )


def archive_change(before: ArchiveState, after: ArchiveState) -> ArchiveChange | None:
    """What differs between the articles of two states; None where nothing does."""
    if before.digest == after.digest:
        return None
    if before.listed is None or after.listed is None:
        return ArchiveChange(before=before.articles, after=after.articles)
    both = before.listed.keys() & after.listed.keys()
    return ArchiveChange(
        before=before.articles,
        after=after.articles,
        new=len(after.listed.keys() - both),
        gone=len(before.listed.keys() - both),
        edited=sum(before.listed[key] != after.listed[key] for key in both),
    )


def program_change(before: ArchiveState, after: ArchiveState) -> tuple[str, ...]:
    """Which version or constants differ, as `name: before → after`."""
    facts = [
        ("version", before.version, after.version),
        ("analysis", before.analysis, after.analysis),
        *(
            (name, before.constants.get(name), after.constants.get(name))
            for name in sorted({*before.constants, *after.constants})
        ),
    ]
    return tuple(f"{name}: {old} → {new}" for name, old, new in facts if old != new)


def id_key(doc_id: str) -> str:
    """The hash of an id; by chance one in 3 million meets any of 20,000 others."""
    return _characters(hashlib.sha256(doc_id.encode()).digest(), _ID_CHARACTERS)


def _characters(digest: bytes, count: int) -> str:
    return b64encode(digest, b"-_").decode()[:count]
