"""A generation on a cluster as query reading and searching ask it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...backend import Found, HitRange
from ...model import FacetValue, SearchRequest, SortOrder
from ...plan import Query, ScoredQuery, ScoringClause, TermSet
from ...query.feedback import FEEDBACK_DOCS, FeedbackStats
from ...ranking import RankingConstants, idf, recency_factors
from ...retrieval.passages import HEAD, factors
from ...schema import Zone
from .aggregations import facet_counts
from .candidates import candidate_clauses, is_one_word, scored_tokens
from .connection import Json
from .fields import stored_article
from .generation import ClusterGeneration
from .paging import HitWalk
from .scoring import TOKEN_FIELDS, ExactScores, TokenizedZone, passage_weight
from .selections import Selection
from .translation import filter_of, filter_of_scored, span_clauses

#: So many of the cluster's best hits are put in the exact order; the others keep the cluster's.
#: Queries of two words have more hits that are nearly as good.
WINDOW, SHORT_WINDOW = 100, 200
_SHORT_EVIDENCE = 8
#: Above any score: hits that come before all others.
_IN_FRONT = 4096.0
_TIER = "tier"
_TOKENS = list(TOKEN_FIELDS)
_ARTICLE = ["article", "id"]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate in the order of relevance."""

    doc_id: str
    key: str
    score: float
    tier: int
    order: tuple[int, float, float, str]


