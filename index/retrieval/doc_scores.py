"""The documents and scores of a plan.

Those of a clause are the only cached function between a query and its postings: a boolean query
takes the documents of a term set or phrase, ranking takes the saturated frequencies of all scored
queries. Neither depends on how many articles there are: that enters with the idf, one number a
clause. So a commit leaves them as they are; a newer generation adds the documents of its new
segments when they are next asked for, and takes off those that were deleted.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import local
from time import monotonic
from typing import Protocol, assert_never

import numpy as np

from ..plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    PairSet,
    Phrase,
    PublishedWithin,
    Query,
    ScoredQuery,
    ScoringClause,
    TermSet,
    is_one_term,
)
from ..ranking import idf, saturate
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .budget import out_of_time
from .phrases import phrase_frequencies
from .snapshot import Part, Shared, Snapshot
from .term_scores import NOTHING, pair_frequencies, term_documents, term_frequencies

#: From this share of all documents on, a row with a score for every document number is added
#: faster than a list, and takes at most twice as much room.
_ROW_SHARE = 1 / 4
#: From this share on, one bit a document takes less room than their numbers, and bits are combined
#: faster.
_BITS_SHARE = 1 / 32
#: Where so few are asked for, scores are looked up one by one.
_FEW_SHARE = 1 / 64
#: So many documents of later commits a row has room for.
_ROOM = 1_024
_NO_SCORES: Array = np.zeros(0, np.float32)
#: Of each thread a row for what is added next: new pages cost more than sums.
_SCRATCH = local()


@dataclass(frozen=True, slots=True)
class DocScores:
    """The live documents of a clause in one generation, and what each adds to a score.

    Few documents have their numbers `docs` (i4, rising) and parallel `scores` (f4). Many have a
    bit each, packed, and `scores` is a row with a score for every document number, 0 where the
    clause does not match. `scores` is empty where only documents were asked for.
    """

    version: int
    """The snapshot whose documents they are."""
    df: int
    """How many documents there are."""
    docs: Array | None = None
    bits: Array | None = None
    scores: Array = field(default_factory=lambda: _NO_SCORES)
    room: list[Array] = field(default_factory=list, repr=False, compare=False)
    """The array that a row is the beginning of, for whoever takes it to write beyond the row."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        arrays = [array for array in (self.docs, self.bits) if array is not None]
        room = 4 * _ROOM if self.room else 0
        return 600 + room + int(self.scores.nbytes) + sum(int(array.nbytes) for array in arrays)

    def numbers(self) -> Array:
        """The document numbers, rising."""
        if self.docs is not None:
            return self.docs
        return np.flatnonzero(self.scores > 0)

    def mask(self, size: int) -> Array:
        """(size,) bool: whether a document number is one of them."""
        if self.bits is not None:
            return np.unpackbits(self.bits, count=size).view(bool)
        mask = np.zeros(size, bool)
        mask[self.numbers()] = True
        return mask

    def contains(self, docs: Array) -> Array:
        """Which of some document numbers are among them (bool)."""
        if self.bits is not None:
            return np.asarray(self.bits[docs >> 3] >> (7 - (docs & 7)) & 1).astype(bool)
        return np.isin(docs, self.numbers())

    def score(self, doc: int) -> float:
        """The score of one document, 0 where it is none of them."""
        if self.docs is None:
            return float(self.scores[doc])
        index = int(np.searchsorted(self.docs, doc))
        found = index < len(self.docs) and self.docs[index] == doc
        return float(self.scores[index]) if found else 0.0


class _Make(Protocol):
    def __call__(self, before: DocScores | None = None) -> DocScores: ...


def doc_scores(snapshot: Snapshot, query: ScoredQuery, *, scored: bool = False) -> DocScores:
    """The live documents of a query, from the cache, brought up to the snapshot, or computed.

    Args:
        scored: whether those of a term set are to have their saturated frequencies, as those of
            pair sets and phrases always have.
    """
    key: Hashable = query
    make: _Make = partial(_scored, snapshot, query)
    if isinstance(query, TermSet):
        if scored:
            key = (query,)
        else:
            make = partial(_documents, snapshot, query)
    found = snapshot.cache.get(key, DocScores, make)
    if found.version == snapshot.version:
        return found
    if found.version > snapshot.version:
        return make()  # for a search that began before the last commit
    renewed = make(found)
    snapshot.cache.replace(key, renewed)
    return renewed


def frequencies(snapshot: Snapshot, query: ScoredQuery) -> DocScores:
    """The live documents of a query with their saturated frequencies."""
    return doc_scores(snapshot, query, scored=True)


