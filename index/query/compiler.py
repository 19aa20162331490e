"""Syntax tree → plan: what a query means in this archive, under one way of reading accents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from weakref import ReferenceType, ref

from analyzers import Token, TokenKind, has_marks

from ..cache import Memo
from ..plan import (
    MATCH_ALL,
    MATCH_NONE,
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
from ..query_model import (
    All,
    Any,
    FieldValue,
    InField,
    Node,
    Prefix,
    QueryNotice,
    QueryToken,
    Quoted,
    Rewrite,
    Variant,
    Without,
    Words,
)
from ..ranking import RankingConstants
from ..schema import ALL_ZONES, FIELD_ZONES, Zone
from .clauses import (
    LONG_QUERY_WORDS,
    QueryKind,
    passage_sets,
    passages_of,
    phrase_typings,
    query_kind,
    query_tokens,
    words_plan,
)
from .dates import date_spans, published_within
from .expansions import SAME_THING, Expansion, expansions, typings
from .label_match import matching_labels, nearest_label
from .lexicon import Lexicon, VariantCount
from .restore import Counts, Priors, Restored, restore
from .syntax import MOST_WINDOW, Parsed
from .targets import QueryTarget, expansion_targets, phrase_target, token_targets
from .term_expansion import AccentMatch, TermExpander, frequent_variants, reads_as_typed
from .word_segmentation import segment_query

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
    added: tuple[tuple[Expansion, Query], ...]
    """The other ways to write parts of it, each with what is found by it alone."""
    restored: Restored | None
    """The likeliest accented reading; None where the words are read as typed."""
    spans: tuple[tuple[int, int], ...]
    """Where several of the tokens are likely one word, as their offsets count."""
    sets: tuple[TermSet, ...]
    """What each token is looked for as in passages."""

    @property
    def meant(self) -> tuple[str, ...]:
        """The form that each token most likely stands for."""
        return self.restored.forms if self.restored else tuple(t.exact for t in self.tokens)


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
    kind: QueryKind
    is_long: bool
    """Whether this is a question or a sentence, of which hardly any article has every word."""
    parsed: Parsed
    """The tree, and everything that is not searched as it was typed."""
    source: ReferenceType[Lexicon] = field(repr=False)
    """What it was compiled with; the plan may outlive it."""

    def of(self, lexicon: Lexicon) -> "Compiled":
        """The same, with the counts of another generation to be shown."""
        return replace(self, source=ref(lexicon))

    @cached_property
    def tokens(self) -> tuple[QueryToken, ...]:
        """The tokens of all plain words, each with the variants that it may stand for.

        Two unaccented neighbours that the archive knows as one word in several ways are a token
        too.
        """
        described = []
        lexicon = self.source()
        if lexicon is None:
            raise ReferenceError("the generation of this plan is gone")
        for run in self.words:
            described += [_described(lexicon, token) for token in run.tokens]
            for first, second in pairwise(run.tokens):
                if has_marks(first.exact) or has_marks(second.exact):
                    continue
                found = lexicon.compounds(f"{first.folded} {second.folded}")
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
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where neighbouring syllables are likely one word: code points, the end exclusive."""
        return tuple(span for run in self.words for span in run.spans)

    @cached_property
    def rewrites(self) -> tuple[tuple[Rewrite, Query], ...]:
        """The other spellings that are searched too, each with what is found by it alone."""
        return tuple(
            (Rewrite(kind=e.kind, source=e.written, target=e.shown), added)
            for run in self.words
            for e, added in run.added
            if e.kind not in SAME_THING
        )

    def scoring(self, clauses: tuple[ScoringClause, ...]) -> "Compiled":
        """The same with more to score."""
        return replace(self, plan=replace(self.plan, clauses=(*self.plan.clauses, *clauses)))

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
    """What may be left out, of the parts of the match."""
    hard: tuple[Query, ...] = ()
    """The other parts, where some may be left out."""
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

    def compile(self, parsed: Parsed, zones: frozenset[Zone] = ALL_ZONES) -> Compiled:
        """The plan of a whole query."""
        notices = list(parsed.notices)
        parts = [self._part(node, zones, notices) for node in _top_level(parsed.tree)]
        parsed = replace(parsed, notices=tuple(notices)) if notices else parsed
        hard = tuple(m for part in parts for m in (part.hard if part.soft else (part.match,)))
        soft = tuple(match for part in parts for match in part.soft)
        clauses = tuple(e for part in parts for e in part.clauses)
        words = tuple(w for part in parts for w in part.words)
        kind, passages = QueryKind.FEW, None
        if isinstance(parsed.tree, Words) and words and zones == ALL_ZONES:
            kind = query_kind(parsed.tree.text, words[0].meant)
            passages = passages_of(kind, words[0].sets, self.constants)
        return Compiled(
            plan=QueryPlan(And((*hard, *soft)), clauses, passages),
            soft=soft,
            hard=hard,
            words=words,
            targets=tuple(t for part in parts for t in part.targets),
            kind=kind,
            is_long=len(soft) >= LONG_QUERY_WORDS,
            parsed=parsed,
            source=ref(self.lexicon),
        )

    def _part(self, node: Node, zones: frozenset[Zone], notices: list[QueryNotice]) -> _Part:
        match node:
            case Words():
                return self._words(node, zones, notices)
            case Prefix():
                return self._prefix(node, zones)
            case Quoted():
                return self._quoted(node, zones)
            case FieldValue():
                return _Part(self._field_value(node, notices))
            case InField(field, child):
                return self._part(child, zones & FIELD_ZONES[field], notices)
            case Without(child):
                inner = self._part(child, zones, notices)
                # Another spelling of what is left out takes hits away: it is always named.
                words = tuple(
                    replace(run, added=tuple((e, MATCH_ALL) for e, _ in run.added))
                    for run in inner.words
                )
                return _Part(Not(inner.match), words=words)
            case Any(children):
                return _joined([self._part(child, zones, notices) for child in children], Or)
            case All(children, _):
                return _joined([self._part(child, zones, notices) for child in children], And)

    def _expander(self, zones: frozenset[Zone]) -> TermExpander:
        return TermExpander(self.lexicon, self.constants, zones, self.term_sets)

    def _words(self, node: Words, zones: frozenset[Zone], notices: list[QueryNotice]) -> _Part:
        tokens = query_tokens(node.text)
        if not tokens:
            if not node.text:
                return _Part(MATCH_ALL)
            notices.append(QueryNotice(kind="nothing-to-search", text=node.text))
            return _Part(MATCH_NONE)
        expander = self._expander(zones)
        accent_matches = self._accent_matches(tokens)
        verbatim = self.accent_match is AccentMatch.VERBATIM
        others = (
            expansions(self.lexicon, node.text, tokens)
            if self.expand and not verbatim
            else typings(self.lexicon, node.text, tokens)
        )
        typed = tuple(token.exact for token in tokens)
        is_open = AccentMatch.OPEN in accent_matches
        restored = restore(self.counts, tokens, self.priors.get(typed)) if is_open else None
        meant = restored.forms if restored else typed
        plan = words_plan(expander, self.counts, tokens, accent_matches, others, meant, restored)
        soft = tuple(unit.match for unit in plan.units if not unit.required)
        hard = tuple(unit.match for unit in plan.units if unit.required)
        shifted = _shifted(tokens, node.start)
        spans = tuple(self._word_spans(shifted))
        sets = passage_sets(expander, tokens, plan.sets, restored)
        read = ReadWords(shifted, tuple(accent_matches), plan.added, restored, spans, sets)
        targets = token_targets(node.text, tokens, plan.sets, restored) + expansion_targets(
            expander, others
        )
        return _Part(And((*hard, *soft)), plan.clauses, soft, hard, (read,), targets)

    def _word_spans(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        first = 0
        for word in segment_query(self.counts, tokens):
            last = first + word.count("_")
            if last > first:
                yield tokens[first].start, tokens[last].end
            first = last + 1

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
        others = typings(self.lexicon, node.text, tokens) if node.window is None else []
        plan = words_plan(
            expander, self.counts, tokens, [accent_match] * len(tokens), others, meant
        )
        sets = plan.sets
        if node.window is not None and len(sets) > 1:
            first = tokens[0].position
            offsets = tuple(token.position - first for token in tokens)
            near = Phrase(sets, offsets, min(node.window, MOST_WINDOW))
            return _Part(near, plan.clauses, targets=token_targets(node.text, tokens, sets))
        phrases = phrase_typings(expander, tokens, sets, others)
        matches = tuple(p.parts[0] if len(p.parts) == 1 else p for p in phrases)
        return _Part(
            matches[0] if len(matches) == 1 else Or(matches),
            plan.clauses,
            targets=(phrase_target(node.text, tokens, phrases),),
        )

    def _field_value(self, node: FieldValue, notices: list[QueryNotice]) -> Query:
        if node.field == "date":
            spans = date_spans(node.text, self.lexicon.years(), node.start)
            return Or(tuple(published_within(*span) for span in spans))
        column = _FILTER_COLUMNS[node.field]
        labels = self.lexicon.labels(column)
        meant = matching_labels(labels, node.text)
        if not meant:
            near = nearest_label(labels, node.text) or ""
            notices.append(QueryNotice(kind=f"no-{column}", text=node.text, offer=near))
        return KeywordIs(column, meant)


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
    return tuple(Variant(form.text, form.documents) for form in found)


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
