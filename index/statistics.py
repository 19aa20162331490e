"""What an index holds."""

from datetime import date, datetime
from pathlib import Path

from .documents import VIETNAM_TIME
from .engines.base import EngineStats
from .facets import label_counts
from .retrieval.snapshot import Snapshot
from .segments.columns import NO_DATE


def index_stats(snapshot: Snapshot, folder: Path) -> EngineStats:
    """Counts, dates and sizes of one generation."""
    published = snapshot.published[snapshot.live]
    published = published[published != NO_DATE]
    return EngineStats(
        articles=snapshot.document_count,
        generation=snapshot.generation,
        segments=len(snapshot.parts),
        terms=sum(len(part.segment.terms.text) for part in snapshot),
        first_published=_day(int(published.min())) if len(published) else None,
        last_published=_day(int(published.max())) if len(published) else None,
        sources=label_counts(snapshot, snapshot.live, "source"),
        sections=label_counts(snapshot, snapshot.live, "section"),
        bytes_on_disk=sum(_size(path) for path in folder.iterdir()),
    )


def _size(path: Path) -> int:
    """Bytes of a file; 0 for what is none, or what a commit has just taken away."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, VIETNAM_TIME).date()
