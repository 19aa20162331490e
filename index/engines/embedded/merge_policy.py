"""Which segments to merge at a commit.

Segments are tiered by size, a power of eight each, as in Lucene's TieredMergePolicy: as soon as
eight of a tier have gathered, they become one of the tier above, so every article is rewritten a
logarithmic number of times. What has lost many of its documents is rewritten by itself.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

from .segment_file import ArraySegment

#: So many segments of about the same size are merged into one.
TIER_FACTOR = 8
#: A segment that has lost this share of its documents is rewritten.
MAX_DELETED_SHARE = 0.2
#: Segments up to this size have 16-bit document numbers; merging never goes beyond.
MAX_MERGED_DOCUMENTS = 65_535

Info = TypeVar("Info", bound=ArraySegment)


def _tier(info: ArraySegment) -> int:
    return int(math.log(max(info.doc_count(), TIER_FACTOR), TIER_FACTOR))


def merge_groups(segments: Sequence[Info], *, everything: bool = False) -> list[list[Info]]:
    """Groups of segments to merge, each in the order given; a group of one is rewritten."""
    if everything:
        groups = _packed(segments)
        return [g for g in groups if len(g) > 1 or g[0].has_deletions()]
    tiers: dict[int, list[Info]] = {}
    for info in segments:
        tiers.setdefault(_tier(info), []).append(info)
    groups = [
        group
        for tier in tiers.values()
        if len(tier) >= TIER_FACTOR
        for group in _packed(tier)
        if len(group) > 1
    ]
    grouped = {id(info) for group in groups for info in group}
    groups += [
        [info]
        for info in segments
        if id(info) not in grouped
        and info.deleted_count() > MAX_DELETED_SHARE * info.doc_count_all()
    ]
    return groups


def _packed(segments: Sequence[Info]) -> list[list[Info]]:
    """Runs of segments whose live documents fit into one."""
    groups: list[list[Info]] = []
    room = 0
    for info in segments:
        size = info.doc_count()
        if not groups or size > room:
            groups.append([])
            room = MAX_MERGED_DOCUMENTS
        groups[-1].append(info)
        room -= size
    return groups
