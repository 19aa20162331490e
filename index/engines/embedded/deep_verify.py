"""`timbao verify --deep`: whether an index holds what its articles say, not only what was written.

Three looks at each segment: its checksums; what its arrays can hold (`soundness`); and what they
would be if its articles were indexed today, entry for entry. The last one finds whatever changes an
answer, damage and faults of this program alike, because a segment depends on nothing but its
articles and their order. Then the table of contents: no article twice, none that was withdrawn.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import numpy as np

from ...errors import IndexCorrupt
from ...model import VerifyReport
from ...segments.array_file import Array, ArrayFile, smallest_unsigned
from ...segments.build import SegmentBuilder
from ...segments.inversion import Inverter
from ...segments.merge import LiveSegment, merge_arrays
from ...segments.segment import STORED_TEXTS, Segment
from ...segments.soundness import faults
from ...stored_article import load_article, unpack_article
from .bulk import BATCH_ARTICLES, SEGMENT_ARTICLES
from .disk import manifest_name, missing_file
from .manifest import Commit, Manifest
from .segment_file import ArraySegment, open_segment
from .store import NewsIndex

_COMPARED_ELSEWHERE = frozenset({STORED_TEXTS, f"{STORED_TEXTS}_offsets"})


def deep_verify(index: NewsIndex) -> VerifyReport:
    """What was read, with every fault that was found, at most one for each array.

    Segments that another analysis wrote, which only `previous` may have or an index that is to be
    reindexed, are not compared with their articles. Takes about as long as indexing in one process,
    and the memory of a merge.

    Raises:
        IndexCorrupt: the table of contents cannot be read.
        IndexMismatch: its format is another one.
    """
    found: list[IndexCorrupt] = []
    contents, opened = index.read(lambda: _opened(index, found))
    sound: dict[str, Segment] = {}
    compared = 0
    for commit in (contents.commit, *([contents.previous] if contents.previous else ())):
        is_comparable = commit.fingerprint == index.fingerprint
        for info in commit.segments:
            segment = opened.pop(info.segid, None)
            if segment is not None:
                wrong = list(_segment_faults(segment, is_comparable))
                found += wrong
                compared += is_comparable
                if not wrong:
                    sound[info.segid] = segment
    path = str(index.folder / manifest_name(contents.generation))
    found += [IndexCorrupt(path, reason) for reason in _contents_faults(contents.commit, sound)]
    return VerifyReport(
        segments=len(sound),
        bytes=sum(len(segment.file.mapped or b"") for segment in sound.values()),
        articles=contents.commit.documents,
        compared=compared,
        faults=tuple(found),
    )


def _opened(index: NewsIndex, found: list[IndexCorrupt]) -> tuple[Manifest, dict[str, Segment]]:
    """The newest generation with the segments that can be opened; they outlive later commits."""
    found.clear()
    contents = index.any_manifest()
    opened: dict[str, Segment] = {}
    previous: Sequence[ArraySegment] = contents.previous.segments if contents.previous else ()
    for info in (*contents.segments, *previous):
        try:
            opened[info.segid] = open_segment(index.folder, info)
        except IndexCorrupt as error:
            found.append(error)
        except FileNotFoundError as error:
            if index.latest_generation() != contents.generation:
                raise
            found.append(missing_file(error))
    return contents, opened


def _segment_faults(segment: Segment, is_comparable: bool) -> Iterator[IndexCorrupt]:
    path = segment.file.path
    wrong = set()
    for fault in faults(segment):
        wrong.add(fault.array)
        yield IndexCorrupt(path, str(fault))
    try:
        segment.file.verify((STORED_TEXTS,))
        if f"{STORED_TEXTS}_offsets" in wrong:
            return
        offsets = segment.file.arrays[f"{STORED_TEXTS}_offsets"]
        if offsets.dtype != smallest_unsigned(int(offsets[-1])):
            reason = "is of a wider type than its numbers need"
            yield IndexCorrupt(path, f"the array '{STORED_TEXTS}_offsets' {reason}")
        for doc in range(segment.doc_count):
            load_article(path, segment.stored.raw(doc), trusted=False)
    except IndexCorrupt as error:
        yield error
        return
    if is_comparable:
        for name, array in _arrays_today(segment).items():
            if name in wrong or name in _COMPARED_ELSEWHERE or name not in segment.file.arrays:
                continue  # an older program wrote it without this array
            if name == "doc.digest":
                array = _or_of_0_1(segment, array)
            if reason := _difference(segment.file.arrays[name], array):
                yield IndexCorrupt(path, f"the array {name!r} {reason}")


def _arrays_today(segment: Segment) -> Mapping[str, Array]:
    """What the arrays would be if the stored articles were indexed now."""
    inverter = Inverter()
    parts = []
    for first in range(0, segment.doc_count, SEGMENT_ARTICLES):
        builder = SegmentBuilder()
        last = min(first + SEGMENT_ARTICLES, segment.doc_count)
        for begin in range(first, last, BATCH_ARTICLES):
            docs = range(begin, min(begin + BATCH_ARTICLES, last))
            records = [unpack_article(segment.stored.raw(doc)) for doc in docs]
            builder.add_batch(inverter.invert(records))
        parts.append(builder.arrays())
        segment.file.release()
    if len(parts) == 1:
        return parts[0]
    made = [Segment(ArrayFile(segment.file.path, arrays, {})) for arrays in parts]
    return merge_arrays([LiveSegment(part, np.ones(part.doc_count, bool)) for part in made])


def _or_of_0_1(segment: Segment, digests: Array) -> Array:
    """These digests, but those of the first versions, of the whole record, where it has them."""
    found = segment.file.arrays["doc.digest"]
    for doc in np.flatnonzero(found != digests).tolist():
        earlier = blake2b(unpack_article(segment.stored.raw(doc)), digest_size=8).digest()
        if int(found[doc]) == int.from_bytes(earlier, "little"):
            digests[doc] = found[doc]
    return digests


def _difference(found: Array, expected: Array) -> str:
    """What tells an array from the one that it must be; "" where nothing does."""
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return f"has {len(found)} entries, its articles give {len(expected)}, or of another type"
    if np.array_equal(found, expected):
        return ""
    different = np.flatnonzero((found != expected).reshape(len(found), -1).any(axis=1))
    return f"is not what its articles give, at {len(different):,} entries from {different[0]:,} on"


def _contents_faults(commit: Commit, sound: Mapping[str, Segment]) -> Iterator[str]:
    there = Counter(
        sound[info.segid].ids[doc]
        for info in commit.segments
        if info.segid in sound
        for doc in np.flatnonzero(info.live()).tolist()
    )
    if repeated := [doc_id for doc_id, count in there.items() if count > 1]:
        yield f"{len(repeated):,} articles are there more than once, {repeated[0]} for one"
    if withdrawn := [doc_id for doc_id in commit.withdrawn if doc_id in there]:
        yield f"{len(withdrawn):,} articles are there and withdrawn, {withdrawn[0]} for one"
