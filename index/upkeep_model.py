"""What backups and recoveries of an index report. Plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["BackupReport", "LostGeneration", "RecoveryReport"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostGeneration:
    """A commit that recovery could not bring back."""

    generation: int
    committed: datetime | None
    """None where its table of contents is not there."""
    articles: int | None
    """Living ones; None where its table of contents cannot be read."""
    damage: tuple[str, ...]
    """A file name and what is wrong with it, each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReport:
    """What a recovery made of an index."""

    generation: int
    """The newest one now."""
    basis: int
    """The generation whose articles it has; the same where nothing was to be done."""
    articles: int
    lost: tuple[LostGeneration, ...] = ()
    """What was newer than the basis, the newest first."""
    damage: tuple[str, ...] = ()
    """What is wrong with files of the basis that are left out."""
    lost_articles: int = 0
    """Articles of the basis whose segments are left out."""
    lost_ids: tuple[str, ...] = ()
    """Those of them whose ids can still be read."""
    kept_withdrawn: tuple[str, ...] = ()
    """Articles that were withdrawn after the basis, and stay so."""
    aside: tuple[Path, ...] = ()
    """Files that were renamed, so that they can be examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup holds, or what a restored index has of it."""

    generation: int
    """The one that was backed up."""
    time: datetime
    """When it was backed up."""
    articles: int
    withdrawn: int
    bytes: int
    kept_withdrawn: tuple[str, ...] = ()
    """Restoring: articles of the backup that were withdrawn since, and stay so."""
