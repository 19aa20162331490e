"""How much worse a result may be than the baseline: the rules of `--fail-on`."""

import re
from dataclasses import dataclass
from typing import Final

from .measures import MEASURES

#: Drops that are not a measure's mean.
QUERIES: Final = "queries"
CLASSES: Final = "classes"
RELATED: Final = "related"

DEFAULT_FAIL_ON: Final = "ndcg@10:-0.01,queries:-0.2×3"

_TARGETS: Final = {name.lower(): name for name in (*MEASURES, QUERIES, CLASSES, RELATED)}
_RULE: Final = re.compile(
    r"(?P<target>[^:]+):\s*[-−](?P<drop>\d*\.?\d+)\s*(?:[×xX*]\s*(?P<count>\d+))?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What fails the gate.

    For a measure, CLASSES or RELATED: the mean, the mean of a class or the mean of related news
    falls by more than `drop`. For QUERIES: `count` topics or more fall by at least `drop`.
    """

    target: str
    drop: float
    count: int = 1

    def __str__(self) -> str:
        times = f"×{self.count}" if self.target == QUERIES else ""
        return f"{self.target}:-{self.drop:g}{times}"


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a list such as `ndcg@10:-0.01,queries:-0.2×3`; an x does for the ×.

    Raises:
        ValueError: a part is not a rule, or two rules have the same target.
    """
    rules: dict[str, Rule] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        rule = _rule(part)
        if rule.target in rules:
            raise ValueError(f"{rule.target} is there twice")
        rules[rule.target] = rule
    if not rules:
        raise ValueError("expected a rule such as ndcg@10:-0.01")
    return tuple(rules.values())


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
    count = int(match["count"] or 1)
    drop = float(match["drop"])
    if not count or drop > 1:
        raise ValueError(f"{part!r}: a drop is at most 1, a count at least 1")
    return Rule(target, drop, count)
