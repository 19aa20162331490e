"""BM25F and every constant of the ranking.

score(d) = Σ over the query's evidence of weight · idf · x (k1 + 1) / (k1 + x), where
x = Σ over zones of zone weight · tf / (1 − b + b · length / average length)
(Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted fields", 2004) and
idf = ln(1 + (N − df + ½) / (df + ½)). N and df count live documents only, so that deleting,
updating and merging never leave a trace in a score. So did the averages when their epoch began
(docs/decisions/0014-statistics-epochs.md).
"""

import math
from dataclasses import dataclass

import numpy as np

from .schema import ZONE_COUNT, Zone
from .segments.array_file import Array
from .segments.columns import NO_DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingConstants:
    """The table of constants; docs/relevance.md names the experiment that set each."""

    k1: float = 0.9
    pair_k1: float = 0.5
    """k1 of neighbours and phrases: once or twice side by side says nearly all."""
    b: float = 0.75
    zone_weights: tuple[float, ...] = (3.0, 2.0, 1.0, 1.0, 0.3)
    exact_share: float = 0.3
    """How much of a syllable's weight goes to the form as typed rather than to its set."""
    restored_share: float = 0.5
    """The same for the likeliest form of a bare syllable, times its probability."""
    pair_weight: float = 0.42
    """Weight of two neighbouring syllables of the query standing side by side."""
    short_pair_weight: float = 0.85
    """The same in a query of up to three syllables, which is mostly one name or word."""
    other_form: float = 0.5
    """Frequency of an i/y variant or other reading, relative to the form as typed."""
    bare_zone_form: float = 0.3
    """Frequency of a form in a zone without any marks, asked for with marks."""
    rarest_reading: float = 0.5
    """Frequency of a one-syllable query's rarest reading, relative to its most frequent one."""
    question_gain: float = 1.5
    """How much a passage with all the words of a question can add to a score, relative to it."""
    question_window: int = 20
    """How many positions such a passage spans."""
    passage_gain: float = 0.2
    """The same for words that ask nothing."""
    passage_window: int = 30
    feedback_share: float = 0.1
    """Weight of the pairs that the best articles share, relative to that of a short text."""
    recency_share: float = 0.5
    """How much a search for news that are as recent as can be adds to the newest one's score."""
    expansion_weight: float = 0.8
    """Weight of an abbreviation's other spellings, relative to the one that was typed."""


DEFAULT_RANKING = RankingConstants()


def idf(document_count: int, document_frequency: int) -> float:
    """Inverse document frequency, > 0."""
    return math.log1p((document_count - document_frequency + 0.5) / (document_frequency + 0.5))


def recency_factors(published: Array, newest: float, half_life: int, share: float) -> Array:
    """(documents,) f4: what scores are multiplied by where newer articles are preferred.

    1 + share for the newest article, half as much more for one that is `half_life` days older, and
    so on; 1 without a day.

    Args:
        published: (documents,) seconds since 1970, NO_DATE where unknown.
        newest: the largest of all articles.
    """
    ages = np.maximum(0.0, newest - published.astype(np.float64))
    gains = share * np.exp2(-ages / (86_400 * half_life))
    return np.where(published == NO_DATE, 1.0, 1.0 + gains).astype(np.float32)


def zone_norms(lengths: Array, average: Array, constants: RankingConstants) -> Array:
    """(documents, zones) f4: what one occurrence adds to x.

    Args:
        lengths: (documents, zones) in tokens.
        average: (zones,) mean length over the live documents, 0 where a zone never occurs.
    """
    norms = np.empty((len(lengths), ZONE_COUNT), np.float32)
    for zone in Zone:
        mean = float(average[zone]) or 1.0
        # Lengths are stored in the narrowest type; all of them divide in the same precision.
        relative = lengths[:, zone].astype(np.float32) / np.float32(mean)
        denominator = np.float32(1 - constants.b) + np.float32(constants.b) * relative
        norms[:, zone] = np.float32(constants.zone_weights[zone]) / denominator
    return norms


def saturate(x: Array, k1: float) -> Array:
    """x (k1 + 1) / (k1 + x), f4 in [0, k1 + 1)."""
    return x * np.float32(k1 + 1) / (np.float32(k1) + x)
