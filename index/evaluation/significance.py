"""Whether two series of values differ by more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

ROUNDS: Final = 10_000
SEED: Final = 20261005
#: Values of a baseline are kept with six decimals.
SAME: Final = 1e-5
_ROUNDS_AT_ONCE: Final = 1000
_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Comparison:
    """Topics that won, lost and stayed, the mean difference, and how likely chance gives it."""

    wins: int
    losses: int
    ties: int
    difference: float
    p_value: float


def compare(
    before: Sequence[float], after: Sequence[float], *, rounds: int = ROUNDS, seed: int = SEED
) -> Comparison:
    """The paired randomisation test, two-sided.

    If the two systems were the same, each topic's difference could as well have the other sign.
    The p-value is the share of random signs whose mean is at least as far from 0, the observed one
    included; the same seed gives the same value on every machine.

    Raises:
        ValueError: the series differ in length, or are empty.
    """
    if len(before) != len(after) or not before:
        raise ValueError("both series need a value for every topic")
    differences = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    differences[np.abs(differences) < SAME] = 0.0
    observed = abs(float(differences.sum()))
    extreme = 1
    generator = np.random.PCG64(seed)
    for start in range(0, rounds, _ROUNDS_AT_ONCE):
        count = min(_ROUNDS_AT_ONCE, rounds - start)
        sums = _random_signs(generator, count, len(differences)) @ differences
        # A little slack: sums of the same numbers in another order differ in their last digits.
        extreme += int((np.abs(sums) >= observed - 1e-9).sum())
    return Comparison(
        wins=int((differences > 0).sum()),
        losses=int((differences < 0).sum()),
        ties=int((differences == 0).sum()),
        difference=float(differences.mean()),
        p_value=extreme / (rounds + 1),
    )


def _random_signs(generator: np.random.PCG64, rows: int, columns: int) -> np.ndarray:
    """(rows, columns) of 1.0 and -1.0, from raw bits: NumPy promises those for every version."""
    words = -(-columns // _BITS)
    raw = generator.random_raw(rows * words).astype("<u8").view(np.uint8)
    bits = np.unpackbits(raw.reshape(rows, words * 8), axis=1, count=columns, bitorder="little")
    return 1.0 - 2.0 * bits
