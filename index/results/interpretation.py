"""What a query means: as typed first, then more and more broadly until something matches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Generic, TypeAlias

from ..backend import Archive, Docs, HitRange
from ..cache import Memo
from ..model import Filters, SearchRequest, SortOrder, TierScope
from ..plan import QueryPlan, ScoringClause, TermSet
from ..query.clauses import SHORT_QUERY, QueryKind
from ..query.compiler import Compiled, QueryCompiler, ReadWords
from ..query.decoded_query import keystroke_readings
from ..query.feedback import (
    PAIR_DOCS,
    ambiguous_tokens,
    candidate_priors,
    pair_clauses,
    pair_folds,
    shared_pairs,
)
from ..query.label_match import filter_match
from ..query.lexemes import QUOTES, VALUE_FIELDS
from ..query.lexicon import Lexicon
from ..query.query_text import TextRun, text_runs
from ..query.restore import Counts, Priors
from ..query.syntax import Parsed, parse, plain_words, softened
from ..query.term_expansion import AccentMatch
from ..query_model import AccentMode, FieldValue, QueryMode, Rewrite, Words
from ..retrieval.budget import out_of_time
from ..schema import ALL_ZONES, FIELD_ZONES
from .related import beginning_pairs

#: Of these, all three tiers are looked for, however many hits the first has.
ALL_TIERS = frozenset({TierScope.ALL, TierScope.MIXED})
#: With fewer hits than this, a query is doubted.
WIDEN_BELOW = 10
#: With fewer hits than a page has, articles with other accents and most of the words follow.
_PAGE = 20
#: Up to so many words, a query without hits is tried with its accents ignored.
MAX_WORDS_FOLDED = 4

#: The field whose words are looked for among the authors' names.
AUTHOR_FIELD = "author"

#: Plans that are kept, and term sets.
_COMPILED_KEPT, _TERM_SETS_KEPT = 4_000, 4_000

#: The forms of a run of words as typed → what is known of their readings.
_RunPriors: TypeAlias = Mapping[tuple[str, ...], Priors]

_NO_FILTERS = Filters()
_ACCENT_MATCHES = {
    AccentMode.EXACT: AccentMatch.VERBATIM,
    AccentMode.OPEN: AccentMatch.OPEN,
    AccentMode.FOLD: AccentMatch.FOLDED,
}


@dataclass(frozen=True, slots=True)
class Matches(Generic[Docs]):
    """The documents that a plan matches."""

    unfiltered: Docs
    """Filters left aside."""
    docs: Docs
    """Within the filters."""
    total: int
    collapsed: int
    """Hits that are near copies of others and not in the total."""


@dataclass(frozen=True, slots=True)
class Interpretation(Generic[Docs]):
    """What a query was taken to mean, and the documents that match it so.

    `full` has every word (of a Boolean query exactly what it says), `wider` also what is spelt
    with other accents, `near` also what has most of the words. Each holds the one before it, and is
    the same object where it adds nothing.
    """

    compiled: Compiled
    plan: QueryPlan
    full: Matches[Docs]
    wider: Matches[Docs]
    near: Matches[Docs]
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryInterpreter(Generic[Docs]):
    """Finds out what the queries of one generation mean: as typed, then more and more broadly."""

    archive: Archive[Docs]
    lexicon: Lexicon
    counts: Counts
    """What accents are restored from."""
    term_sets: Memo[TermSet] = field(default_factory=lambda: Memo(_TERM_SETS_KEPT))
    """Queries share most of their term sets."""
    compiled: Memo[Compiled] = field(default_factory=lambda: Memo(_COMPILED_KEPT))
    """Plans of earlier queries, as compiled and with ambiguous tokens settled by the best articles:
    the pages, filters and orders of one query share them."""

    def interpret(self, request: SearchRequest, query: str) -> Interpretation[Docs]:
        """The strictest interpretation that has hits; raises QueryError in advanced mode."""
        accent_match = _ACCENT_MATCHES.get(request.accents)
        interpretation = self._tiers(request, query, accent_match)
        if interpretation.rewrites or not interpretation.near.total:
            return interpretation
        unsettled = interpretation.compiled
        runs = [run for run in unsettled.words if len(run.tokens) > SHORT_QUERY]
        if not runs:
            return interpretation

        # Of a long query hardly any article has every word.
        whole = interpretation.wider.total and not unsettled.is_long
        best = interpretation.wider if whole else interpretation.near

        def settled() -> Compiled:
            priors = self._priors(best.unfiltered, interpretation.plan, runs)
            found = self._compile(request, query, accent_match, priors) if priors else unsettled
            pairs = self._pairs(best.unfiltered, found)
            return found.scoring(pairs) if pairs else found

        # What the best articles say depends on which there are.
        key = (unsettled, bool(whole))
        compiled = self.compiled.get(key, settled, unless=out_of_time)
        if compiled is unsettled:
            return interpretation
        plan = replace(interpretation.plan, clauses=compiled.plan.clauses)
        return replace(interpretation, compiled=compiled, plan=plan)

    def _priors(self, docs: Docs, plan: QueryPlan, runs: Sequence[ReadWords]) -> _RunPriors:
        """What the best of the documents tell about ambiguous readings, by run of words."""
        found = {}
        for run in runs:
            if run.restored is None:
                continue
            ambiguous = ambiguous_tokens([token.folded for token in run.tokens], run.restored)
            asked = [terms for token in ambiguous for terms in token.term_sets()]
            if not asked or out_of_time():
                continue
            stats = self.archive.feedback_stats(docs, plan.clauses, asked)
            if stats is not None:
                typed = tuple(token.exact for token in run.tokens)
                found[typed] = candidate_priors(ambiguous, run.restored, stats)
        return found

    def _pairs(self, docs: Docs, compiled: Compiled) -> tuple[ScoringClause, ...]:
        """What the best of the documents share, for the name of an event or a subject."""
        share = self.archive.constants.feedback_share
        if compiled.kind is not QueryKind.LABEL or not share or out_of_time():
            return ()
        clauses = compiled.plan.clauses
        best = self.archive.hits(
            HitRange(docs=docs, clauses=clauses, order=SortOrder.RELEVANCE, limit=PAIR_DOCS)
        )
        shared = shared_pairs([beginning_pairs(found.article, paragraphs=0) for found in best])
        asked = {
            (first.folded, second.folded)
            for run in compiled.words
            for first, second in pairwise(run.tokens)
        }
        pairs = [pair for pair in shared if pair_folds(pair) not in asked]
        rarities = self.archive.rarities([*(item.query for item in clauses), *pairs])
        own = zip(clauses, rarities, strict=False)
        weight = share * sum(item.boost * rarity for item, rarity in own)
        return pair_clauses(pairs, rarities[len(clauses) :], weight)

    def _tiers(
        self, request: SearchRequest, query: str, accent_match: AccentMatch | None
    ) -> Interpretation[Docs]:
        found = self.run(request, self.compile(request, query, accent_match))
        compiled, total = found.compiled, found.full.total
        if total >= _PAGE and not compiled.is_long and request.tiers not in ALL_TIERS:
            return found
        # An order other than relevance has no place for what matches less.
        in_tiers = (
            request.sort in (None, SortOrder.RELEVANCE) and request.mode is not QueryMode.ADVANCED
        )
        is_free = request.accents is AccentMode.AUTO
        is_plain = isinstance(compiled.parsed.tree, Words)
        whole = request.tiers in ALL_TIERS
        may_widen = is_free and is_plain and in_tiers and not compiled.is_long
        if may_widen:
            found = self._widened(request, query, found)
        if is_free and request.fix and not found.wider.total:
            found = self._read_anew(request, query, found, may_fold=in_tiers and is_plain)
        if not in_tiers:
            return found
        if not isinstance(found.compiled.parsed.tree, Words):
            return self._softened(request, query, found, accent_match)
        if len(found.compiled.soft) > 1 and (
            whole or found.compiled.is_long or found.wider.total < _PAGE
        ):
            return self._filled(request, found)
        return found

    def _read_anew(
        self, request: SearchRequest, query: str, found: Interpretation[Docs], *, may_fold: bool
    ) -> Interpretation[Docs]:
        """A query without hits as keystrokes, or, where it is short, with accents ignored."""
        is_long = found.compiled.is_long
        for other in self._keystrokes(request, query):
            if other.full.total or (is_long and self._filled(request, other).near.total):
                return other
        accent_matches = [each for run in found.compiled.words for each in run.accent_matches]
        if may_fold and not is_long and 0 < len(accent_matches) <= MAX_WORDS_FOLDED:
            folded = self.run(request, self.compile(request, query, AccentMatch.FOLDED))
            if folded.full.total:
                rewrite = Rewrite(kind="accents_ignored", source=query, target=query)
                return replace(folded, full=found.full, rewrites=(rewrite,))
        return found

    def _filled(self, request: SearchRequest, found: Interpretation[Docs]) -> Interpretation[Docs]:
        """With what has most of the words behind what has them all."""
        relaxed = self.run(request, found.compiled, found.compiled.relaxed())
        return replace(found, near=self._together(request, found.wider, relaxed.full))

    def _softened(
        self,
        request: SearchRequest,
        query: str,
        found: Interpretation[Docs],
        accent_match: AccentMatch | None,
    ) -> Interpretation[Docs]:
        """With what has the words, where nothing has the phrases of a text that was pasted."""
        if (found.full.total and request.tiers not in ALL_TIERS) or not request.fix:
            return found
        text = softened(query)
        if text is None:
            return found
        plain = self.run(request, self.compile(request, text, accent_match, plain=True))
        if len(plain.compiled.soft) > 1:
            plain = self._filled(request, plain)
        near = self._together(request, found.full, plain.near)
        if near is found.full:
            return found
        rewrite = Rewrite(kind="signs_softened", source=query, target=text)
        soft = replace(plain.compiled, parsed=found.compiled.parsed)
        return replace(
            plain, compiled=soft, full=found.full, wider=found.full, near=near, rewrites=(rewrite,)
        )

    def _together(
        self, request: SearchRequest, first: Matches[Docs], second: Matches[Docs]
    ) -> Matches[Docs]:
        """What is in either; the first itself where the second adds nothing."""
        docs = self.archive.either(first.docs, second.docs)
        total, collapsed = self.archive.count(docs, collapse=request.collapse)
        if total == first.total:
            return first
        unfiltered = self.archive.either(first.unfiltered, second.unfiltered)
        return Matches(unfiltered, docs, total, collapsed)

    def compile(
        self,
        request: SearchRequest,
        query: str,
        accent_match: AccentMatch | None,
        *,
        plain: bool = False,
    ) -> Compiled:
        """The plan of a query with every word read under one accent match.

        Args:
            plain: whether signs are nothing but signs.
        """
        key = (query, plain, accent_match, request.field, request.mode, request.expand)
        return self.compiled.get(
            key, lambda: self._compile(request, query, accent_match, {}, plain=plain)
        )

    def _compile(
        self,
        request: SearchRequest,
        query: str,
        accent_match: AccentMatch | None,
        priors: _RunPriors,
        *,
        plain: bool = False,
    ) -> Compiled:
        strict = request.mode is QueryMode.ADVANCED
        parsed = Parsed(plain_words(query)) if plain else parse(query, strict=strict)
        if request.field == AUTHOR_FIELD and query and not plain:
            author = FieldValue(VALUE_FIELDS[AUTHOR_FIELD], query.strip(QUOTES), 0, len(query))
            parsed = Parsed(author)
        compiler = QueryCompiler(
            lexicon=self.lexicon,
            counts=self.counts,
            constants=self.archive.constants,
            accent_match=accent_match,
            expand=request.expand,
            term_sets=self.term_sets,
            priors=priors,
        )
        return compiler.compile(parsed, FIELD_ZONES.get(request.field, ALL_ZONES))

    def run(
        self,
        request: SearchRequest,
        compiled: Compiled,
        plan: QueryPlan | None = None,
    ) -> Interpretation[Docs]:
        """What a plan matches under the request's filters."""
        plan = plan or compiled.plan
        archive = self.archive
        matched = archive.matching(plan.match)
        docs = matched
        if request.filters != _NO_FILTERS:
            within = archive.matching(filter_match(archive.labels, request.filters))
            docs = archive.both(matched, within)
        total, collapsed = archive.count(docs, collapse=request.collapse)
        found = Matches(matched, docs, total, collapsed)
        return Interpretation(compiled, plan, found, found, found)

    def text_runs(self, request: SearchRequest, query: str) -> tuple[TextRun, ...]:
        """The words and phrases of a query; none where it is a name as a whole."""
        if request.field == AUTHOR_FIELD:
            return ()
        strict = request.mode is QueryMode.ADVANCED
        return text_runs(query, parse(query, strict=strict).tree)

    def count(self, request: SearchRequest, text: str, accent_match: AccentMatch | None) -> int:
        """How many articles have all of a query, every word read under one accent match."""
        return self.run(request, self.compile(request, text, accent_match)).full.total

    def page_total(self, request: SearchRequest, text: str) -> int:
        """The total of the page that a query leads to; 0 where that is read as another one."""
        return self.count(request, text, _ACCENT_MATCHES.get(request.accents))

    def _widened(
        self, request: SearchRequest, query: str, strict: Interpretation[Docs]
    ) -> Interpretation[Docs]:
        """With what has other accents behind it, where typed ones were read as typed."""
        if not any(AccentMatch.AS_TYPED in run.accent_matches for run in strict.compiled.words):
            return strict
        wide = self.run(request, self.compile(request, query, AccentMatch.OPEN))
        wider = self._together(request, strict.full, wide.full)
        if wider is strict.full:
            return strict
        rewrite = Rewrite(kind="accents_widened", source=query, target=query)
        return replace(wide, full=strict.full, wider=wider, near=wider, rewrites=(rewrite,))

    def _keystrokes(self, request: SearchRequest, query: str) -> Iterator[Interpretation[Docs]]:
        """The query as an input method would have typed it."""
        runs = self.text_runs(request, query)
        for typed in keystroke_readings(self.lexicon, self.counts, query, runs):
            rewrite = Rewrite(kind=typed.kind, source=query, target=typed.text)
            found = self.run(request, self.compile(request, typed.text, None))
            yield replace(found, rewrites=(rewrite,))