class ClusterArchive:
    """One generation of the articles on a cluster."""

    def __init__(self, generation: ClusterGeneration, constants: RankingConstants) -> None:
        self._generation = generation
        self._constants = constants

    @property
    def generation(self) -> int:
        """Its number."""
        return self._generation.number

    @property
    def constants(self) -> RankingConstants:
        """What its ranking is computed with."""
        return self._constants

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._generation.labels(column)

    def matching(self, match: Query) -> Selection:
        """The documents that match."""
        return Selection(match)

    def both(self, first: Selection, second: Selection) -> Selection:
        """The documents in both selections."""
        return first & second

    def either(self, first: Selection, second: Selection) -> Selection:
        """The documents in any of the selections."""
        return first | second

    def count(self, docs: Selection, *, collapse: bool = False) -> tuple[int, int]:
        """How many documents a selection has, and 0 near copies that are not counted.

        A cluster does not tell near copies (docs/divergences.md).
        """
        return self._generation.count(docs.match, lambda: filter_of(docs.match)), 0

    def frequencies(self, scored: Sequence[ScoredQuery]) -> list[int]:
        """How many articles each clause is in."""
        # What takes positions is counted apart: all together would be too many should.
        apart = [what for what in scored if span_clauses(what)]
        together = [what for what in scored if not span_clauses(what)]
        counts = self._generation.counts([(what, _query_maker(what)) for what in together])
        counted = dict(zip(together, counts, strict=True))
        counted |= {what: self._generation.count(what, _query_maker(what)) for what in apart}
        return [self._generation.capped(counted[what]) for what in scored]

    def exact_scores(self, clauses: Sequence[ScoringClause]) -> ExactScores:
        """What scores articles exactly."""
        generation = self._generation
        return ExactScores(
            clauses,
            self.frequencies([item.query for item in clauses]),
            generation.document_count,
            {zone: generation.average_length(zone) for zone in Zone},
            self._constants,
        )

    def hits(self, wanted: HitRange[Selection]) -> Sequence[Found]:
        """The articles of a range, in its order."""
        if not wanted.limit:
            return []
        scores = self.exact_scores(wanted.clauses)
        score = partial(self._score, scores, wanted.recency)
        if wanted.order is not SortOrder.RELEVANCE or not any(scores.frequencies):
            order = SortOrder.NEWEST if wanted.order is SortOrder.RELEVANCE else wanted.order
            walk = HitWalk(self._generation, _filtering(wanted.docs), order)
            return self._read(walk, score, wanted.offset, wanted.limit)
        walk = self._ranking_walk(wanted.docs, wanted.clauses, scores, wanted.tiers)
        window = _window(wanted.clauses)
        if wanted.offset >= window:
            return self._read(walk, score, wanted.offset, wanted.limit, tiers=len(wanted.tiers))
        candidates = walk.first(window, [*_TOKENS, "published"])
        tiers, recency = len(wanted.tiers), wanted.recency
        lifted = self._lifted(wanted, scores, candidates)
        ranked = sorted(
            (
                _ranked(hit, self._recent(score * lift, recency, hit["_source"]), tiers)
                for hit, score, lift in lifted
            ),
            key=lambda r: r.order,
        )
        found = self._articles(ranked[wanted.offset : wanted.offset + wanted.limit])
        beyond = wanted.offset + wanted.limit - window
        if beyond > 0 and len(candidates) == window:
            after = candidates[-1]["sort"]
            found += self._read(walk, score, 0, beyond, tiers=len(wanted.tiers), after=after)
        return found

    def lift(self, wanted: HitRange[Selection], doc_id: str) -> float:
        """What its best passage multiplies the score of an article by."""
        if wanted.passages is None or wanted.order is not SortOrder.RELEVANCE:
            return 1.0
        scores = self.exact_scores(wanted.clauses)
        walk = self._ranking_walk(wanted.docs, wanted.clauses, scores, wanted.tiers)
        candidates = walk.first(_window(wanted.clauses), _TOKENS)
        lifted = self._lifted(wanted, scores, candidates)
        return next((lift for hit, _, lift in lifted if hit["sort"][-1] == doc_id), 1.0)

    def _lifted(
        self, wanted: HitRange[Selection], scores: ExactScores, candidates: Sequence[Json]
    ) -> list[tuple[Json, float, float]]:
        """Each candidate with its score, and what its best passage multiplies that by."""
        texts = [TokenizedZone.of(hit["_source"]) for hit in candidates]
        plain = [scores.score(zones) for zones in texts]
        lifts = [1.0] * len(candidates)
        if wanted.passages is not None:
            rarities = self.rarities(wanted.passages.words)
            by_tier: dict[int, list[int]] = {}
            for number, hit in enumerate(candidates):
                by_tier.setdefault(_tier_of(hit, len(wanted.tiers)), []).append(number)
            for tier in by_tier.values():
                for number in sorted(tier, key=lambda each: -plain[each])[:HEAD]:
                    weight = passage_weight(texts[number], wanted.passages, rarities)
                    (factor,) = factors(np.array([weight]), rarities, wanted.passages)
                    lifts[number] = float(factor)
        return list(zip(candidates, plain, lifts, strict=True))

    def rarities(self, scored: Sequence[ScoredQuery]) -> list[float]:
        """The idf of each clause, 0 for one without articles."""
        count = self._generation.document_count
        return [idf(count, found) if found else 0.0 for found in self.frequencies(scored)]

    def feedback_stats(
        self, docs: Selection, clauses: tuple[ScoringClause, ...], asked: Sequence[TermSet]
    ) -> FeedbackStats | None:
        """Which of the best articles hold which of the terms; None where there is nothing."""
        scores = self.exact_scores(clauses)
        if not any(scores.frequencies):
            return None
        walk = self._ranking_walk(docs, clauses, scores, ())
        texts = [TokenizedZone.of(hit["_source"]) for hit in walk.first(_window(clauses), _TOKENS)]
        best = sorted(((scores.score(zones), zones) for zones in texts), key=lambda r: -r[0])
        best = best[:FEEDBACK_DOCS]
        if not best or best[0][0] <= 0:
            return None
        held = self.exact_scores(tuple(ScoringClause(terms, 1.0, "") for terms in asked))
        return FeedbackStats(
            np.array([score for score, _ in best], np.float32),
            np.array([held.saturated(zones) for _, zones in best]) > 0,
            np.array(held.frequencies) / self._generation.document_count,
        )

    def facets(
        self, matched: Selection, request: SearchRequest
    ) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each facet its values among the hits, as they would be without its own filter."""
        return facet_counts(self._generation, matched.match, request.filters, request.facets)

    def _ranking_walk(
        self,
        docs: Selection,
        clauses: tuple[ScoringClause, ...],
        scores: ExactScores,
        tiers: Sequence[Selection],
    ) -> HitWalk:
        """The hits in the cluster's order of relevance, which is close to the exact one."""
        query = _filtering(docs)
        query["bool"]["should"] = self._ranking_clauses(clauses, scores, tiers)
        return HitWalk(self._generation, query, SortOrder.RELEVANCE)

    def _ranking_clauses(
        self, clauses: tuple[ScoringClause, ...], scores: ExactScores, tiers: Sequence[Selection]
    ) -> list[Json]:
        generation = self._generation
        should = candidate_clauses(
            clauses,
            scores.frequencies,
            generation.frequencies(scored_tokens(clauses)),
            generation.document_count,
            self._constants,
        )
        should += [
            {
                "constant_score": {
                    "filter": filter_of(tier.match),
                    "boost": _IN_FRONT,
                    "_name": f"{_TIER}{number}",
                }
            }
            for number, tier in enumerate(tiers)
        ]
        return should

    def _read(
        self,
        walk: HitWalk,
        score: Callable[[Json], float],
        offset: int,
        limit: int,
        *,
        tiers: int = 0,
        after: list[object] | None = None,
    ) -> list[Found]:
        """Hits in the cluster's order, with exact scores."""
        return [
            Found(
                stored_article(hit["_index"], hit["_source"]),
                score(hit["_source"]),
                tier=_tier_of(hit, tiers),
            )
            for hit in walk.hits(offset, limit, [*_ARTICLE, *_TOKENS, "published"], after)
        ]

    def recency_factor(self, published: int | None, half_life: int) -> float:
        """What the score of an article is multiplied by where newer ones are pinned.

        Args:
            published: seconds since 1970, None where unknown.
        """
        _, newest = self._generation.published
        if published is None or newest is None:
            return 1.0
        share = self._constants.recency_share
        return float(recency_factors(np.array([published]), newest / 1000, half_life, share)[0])

    def _score(self, scores: ExactScores, recency: int | None, fields: Json) -> float:
        return self._recent(scores.score(TokenizedZone.of(fields)), recency, fields)

    def _recent(self, score: float, recency: int | None, fields: Json) -> float:
        """The score with what the article's day adds to it."""
        if recency is not None:
            score *= self.recency_factor(fields.get("published"), recency)
        return float(np.float32(score))

    def _articles(self, ranked: Sequence[_Ranked]) -> list[Found]:
        """The articles of candidates; one that was deleted meanwhile is left out."""
        if not ranked:
            return []
        generation = self._generation
        body = {"ids": [each.key for each in ranked]}
        answer = generation.cluster.ask_each(
            lambda c: c.mget(
                index=generation.version.articles,
                body=body,
                params={"_source_includes": ",".join(_ARTICLE), "realtime": "false"},
            )
        )
        return [
            Found(stored_article(found["_index"], found["_source"]), each.score, tier=each.tier)
            for each, found in zip(ranked, answer, strict=True)
            if found.get("found")
        ]


def _filtering(docs: Selection) -> Json:
    return {"bool": {"filter": [filter_of(docs.match)]}}


def _window(clauses: Sequence[ScoringClause]) -> int:
    """How many candidates a query has."""
    short = len(clauses) <= _SHORT_EVIDENCE and not is_one_word(clauses)
    return SHORT_WINDOW if short else WINDOW


def _tier_of(hit: Json, tiers: int) -> int:
    """In how many of the tiers a hit is not, counted from 1."""
    names: Sequence[str] = hit.get("matched_queries", ())
    return 1 + tiers - sum(name.startswith(_TIER) for name in names)


def _ranked(hit: Json, scored: float, tiers: int) -> _Ranked:
    _, published, doc_id = hit["sort"]
    tier = _tier_of(hit, tiers)
    return _Ranked(doc_id, hit["_id"], scored, tier, (tier, -scored, -published, doc_id))


def _query_maker(scored: ScoredQuery) -> Callable[[], Json]:
    return lambda: filter_of_scored(scored)
