"""A score as a tree whose leaves add up to it."""

import numpy as np

from ..model import Explanation
from ..plan import QueryPlan, ScoringClause
from ..ranking import idf
from ..retrieval.doc_scores import frequencies
from ..retrieval.snapshot import Snapshot


def explain_document(
    snapshot: Snapshot, plan: QueryPlan, doc: int, lift: float = 1.0, recency: int | None = None
) -> Explanation:
    """The addends of one document's score under a plan.

    Args:
        lift: what the words of its best passage multiply it by.
        recency: days in which what newer articles gain halves.
    """
    children = tuple(
        part for item in plan.clauses if (part := _explain(snapshot, item, doc)) is not None
    )
    children = with_lift(children, lift)
    if recency is not None:
        children = with_gain(children, float(snapshot.recency_factors(recency)[doc]), recency)
    return summed(children)


def summed(children: tuple[Explanation, ...]) -> Explanation:
    """A score with its addends."""
    return Explanation("score", sum(child.value for child in children), children)


def with_lift(children: tuple[Explanation, ...], factor: float) -> tuple[Explanation, ...]:
    """The addends of a score and, behind them, what the best passage adds to it."""
    if factor == 1:
        return children
    description = f"best passage: {factor:.4f} times the rest, its words stand close together"
    return (*children, Explanation(description, summed(children).value * (factor - 1)))


def with_gain(
    children: tuple[Explanation, ...], factor: float, half_life: int
) -> tuple[Explanation, ...]:
    """The addends of a score and, behind them, what the article's day adds to it."""
    description = f"recency: {factor:.4f} times the rest, half of the gain every {half_life} days"
    return (*children, Explanation(description, summed(children).value * (factor - 1)))


def _explain(snapshot: Snapshot, item: ScoringClause, doc: int) -> Explanation | None:
    found = frequencies(snapshot, item.query)
    saturated = found.score(doc)
    if not saturated:
        return None
    return explained(item, saturated, found.df, snapshot.document_count)


def explained(
    item: ScoringClause, saturated: float, frequency: int, document_count: int
) -> Explanation:
    """One addend of a score: its weight, its rarity and its saturated frequency."""
    rarity = idf(document_count, frequency)
    factor = float(np.float32(item.boost * rarity))
    description = (
        f"{item.label}: weight {item.boost:g} · idf {rarity:.4f} (in {frequency} of "
        f"{document_count} articles) · saturated frequency {saturated:.4f}"
    )
    return Explanation(description, factor * saturated)
