"""Slips of one word: what else may have been meant, and how unlikely each slip is.

Costs are negative natural logarithms of how often people write one thing for another, by judgement:
a tone of the neighbouring syllable's sound (hỏi for ngã) is as common as a missing mark, any other
letter is not. The language model of index/query/spelling_correction.py weighs them against counts.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from analyzers import fold

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HOOK, _TILDE = "\u0309", "\u0303"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_MISSING_MARK = 2.0
_OTHER_MARK = 3.5
_SIMILAR_TONE = 2.5
_OTHER_TONE = 4.0
_DOUBLED = 3.0
_SWAPPED = 4.0
_SOUND = 3.5
_LOST_OR_ADDED = 5.0
_OTHER_LETTER = 6.5
#: Above this, nobody means one with the other.
MOST_COST = 9.0

#: Spellings of sounds that are confused, at the beginning and at the end of syllables.
_ONSETS = (
    *(("ngh", "ng"), ("gh", "g"), ("ch", "tr"), ("s", "x"), ("gi", "d"), ("gi", "r"), ("d", "r")),
    *(("c", "k"), ("k", "q"), ("l", "n"), ("gi", "v"), ("d", "v"), ("ph", "f"), ("qu", "w")),
)
_CODAS = (
    *(("n", "ng"), ("n", "nh"), ("c", "t"), ("ch", "t"), ("c", "ch"), ("ng", "nh"), ("m", "n")),
    *(("i", "y"), ("o", "u"), ("m", "p")),
)
#: Vowels as they are pronounced without care.
_VOWELS = (("iu", "ieu"), ("uu", "uou"), ("ui", "uoi"), ("uu", "iu"), ("i", "uy"), ("o", "oo"))
_BOTH_WAYS = tuple(
    (*pairs, *((second, first) for first, second in pairs)) for pairs in (_ONSETS, _CODAS, _VOWELS)
)
_SIMILAR = frozenset(
    frozenset(pair)
    for pair in ("sx", "ln", "dr", "ck", "cq", "kq", "iy", "tc", "uo", "mn", "bv", "ae", "td", "pb")
)


@lru_cache(1 << 14)
def slip_cost(typed: str, meant: str) -> float:
    """How unlikely it is that somebody who means one exact key types another; 0 if they are equal.

    >>> slip_cost("sữa", "sửa") < slip_cost("sữa", "sưa") < slip_cost("sữa", "của")
    True
    """
    if typed == meant:
        return 0.0
    (old, old_tone), (new, new_tone) = _toneless(typed), _toneless(meant)
    return _tone_cost(old_tone, new_tone) + _letters_cost(old, new)


def is_joined(form: str) -> bool:
    """Whether a form is several words without a blank (giávàng): no syllable has two tones."""
    return len(_toneless(form)[1]) > 1


def near_folds(folded: str) -> Iterator[str]:
    """Folded forms that are confused with one: its sounds spelled in another way."""
    for wrong, right in _BOTH_WAYS[0]:
        if folded.startswith(wrong):
            yield right + folded[len(wrong) :]
    for wrong, right in _BOTH_WAYS[1]:
        if folded.endswith(wrong):
            yield folded[: -len(wrong)] + right
    for wrong, right in _BOTH_WAYS[2]:
        if wrong in folded:
            yield folded.replace(wrong, right, 1)


def edited_folds(folded: str) -> set[str]:
    """Everything one letter away: lost, added, changed, or two neighbours swapped."""
    halves = [(folded[:at], folded[at:]) for at in range(len(folded) + 1)]
    found = {left + right[1:] for left, right in halves if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    found |= {left + char + right[1:] for left, right in halves if right for char in _LETTERS}
    found |= {left + char + right for left, right in halves for char in _LETTERS}
    return found - {folded, ""}


@lru_cache(1 << 14)
def _toneless(exact: str) -> tuple[str, str]:
    """The letters without the tone, and the tone."""
    decomposed = unicodedata.normalize("NFD", exact)
    tone = "".join(char for char in decomposed if char in _TONES)
    kept = "".join(char for char in decomposed if char not in _TONES)
    return unicodedata.normalize("NFC", kept), tone


def _tone_cost(old: str, new: str) -> float:
    if old == new:
        return 0.0
    if not old:
        return _MISSING_MARK
    if {old, new} == {_HOOK, _TILDE}:
        return _SIMILAR_TONE
    return _OTHER_TONE


def _letters_cost(old: str, new: str) -> float:
    cost = _edit_cost(old, new)
    if cost <= _SOUND:
        return cost
    folded, other = fold(old), fold(new)
    for wrong, right in _BOTH_WAYS[0]:
        if folded.startswith(wrong) and other.startswith(right):
            cost = min(cost, _SOUND + _edit_cost(old[len(wrong) :], new[len(right) :]))
    for wrong, right in _BOTH_WAYS[1]:
        if folded.endswith(wrong) and other.endswith(right):
            cost = min(cost, _SOUND + _edit_cost(old[: -len(wrong)], new[: -len(right)]))
    for wrong, right in _BOTH_WAYS[2]:
        at, there = folded.find(wrong), other.find(right)
        if at >= 0 and there >= 0:
            rest = old[:at] + old[at + len(wrong) :]
            cost = min(cost, _SOUND + _edit_cost(rest, new[:there] + new[there + len(right) :]))
    return cost


def _edit_cost(old: str, new: str) -> float:
    """Weighted edits from one to the other (optimal string alignment)."""
    if old == new:
        return 0.0
    if abs(len(old) - len(new)) > 2:
        return MOST_COST + 1
    before: list[float] = []
    row = [_LOST_OR_ADDED * at for at in range(len(new) + 1)]
    for i, char in enumerate(old, 1):
        above, row = row, [_LOST_OR_ADDED * i]
        for j, other in enumerate(new, 1):
            added = _DOUBLED if i > 1 and old[i - 2] == char else _LOST_OR_ADDED
            lost = _DOUBLED if j > 1 and new[j - 2] == other else _LOST_OR_ADDED
            best = min(
                above[j - 1] + _letter_cost(char, other), above[j] + added, row[j - 1] + lost
            )
            if i > 1 and j > 1 and old[i - 2] == other and char == new[j - 2]:
                best = min(best, before[j - 2] + _SWAPPED)
            row.append(best)
        before = above
    return row[-1]


def _letter_cost(old: str, new: str) -> float:
    if old == new:
        return 0.0
    plain, other = fold(old), fold(new)
    if plain == other:
        return _MISSING_MARK if old == plain else _OTHER_MARK
    return _SOUND if frozenset((plain, other)) in _SIMILAR else _OTHER_LETTER
