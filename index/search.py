"""Searching one generation: read the query, run its plan, read it more freely if need be."""

import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .engines.base import (
    AccentMode,
    Hit,
    QueryMode,
    Rewrite,
    SearchPage,
    SearchRequest,
    Suggestion,
    UnderstoodQuery,
)
from .errors import QueryError
from .facets import facet_counts, filter_match
from .highlight import Highlighter
from .lexicon import Lexicon
from .query.describe import described_tokens, rewrites_of
from .query.plan import And, Match, Plan
from .query.prior import BlendedCounts
from .query.readings import Tier
from .query.restore import Counts
from .query.suggest_readings import keystroke_readings, restored_readings
from .query.syntax import Node, Words, parse, plain_words
from .query.understand import Compiled, QueryCompiler
from .retrieval.matching import match_mask
from .retrieval.selection import SortOrder, best, score_row
from .retrieval.snapshot import Snapshot
from .schema import ALL_ZONES, FIELD_ZONES, Zone
from .segments.array_file import Array
from .stored import load_article

#: With fewer hits than this, accents typed in full are read as lower bounds as well.
WIDEN_BELOW = 10
#: Up to so many words, a query without hits is tried with its accents ignored.
MAX_WORDS_FOLDED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """A query as it was finally read, with its documents and scores."""

    compiled: Compiled
    plan: Plan
    mask: Array
    scores: Array
    total: int
    relaxed: bool = False
    rewrites: tuple[Rewrite, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


class Searcher:
    """Answers requests from one snapshot; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, lexicon: Lexicon) -> None:
        self.snapshot = snapshot
        self.lexicon = lexicon

    @cached_property
    def counts(self) -> Counts:
        """What accents are restored from: the archive, and everyday Vietnamese behind it."""
        return BlendedCounts(self.lexicon)

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits with the exact total."""
        query = _normalized(request.query)
        tree = _tree(query, request.mode)
        outcome = self._outcome(request, query, tree)
        order = request.sort or (SortOrder.NEWEST if _is_empty(tree) else SortOrder.RELEVANCE)
        wanted = request.offset + request.limit
        docs = best(self.snapshot, outcome.mask, outcome.scores, order, wanted)[request.offset :]
        suggestions = self._suggestions(request, outcome)
        return SearchPage(
            query=UnderstoodQuery(
                raw=request.query,
                normalized=query,
                mode=request.mode,
                accents=request.accents,
                tokens=described_tokens(self.lexicon, outcome.compiled),
                rewrites=(*outcome.rewrites, *rewrites_of(outcome.compiled)),
            ),
            hits=self._hits(request, outcome, docs),
            total=outcome.total,
            relaxed=outcome.relaxed,
            suggestions=suggestions,
            facets=facet_counts(self.snapshot, outcome.mask, request.facets),
            generation=self.snapshot.generation,
        )

    def plan(self, request: SearchRequest) -> Plan:
        """The plan that a search for this request ends up running."""
        query = _normalized(request.query)
        return self._outcome(request, query, _tree(query, request.mode)).plan

    def compile(self, request: SearchRequest, tree: Node, tier: Tier | None) -> Compiled:
        """The plan of a tree with every word read under one tier."""
        compiler = QueryCompiler(
            lexicon=self.lexicon,
            constants=self.snapshot.constants,
            tier=tier,
            expand=request.expand,
        )
        zones = FIELD_ZONES.get(request.field, ALL_ZONES)
        try:
            return compiler.compile(tree, zones)
        except QueryError:
            if request.mode is QueryMode.ADVANCED:
                raise
            return compiler.compile(plain_words(_normalized(request.query)), zones)

    def matches(self, match: Match, request: SearchRequest) -> Array:
        """Which documents match, the request's filters included."""
        return match_mask(self.snapshot, And((match, filter_match(self.snapshot, request.filters))))

    def count(self, request: SearchRequest, text: str, tier: Tier | None) -> int:
        """The total of other query words under the same filters."""
        compiled = self.compile(request, plain_words(text), tier)
        return int(self.matches(compiled.plan.match, request).sum())

    def _suggestions(self, request: SearchRequest, outcome: Outcome) -> tuple[Suggestion, ...]:
        """The restored query, where it has hits and says more than what was typed."""
        if request.accents is not AccentMode.AUTO or not request.fix:
            return ()
        for reading in restored_readings(self.lexicon, self.counts, outcome.compiled):
            text = " ".join(reading.forms)
            total = self.count(request, text, Tier.AS_TYPED)
            if total:
                suggestion = Suggestion(
                    kind="restore_accents", text=text, total=total, confidence=reading.confidence
                )
                return (suggestion,)
        return ()

    # -- reading the query more and more freely

    def _outcome(self, request: SearchRequest, query: str, tree: Node) -> Outcome:
        tier = {AccentMode.EXACT: Tier.VERBATIM, AccentMode.FOLD: Tier.FOLDED}.get(request.accents)
        compiled = self.compile(request, tree, tier)
        outcome = self._run(request, compiled, compiled.plan)
        if request.accents is AccentMode.AUTO and compiled.words:
            outcome = self._more_freely(request, query, tree, outcome)
        if outcome.compiled.can_relax and (not outcome.total or outcome.compiled.is_long):
            relaxed = self._run(request, outcome.compiled, outcome.compiled.relaxed())
            if relaxed.total:
                return replace(relaxed, relaxed=not outcome.total, rewrites=outcome.rewrites)
        return outcome

    def _more_freely(
        self, request: SearchRequest, query: str, tree: Node, outcome: Outcome
    ) -> Outcome:
        words = [word for run in outcome.compiled.words for word in run.tiers]
        if outcome.total < WIDEN_BELOW and Tier.AS_TYPED in words:
            outcome = self._widened(request, tree, outcome)
        if outcome.total or not request.fix:
            return outcome
        for reading in keystroke_readings(self.lexicon, outcome.compiled):
            typed = self.compile(request, plain_words(reading.text), None)
            found = self._run(request, typed, typed.plan)
            if found.total:
                rewrite = Rewrite(
                    kind=reading.kind, source=query, target=reading.text, applied=True
                )
                return Outcome(
                    typed, typed.plan, found.mask, found.scores, found.total, rewrites=(rewrite,)
                )
        if len(words) <= MAX_WORDS_FOLDED:
            folded = self.compile(request, tree, Tier.FOLDED)
            found = self._run(request, folded, folded.plan)
            if found.total:
                rewrite = Rewrite(kind="accents_ignored", source=query, target=query, applied=True)
                return Outcome(
                    folded, folded.plan, found.mask, found.scores, found.total, rewrites=(rewrite,)
                )
        return outcome

    def _widened(self, request: SearchRequest, tree: Node, strict: Outcome) -> Outcome:
        """Typed marks as lower bounds; what matched as typed stays in front."""
        compiled = self.compile(request, tree, Tier.OPEN)
        wide = self._run(request, compiled, compiled.plan)
        if wide.total <= strict.total:
            return strict
        scores = np.where(strict.mask, strict.scores + wide.scores.max(initial=0), wide.scores)
        rewrite = Rewrite(
            kind="accents_widened", source=request.query, target=request.query, applied=True
        )
        return Outcome(
            compiled,
            compiled.plan,
            wide.mask | strict.mask,
            scores.astype(np.float32),
            int((wide.mask | strict.mask).sum()),
            rewrites=(rewrite,),
        )

    def _run(self, request: SearchRequest, compiled: Compiled, plan: Plan) -> Outcome:
        mask = self.matches(plan.match, request)
        total = int(np.count_nonzero(mask))
        scores = score_row(self.snapshot, plan.evidence if total else ())
        return Outcome(compiled, plan, mask, scores, total)

    # -- hits

    def _hits(self, request: SearchRequest, outcome: Outcome, docs: list[int]) -> tuple[Hit, ...]:
        articles = [load_article(self.snapshot.stored(doc)) for doc in docs]
        scores = [float(outcome.scores[doc]) for doc in docs]
        if not request.highlight:
            return tuple(
                Hit(id=article.id, score=score, article=article)
                for article, score in zip(articles, scores, strict=True)
            )
        highlighter = Highlighter(outcome.compiled.targets)
        hits = []
        for article, score in zip(articles, scores, strict=True):
            highlights, matched = highlighter.mark(article)
            zones = {word.zone for word in matched}
            hits.append(
                Hit(
                    id=article.id,
                    score=score,
                    article=article,
                    highlights=highlights,
                    matched=matched,
                    related_only=zones == {Zone.RELATED},
                )
            )
        return tuple(hits)


def _normalized(query: str) -> str:
    return " ".join(unicodedata.normalize("NFC", query).split())


def _tree(query: str, mode: QueryMode) -> Node:
    try:
        return parse(query)
    except QueryError:
        if mode is QueryMode.ADVANCED:
            raise
        return plain_words(query)


def _is_empty(tree: Node) -> bool:
    return isinstance(tree, Words) and not tree.text
