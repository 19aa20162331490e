"""The vocabulary of a snapshot with the counts of its live documents."""

from collections.abc import Collection, Mapping

from ..article import vietnamese_day
from ..errors import IndexCorrupt
from ..query.lexicon import VocabularyChange
from ..segments.columns import NO_DATE
from ..segments.inversion import folds_of
from .snapshot import Snapshot

#: Up to so many documents that came, went or were moved it is worth finding out what they hold.
_MOST_CHANGED = 600
#: Those that were deleted in segments that stay have to be read.
_MOST_DELETED = 64


def changes(before: Snapshot, now: Snapshot) -> VocabularyChange | None:
    """What a later snapshot may count otherwise; None where that is about everything."""
    shared = now.shared_directly(before)
    parts = [*before.parts[shared.parts :], *now.parts[shared.parts :]]
    if (
        sum(part.segment.doc_count for part in parts) > _MOST_CHANGED
        or len(shared.deleted) > _MOST_DELETED
    ):
        return None
    folds = {fold for part in parts for fold in part.segment.terms.folds.all()}
    apart: set[str] = set()
    for doc in shared.deleted.tolist():
        try:
            apart |= folds_of(before.article(doc))
        except IndexCorrupt:
            return None  # a text that nobody asks for any more is no reason to fail
    pairs = {pair for part in parts for pair in part.segment.folded_pairs()}
    return VocabularyChange(frozenset(folds | apart), frozenset(pairs), frozenset(apart))


class SnapshotVocabulary:
    """Counts of one generation of the embedded engine; nothing is stored apart."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def document_count(self) -> int:
        """Living documents."""
        return self._snapshot.document_count

    def variant_counts(self, fold: str) -> Mapping[str, int]:
        """The indexed forms of a folded syllable with their document frequencies."""
        counts: dict[str, int] = {}
        for part in self._snapshot.parts:
            for text, number in part.segment.terms.numbers(fold).items():
                counts[text] = counts.get(text, 0) + part.live_count(part.segment.term_list(number))
        return counts

    def compound_counts(self, fold: str) -> Mapping[str, int]:
        """The accented readings of a folded compound with their document frequencies."""
        counts: dict[str, int] = {}
        for part in self._snapshot.parts:
            for text, number in part.segment.words.numbers(fold).items():
                counts[text] = counts.get(text, 0) + part.live_count(part.segment.word_list(number))
        return counts

    def pair_counts(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """The readings of two folded syllables side by side with their document frequencies."""
        counts: dict[tuple[str, str], int] = {}
        for part in self._snapshot.parts:
            vocabulary = part.segment.terms
            followers = {number: text for text, number in vocabulary.numbers(second).items()}
            if not followers:
                continue
            seconds = range(min(followers), max(followers) + 1)
            for text, number in vocabulary.numbers(first).items():
                for pair in part.segment.pairs(number, seconds):
                    key = (text, followers[pair.second])
                    counts[key] = counts.get(key, 0) + part.live_count(part.segment.pair_list(pair))
        return counts

    def fold_counts(self, prefix: str) -> Mapping[str, int]:
        """The folded forms that begin with a prefix, with the counts of their forms added up."""
        counts: dict[str, int] = {}
        for part in self._snapshot.parts:
            for fold, numbers in part.segment.terms.folds_from(prefix):
                live = (
                    part.segment.term_frequency_bound(numbers)
                    if part.live is None
                    else sum(part.live_count(part.segment.term_list(n)) for n in numbers)
                )
                if live:
                    counts[fold] = counts.get(fold, 0) + live
        return counts

    def years(self) -> range:
        """Those from the first article with a date to the last, in Vietnamese time."""
        published = self._snapshot.published
        known = published[self._snapshot.live & (published != NO_DATE)]
        if not len(known):
            return range(0)
        first, last = (vietnamese_day(int(edge)).year for edge in (known.min(), known.max()))
        return range(first, last + 1)

    def known_folds(self, folds: Collection[str]) -> Collection[str]:
        """Those of the folded forms that are indexed, perhaps in deleted documents only."""
        return {fold for part in self._snapshot.parts for fold in part.segment.terms.among(folds)}

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._snapshot.keyword(column).labels
