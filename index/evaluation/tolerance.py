"""How much worse a result may be than the baseline: the rules of `--fail-on`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .measures import MEASURES, Scores

#: Drops that are not a measure's mean.
QUERIES: Final = "queries"
CLASSES: Final = "classes"
RELATED: Final = "related"

DEFAULT_FAIL_ON: Final = "ndcg@10:-0.01,ndcg@10:-0.001@0.01,queries:-0.2×3"
#: Holds wherever related news are judged and no other rule is about them.
DEFAULT_RELATED_DROP: Final = 0.02

_MEASURES: Final = {name.lower(): name for name in MEASURES}
_SHARE: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_TARGETS: Final = {name.lower(): name for name in (*MEASURES, QUERIES, CLASSES, RELATED)}
_RULE: Final = re.compile(
    r"(?P<target>[^:]+):\s*[-−](?P<drop>\d*\.?\d+)"
    r"\s*(?:[×xX*]\s*(?P<count>\d+)|@\s*(?P<p>\d*\.?\d+))?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What fails the gate.

    For a measure, CLASSES or RELATED: the mean, the mean of a class or the mean of related news
    falls by more than `drop`; with `p_value` only where chance gives such a difference less often
    than that (paired randomisation test). For QUERIES: `count` topics or more fall by at least
    `drop`.
    """

    target: str
    drop: float
    count: int = 1
    p_value: float | None = None

    def __str__(self) -> str:
        times = f"×{self.count}" if self.target == QUERIES else ""
        chance = "" if self.p_value is None else f"@{self.p_value:g}"
        return f"{self.target}:-{self.drop:g}{times}{chance}"


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least mean of a measure."""

    measure: str
    least: float

    def holds(self, scores: Scores) -> bool:
        """Whether the mean over all topics is not below it."""
        return scores.mean(self.measure) >= self.least - 1e-6


def parse_minimum(text: str) -> Minimum:
    """The minimum of a text such as `nDCG@10=.8`.

    Raises:
        ValueError: it is none.
    """
    name, _, number = text.partition("=")
    measure = _MEASURES.get(name.strip().lower())
    if measure is None:
        raise ValueError(f"{name.strip()!r} is none of {', '.join(MEASURES)}")
    if not _SHARE.fullmatch(number.strip()) or float(number) > 1:
        raise ValueError(f"{text!r} is not a minimum such as nDCG@10=.8, from 0 to 1")
    return Minimum(measure, float(number))


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a list such as `ndcg@10:-0.01,queries:-0.2×3`; an x does for the ×.

    Raises:
        ValueError: a part is not a rule, or two rules have the same target and both a chance, or
            both none.
    """
    rules: dict[tuple[str, bool], Rule] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        rule = _rule(part)
        key = (rule.target, rule.p_value is None)
        if key in rules:
            raise ValueError(f"{rule.target} is there twice")
        rules[key] = rule
    if not rules:
        raise ValueError("expected a rule such as ndcg@10:-0.01")
    return tuple(rules.values())


def with_related(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules, and one about related news where there is none."""
    if any(rule.target == RELATED for rule in rules):
        return tuple(rules)
    return (*rules, Rule(RELATED, DEFAULT_RELATED_DROP))


def _rule(part: str) -> Rule:
    match = _RULE.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is not a rule such as ndcg@10:-0.01 or queries:-0.2×3")
    target = _TARGETS.get(match["target"].strip().lower())
    if target is None:
        known = ", ".join(_TARGETS.values())
        raise ValueError(f"{match['target']!r} is none of {known}")
    if match["count"] is not None and target != QUERIES:
        raise ValueError(f"{part!r}: only queries are counted (×)")
    if match["p"] is not None and target in (QUERIES, CLASSES):
        raise ValueError(f"{part!r}: chance (@) is of a mean")
    count = int(match["count"] or 1)
    drop = float(match["drop"])
    p_value = None if match["p"] is None else float(match["p"])
    if not count or drop > 1 or not 0 < (1 if p_value is None else p_value) <= 1:
        raise ValueError(f"{part!r}: a drop and a chance are at most 1, a count at least 1")
    return Rule(target, drop, count, p_value)
