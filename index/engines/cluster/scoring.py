"""Our exact BM25F of a few articles, from the tokens that the cluster stores with each.

The cluster's own scores choose the candidates; these order them (docs/decisions/0006).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...plan import PairSet, Passages, Phrase, ScoredQuery, ScoringClause, TermSet, is_one_term
from ...ranking import RankingConstants, idf
from ...retrieval.passages import passage_weights
from ...schema import Zone
from ...segments.inversion import PARAGRAPH_GAP
from .connection import Json
from .mapping import STACKED_FIELDS, ZONE_FIELDS
from .terms import field_term
from .translation import as_pair

#: What `TokenizedZone.of` reads of a document.
TOKEN_FIELDS = (*ZONE_FIELDS.values(), *STACKED_FIELDS.values())


@dataclass(frozen=True, slots=True)
class TokenizedZone:
    """The tokens of one zone, run by run of neighbours; `stacked` runs are parallel or empty."""

    zone: Zone
    runs: tuple[list[str], ...]
    stacked: tuple[list[str], ...]

    @classmethod
    def of(cls, fields: Json) -> "list[TokenizedZone]":
        """The zones of a document."""
        return [
            cls(
                zone,
                tuple(run.split() for run in fields[name]),
                tuple(run.split() for run in fields.get(STACKED_FIELDS[zone], ())),
            )
            for zone, name in ZONE_FIELDS.items()
            if name in fields
        ]

    @property
    def length(self) -> int:
        """Tokens, without those that stand on top of others."""
        return sum(map(len, self.runs))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Where the clauses lie: by token, and by the first token of a pair."""

    single: Mapping[str, list[tuple[int, float]]]
    pairs: Mapping[str, list[tuple[int, float, Mapping[str, float]]]]
    phrases: Sequence[tuple[int, Phrase, tuple[frozenset[str], ...]]]


class ExactScores:
    """Scores articles for one plan."""

    def __init__(
        self,
        clauses: Sequence[ScoringClause],
        frequencies: Sequence[int],
        document_count: int,
        averages: Mapping[Zone, float],
        constants: RankingConstants,
    ) -> None:
        self.clauses = clauses
        self.frequencies = frequencies
        self._constants = constants
        self._k1 = [
            constants.k1 if is_one_term(item.query) else constants.pair_k1 for item in clauses
        ]
        self._averages = averages
        self._zones = [_zones_of(item.query) for item in clauses]
        self._factors = [
            item.boost * idf(document_count, frequency) if frequency else 0.0
            for item, frequency in zip(clauses, frequencies, strict=True)
        ]
        self._wanted = _wanted(clauses)

    def score(self, zones: Sequence[TokenizedZone]) -> float:
        """The score of an article, rounded as the embedded engine's are."""
        parts = zip(self._factors, self.saturated(zones), strict=True)
        return float(np.float32(sum(factor * value for factor, value in parts)))

    def saturated(self, zones: Sequence[TokenizedZone]) -> list[float]:
        """The saturated frequency of every clause."""
        pairs = zip(self._frequencies(zones), self._k1, strict=True)
        return [x * (k1 + 1) / (k1 + x) for x, k1 in pairs]

    def _frequencies(self, zones: Sequence[TokenizedZone]) -> list[float]:
        found = [0.0] * len(self.clauses)
        for tokenized in zones:
            zone = tokenized.zone
            norm = self._norm(tokenized)
            for number, count in self._counts(tokenized):
                if zone in self._zones[number]:
                    found[number] += norm * count
        return found

    def _norm(self, zone: TokenizedZone) -> float:
        constants = self._constants
        average = self._averages[zone.zone] or 1.0
        length = 1 - constants.b + constants.b * zone.length / average
        return constants.zone_weights[zone.zone] / length

    def _counts(self, zone: TokenizedZone) -> list[tuple[int, float]]:
        """Clauses with how often they occur; a clause may come several times."""
        wanted = self._wanted
        found: list[tuple[int, float]] = []
        tokens: Counter[str] = Counter()
        for run in (*zone.runs, *zone.stacked):
            tokens.update(run)
        for token in tokens.keys() & wanted.single.keys():
            for number, boost in wanted.single[token]:
                found.append((number, boost * tokens[token]))
        if firsts := tokens.keys() & wanted.pairs.keys():
            beside = [pair for run in zone.runs for pair in pairwise(run) if pair[0] in firsts]
            for (first, second), count in Counter(beside).items():
                for number, boost, seconds in wanted.pairs[first]:
                    if second in seconds:
                        found.append((number, boost * seconds[second] * count))
        for number, phrase, parts in wanted.phrases:
            if all(not part.isdisjoint(tokens) for part in parts):
                count = sum(_starts(phrase, parts, run, top) for run, top in _together(zone))
                found.append((number, float(count)))
        return found


