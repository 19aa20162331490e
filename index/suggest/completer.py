"""Suggestions of one generation: candidates that were counted, headlines and labels mixed."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from analyzers import fold

from ..engines.base import MAX_QUERY_LENGTH, QueryMode, SearchRequest
from ..reading import WIDEN_BELOW, QueryReader, query_tree
from ..stored import load_article
from ..suggestions import Suggester
from .candidates import Candidate, CandidateFinder
from .dictionary import Dictionary
from .keystrokes import decoded
from .labels import Label, Labels
from .parts import completed_parts, marked_parts
from .phrases import HeadlinePhrases
from .typed import TypedText, plain_text, typed_text
from .values import (
    MIN_CLIENTS,
    Completion,
    LoggedQuery,
    SuggestionKind,
    Suggestions,
    SuggestRequest,
    TextPart,
)

_CACHED_TOTALS = 20_000
#: The shares of the list that queries and labels get when headlines would fill the rest.
_QUERY_SHARE = 0.6
_LABEL_SHARE = 0.25
#: Rewrites that leave the words what they are.
_SAME_WORDS = frozenset({"accents_widened"})
#: So many candidates without hits are passed over.
_MAX_COUNTED = 2


class Completer:
    """Answers requests from one snapshot; safe to share between threads.

    Made when first asked for: about 10 µs an article, and 150 bytes.
    """

    def __init__(self, reader: QueryReader, suggester: Suggester) -> None:
        snapshot = reader.snapshot
        self._snapshot = snapshot
        self._reader = reader
        self._suggester = suggester
        self._dictionary = Dictionary(snapshot)
        self._phrases = HeadlinePhrases(snapshot)
        self._labels = Labels(snapshot)
        self._finder = CandidateFinder(
            snapshot, reader.lexicon, reader.counts, self._dictionary, self._phrases
        )
        self._total = lru_cache(_CACHED_TOTALS)(self._counted)

    def suggest(self, request: SuggestRequest, query: str) -> Suggestions:
        """The best suggestions for a typed text; none for a query with operators or fields.

        Args:
            query: the text of the request, normalized.
        """
        words = plain_text(query_tree(query, QueryMode.SIMPLE))
        typed = typed_text(words or "")
        items: tuple[Completion, ...] = ()
        if len(typed) and len(query) <= MAX_QUERY_LENGTH:
            items = tuple(self._mixed(request, typed))
        return Suggestions(text=query, items=items, generation=self._snapshot.generation)

    def _mixed(self, request: SuggestRequest, typed: TypedText) -> list[Completion]:
        limit = request.limit
        labels = [_label_item(label, typed) for label in self._labels.beginning(typed, limit)]
        labels = labels[: max(1, int(_LABEL_SHARE * limit))]
        titles = list(self._titles(typed, limit))
        wanted = max(round(_QUERY_SHARE * limit), limit - len(labels) - len(titles))
        queries = self._queries(request, typed, wanted)
        meant = self._meant(typed, queries) if self._is_poor(queries) else []
        known = {item.text for item in queries}
        meant = [item for item in meant if item.text not in known]
        if queries:
            queries = queries[: max(1, limit - len(meant))]
        return [*queries, *meant, *labels, *titles][:limit]

    # -- queries

    def _queries(self, request: SuggestRequest, typed: TypedText, wanted: int) -> list[Completion]:
        found: list[Completion] = []
        texts: set[str] = set()
        misses = 0
        for candidate in self._ranked(request.logged, typed, found):
            if len(found) == wanted or misses > _MAX_COUNTED:
                break
            if candidate.text in texts:
                continue
            texts.add(candidate.text)
            total = self._total(candidate.text)
            if total:
                found.append(_query_item(candidate, typed, total))
            else:
                misses += 1
        return found

    def _ranked(
        self, logged: Sequence[LoggedQuery], typed: TypedText, found: Sequence[Completion]
    ) -> Iterator[Candidate]:
        """Logged queries and completions by weight, then what follows the first of them."""
        own = self._finder.find(typed)
        candidates = sorted(
            [*_logged_candidates(logged, typed), *own],
            key=lambda candidate: (-candidate.weight, candidate.forms),
        )
        yield from candidates
        if found:
            first = found[0]
            forms = tuple(first.text.split(" "))
            yield from self._finder.following(Candidate(forms, 0.0))

    def _counted(self, text: str) -> int:
        """What a search for it finds, 0 where it would be read as something else."""
        reading = self._reader.read(SearchRequest(query=text), text)
        otherwise = any(rewrite.kind not in _SAME_WORDS for rewrite in reading.rewrites)
        return 0 if reading.relaxed or otherwise else reading.total

    # -- did you mean

    def _is_poor(self, queries: Sequence[Completion]) -> bool:
        return max((item.total or 0 for item in queries), default=0) < WIDEN_BELOW

    def _meant(self, typed: TypedText, queries: Sequence[Completion]) -> list[Completion]:
        """What else the text may be: keystrokes, wrong accents, a slip."""
        for kind, other in decoded(self._reader.lexicon, self._dictionary, typed):
            items = self._other(other, kind)
            if items:
                return items
        if queries:
            return []
        if typed.exact != typed.folded:
            items = self._other(TypedText(typed.folded, typed.folded), "accents_ignored")
            if items:
                return items
        text = " ".join(typed.exact)
        asked = SearchRequest(query=text)
        offered = self._suggester.suggest(asked, text, self._reader.read(asked, text))
        totals = [(item, self._total(item.text)) for item in offered]
        return [_meant_item(item.text, item.kind, total) for item, total in totals if total]

    def _other(self, other: TypedText, how: str) -> list[Completion]:
        items: list[Completion] = []
        for candidate in self._finder.find(other)[: 2 * _MAX_COUNTED]:
            total = self._total(candidate.text)
            if total and len(items) < _MAX_COUNTED:
                items.append(_meant_item(candidate.text, how, total))
        return items

    # -- headlines

    def _titles(self, typed: TypedText, limit: int) -> Iterator[Completion]:
        found = self._phrases.occurrences(typed)
        for doc in self._phrases.documents(typed, found, limit):
            article = load_article(self._snapshot.stored(doc))
            yield Completion(
                text=article.headline,
                kind=SuggestionKind.TITLE,
                parts=marked_parts(article.headline, typed),
                doc_id=article.id,
            )


def _logged_candidates(logged: Sequence[LoggedQuery], typed: TypedText) -> Iterator[Candidate]:
    for query in logged:
        forms = typed_text(query.text).exact
        if query.clients >= MIN_CLIENTS and typed.begins(forms):
            yield Candidate(forms, float(query.clients))


def _query_item(candidate: Candidate, typed: TypedText, total: int) -> Completion:
    """A completion; one that only adds accents to what was typed is a did-you-mean."""
    folded = tuple(fold(form) for form in candidate.forms)
    restored = folded == typed.folded and candidate.forms != typed.exact
    return Completion(
        text=candidate.text,
        kind=SuggestionKind.DID_YOU_MEAN if restored else SuggestionKind.QUERY,
        parts=completed_parts(candidate.forms, typed),
        total=total,
        how="restore_accents" if restored else None,
    )


def _meant_item(text: str, how: str, total: int) -> Completion:
    return Completion(
        text=text,
        kind=SuggestionKind.DID_YOU_MEAN,
        parts=(TextPart(text),),
        total=total,
        how=how,
    )


def _label_item(label: Label, typed: TypedText) -> Completion:
    return Completion(
        text=label.text,
        kind=label.kind,
        parts=marked_parts(label.text, typed),
        total=label.total,
    )
