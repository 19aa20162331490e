"""What answers from one generation of the embedded engine."""

from functools import cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from time import monotonic

import numpy as np

from ...article import vietnamese_day
from ...model import EngineStats, SearchRequest
from ...query.lexicon import Lexicon
from ...results.interpretation import Interpretation
from ...results.search import Searcher, typed_query
from ...results.snapshot_backend import SnapshotArchive, label_counts
from ...retrieval.doc_scores import score_row, warm
from ...retrieval.snapshot import Snapshot
from ...retrieval.vocabulary import SnapshotVocabulary, changes
from ...segments.array_file import Array
from ...segments.columns import NO_DATE
from ...suggest.completer import Completer
from ...suggest_model import Suggestions, SuggestRequest
from ...withdrawals import storage_errors

#: A generation with so many documents in new segments is warmed before it is shown, so long.
_MUCH = 5_000
_WARMED_SECONDS = 0.6


class SnapshotSearcher(Searcher[Array]):
    """Answers requests from one snapshot."""

    def __init__(
        self, snapshot: Snapshot, folder: Path, before: "SnapshotSearcher | None" = None
    ) -> None:
        """Nothing is read but what was deleted since an earlier generation.

        Args:
            before: the searcher of that one, of which everything is taken over that still holds.
        """
        known = () if before is None else (before.lexicon, changes(before.snapshot, snapshot))
        lexicon = Lexicon(SnapshotVocabulary(snapshot), *known)
        self._archive = SnapshotArchive(snapshot)
        super().__init__(self._archive, lexicon, before)
        self.snapshot: Snapshot = snapshot
        self._folder = folder
        self._completer: Completer | None = None
        self._completer_before: Completer | None = None
        if before is not None:
            self._completer_before = before._completer or before._completer_before
        self._completer_lock = Lock()
        self.searches = count(1)

    @cached_property
    def stats(self) -> EngineStats:
        """What the generation holds, and the size of the folder when it was first asked for."""
        snapshot = self.snapshot
        published = snapshot.published[snapshot.live]
        published = published[published != NO_DATE]
        with storage_errors(self._folder):
            bytes_on_disk = sum(map(_size, self._folder.iterdir()))
        return EngineStats(
            articles=snapshot.document_count,
            generation=snapshot.generation,
            commit_id=_commit_id(snapshot),
            segments=len(snapshot.parts),
            terms=sum(len(part.segment.terms.text) for part in snapshot.parts),
            first_published=vietnamese_day(int(published.min())) if len(published) else None,
            last_published=vietnamese_day(int(published.max())) if len(published) else None,
            sources=label_counts(snapshot, snapshot.live, "source"),
            sections=label_counts(snapshot, snapshot.live, "section"),
            authors=label_counts(snapshot, snapshot.live, "authors"),
            bytes_on_disk=bytes_on_disk,
        )

    def lift(
        self, request: SearchRequest, interpretation: Interpretation[Array], doc: int
    ) -> float:
        """What its best passage multiplies the score of a hit by."""
        wanted = self.all_hits(request, interpretation)
        scores = score_row(self.snapshot, wanted.clauses, wanted.docs)
        head, factors = self._archive.lifts(wanted, scores)
        return float(factors[head == doc].prod())

    def warm(self, before: "SnapshotSearcher") -> None:
        """Make ready what the generation before was asked for, where most of it is to be read anew.

        It takes a part of the second in which a commit is to be seen.
        """
        ends = monotonic() + _WARMED_SECONDS
        if self.snapshot.size - self.snapshot.shared_directly(before.snapshot).size < _MUCH:
            return
        if before._completer is not None:
            self._completer = self._made_completer()
        warm(self.snapshot, before.snapshot, ends)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """What a text that is still being typed may become."""
        with self._completer_lock:
            if self._completer is None:
                self._completer = self._made_completer()
        return self._completer.suggest(request, typed_query(request.text)[0])

    def _made_completer(self) -> Completer:
        before, self._completer_before = self._completer_before, None
        return Completer(self.snapshot, self.interpreter, self.suggester, before)


def _commit_id(snapshot: Snapshot) -> str:
    """A digest of the segments, which have random names, and of what is alive in each."""
    digest = sha256()
    for part in snapshot.parts:
        live = b"" if part.live is None else np.packbits(part.live).tobytes()
        digest.update(f"{Path(part.segment.file.path).name} {len(live)} ".encode() + live)
    return digest.hexdigest()


def _size(path: Path) -> int:
    """Bytes of a file; 0 for what is none, or what a commit has just taken away."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return 0
    return status.st_size if S_ISREG(status.st_mode) else 0
