"""What a query means: as typed first, then more and more broadly until something matches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeAlias

from ..backend import Archive, Docs
from ..cache import Memo
from ..errors import QueryError
from ..model import AccentMode, Filters, QueryMode, Rewrite, SearchRequest
from ..plan import QueryPlan, TermSet
from ..query.clauses import SHORT_QUERY
from ..query.compiler import Compiled, QueryCompiler, ReadWords
from ..query.decoded_query import keystroke_readings
from ..query.feedback import ambiguous_tokens, candidate_priors
from ..query.label_match import filter_match
from ..query.lexicon import Lexicon
from ..query.query_text import TextRun, text_runs
from ..query.restore import Counts, Priors
from ..query.syntax import QUOTES, VALUE_FIELDS, FieldValue, Node, parse, plain_words
from ..query.term_expansion import AccentMatch
from ..retrieval.budget import out_of_time
from ..schema import ALL_ZONES, FIELD_ZONES

#: With fewer hits than this, accents typed in full are read as lower bounds as well.
WIDEN_BELOW = 10
#: Up to so many words, a query without hits is tried with its accents ignored.
MAX_WORDS_FOLDED = 4

#: The field whose words are looked for among the authors' names.
AUTHOR_FIELD = "author"

#: Plans that are kept, and term sets.
_COMPILED_KEPT, _TERM_SETS_KEPT = 4_000, 4_000

#: The forms of a run of words as typed → what is known of their readings.
_RunPriors: TypeAlias = Mapping[tuple[str, ...], Priors]

_NO_FILTERS = Filters()
_ACCENT_MATCHES = {AccentMode.EXACT: AccentMatch.VERBATIM, AccentMode.FOLD: AccentMatch.FOLDED}


@dataclass(frozen=True, slots=True)
class Interpretation(Generic[Docs]):
    """What a query was taken to mean, and the documents that match it so."""

    compiled: Compiled
    plan: QueryPlan
    unfiltered: Docs
    """What matches, filters left aside."""
    docs: Docs
    """The hits: what matches within the filters."""
    total: int
    collapsed: int
    """Hits that are near copies of others and not in the total."""
    pinned: Docs | None = None
    """Hits that come before all others, whatever their scores."""
    relaxed: bool = False
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
        interpretation = self._strictest(request, query, accent_match)
        if interpretation.rewrites or not interpretation.total:
            return interpretation
        unsettled = interpretation.compiled
        runs = [run for run in unsettled.words if len(run.tokens) > SHORT_QUERY]
        if not runs:
            return interpretation

        def settled() -> Compiled:
            priors = self._priors(interpretation, runs)
            return self._compile(request, query, accent_match, priors) if priors else unsettled

        # What the best articles say depends on the plan, of which there are two.
        key = (unsettled, interpretation.plan is unsettled.plan)
        compiled = self.compiled.get(key, settled, unless=out_of_time)
        if compiled is unsettled:
            return interpretation
        plan = replace(interpretation.plan, clauses=compiled.plan.clauses)
        return replace(interpretation, compiled=compiled, plan=plan)

    def _priors(
        self, interpretation: Interpretation[Docs], runs: Sequence[ReadWords]
    ) -> _RunPriors:
        """What the best articles tell about readings that are ambiguous, by run of words."""
        found = {}
        for run in runs:
            if run.restored is None:
                continue
            ambiguous = ambiguous_tokens([token.folded for token in run.tokens], run.restored)
            asked = [terms for token in ambiguous for terms in token.term_sets()]
            if not asked or out_of_time():
                continue
            stats = self.archive.feedback_stats(
                interpretation.unfiltered, interpretation.plan.clauses, asked
            )
            if stats is not None:
                typed = tuple(token.exact for token in run.tokens)
                found[typed] = candidate_priors(ambiguous, run.restored, stats)
        return found

    def _strictest(
        self, request: SearchRequest, query: str, accent_match: AccentMatch | None
    ) -> Interpretation[Docs]:
        interpretation = self.run(request, self.compile(request, query, accent_match))
        compiled = interpretation.compiled
        is_free = request.accents is AccentMode.AUTO
        if compiled.is_long and compiled.can_relax:
            if is_free and request.fix and not interpretation.total:
                for other in self._keystrokes(request, query):
                    if (found := self._relaxed(request, other)).total:
                        return found
        else:
            if is_free and interpretation.total < WIDEN_BELOW:
                interpretation = self._broadened(request, query, interpretation)
            if interpretation.total:
                return interpretation
        return self._relaxed(request, interpretation)

    def _relaxed(
        self, request: SearchRequest, interpretation: Interpretation[Docs]
    ) -> Interpretation[Docs]:
        """The same with some of the words left out, where that finds anything."""
        if not interpretation.compiled.can_relax:
            return interpretation
        relaxed = self.run(request, interpretation.compiled, interpretation.compiled.relaxed())
        if not relaxed.total:
            return interpretation
        return replace(relaxed, relaxed=not interpretation.total, rewrites=interpretation.rewrites)

    def compile(
        self, request: SearchRequest, query: str, accent_match: AccentMatch | None
    ) -> Compiled:
        """The plan of a query with every word read under one accent match."""
        key = (query, accent_match, request.field, request.mode, request.expand)
        return self.compiled.get(key, lambda: self._compile(request, query, accent_match, {}))

    def _compile(
        self,
        request: SearchRequest,
        query: str,
        accent_match: AccentMatch | None,
        priors: _RunPriors,
    ) -> Compiled:
        tree = query_tree(query, request.mode)
        if request.field == AUTHOR_FIELD and query:
            tree = FieldValue(VALUE_FIELDS[AUTHOR_FIELD], query.strip(QUOTES), 0, len(query))
        compiler = QueryCompiler(
            lexicon=self.lexicon,
            counts=self.counts,
            constants=self.archive.constants,
            accent_match=accent_match,
            expand=request.expand,
            term_sets=self.term_sets,
            priors=priors,
        )
        zones = FIELD_ZONES.get(request.field, ALL_ZONES)
        try:
            return compiler.compile(tree, zones)
        except QueryError:
            if request.mode is QueryMode.ADVANCED:
                raise
            return compiler.compile(plain_words(query), zones)

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
        return Interpretation(compiled, plan, matched, docs, total, collapsed)

    def text_runs(self, request: SearchRequest, query: str) -> tuple[TextRun, ...]:
        """The words and phrases of a query; none where it is a name as a whole."""
        if request.field == AUTHOR_FIELD:
            return ()
        return text_runs(query, query_tree(query, request.mode))

    def count(self, request: SearchRequest, text: str, accent_match: AccentMatch | None) -> int:
        """How many articles have all of a query, every word read under one accent match."""
        return self.run(request, self.compile(request, text, accent_match)).total

    def page_total(self, request: SearchRequest, text: str, *, relaxed: bool = False) -> int:
        """The total of the page that another query leads to; 0 where no article has all of it.

        Args:
            relaxed: whether articles with most of its words are enough.
        """
        found = self._strictest(request, text, _ACCENT_MATCHES.get(request.accents))
        kinds = {rewrite.kind for rewrite in found.rewrites}
        if found.pinned is not None:
            whole = self.archive.count(found.pinned)[0]
        elif found.compiled.is_long and not relaxed:
            whole = self.run(request, found.compiled).total
        else:
            whole = 0 if found.relaxed or kinds else found.total
        return found.total if whole or (relaxed and found.relaxed) else 0

    def _broadened(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Interpretation[Docs]:
        """A query with few hits read less strictly."""
        accent_matches = [
            accent_match
            for run in interpretation.compiled.words
            for accent_match in run.accent_matches
        ]
        if AccentMatch.AS_TYPED in accent_matches:
            interpretation = self._widened(request, query, interpretation)
        if interpretation.total or not request.fix:
            return interpretation
        for other in self._keystrokes(request, query):
            if other.total:
                return other
        if 0 < len(accent_matches) <= MAX_WORDS_FOLDED:
            folded = self._folded(request, query)
            return folded if folded.total else interpretation
        return interpretation

    def _widened(
        self, request: SearchRequest, query: str, strict: Interpretation[Docs]
    ) -> Interpretation[Docs]:
        """Typed marks as lower bounds; what matched as typed stays in front."""
        wide = self.run(request, self.compile(request, query, AccentMatch.OPEN))
        docs = self.archive.either(wide.docs, strict.docs)
        total, collapsed = self.archive.count(docs, collapse=request.collapse)
        if total == strict.total:
            return strict
        rewrite = Rewrite(kind="accents_widened", source=query, target=query)
        return replace(
            wide,
            unfiltered=self.archive.either(wide.unfiltered, strict.unfiltered),
            docs=docs,
            total=total,
            collapsed=collapsed,
            pinned=strict.docs,
            rewrites=(rewrite,),
        )

    def _keystrokes(self, request: SearchRequest, query: str) -> Iterator[Interpretation[Docs]]:
        """The query as an input method would have typed it."""
        runs = self.text_runs(request, query)
        for typed in keystroke_readings(self.lexicon, self.counts, query, runs):
            compiled = self.compile(request, typed.text, None)
            rewrite = Rewrite(kind=typed.kind, source=query, target=typed.text)
            yield replace(self.run(request, compiled), rewrites=(rewrite,))

    def _folded(self, request: SearchRequest, query: str) -> Interpretation[Docs]:
        compiled = self.compile(request, query, AccentMatch.FOLDED)
        rewrite = Rewrite(kind="accents_ignored", source=query, target=query)
        return replace(self.run(request, compiled), rewrites=(rewrite,))


def query_tree(query: str, mode: QueryMode) -> Node:
    """The syntax tree; in simple mode a query with errors is read as plain words."""
    try:
        return parse(query)
    except QueryError:
        if mode is QueryMode.ADVANCED:
            raise
        return plain_words(query)
