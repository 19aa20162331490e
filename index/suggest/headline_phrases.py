"""The headlines of one generation: which hold what was typed, and how they go on after it."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from analyzers import begins_with, compatible, has_marks

from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array, smallest_unsigned
from ..segments.inversion import BARE_ZONE_MARK
from .headline_table import HeadlineTable, extended, headline_table
from .query_prefix import TypedText

_MAX_TOKENS = 32
#: So many occurrences of a beginning are read, those of the documents indexed last.
_MAX_ROWS = 4000
_MAX_PHRASES = 16
_LONGEST_EXTENSION = 4
#: A phrase goes on as long as it nearly always goes on in the same way.
_EXTEND_SHARE = 0.6
_MIN_REPEATED = 2
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class HeadlinePhrase:
    """Exact keys that stand side by side in headlines, and how often."""

    forms: tuple[str, ...]
    count: int
    inside_word: bool = False
    """Whether the same syllable nearly always stands before them, as `học` before `bổng`."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a typed text begins in headlines: the slots of its last token."""

    slots: Array
    width: int
    """Tokens of the typed text."""


class HeadlinePhrases:
    """Every live headline as numbers of forms; the forms are sorted by their fold."""

    def __init__(self, snapshot: Snapshot, before: "HeadlinePhrases | None" = None) -> None:
        """Headlines are read.

        Args:
            before: those of an earlier generation, of which what is still there is taken over.
        """
        self._snapshot = snapshot
        self._size = snapshot.size
        newest = np.argsort(snapshot.published, kind="stable")[::-1]
        self._ages = np.empty(self._size, smallest_unsigned(self._size))
        self._ages[newest] = np.arange(self._size)
        shared = None if before is None else snapshot.shared_directly(before._snapshot)
        if before is None or shared is None or not shared.parts:
            table = headline_table(snapshot.parts, snapshot.size)
            places = np.argsort(table.slots, kind="stable")
        else:
            known = before._table
            kept = np.ones(len(known.docs), bool)
            kept[int(np.searchsorted(known.docs, shared.size)) :] = False
            if len(shared.deleted):
                kept &= ~np.isin(known.docs, shared.deleted)
            new = headline_table(snapshot.parts[shared.parts :], snapshot.size)
            table = extended(known, kept, new)
            places = _places(table, before._places, kept)
        self._table: HeadlineTable = table
        self._forms, self._folds = table.forms, table.folds
        self._none = len(table.forms)
        self._slots, self._docs = table.slots, table.docs
        self._places: Array = places.astype(smallest_unsigned(len(places)))
        """Slots, ordered by the form that stands in them."""
        counts = np.bincount(self._slots, minlength=self._none + 1)
        self._ptr = np.concatenate([[0], np.cumsum(counts)])

    def occurrences(self, typed: TypedText) -> Occurrences:
        """Where headlines have the typed tokens side by side, in no order."""
        width = len(typed)
        if not 0 < width <= _MAX_TOKENS:
            return Occurrences(np.zeros(0, np.int64), width)
        sets = self._sets(typed)
        anchor = min(range(width), key=lambda i: self._frequency(sets[i]))
        places = self._places_of(sets[anchor]) + (width - 1 - anchor)
        places = places[(places >= width - 1) & (places < len(self._slots))]
        for index, numbers in enumerate(sets):
            if index != anchor:
                there = self._slots[places - (width - 1 - index)]
                places = places[_within(there, numbers)]
        return Occurrences(places, width)

    def phrases(self, found: Occurrences, limit: int = _MAX_PHRASES) -> list[HeadlinePhrase]:
        """What the typed text becomes in headlines, the most frequent first.

        Each goes on as far as most of its occurrences go on alike.
        """
        slots = _last(found.slots)
        if not len(slots):
            return []
        columns = np.arange(1 - found.width, _LONGEST_EXTENSION + 1)
        at = np.clip(slots[:, None] + columns, 0, len(self._slots) - 1)
        rows = self._slots[at].astype(np.int64)
        keys = np.zeros(len(rows), np.uint64)
        for column in range(found.width):
            keys = keys * _MIX + rows[:, column].astype(np.uint64)
        _, firsts, inverse, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        best = np.argsort(-counts, kind="stable")[:limit]
        phrases = []
        for group in best.tolist():
            head = rows[firsts[group], : found.width].tolist()
            same = np.flatnonzero(inverse == group)
            tail = self._extension(rows[same, found.width :])
            forms = tuple(self._forms[number] for number in (*head, *tail))
            if not any(form.endswith(BARE_ZONE_MARK) for form in forms):
                phrases.append(
                    HeadlinePhrase(forms, len(same), self._has_one_before(slots[same], found))
                )
        return phrases

    def followed_by(self, found: Occurrences, limit: int = _MAX_PHRASES) -> list[HeadlinePhrase]:
        """Two syllables that follow the typed text more than once, the most frequent first."""
        slots = _last(found.slots)
        slots = slots[slots + 2 < len(self._slots)]
        if not len(slots):
            return []
        first, second = self._slots[slots + 1], self._slots[slots + 2]
        inside = (first != self._none) & (second != self._none)
        keys = first[inside].astype(np.int64) * (self._none + 1) + second[inside]
        pairs, counts = np.unique(keys, return_counts=True)
        repeated = np.flatnonzero(counts >= _MIN_REPEATED)
        best = repeated[np.argsort(-counts[repeated], kind="stable")][:limit]
        phrases = []
        for index in best.tolist():
            numbers = divmod(int(pairs[index]), self._none + 1)
            forms = tuple(self._forms[number] for number in numbers)
            if not any(form.endswith(BARE_ZONE_MARK) for form in forms):
                phrases.append(HeadlinePhrase(forms, int(counts[index])))
        return phrases

    def documents(self, typed: TypedText, found: Occurrences, limit: int) -> list[int]:
        """Documents whose headline has all typed tokens.

        First those that begin with them, then those with all of them side by side; of the same
        kind the newest first.
        """
        if not 0 < len(typed) <= _MAX_TOKENS:
            return []
        before = found.slots - len(typed)
        first = (before < 0) | (self._slots[before] == self._none)
        together = self._mask(found.slots)
        beginning = self._mask(found.slots[first])
        best = self._newest(beginning, limit)
        best += self._newest(together & ~beginning, limit - len(best))
        if len(best) < limit and len(typed) > 1:
            apart = ~together
            for numbers in self._sets(typed):
                apart &= self._mask(self._places_of(numbers))
            best += self._newest(apart, limit - len(best))
        return best

    def _mask(self, slots: Array) -> Array:
        """One bool a document: whether one of the slots is its."""
        mask = np.zeros(self._size, bool)
        mask[self._docs[slots]] = True
        return mask

    def _newest(self, mask: Array, limit: int) -> list[int]:
        docs = np.flatnonzero(mask)
        ages = self._ages[docs]
        if len(docs) > limit:
            chosen = np.argpartition(ages, limit)[:limit]
            docs, ages = docs[chosen], ages[chosen]
        newest: list[int] = docs[np.argsort(ages)].tolist()
        return newest

    def _has_one_before(self, slots: Array, found: Occurrences) -> bool:
        """Whether the same syllable stands before most of these occurrences."""
        places = slots - found.width
        before = self._slots[places[places >= 0]]
        _, counts = np.unique(before[before != self._none], return_counts=True)
        return int(counts.max(initial=0)) >= max(_MIN_REPEATED, _EXTEND_SHARE * len(slots))

    def _extension(self, rows: Array) -> list[int]:
        """The forms that most rows go on with, as far as they do."""
        tail: list[int] = []
        for column in range(rows.shape[1]):
            values, counts = np.unique(rows[:, column], return_counts=True)
            top = int(np.argmax(counts))
            value, count = int(values[top]), int(counts[top])
            if value == self._none or count < max(_MIN_REPEATED, _EXTEND_SHARE * len(rows)):
                break
            tail.append(value)
            rows = rows[rows[:, column] == value]
        return tail

    def _sets(self, typed: TypedText) -> list[Array]:
        """For each typed token the numbers of the forms that it may stand for, rising."""
        last = len(typed) - 1
        sets = []
        for index, (exact, folded) in enumerate(zip(typed.exact, typed.folded, strict=True)):
            end = folded + _LAST if index == last else folded + BARE_ZONE_MARK
            low = bisect_left(self._folds, folded)
            high = bisect_left(self._folds, end)
            fits = begins_with if index == last else compatible
            numbers = np.arange(low, high)
            if has_marks(exact):
                chosen = [n for n in range(low, high) if fits(exact, self._forms[n])]
                numbers = np.array(chosen, np.int64)
            sets.append(numbers)
        return sets

    def _frequency(self, numbers: Array) -> int:
        return int((self._ptr[numbers + 1] - self._ptr[numbers]).sum())

    def _places_of(self, numbers: Array) -> Array:
        if not len(numbers):
            return np.zeros(0, np.int64)
        if int(numbers[-1]) - int(numbers[0]) + 1 == len(numbers):
            low, high = int(self._ptr[numbers[0]]), int(self._ptr[numbers[-1] + 1])
            return self._places[low:high].astype(np.int64)
        runs = [self._places[int(self._ptr[n]) : int(self._ptr[n + 1])] for n in numbers]
        return np.concatenate(runs).astype(np.int64)


