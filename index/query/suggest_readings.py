"""Other readings of a whole query: restored accents, keystrokes without an input method."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from analyzers import Token, TokenKind, decode_telex, decode_vni, fold, has_marks

from ..lexicon import Lexicon
from .restore import Counts, Restored, restore
from .understand import Compiled

_MAX_DECODED = 16


@dataclass(frozen=True, slots=True)
class KeystrokeReading:
    """The query as an input method would have typed it; `kind` is telex or vni."""

    kind: str
    text: str


def restored_readings(
    lexicon: Lexicon, counts: Counts, compiled: Compiled, best: int = 1
) -> list[Restored]:
    """The likeliest accented readings of a query of plain words; empty where nothing is bare."""
    tokens = _plain_tokens(compiled)
    if not any(_is_open(lexicon, token) for token in tokens):
        return []
    return restore(counts, tokens, best)


def keystroke_readings(lexicon: Lexicon, compiled: Compiled) -> Iterator[KeystrokeReading]:
    """Decoded queries whose every changed token is a form of the archive.

    At least half of the tokens must change, and one must be unknown as it was typed. Words that
    newspapers print as they are (taxi, visa, CO2) are never decoded.
    """
    tokens = _plain_tokens(compiled)
    if not tokens or all(lexicon.knows_fold(token.folded) for token in tokens):
        return
    for kind, decode in (("telex", decode_telex), ("vni", decode_vni)):
        options = [
            () if token.exact in lookalikes() else _options(lexicon, token, decode(token.exact))
            for token in tokens
        ]
        changed = sum(bool(option) for option in options)
        if not changed or 2 * changed < len(tokens):
            continue
        choices = [option or (token.exact,) for token, option in zip(tokens, options, strict=True)]
        for number, forms in enumerate(product(*choices)):
            if number == _MAX_DECODED:
                break
            yield KeystrokeReading(kind, " ".join(forms))


@cache
def lookalikes() -> frozenset[str]:
    """Words of news that also decode as keystrokes (scripts/build_prior.py)."""
    text = resources.files("index").joinpath("data/lookalikes.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _options(lexicon: Lexicon, token: Token, decoded: Sequence[str]) -> tuple[str, ...]:
    known = [form for form in decoded if lexicon.count(form, fold(form))]
    return tuple(sorted(known, key=lambda form: -lexicon.count(form, fold(form))))


def _plain_tokens(compiled: Compiled) -> tuple[Token, ...]:
    return compiled.words[0].tokens if len(compiled.words) == 1 else ()


def _is_open(lexicon: Lexicon, token: Token) -> bool:
    """Whether a syllable was typed without marks and has accented readings."""
    if token.kind is not TokenKind.WORD or has_marks(token.exact):
        return False
    return any(has_marks(form.text) for form in lexicon.readings(token.folded))
