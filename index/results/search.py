"""Searching one generation: the query as read, its best hits, and what else to offer."""

from collections.abc import Sequence
from typing import Generic

from analyzers import LegacyText, repair_query

from ..article import Article
from ..backend import Archive, Docs, Found, HitRange
from ..model import (
    ArticleMarks,
    Filters,
    Highlights,
    Hit,
    MatchedWord,
    SearchPage,
    SearchRequest,
    SortOrder,
    TierScope,
)
from ..query.compiler import Compiled
from ..query.label_match import unknown_filters
from ..query.lexicon import Lexicon, PlanMemo
from ..query.prior import BlendedCounts
from ..query.restore import likeliest_forms
from ..query.syntax import LEGACY_LETTERS, normalized_query
from ..query.word_segmentation import segment_query
from ..query_model import QueryAnalysis, Rewrite, Suggestion, UnderstoodQuery, Words
from ..retrieval.budget import out_of_time, time_budget
from ..schema import Zone
from .did_you_mean import Suggester
from .highlight import Highlighter
from .interpretation import ALL_TIERS, Interpretation, Matches, QueryInterpreter

_NO_FILTERS = Filters()
#: Plans that are kept, and term sets.
PLANS_KEPT = TERM_SETS_KEPT = 4_000


class Searcher(Generic[Docs]):
    """Answers requests from one generation; safe to share between threads."""

    def __init__(
        self, archive: Archive[Docs], lexicon: Lexicon, before: "Searcher[Docs] | None" = None
    ) -> None:
        """Nothing is read yet.

        Args:
            before: that of an earlier generation, whose plans are taken over where they still hold.
        """
        self.archive = archive
        self.lexicon: Lexicon = lexicon
        counts = sets = plans = None
        if before is not None:
            counts, interpreter = before.counts, before.interpreter
            sets, plans = interpreter.term_sets, interpreter.compiled
        self.counts: BlendedCounts = BlendedCounts(lexicon, counts)
        self.interpreter: QueryInterpreter[Docs] = QueryInterpreter(
            archive,
            lexicon,
            self.counts,
            term_sets=PlanMemo(TERM_SETS_KEPT, lexicon, sets),
            compiled=PlanMemo(PLANS_KEPT, lexicon, plans, Compiled.of),
        )
        self.suggester = Suggester(self.interpreter)

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits with the exact total."""
        query, converted = typed_query(request.query)
        with time_budget(request.budget) as budget:
            interpretation = self.interpreter.interpret(request, query)
            full, wider, near = (interpretation.full, interpretation.wider, interpretation.near)
            counted = near if request.tiers in ALL_TIERS else full
            shown: Matches[Docs] = wider if request.tiers is TierScope.PAGE else counted
            paged_total = shown.total
            if request.tiers is TierScope.PAGE and (
                request.offset < paged_total < request.offset + request.limit
                or (not paged_total and not request.offset)
            ):
                # The last page of the first two tiers is filled with the third.
                shown = near
            in_tiers = shown is not full and request.tiers is not TierScope.MIXED
            found = self.archive.hits(
                HitRange(
                    docs=shown.docs,
                    clauses=interpretation.plan.clauses if shown.total else (),
                    order=request.sort or (SortOrder.RELEVANCE if query else SortOrder.NEWEST),
                    offset=request.offset,
                    limit=request.limit,
                    tiers=(full.docs, wider.docs) if in_tiers else (),
                    collapse=shown.collapsed > 0,
                    passages=interpretation.plan.passages,
                    recency=request.recency,
                )
            )
            understood = self._understood(request, query, interpretation, converted)
            hits = self._hits(request, interpretation, found)
            suggestions: tuple[Suggestion, ...] = ()
            if not out_of_time():
                suggestions = self.suggester.suggest(request, query, interpretation)
                for notice in interpretation.compiled.parsed.notices:
                    if notice.kind == "capital-words":
                        suggestions = (self._as_operators(request, notice.offer), *suggestions)
            facets = self.archive.facets(counted.unfiltered, request)
        return SearchPage(
            query=understood,
            hits=hits,
            total=full.total,
            wider_total=wider.total - full.total,
            near_total=near.total - full.total,
            paged_total=paged_total,
            suggestions=suggestions,
            facets=facets,
            generation=self.archive.generation,
            collapsed=full.collapsed,
            partial=budget.cut_short,
        )

    def all_hits(self, request: SearchRequest, found: Interpretation[Docs]) -> HitRange[Docs]:
        """Every hit of a request in the order of relevance, none of them read."""
        return HitRange(
            docs=found.near.docs,
            clauses=found.plan.clauses,
            order=request.sort or SortOrder.RELEVANCE,
            limit=0,
            tiers=() if request.tiers is TierScope.MIXED else (found.full.docs, found.wider.docs),
            passages=found.plan.passages,
        )

    def _as_operators(self, request: SearchRequest, query: str) -> Suggestion:
        total = self.interpreter.interpret(request, query).full.total
        return Suggestion(kind="operators", text=query, total=total)

    def total(self, request: SearchRequest) -> int:
        """Hits of the first tier, and nothing of a page."""
        with time_budget(request.budget):
            return self.interpret(request).full.total

    def interpret(self, request: SearchRequest) -> Interpretation[Docs]:
        """The query of a request as a search ends up taking it."""
        return self.interpreter.interpret(request, typed_query(request.query)[0])

    def analyze(self, request: SearchRequest) -> QueryAnalysis:
        """How a query is understood, step by step."""
        query, converted = typed_query(request.query)
        interpretation = self.interpreter.interpret(request, query)
        tokens = [token for run in interpretation.compiled.words for token in run.tokens]
        accent_matches = [
            accent_match
            for run in interpretation.compiled.words
            for accent_match in run.accent_matches
        ]
        restored = [
            form
            for run in interpretation.compiled.words
            for form in (
                run.restored.forms if run.restored else likeliest_forms(self.counts, run.tokens)
            )
        ]
        return QueryAnalysis(
            understood=self._understood(request, query, interpretation, converted),
            reading=" ".join(accent_match.name.lower() for accent_match in accent_matches),
            words=tuple(segment_query(self.counts, tokens)),
            restored=" ".join(restored),
            evidence=tuple((item.label, item.boost) for item in interpretation.plan.clauses),
            total=interpretation.full.total,
            near_total=interpretation.near.total - interpretation.full.total,
            suggestions=self.suggester.suggest(request, query, interpretation),
        )

    def mark(self, request: SearchRequest, article: Article) -> ArticleMarks:
        """A whole article with everything marked that the request finds in it."""
        highlighter = Highlighter(self.interpret(request).compiled.targets)
        return highlighter.mark_article(article)

    def _understood(
        self,
        request: SearchRequest,
        query: str,
        interpretation: Interpretation[Docs],
        converted: tuple[Rewrite, ...],
    ) -> UnderstoodQuery:
        parsed = interpretation.compiled.parsed
        archive, full = self.archive, interpretation.full
        hits = full.docs if full.total else interpretation.near.docs
        # Only what hits come from is worth a word.
        spellings = tuple(
            rewrite
            for rewrite, added in interpretation.compiled.rewrites
            if archive.count(archive.both(hits, archive.matching(added)))[0]
        )
        notices = parsed.notices
        if request.filters != _NO_FILTERS:
            notices += unknown_filters(archive.labels, request.filters)
        return UnderstoodQuery(
            raw=request.query,
            normalized=query,
            mode=request.mode,
            accents=request.accents,
            tokens=interpretation.compiled.tokens,
            spans=interpretation.compiled.spans,
            rewrites=(*converted, *interpretation.rewrites, *spellings),
            notices=notices,
            tree=None if isinstance(parsed.tree, Words) else parsed.tree,
        )

    def _hits(
        self, request: SearchRequest, interpretation: Interpretation[Docs], found: Sequence[Found]
    ) -> tuple[Hit, ...]:
        highlighter = Highlighter(interpretation.compiled.targets) if request.highlight else None
        hits = []
        for each in found:
            highlights: Highlights = Highlights()
            matched: tuple[MatchedWord, ...] = ()
            if highlighter is not None and not out_of_time():
                highlights, matched = highlighter.mark(each.article)
            hits.append(
                Hit(
                    id=each.article.id,
                    score=each.score,
                    article=each.article,
                    highlights=highlights,
                    matched=matched,
                    related_only={word.zone for word in matched} == {Zone.RELATED},
                    copies=each.copies,
                    copy_count=each.copy_count,
                    tier=each.tier,
                )
            )
        return tuple(hits)


def typed_query(raw: str) -> tuple[str, tuple[Rewrite, ...]]:
    """The normalized query, pasted legacy text converted, and what says so."""
    repaired = repair_query(raw)
    if repaired is not None and _is_a_slip(raw, repaired):
        repaired = None
    text = raw if repaired is None else repaired.text
    query = normalized_query(text.translate(LEGACY_LETTERS))
    if repaired is None:
        return query, ()
    return query, (Rewrite(kind=f"legacy_{repaired.encoding}", source=raw, target=query),)


def _is_a_slip(raw: str, repaired: LegacyText) -> bool:
    """Whether one odd word is likelier an input method's slip (`chaâu`, Y12) than VNI."""
    changed = sum(a != b for a, b in zip(raw.split(), repaired.text.split(), strict=False))
    return repaired.encoding == "vni" and changed < 2
