"""Likely slips: confused letters and tones, joined words. Only ever offered, never applied."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analyzers import Token, TokenKind, fold, has_marks, is_syllable

from .lexicon import Lexicon

_MAX_CANDIDATES = 8
_MAX_PARTS = 3
_MIN_JOINED = 4
#: Onsets that are confused in speech or spelling; the longer ones are tried first.
_ONSETS = (
    ("ngh", "ng"),
    ("gh", "g"),
    ("ch", "tr"),
    ("s", "x"),
    ("gi", "d"),
    ("gi", "r"),
    ("d", "r"),
    ("c", "k"),
    ("l", "n"),
)
_DOUBLED_VOWEL = re.compile(r"([aeiouy])\1")


def corrected(lexicon: Lexicon, tokens: Sequence[Token]) -> list[str]:
    """The query with one syllable spelled as the archive has it, likelier ones first.

    Beside a neighbour only forms are tried that stand beside it more often than the typed one.
    """
    if not any(has_marks(token.exact) for token in tokens):
        # Bare syllables have their accents restored instead.
        return []
    found: list[tuple[int, int, str]] = []
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.WORD:
            continue
        if (
            len(tokens) == 1
            and is_syllable(token.exact)
            and lexicon.count(token.exact, token.folded)
        ):
            # Alone, a real word is no slip of a more frequent one (má, mà).
            continue
        typed = _fit(lexicon, tokens, index, token.exact)
        for form in set(_variants(lexicon, token)) - {token.exact}:
            fit = _fit(lexicon, tokens, index, form)
            if fit > typed:
                found.append((-fit, index, form))
    return [
        " ".join(form if i == index else t.exact for i, t in enumerate(tokens))
        for _, index, form in sorted(found)[:_MAX_CANDIDATES]
    ]


def split_joined(lexicon: Lexicon, tokens: Sequence[Token]) -> str | None:
    """The query with words apart that were typed as one (hanoi); None where none is."""
    apart = []
    changed = False
    for token in tokens:
        parts = None if is_syllable(token.folded) else _best_split(lexicon, token.folded)
        changed = changed or parts is not None
        apart.append(parts or token.exact)
    return " ".join(apart) if changed else None


def _variants(lexicon: Lexicon, token: Token) -> list[str]:
    """Indexed forms that sound or look like the token."""
    folds = {token.folded, _DOUBLED_VOWEL.sub(r"\1", token.folded)}
    for first, second in _ONSETS:
        for wrong, right in ((first, second), (second, first)):
            if token.folded.startswith(wrong):
                folds.add(right + token.folded.removeprefix(wrong))
    return [form.text for folded in folds for form in lexicon.written_variants(folded)]


def _fit(lexicon: Lexicon, tokens: Sequence[Token], index: int, form: str) -> int:
    """How often the form stands beside its neighbours of the query; alone, how often it occurs."""
    if len(tokens) == 1:
        return lexicon.count(form, fold(form))
    mine = (form, fold(form))
    count = 0
    if index:
        before = tokens[index - 1]
        count += lexicon.pair_count((before.exact, before.folded), mine)
    if index + 1 < len(tokens):
        after = tokens[index + 1]
        count += lexicon.pair_count(mine, (after.exact, after.folded))
    return count


def _best_split(lexicon: Lexicon, folded: str) -> str | None:
    """Two or three known syllables, side by side as often as any."""
    best: tuple[int, str] | None = None
    for parts in _splits(folded, _MAX_PARTS) if len(folded) >= _MIN_JOINED else ():
        if len(parts) < 2:
            continue
        together = min(
            sum(count for _, count in lexicon.pair_counts(first, second))
            for first, second in pairwise(parts)
        )
        if together and (best is None or together > best[0]):
            best = (together, " ".join(parts))
    return best[1] if best else None


def _splits(folded: str, most: int) -> Iterator[tuple[str, ...]]:
    if is_syllable(folded):
        yield (folded,)
    if most > 1:
        for cut in range(1, len(folded)):
            if is_syllable(folded[:cut]):
                for rest in _splits(folded[cut:], most - 1):
                    yield (folded[:cut], *rest)
