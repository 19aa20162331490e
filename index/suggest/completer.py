"""Suggestions of one generation: completions that were counted, headlines and labels, mixed."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from analyzers import fold

from ..model import MAX_QUERY_LENGTH, SearchRequest
from ..query.syntax import parse
from ..results.did_you_mean import Suggester
from ..results.interpretation import QueryInterpreter
from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array
from ..suggest_model import (
    MIN_CLIENTS,
    Completion,
    LoggedQuery,
    SuggestionKind,
    Suggestions,
    SuggestRequest,
)
from .completion_parts import completed_parts, marked_parts
from .corrections import MeantFinder
from .headline_phrases import HeadlinePhrases
from .label_table import CountedLabel, LabelTable
from .query_candidates import Candidate, CandidateFinder
from .query_prefix import TypedText, plain_text, typed_text
from .word_table import Dictionary

_CACHED_TOTALS = 20_000
#: The share of the list that queries get where headlines would fill it, and the most for labels.
_QUERY_SHARE = 0.6
_LABEL_SHARE = 0.25
#: After so many candidates without hits no more are counted.
_MAX_MISSES = 3
_OTHER_MARKS = frozenset({"accents_ignored", "spelling"})
#: Rewrites that leave the words what they are.
_SAME_WORDS = frozenset({"accents_widened"})


class Completer:
    """Answers requests from one snapshot; safe to share between threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        interpreter: QueryInterpreter[Array],
        suggester: Suggester[Array],
        before: "Completer | None" = None,
    ) -> None:
        """Headlines, labels and words are read.

        Args:
            before: that of an earlier generation, of which what has not changed is taken over.
        """
        self._snapshot = snapshot
        self._interpreter = interpreter
        phrases = labels = words = None
        if before is not None:
            phrases, labels, words = before._phrases, before._labels, before._dictionary
        self._phrases: HeadlinePhrases = HeadlinePhrases(snapshot, phrases)
        self._labels: LabelTable = LabelTable(snapshot, labels)
        self._dictionary: Dictionary = Dictionary(snapshot, words)
        dictionary = self._dictionary
        self._finder = CandidateFinder(
            snapshot, interpreter.lexicon, interpreter.counts, dictionary, self._phrases
        )
        self._total = lru_cache(_CACHED_TOTALS)(self._counted)
        self._meant = MeantFinder(interpreter, suggester, dictionary, self._finder, self._total)

    def suggest(self, request: SuggestRequest, query: str) -> Suggestions:
        """The best suggestions for a typed text; none for a query with operators or fields.

        Args:
            query: the text of the request, normalized.
        """
        items: tuple[Completion, ...] = ()
        if len(query) <= MAX_QUERY_LENGTH:
            typed = typed_text(plain_text(parse(query, strict=False).tree) or "")
            items = tuple(self._mixed(request, typed)) if len(typed) else ()
        return Suggestions(text=query, items=items, generation=self._snapshot.generation)

    def _mixed(self, request: SuggestRequest, typed: TypedText) -> list[Completion]:
        limit = request.limit
        most_labels = max(1, int(_LABEL_SHARE * limit))
        labels = [_label_item(item, typed) for item in self._labels.beginning(typed, most_labels)]
        found = self._phrases.occurrences(typed)
        docs = self._phrases.documents(typed, found, limit)
        wanted = max(round(_QUERY_SHARE * limit), limit - len(labels) - len(docs))
        queries = list(islice(self._queries(request.logged, typed), wanted))
        meant = self._meant.find(typed, queries)
        items = [*_together(queries, meant, wanted), *labels][:limit]
        return items + [self._title(doc, typed) for doc in docs[: limit - len(items)]]

    def _queries(self, logged: Sequence[LoggedQuery], typed: TypedText) -> Iterator[Completion]:
        """Completions that have hits, the likeliest first."""
        offered: set[str] = set()
        misses = 0
        for candidate in self._ranked(logged, typed):
            if candidate.text in offered:
                continue
            offered.add(candidate.text)
            total = self._total(candidate.text)
            if total:
                yield _query_item(candidate, typed, total)
                continue
            misses += 1
            if misses == _MAX_MISSES:
                return

    def _ranked(self, logged: Sequence[LoggedQuery], typed: TypedText) -> Iterator[Candidate]:
        """Logged queries and completions by weight, then what follows the likeliest of them."""
        candidates = [*_logged_candidates(logged, typed), *self._finder.find(typed)]
        candidates.sort(key=lambda candidate: (-candidate.weight, candidate.forms))
        yield from candidates
        if candidates:
            yield from self._finder.following(candidates[0])

    def _counted(self, text: str) -> int:
        """What a search for it finds; 0 where it would be read as something else."""
        interpretation = self._interpreter.interpret(SearchRequest(query=text, collapse=True), text)
        otherwise = any(rewrite.kind not in _SAME_WORDS for rewrite in interpretation.rewrites)
        return 0 if otherwise else interpretation.full.total

    def _title(self, doc: int, typed: TypedText) -> Completion:
        article = self._snapshot.article(doc)
        return Completion(
            text=article.headline,
            kind=SuggestionKind.TITLE,
            parts=marked_parts(article.headline, typed),
            doc_id=article.id,
        )


def _together(
    queries: Sequence[Completion], meant: Sequence[Completion], most: int
) -> list[Completion]:
    """Both, what was meant first; but marks typed count, so other marks only come after them."""
    if meant and meant[0].how in _OTHER_MARKS:
        return [*queries[: max(1, most - len(meant))], *meant]
    return [*meant, *queries[: max(1, most - len(meant))]]


def _logged_candidates(logged: Sequence[LoggedQuery], typed: TypedText) -> Iterator[Candidate]:
    for query in logged:
        forms = typed_text(query.text).exact
        if query.clients >= MIN_CLIENTS and typed.begins(forms):
            yield Candidate(forms, float(query.clients))


def _query_item(candidate: Candidate, typed: TypedText, total: int) -> Completion:
    """A completion; one that only adds accents to what was typed is a did-you-mean."""
    folded = tuple(map(fold, candidate.forms))
    restored = folded == typed.folded and candidate.forms != typed.exact
    return Completion(
        text=candidate.text,
        kind=SuggestionKind.DID_YOU_MEAN if restored else SuggestionKind.QUERY,
        parts=completed_parts(candidate.forms, typed),
        total=total,
        how="restore_accents" if restored else None,
    )


def _label_item(label: CountedLabel, typed: TypedText) -> Completion:
    return Completion(
        text=label.text,
        kind=label.kind,
        parts=marked_parts(label.text, typed),
        total=label.total,
        key=label.key,
    )
