"""Syntax tree → plan: what a query means in this archive, under one way of reading accents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from analyzers import Token, TokenKind, has_marks

from ..cache import Memo
from ..model import QueryToken, Rewrite, Variant
from ..plan import (
    MATCH_ALL,
    And,
    AtLeast,
    KeywordIs,
    Not,
    Or,
    Phrase,
    Query,
    QueryPlan,
    ScoringClause,
    TermSet,
)
from ..ranking import RankingConstants
from ..schema import ALL_ZONES, FIELD_ZONES, Zone
from ..segments.inversion import PARAGRAPH_GAP
from .clauses import LONG_QUERY_WORDS, Expansion, expansions, query_tokens, words_plan
from .dates import date_span, published_within
from .label_match import matching_labels
from .lexicon import Lexicon, VariantCount
from .restore import Counts, Priors, Restored, restore
from .syntax import All, Any, FieldValue, InField, Node, Prefix, Quoted, Without, Words
from .targets import QueryTarget, expansion_targets, token_targets
from .term_expansion import AccentMatch, TermExpander, frequent_variants, reads_as_typed

_FILTER_COLUMNS = {"authors": "authors", "sections": "section", "sources": "source"}
#: The share of the words that an article must have when none has them all.
RELAXED_SHARE = 0.5
#: A long query's hits have this share of its words: requiring all of them first costs .25 nDCG@10
#: on questions (docs/decisions/0003).
LONG_QUERY_SHARE = 0.3
#: Readings of two syllables as one word that are named.
_MAX_WORD_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class ReadWords:
    """A run of plain words as it was read."""

    tokens: tuple[Token, ...]
    """Offsets are code points of the whole query."""
    accent_matches: tuple[AccentMatch, ...]
    expansions: tuple[Expansion, ...]
    restored: Restored | None
    """The likeliest accented reading; None where the words are read as typed."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A plan, what it would be relaxed to, and how each run of words was read.

    One is kept for all pages of a query, and with it what is said of its words on each.
    """

    plan: QueryPlan
    soft: tuple[Query, ...]
    hard: tuple[Query, ...]
    words: tuple[ReadWords, ...]
    targets: tuple[QueryTarget, ...]
    is_long: bool
    """Whether this is a question or a sentence, of which hardly any article has every word."""
    lexicon: Lexicon = field(repr=False)

    @property
    def can_relax(self) -> bool:
        """Whether leaving words out is another query."""
        return len(self.soft) > 1

    @cached_property
    def tokens(self) -> tuple[QueryToken, ...]:
        """The tokens of all plain words, each with the variants that it may stand for.

        Two unaccented neighbours that the archive knows as one word in several ways are a token
        too.
        """
        described = []
        for run in self.words:
            described += [_described(self.lexicon, token) for token in run.tokens]
            for first, second in pairwise(run.tokens):
                if has_marks(first.exact) or has_marks(second.exact):
                    continue
                found = self.lexicon.compounds(f"{first.folded} {second.folded}")
                if len(found) > 1:
                    described.append(
                        QueryToken(
                            text=f"{first.exact} {second.exact}",
                            start=first.start,
                            end=second.end,
                            kind="word",
                            typed_marks=False,
                            readings=_variants(found[:_MAX_WORD_VARIANTS]),
                        )
                    )
        return tuple(described)

    @cached_property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """The other spellings that are searched too."""
        return tuple(
            Rewrite(kind=e.kind, source=e.written, target=e.shown)
            for run in self.words
            for e in run.expansions
            if e.targets
        )

    def relaxed(self) -> QueryPlan:
        """The same clauses, most of the words required."""
        share = LONG_QUERY_SHARE if self.is_long else RELAXED_SHARE
        count = max(1, round(len(self.soft) * share))
        match = And((*self.hard, AtLeast(count, self.soft)))
        return replace(self.plan, match=match)


@dataclass(frozen=True, slots=True)
class _Part:
    match: Query
    clauses: tuple[ScoringClause, ...] = ()
    soft: tuple[Query, ...] = ()
    words: tuple[ReadWords, ...] = ()
    targets: tuple[QueryTarget, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCompiler:
    """Compiles trees against one generation of the archive."""

    lexicon: Lexicon
    counts: Counts
    constants: RankingConstants
    accent_match: AccentMatch | None
    """How to read every word; None: as typed where that is plain, otherwise open."""
    term_sets: Memo[TermSet]
    """What was expanded before."""
    expand: bool = True
    priors: Mapping[tuple[str, ...], Priors] = field(default_factory=dict)
    """The forms of a run of words as typed → what is known of their readings."""

    def compile(self, tree: Node, zones: frozenset[Zone] = ALL_ZONES) -> Compiled:
        """The plan of a whole query; raises QueryError for values that cannot be (dates)."""
        parts = [self._part(node, zones) for node in _top_level(tree)]
        hard = tuple(part.match for part in parts if not part.soft)
        soft = tuple(match for part in parts for match in part.soft)
        clauses = tuple(e for part in parts for e in part.clauses)
        words = tuple(w for part in parts for w in part.words)
        targets = tuple(t for part in parts for t in part.targets)
        return Compiled(
            plan=QueryPlan(And((*hard, *soft)), clauses),
            soft=soft,
            hard=hard,
            words=words,
            targets=targets,
            is_long=len(soft) >= LONG_QUERY_WORDS,
            lexicon=self.lexicon,
        )

    def _part(self, node: Node, zones: frozenset[Zone]) -> _Part:
        match node:
            case Words():
                return self._words(node, zones)
            case Prefix():
                return self._prefix(node, zones)
            case Quoted():
                return self._quoted(node, zones)
            case FieldValue():
                return _Part(self._field_value(node))
            case InField(field, child):
                return self._part(child, zones & FIELD_ZONES[field])
            case Without(child):
                inner = self._part(child, zones)
                return _Part(Not(inner.match), words=inner.words)
            case Any(children):
                return _joined([self._part(child, zones) for child in children], Or)
            case All(children, _):
                return _joined([self._part(child, zones) for child in children], And)

    def _expander(self, zones: frozenset[Zone]) -> TermExpander:
        return TermExpander(self.lexicon, self.constants, zones, self.term_sets)

    def _words(self, node: Words, zones: frozenset[Zone]) -> _Part:
        tokens = query_tokens(node.text)
        if not tokens:
            return _Part(MATCH_ALL)
        expander = self._expander(zones)
        accent_matches = self._accent_matches(tokens)
        verbatim = self.accent_match is AccentMatch.VERBATIM
        others = expansions(expander, node.text, tokens) if self.expand and not verbatim else []
        typed = tuple(token.exact for token in tokens)
        is_open = AccentMatch.OPEN in accent_matches
        restored = restore(self.counts, tokens, self.priors.get(typed)) if is_open else None
        meant = restored.forms if restored else typed
        plan = words_plan(expander, self.counts, tokens, accent_matches, others, meant, restored)
        soft = tuple(unit.match for unit in plan.units)
        read = ReadWords(
            _shifted(tokens, node.start), tuple(accent_matches), tuple(others), restored
        )
        targets = token_targets(node.text, tokens, plan.sets) + expansion_targets(expander, others)
        return _Part(And(soft), plan.clauses, soft, (read,), targets)

    def _accent_matches(self, tokens: Sequence[Token]) -> list[AccentMatch]:
        if self.accent_match is not None:
            return [self.accent_match] * len(tokens)
        typed_in_full = all(has_marks(t.exact) for t in tokens if t.kind is TokenKind.WORD)
        known = all(
            self.lexicon.count(t.exact, t.folded) for t in tokens if t.kind is TokenKind.WORD
        )
        if (typed_in_full and known) or reads_as_typed(self.lexicon, tokens):
            return [AccentMatch.AS_TYPED] * len(tokens)
        return [AccentMatch.OPEN] * len(tokens)

    def _prefix(self, node: Prefix, zones: frozenset[Zone]) -> _Part:
        tokens = query_tokens(node.text)
        if not tokens:
            return _Part(MATCH_ALL)
        expander = self._expander(zones)
        accent_match = self.accent_match or AccentMatch.OPEN
        sets = [expander.expand(token, accent_match) for token in tokens[:-1]]
        last = expander.expand_prefix(tokens[-1], accent_match)
        sets.append(last)
        clauses = tuple(ScoringClause(terms, 1.0, node.text) for terms in sets)
        return _Part(And(tuple(sets)), clauses, targets=token_targets(node.text, tokens, sets))

    def _quoted(self, node: Quoted, zones: frozenset[Zone]) -> _Part:
        """A phrase: with any mark typed its accents are a filter, without marks they are free."""
        tokens = query_tokens(node.text)
        if not tokens:
            return _Part(MATCH_ALL)
        expander = self._expander(zones)
        marked = any(has_marks(token.exact) for token in tokens)
        accent_match = (
            AccentMatch.FOLDED
            if self.accent_match is AccentMatch.FOLDED
            else AccentMatch.VERBATIM
            if marked
            else AccentMatch.OPEN
        )
        if self.accent_match is AccentMatch.VERBATIM:
            accent_match = AccentMatch.VERBATIM
        meant = [token.exact for token in tokens]
        plan = words_plan(expander, self.counts, tokens, [accent_match] * len(tokens), [], meant)
        sets = plan.sets
        targets = token_targets(node.text, tokens, sets)
        if len(sets) == 1:
            return _Part(sets[0], plan.clauses, targets=targets)
        window = None if node.window is None else min(node.window, PARAGRAPH_GAP)
        first = tokens[0].position
        offsets = tuple(token.position - first for token in tokens)
        return _Part(Phrase(sets, offsets, window), plan.clauses, targets=targets)

    def _field_value(self, node: FieldValue) -> Query:
        if node.field == "date":
            return published_within(*date_span(node.text, node.start))
        column = _FILTER_COLUMNS[node.field]
        return KeywordIs(column, matching_labels(self.lexicon.labels(column), node.text))


def _described(lexicon: Lexicon, token: Token) -> QueryToken:
    is_word = token.kind is TokenKind.WORD
    found = frequent_variants(lexicon, token.exact, token.folded) if is_word else ()
    return QueryToken(
        text=token.exact,
        start=token.start,
        end=token.end,
        kind="syllable" if is_word else str(token.kind),
        typed_marks=has_marks(token.exact),
        readings=_variants(found),
    )


def _variants(found: Sequence[VariantCount]) -> tuple[Variant, ...]:
    return tuple(Variant(form.text, form.count) for form in found)


def _top_level(tree: Node) -> tuple[Node, ...]:
    """The conjuncts that may be relaxed apart; an AND that was written stays whole."""
    if isinstance(tree, All) and not tree.explicit:
        return tree.children
    return (tree,)


def _joined(parts: Sequence[_Part], combine: type[And] | type[Or]) -> _Part:
    return _Part(
        combine(tuple(part.match for part in parts)),
        tuple(e for part in parts for e in part.clauses),
        words=tuple(w for part in parts for w in part.words),
        targets=tuple(t for part in parts for t in part.targets),
    )


def _shifted(tokens: Sequence[Token], start: int) -> tuple[Token, ...]:
    if not start:
        return tuple(tokens)
    return tuple(
        Token(t.exact, t.folded, t.start + start, t.end + start, t.position, t.kind) for t in tokens
    )