def _places(table: HeadlineTable, before: Array, kept: Array) -> Array:
    """The slots of an extended table ordered by their forms: those before are ordered already."""
    count = int(np.count_nonzero(kept))
    known = before
    if count < len(kept):
        known = before[kept[before]]
        known = np.cumsum(kept)[known] - 1
    new = np.argsort(table.slots[count:], kind="stable")
    # The forms of slots that are kept rise, and new slots follow those with the same form.
    rises = np.cumsum(np.bincount(table.slots[:count], minlength=len(table.forms) + 1))
    return np.insert(known.astype(np.int64), rises[table.slots[count:][new]], new + count)


def _within(numbers: Array, wanted: Array) -> Array:
    """Which numbers are among the wanted ones, which rise."""
    if not len(wanted):
        return np.zeros(len(numbers), bool)
    low, high = int(wanted[0]), int(wanted[-1])
    inside = (numbers >= low) & (numbers <= high)
    if high - low + 1 == len(wanted):
        return inside
    return inside & np.isin(numbers, wanted)


def _last(slots: Array) -> Array:
    """The slots of the documents indexed last, as many as are read."""
    if len(slots) <= _MAX_ROWS:
        return slots
    return np.partition(slots, len(slots) - _MAX_ROWS)[-_MAX_ROWS:]