def warm(snapshot: Snapshot, before: Snapshot, ends: float) -> None:
    """Make ready what an earlier snapshot was asked for most.

    Args:
        ends: when to stop, on the clock of `monotonic`.
    """
    for key in before.cache.most_asked():
        if monotonic() >= ends:
            return
        match key:
            case TermSet():
                doc_scores(snapshot, key)
            case PairSet() | Phrase():
                frequencies(snapshot, key)
            case (TermSet() as terms,):
                frequencies(snapshot, terms)


def _documents(snapshot: Snapshot, terms: TermSet, before: DocScores | None = None) -> DocScores:
    """The documents of a term set, those known before among them."""
    shared = snapshot.shared_with(-1 if before is None else before.version)
    found = [
        (part, mask)
        for part in snapshot.parts[shared.parts :]
        if not part.lacks(terms) and (mask := term_documents(part, terms)) is not None
    ]
    docs: Array | None = None
    if before is not None and before.docs is not None:
        docs = _still_there(snapshot, shared, before.docs)[0]
        if not found:
            return DocScores(snapshot.version, len(docs), docs=docs)
    elif before is not None and before.bits is not None and shared.all_there:
        bits = np.zeros(-(-snapshot.size // 8), np.uint8)
        bits[: len(before.bits)] = before.bits
        added = [np.flatnonzero(mask) + part.base for part, mask in found]
        for numbers in added:
            np.bitwise_or.at(bits, numbers >> 3, (128 >> (numbers & 7)).astype(np.uint8))
        return DocScores(snapshot.version, before.df + sum(map(len, added)), bits=bits)
    mask = np.zeros(snapshot.size, bool)
    if docs is not None:
        mask[docs] = True
    elif before is not None:
        mask[: shared.size] = before.mask(shared.size)
        mask[shared.deleted] = False
    for part, each in found:
        mask[part.base : part.base + len(each)] = each
    df = int(np.count_nonzero(mask))
    if df < _BITS_SHARE * snapshot.size:
        docs = np.flatnonzero(mask).astype(np.int32)
        return DocScores(snapshot.version, df, docs=docs)
    return DocScores(snapshot.version, df, bits=np.packbits(mask))


def _scored(snapshot: Snapshot, query: ScoredQuery, before: DocScores | None = None) -> DocScores:
    """The documents of a query with their scores, those known before among them."""
    constants, size = snapshot.constants, snapshot.size
    k1 = constants.k1 if is_one_term(query) else constants.pair_k1
    shared = snapshot.shared_with(-1 if before is None else before.version)
    docs: list[Array] = []
    scores: list[Array] = []
    if before is not None and before.docs is not None:
        known, chosen = _still_there(snapshot, shared, before.docs)
        docs, scores = [known], [before.scores[chosen]]
    for part in snapshot.parts[shared.parts :]:
        found, x = _part_frequencies(part, query)
        if len(found):
            docs.append((found + part.base).astype(np.int32))
            scores.append(saturate(x, k1))
    df = sum(map(len, docs))
    if before is not None and before.docs is None:
        room = _room_after(before, size, shared)
        df += before.df if shared.all_there else int(np.count_nonzero(room))
    elif df > _ROW_SHARE * size:
        room = np.zeros(size + _ROOM, np.float32)
    elif len(docs) == 1:
        return DocScores(snapshot.version, df, docs=docs[0], scores=scores[0])
    else:
        numbers = np.concatenate([np.zeros(0, np.int32), *docs])
        values = np.concatenate([_NO_SCORES, *scores])
        return DocScores(snapshot.version, df, docs=numbers, scores=values)
    for numbers, values in zip(docs, scores, strict=True):
        room[numbers] = values
    return DocScores(snapshot.version, df, scores=room[:size], room=[room])


def _still_there(snapshot: Snapshot, shared: Shared, docs: Array) -> tuple[Array, Array | slice]:
    """Those of the documents of an earlier snapshot that this one has, and which these are."""
    if shared.all_there:
        return docs, slice(None)
    count = int(np.searchsorted(docs, shared.size))
    if not len(shared.deleted):
        return docs[:count], slice(count)
    chosen = np.flatnonzero(snapshot.live[docs[:count]])
    return docs[chosen], chosen


def _room_after(before: DocScores, size: int, shared: Shared) -> Array:
    """An array that begins with the row without deleted documents; zeros for all others."""
    if shared.all_there:
        try:
            room = before.room.pop()  # only one can have it
        except IndexError:
            pass
        else:
            if len(room) >= size:
                return room
    room = np.zeros(size + _ROOM, np.float32)
    room[: shared.size] = before.scores[: shared.size]
    room[shared.deleted] = 0
    return room


def _part_frequencies(part: Part, query: ScoredQuery) -> tuple[Array, Array]:
    if isinstance(query, TermSet):
        return NOTHING if part.lacks(query) else term_frequencies(part, query)
    if isinstance(query, PairSet):
        lacking = part.lacks_pair(query.first, query.second)
        return NOTHING if lacking else pair_frequencies(part, query)
    return NOTHING if any(map(part.lacks, query.parts)) else phrase_frequencies(part, query)


def score_row(
    snapshot: Snapshot, clauses: Sequence[ScoringClause], among: Array | None = None
) -> Array:
    """(size,) f4: the score of every document number, matching or not, while time suffices.

    Args:
        among: (size,) bool: the documents whose scores are asked for; others may have 0.
    """
    scores = np.zeros(snapshot.size, np.float32)
    few: Array | None = None
    if among is not None and np.count_nonzero(among) < _FEW_SHARE * snapshot.size:
        few = np.flatnonzero(among)
    scratch: Array = getattr(_SCRATCH, "row", _NO_SCORES)
    if len(scratch) < snapshot.size:
        scratch = _SCRATCH.row = np.empty(snapshot.size, np.float32)
    addend = scratch[: snapshot.size if few is None else len(few)]
    total = scores if few is None else np.zeros(len(few), np.float32)
    for clause in clauses:
        if out_of_time():
            break
        found = doc_scores(snapshot, clause.query, scored=True)
        factor = np.float32(clause.boost * idf(snapshot.document_count, found.df))
        if found.docs is None:
            values = found.scores if few is None else found.scores[few]
            total += np.multiply(values, factor, out=addend)
        elif few is None:
            np.add.at(total, found.docs, factor * found.scores)
        elif found.df:
            places = found.docs.searchsorted(few)
            places[places == found.df] = 0
            there = np.flatnonzero(found.docs[places] == few)
            total[there] += factor * found.scores[places[there]]
    if few is not None:
        scores[few] = total
    return scores


def match_mask(snapshot: Snapshot, match: Query) -> Array:
    """(size,) bool: the document numbers that match; deleted ones may be among them.

    It is new, so that the caller may change it. What time did not suffice for matches nothing, so
    that no wrong document is ever shown.
    """
    if out_of_time():
        return np.zeros(snapshot.size, bool)
    match match:
        case TermSet() | Phrase():
            return doc_scores(snapshot, match).mask(snapshot.size)
        case And() | Or():
            return _combined(snapshot, match)
        case Not():
            mask = ~match_mask(snapshot, match.child)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
            for child in match.children:
                if not isinstance(child, TermSet) or out_of_time():
                    counts += match_mask(snapshot, child)
                elif (found := doc_scores(snapshot, child)).docs is not None:
                    counts[found.docs] += 1
                else:
                    counts += found.mask(snapshot.size)
            return np.asarray(counts >= match.count)
        case KeywordIs():
            return _keyword(snapshot, match)
        case PublishedWithin():
            return _published(snapshot, match)
        case IdIn():
            mask = np.zeros(snapshot.size, bool)
            mask[[doc for doc_id in match.ids if (doc := snapshot.find(doc_id)) is not None]] = True
            return mask
        case _:
            assert_never(match)


def _combined(snapshot: Snapshot, match: And | Or) -> Array:
    """Packed bits are combined first, then the few documents of rare clauses, then masks."""
    every = isinstance(match, And)
    bits: Array | None = None
    rare, masks = [], []
    for child in match.children:
        if not isinstance(child, TermSet | Phrase) or out_of_time():
            masks.append(match_mask(snapshot, child))
            continue
        found = doc_scores(snapshot, child)
        if found.bits is None:
            rare.append(found.numbers() if found.docs is None else found.docs)
        elif bits is None:
            bits = found.bits
        else:
            bits = bits & found.bits if every else bits | found.bits
    if bits is None:
        mask = np.full(snapshot.size, every)
    else:
        mask = np.unpackbits(bits, count=snapshot.size).view(bool)
    for documents in rare:
        if every:
            kept = np.zeros(snapshot.size, bool)
            kept[documents] = mask[documents]
            mask = kept
        else:
            mask[documents] = True
    for other in masks:
        if every:
            mask &= other
        else:
            mask |= other
    return mask


def _keyword(snapshot: Snapshot, match: KeywordIs) -> Array:
    column = snapshot.keyword(match.column)
    wanted = np.zeros(len(column.labels) + 1, bool)
    wanted[[column.numbers[label] for label in match.labels if label in column.numbers]] = True
    mask = np.zeros(snapshot.size, bool)
    mask[column.docs[wanted[column.values]]] = True
    return mask


def _published(snapshot: Snapshot, match: PublishedWithin) -> Array:
    published = snapshot.published
    mask = published != NO_DATE
    if match.first is not None:
        mask &= published >= match.first
    if match.last is not None:
        mask &= published < match.last
    return np.asarray(mask)
