"""Suggestions on a cluster: what headlines continue with, counted by the cluster itself."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analyzers import analyze

from ...model import MAX_QUERY_LENGTH, Hit, SearchRequest
from ...query.syntax import parse
from ...results.search import Searcher, typed_query
from ...suggest.completion_parts import completed_parts, marked_parts
from ...suggest.query_prefix import TypedText, plain_text, typed_text
from ...suggest_model import MIN_CLIENTS, Completion, SuggestionKind, Suggestions, SuggestRequest
from .selections import Selection

#: Headlines that completions are taken from.
_LOOKED_AT = 50
#: Each completion is counted with a search of its own.
_MOST_COUNTED = 5


def suggestions(searcher: Searcher[Selection], request: SuggestRequest) -> Suggestions:
    """The best suggestions for a typed text; none for a query with operators or fields."""
    query = typed_query(request.text)[0]
    items: list[Completion] = []
    if len(query) <= MAX_QUERY_LENGTH:
        typed = typed_text(plain_text(parse(query, strict=False).tree) or "")
        if len(typed):
            items = _mixed(searcher, request, typed)
    return Suggestions(
        text=query, items=tuple(items[: request.limit]), generation=searcher.archive.generation
    )


def _mixed(
    searcher: Searcher[Selection], request: SuggestRequest, typed: TypedText
) -> list[Completion]:
    begun = " ".join(typed.exact) + "*"
    page = searcher.search(SearchRequest(query=begun, field="title", limit=_LOOKED_AT))
    texts = [hit.article.headline for hit in page.hits]
    logged = [
        each.text
        for each in request.logged
        if each.clients >= MIN_CLIENTS and _begins(each.text, typed)
    ]
    queries = list(_counted(searcher, [*logged, *_continued(texts, typed)], typed))
    meant = searcher.search(SearchRequest(query=" ".join(typed.exact), limit=0)).suggestions
    known = {item.text for item in queries}
    queries += [
        Completion(
            text=each.text,
            kind=SuggestionKind.DID_YOU_MEAN,
            parts=marked_parts(each.text, typed),
            total=each.total,
            how=each.kind,
        )
        for each in meant
        if each.text not in known
    ]
    return queries + [_title(hit, typed) for hit in page.hits[: request.limit]]


def _continued(texts: Sequence[str], typed: TypedText) -> list[str]:
    """What stands in headlines where the typed text begins, the most frequent first."""
    counts: Counter[str] = Counter()
    width = len(typed)
    for text in texts:
        forms = [token.exact for token in analyze(text)]
        for start in range(len(forms) - width + 1):
            if typed.begins(forms[start : start + width]):
                counts[" ".join(forms[start : start + width])] += 1
    return sorted(counts, key=lambda text: (-counts[text], text))[:_MOST_COUNTED]


def _counted(
    searcher: Searcher[Selection], texts: Sequence[str], typed: TypedText
) -> Iterator[Completion]:
    """Those that a search finds as they are."""
    for text in dict.fromkeys(texts):
        total = searcher.total(SearchRequest(query=text, fix=False))
        if not total:
            continue
        forms = tuple(token.exact for token in analyze(text))
        restored = typed_text(text).folded == typed.folded and forms != typed.exact
        yield Completion(
            text=text,
            kind=SuggestionKind.DID_YOU_MEAN if restored else SuggestionKind.QUERY,
            parts=completed_parts(forms, typed),
            total=total,
            how="restore_accents" if restored else None,
        )


def _begins(text: str, typed: TypedText) -> bool:
    return typed.begins([token.exact for token in analyze(text)])


def _title(hit: Hit, typed: TypedText) -> Completion:
    headline = hit.article.headline
    return Completion(
        text=headline,
        kind=SuggestionKind.TITLE,
        parts=marked_parts(headline, typed),
        doc_id=hit.id,
    )
