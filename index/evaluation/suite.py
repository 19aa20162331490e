"""A suite: the folder with everything that one evaluation needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from .assertions import Assertion, Restoration, read_assertions, read_restorations
from .input_files import EvaluationInputError
from .suite_settings import SuiteSettings, read_settings
from .topics import Qrels, Topic, read_qrels, read_topics

TOPICS_FILE: Final = "topics.tsv"
QRELS_FILE: Final = "qrels.txt"
SETTINGS_FILE: Final = "suite.yaml"
ASSERTIONS_FILE: Final = "assertions.yaml"
RESTORATIONS_FILE: Final = "golden_restoration.tsv"
RELATED_FILE: Final = "related_qrels.txt"
BASELINE_FILE: Final = "baseline.json"
ARTICLES_FILE: Final = "articles.jsonl.gz"
#: Every file that is read, by this program or, the frozen articles, by `timbao index`.
SUITE_FILES: Final = (
    TOPICS_FILE,
    QRELS_FILE,
    SETTINGS_FILE,
    ASSERTIONS_FILE,
    RESTORATIONS_FILE,
    RELATED_FILE,
    BASELINE_FILE,
    ARTICLES_FILE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The files of a folder, read and checked against each other."""

    folder: Path
    settings: SuiteSettings
    topics: tuple[Topic, ...]
    qrels: Qrels
    assertions: tuple[Assertion, ...] = ()
    restorations: tuple[Restoration, ...] = ()
    related: Qrels | None = None
    """Which articles belong to the same event as an article; its topics are article ids."""

    @property
    def judged_topics(self) -> tuple[Topic, ...]:
        """The topics that have judgements."""
        return tuple(topic for topic in self.topics if topic.id in self.qrels.grades)

    @property
    def unjudged_topics(self) -> tuple[str, ...]:
        """The ids of the topics without any judgement: they are not measured."""
        return tuple(topic.id for topic in self.topics if topic.id not in self.qrels.grades)

    def without(self, lost: Collection[str]) -> "Suite":
        """The suite without the judgements of some articles."""

        def keep(doc_id: str) -> bool:
            return doc_id not in lost

        related = self.related
        if related is not None:
            read = {doc_id: one for doc_id, one in related.grades.items() if keep(doc_id)}
            related = Qrels(read).only(keep)
        return replace(self, qrels=self.qrels.only(keep), related=related)

    @property
    def baseline_path(self) -> Path:
        """Where the suite's own baseline is, or would be."""
        return self.folder / BASELINE_FILE


def read_suite(folder: Path) -> Suite:
    """The suite in a folder; topics.tsv and qrels.txt are needed, the other files are not.

    Raises:
        EvaluationInputError: a file is missing, wrong, with the line where it is, or one that
            nobody reads: a misspelt name would otherwise judge nothing.
    """
    for name in (TOPICS_FILE, QRELS_FILE):
        if not (folder / name).is_file():
            raise EvaluationInputError(folder, None, f"a suite needs a file {name}")
    topics = read_topics(folder / TOPICS_FILE)
    assertions, restorations, related = (
        path if (path := folder / name).exists() else None
        for name in (ASSERTIONS_FILE, RESTORATIONS_FILE, RELATED_FILE)
    )
    settings = read_settings(folder / SETTINGS_FILE)
    _check_names(folder, settings.other_files)
    return Suite(
        folder=folder,
        settings=settings,
        topics=topics,
        qrels=read_qrels(folder / QRELS_FILE, {topic.id for topic in topics}),
        assertions=read_assertions(assertions) if assertions else (),
        restorations=read_restorations(restorations) if restorations else (),
        related=read_qrels(related) if related else None,
    )


def _check_names(folder: Path, others: Sequence[str]) -> None:
    for path in sorted(folder.iterdir()):
        name = path.name
        known = name in SUITE_FILES or name.startswith(".") or path.suffix == ".md" or path.is_dir()
        if not known and not any(fnmatch(name, pattern) for pattern in others):
            reason = (
                f"nobody reads this file; a suite has {', '.join(SUITE_FILES)} and *.md: rename "
                f"it, move it, or name it under other_files in {SETTINGS_FILE}"
            )
            raise EvaluationInputError(path, None, reason)
