"""A search engine without an index: slow, and simple enough to be checked by reading it.

It walks every article for every question and computes in 64-bit floats, straight from the
definitions in `index.plan` and `index.ranking`; nothing of the engine's arrays is used.
Texts longer than the engine's limits for a zone are not modelled.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from oracle_documents import (
    Document,
    labels_of,
    matches,
    occurrences,
    passage_weight,
    read_article,
    seconds_of,
)

from analyzers import exact_key, has_marks
from index import VIETNAM_TIME, Article, Filters, SortOrder, Zone, collation_key, slug
from index.plan import Passages, Phrase, Query, ScoredQuery, ScoringClause, TermSet
from index.ranking import DEFAULT_RANKING, RankingConstants


class Oracle:
    """Articles by id, and what they answer."""

    def __init__(self, constants: RankingConstants = DEFAULT_RANKING) -> None:
        self._constants = constants
        self.documents: dict[str, Document] = {}

    def put(self, article: Article) -> None:
        """Insert or replace."""
        self.documents[article.id] = read_article(article)

    def delete(self, doc_id: str) -> None:
        """Remove; nothing happens where there is no such article."""
        self.documents.pop(doc_id, None)

    # -- which documents match

    def hits(self, match: Query) -> set[str]:
        """The ids of the matching articles."""
        return {i for i, document in self.documents.items() if matches(document, match)}

    def within(self, filters: Filters, ids: Iterable[str]) -> set[str]:
        """Those of the articles that pass the filters."""
        wanted = [
            (column, self._meant(column, included), bool(included), self._meant(column, excluded))
            for column, included, excluded in (
                ("source", filters.sources, filters.not_sources),
                ("section", filters.sections, filters.not_sections),
                ("authors", filters.authors, filters.not_authors),
            )
        ]
        return {
            doc_id
            for doc_id in ids
            for article in (self.documents[doc_id].article,)
            if _is_published_within(article, filters)
            and not any(
                (is_wanted and included.isdisjoint(labels_of(article, column)))
                or not excluded.isdisjoint(labels_of(article, column))
                for column, included, is_wanted, excluded in wanted
            )
        }

    def _meant(self, column: str, names: Iterable[str]) -> set[str]:
        """The labels that the names of a filter mean: the same label, else those of that slug.

        A name with marks means those with the same marks, or else those without any.
        """
        known = {x for d in self.documents.values() for x in labels_of(d.article, column)}
        meant = set()
        for name in names:
            same = {label for label in known if slug(label) == slug(name) != ""}
            if name in known:
                same = {name}
            elif has_marks(exact_key(name)):
                as_typed = {label for label in same if exact_key(label) == exact_key(name)}
                same = as_typed or {x for x in same if not has_marks(exact_key(x))}
            meant |= same
        return meant

    # -- how they rank

    def scores(
        self, clauses: Iterable[ScoringClause], averages: Sequence[float]
    ) -> dict[str, float]:
        """The score of every article, matching or not.

        Args:
            averages: mean tokens of each zone in the epoch of the statistics.
        """
        totals = dict.fromkeys(self.documents, 0.0)
        for item in clauses:
            frequencies = self._frequencies(item.query, averages)
            rarity = self._idf(len(frequencies))
            for doc_id, x in frequencies.items():
                k1 = self._constants.k1 if _is_one_term(item.query) else self._constants.pair_k1
                totals[doc_id] += item.boost * rarity * x * (k1 + 1) / (k1 + x)
        return totals

    def lifted(
        self, scores: dict[str, float], passages: Passages, tiers: Iterable[set[str]]
    ) -> dict[str, float]:
        """The scores, those of the best thirty of each tier times what their best passages say.

        Args:
            tiers: apart from one another.
        """
        holding = [self.hits(terms) for terms in passages.words]
        rarities = [self._idf(len(ids)) if ids else 0.0 for ids in holding]
        lifted = dict(scores)
        for tier in tiers:
            for doc_id in sorted(tier, key=lambda i: (-scores[i], *self.tie(i)))[:30]:
                weight = passage_weight(self.documents[doc_id], passages, rarities)
                lifted[doc_id] *= 1 + passages.gain * weight / (sum(rarities) or 1)
        return lifted

    def _frequencies(self, scored: ScoredQuery, averages: Sequence[float]) -> dict[str, float]:
        """x of every article in which the clauses occurs."""
        found = {}
        for doc_id, document in self.documents.items():
            x = 0.0
            for zone in Zone:
                if tf := sum(occurrences(p, zone, scored) for p in document.zones[zone]):
                    relative = document.length(zone) / averages[zone]
                    b = self._constants.b
                    x += self._constants.zone_weights[zone] * tf / (1 - b + b * relative)
            if x > 0:
                found[doc_id] = x
        return found

    def average_length(self, zone: Zone) -> float:
        """Mean tokens of a zone as it is now, whatever the epoch has."""
        lengths = [document.length(zone) for document in self.documents.values()]
        return sum(lengths) / len(lengths) if lengths else 0.0

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (len(self.documents) - frequency + 0.5) / (frequency + 0.5))

    def sorted_by(self, order: SortOrder, hits: Iterable[str]) -> list[str]:
        """The hits by date or headline."""

        def key(doc_id: str) -> tuple[bytes | int, int, str]:
            article = self.documents[doc_id].article
            if order is SortOrder.TITLE:
                return (collation_key(article.headline), *self.tie(doc_id))
            seconds = seconds_of(article)
            if order is SortOrder.OLDEST and seconds is not None:
                return (seconds, *self.tie(doc_id))
            return (self.tie(doc_id)[0], *self.tie(doc_id))

        return sorted(hits, key=key)

    def tie(self, doc_id: str) -> tuple[int, str]:
        """Newest first, articles without a date last, then by id."""
        seconds = seconds_of(self.documents[doc_id].article)
        return (2**63 if seconds is None else -seconds, doc_id)

    # -- what their columns hold

    def labels(self, column: str, ids: Iterable[str]) -> Counter[str]:
        """How many of the articles carry each label."""
        articles = [self.documents[doc_id].article for doc_id in ids]
        return Counter(label for article in articles for label in set(labels_of(article, column)))

    def dates(self, pattern: str, ids: Iterable[str]) -> Counter[str]:
        """How many of the articles appeared in each period, in Vietnamese time."""
        times = [self.documents[doc_id].article.published for doc_id in ids]
        return Counter(t.astimezone(VIETNAM_TIME).strftime(pattern) for t in times if t)


def _is_one_term(scored: ScoredQuery) -> bool:
    return isinstance(scored, TermSet) or (isinstance(scored, Phrase) and len(scored.parts) == 1)


def _is_published_within(article: Article, filters: Filters) -> bool:
    """Whether an article appeared on one of the days, in Vietnamese time."""
    if filters.published_from is None and filters.published_to is None:
        return True
    if article.published is None:
        return False
    day = article.published.astimezone(VIETNAM_TIME).date()
    return (filters.published_from or day) <= day <= (filters.published_to or day)
