"""Bringing a damaged index back to its newest generation that is whole."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ...errors import IndexCorrupt, IndexNotFound, NoWholeGeneration
from ...segments.array_file import open_arrays
from ...segments.strings import StringList
from ...upkeep_model import LostGeneration, RecoveryReport
from ...withdrawals import storage_errors
from .disk import (
    SEGMENT_SUFFIX,
    generations,
    manifest_name,
    noted_generation,
    our_files,
    segment_name,
    set_aside,
    write_lock,
)
from .manifest import Manifest, kept_segments
from .segment_file import ArraySegment, open_segment, verify_segment
from .store import NewsIndex


@dataclass(frozen=True, slots=True)
class _Examined:
    """A generation whose files have all been read."""

    generation: int
    manifest: Manifest | None
    """None where its table of contents cannot be read."""
    committed: datetime | None
    damage: Mapping[str, str]
    """File → what is wrong: the table of contents, or segments of the commit."""
    rollback_damage: Mapping[str, str]
    """The same for segments that only a rollback needs."""

    def lost(self) -> LostGeneration:
        """What is said of it where an older one takes its place."""
        return LostGeneration(
            generation=self.generation,
            committed=self.committed,
            articles=None if self.manifest is None else self.manifest.commit.documents,
            damage=_listed(self.damage),
        )


def recover(
    index: NewsIndex, *, without_damaged: bool = False, wait: float = 0.0
) -> RecoveryReport:
    """Publish the newest generation that is whole anew; nothing is done where the newest one is.

    Newer tables of contents and the segments that only they need are renamed, not removed. What
    they withdrew stays withdrawn, where they can be read.

    Args:
        without_damaged: where none is whole, leave the damaged segments out of the one that loses
            the fewest articles so.

    Raises:
        IndexNotFound: there is no generation.
        IndexCorrupt: no table of contents can be read.
        NoWholeGeneration: every generation needs a damaged segment.
        IndexLocked, StorageError, CommitNotDurable: as for every writer.
    """
    folder = index.folder
    if max(index.latest_generation(), noted_generation(folder)) < 0:
        raise IndexNotFound(str(folder))
    with storage_errors(folder), write_lock(folder, wait):
        numbers = {*generations(folder), noted_generation(folder)} - {-1}
        examined = [_examine(index, number) for number in sorted(numbers, reverse=True)]
        basis, manifest = _basis(folder, examined, without_damaged=without_damaged)
        newer = examined[: examined.index(basis)]
        if newer or basis.damage or basis.rollback_damage:
            return _publish(index, basis, manifest, newer)
    return RecoveryReport(
        generation=basis.generation, basis=basis.generation, articles=manifest.commit.documents
    )


def keep_withdrawn(
    folder: Path, segments: Sequence[ArraySegment], withdrawn: Collection[str]
) -> tuple[str, ...]:
    """Delete from segments what was withdrawn; the ids of the articles that were still there."""
    found = []
    for info in segments:
        segment = open_segment(folder, info)
        for doc_id in withdrawn:
            for doc in segment.find_docs(doc_id):
                if not info.is_deleted(doc):
                    info.delete_document(doc)
                    found.append(doc_id)
    return tuple(found)


def _examine(index: NewsIndex, generation: int) -> _Examined:
    """Read a generation whole."""
    path = index.folder / manifest_name(generation)
    if path.is_symlink() or not path.is_file():
        reason = "it is no regular file" if path.exists() or path.is_symlink() else "it is missing"
        return _Examined(generation, None, None, {path.name: reason}, {})
    committed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        manifest = index.manifest(generation)
    except IndexCorrupt as error:
        return _Examined(generation, None, committed, {path.name: error.reason}, {})
    before = manifest.previous
    return _Examined(
        generation,
        manifest,
        committed,
        dict(_damage(index.folder, manifest.segments)),
        {} if before is None else dict(_damage(index.folder, before.segments)),
    )


def _damage(folder: Path, segments: Sequence[ArraySegment]) -> Iterator[tuple[str, str]]:
    for info in segments:
        try:
            verify_segment(folder, info)
        except FileNotFoundError:
            yield segment_name(info.segid), "it is missing"
        except IndexCorrupt as error:
            yield segment_name(info.segid), error.reason


def _basis(
    folder: Path, examined: Sequence[_Examined], *, without_damaged: bool
) -> tuple[_Examined, Manifest]:
    """The generation to go back to."""
    readable = [(each, each.manifest) for each in examined if each.manifest is not None]
    for each, manifest in readable:
        if not each.damage:
            return each, manifest
    if not readable:
        raise IndexCorrupt(folder, "; ".join(_listed(examined[0].damage)))
    # The first of those that lose the fewest is the newest.
    best, manifest = max(readable, key=lambda pair: _documents(_sound(*pair)))
    if not without_damaged:
        left, all_of_it = _documents(_sound(best, manifest)), manifest.commit.documents
        damage = "; ".join(_listed(best.damage))
        raise NoWholeGeneration(
            folder, f"{left:,} of {all_of_it:,} articles are in sound files; {damage}"
        )
    return best, manifest


def _sound(examined: _Examined, manifest: Manifest) -> list[ArraySegment]:
    """The segments of its commit without damage."""
    return [info for info in manifest.segments if segment_name(info.segid) not in examined.damage]


def _publish(
    index: NewsIndex, basis: _Examined, manifest: Manifest, newer: Sequence[_Examined]
) -> RecoveryReport:
    """Make a generation of what is sound in another one, under the lock."""
    folder, segments = index.folder, _sound(basis, manifest)
    left_out = [info for info in manifest.segments if info not in segments]
    lost_ids = [doc_id for info in left_out for doc_id in _readable_ids(folder, info)]
    for manifest_of in (manifest, *(each.manifest for each in newer)):
        if manifest_of is not None:
            index.take_over(manifest_of.commit)
    withdrawn = index.register.read().days
    kept_withdrawn = keep_withdrawn(folder, segments, withdrawn)
    commit = replace(
        manifest.commit,
        segments=segments,
        withdrawn=withdrawn,
        # Averages with segments that are lost are no longer near those of what is left.
        average_lengths=None if left_out else manifest.commit.average_lengths,
    )
    previous = None if basis.rollback_damage else manifest.previous
    needed = {segment_name(info.segid) for info in kept_segments(commit, previous)}
    tables = {manifest_name(each.generation) for each in newer}
    # First: where this ends halfway, the newest generation is missing, and not silently older.
    aside = tuple(
        set_aside(folder / name)
        for name in sorted(our_files(folder))
        if name in tables or (name.endswith(SEGMENT_SUFFIX) and name not in needed)
    )
    published = index.publish(commit, previous)
    index.clean(published)
    return RecoveryReport(
        generation=published.generation,
        basis=basis.generation,
        articles=commit.documents,
        lost=tuple(each.lost() for each in newer),
        damage=_listed({**basis.damage, **basis.rollback_damage}),
        lost_articles=_documents(left_out),
        lost_ids=tuple(lost_ids),
        kept_withdrawn=kept_withdrawn,
        aside=aside,
    )


def _readable_ids(folder: Path, info: ArraySegment) -> Iterator[str]:
    """The ids of the living articles of a damaged segment, where these are not what is damaged."""
    with suppress(IndexCorrupt, FileNotFoundError, KeyError):
        file = open_arrays(info.path(folder))
        names = ("doc.id", "doc.id_offsets")
        file.verify(names)
        ids = StringList(*(file.arrays[name] for name in names))
        if len(ids) == info.documents:
            yield from (ids[doc] for doc in range(len(ids)) if not info.is_deleted(doc))


def _documents(segments: Sequence[ArraySegment]) -> int:
    return sum(int(info.doc_count()) for info in segments)


def _listed(damage: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {reason}" for name, reason in damage.items())