def passage_weight(
    zones: Sequence[TokenizedZone], passages: Passages, rarities: Sequence[float]
) -> float:
    """What the words weigh that stand together in the best passage of an article."""
    words: dict[str, list[int]] = {}
    for number, terms in enumerate(passages.words):
        for form in terms.terms:
            words.setdefault(field_term(form.term), []).append(number)
    places: list[list[int]] = [[] for _ in passages.words]
    base = 0
    for zone in zones:
        for run, top in _together(zone):
            for tokens in (run, top):
                for at, token in enumerate(tokens, base):
                    for number in words.get(token, ()):
                        places[number].append(at)
            base += len(run) + PARAGRAPH_GAP
    rising = [np.unique(np.array(each, np.int64)) for each in places]
    _, weights = passage_weights(rising, rarities, passages.window)
    return float(weights.max(initial=0.0))


def _together(zone: TokenizedZone) -> Sequence[tuple[list[str], list[str]]]:
    stacked = zone.stacked or tuple([] for _ in zone.runs)
    return list(zip(zone.runs, stacked, strict=True))


def _starts(
    phrase: Phrase, parts: Sequence[frozenset[str]], run: Sequence[str], top: Sequence[str]
) -> int:
    """How often a phrase begins in a run."""
    places = [
        {
            position
            for position, token in enumerate(run)
            if token in part or (top and top[position] in part)
        }
        for part in parts
    ]
    if phrase.window is None:
        return sum(
            all(
                start + offset in place
                for place, offset in zip(places, phrase.offsets, strict=True)
            )
            for start in places[0]
        )
    window = phrase.window
    return sum(
        all(any(start <= at <= start + window for at in place) for place in places)
        for start in set().union(*places)
    )


def _wanted(clauses: Sequence[ScoringClause]) -> _Wanted:
    single: dict[str, list[tuple[int, float]]] = {}
    pairs: dict[str, list[tuple[int, float, Mapping[str, float]]]] = {}
    phrases: list[tuple[int, Phrase, tuple[frozenset[str], ...]]] = []
    for number, item in enumerate(clauses):
        what = item.query
        in_full = False
        if isinstance(what, Phrase) and len(what.parts) == 1:
            what, in_full = what.parts[0], True
        elif isinstance(what, Phrase) and (pair := as_pair(what)) is not None:
            what, in_full = pair, True
        match what:
            case TermSet():
                for token, boost in _boosts(what, in_full=in_full).items():
                    single.setdefault(token, []).append((number, boost))
            case PairSet():
                seconds = _boosts(what.second, in_full=in_full)
                for token, boost in _boosts(what.first, in_full=in_full).items():
                    pairs.setdefault(token, []).append((number, boost, seconds))
            case Phrase():
                parts = tuple(frozenset(_boosts(part, in_full=True)) for part in what.parts)
                phrases.append((number, what, parts))
    return _Wanted(single, pairs, phrases)


def _boosts(terms: TermSet, *, in_full: bool) -> dict[str, float]:
    return {field_term(form.term): 1.0 if in_full else form.boost for form in terms.terms}


def _zones_of(what: ScoredQuery) -> frozenset[Zone]:
    match what:
        case TermSet():
            return what.zones
        case PairSet():
            return what.first.zones & what.second.zones
        case Phrase():
            pair = as_pair(what)
            return what.parts[0].zones if pair is None else _zones_of(pair)
