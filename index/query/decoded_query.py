"""A whole query as keystrokes of an input method that was off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice, product

from analyzers import Token, decode_telex, decode_vni, fold, is_syllable

from .compiler import Compiled
from .lexicon import Lexicon

_MAX_DECODED = 16
#: A token that the archive has is still taken for keystrokes when so much rarer.
_RARE_SLIP = 0.01


#: A rime of few loan words (xoong), and what everybody types for ô in Telex.
_LOAN_RIME = "oo"


@dataclass(frozen=True, slots=True)
class KeystrokeReading:
    """The query as an input method would have typed it; `kind` is telex or vni."""

    kind: str
    text: str


def keystroke_readings(lexicon: Lexicon, compiled: Compiled) -> Iterator[KeystrokeReading]:
    """Decoded queries whose every changed token is a form of the archive.

    At least half of the tokens must change, and each of these must be unknown as it was typed, or
    a hundred times rarer than what it decodes to. Words that newspapers print as they are (taxi,
    visa, CO2) and syllables as they are (xoong) change only beside nothing but keystrokes.
    """
    tokens = plain_tokens(compiled)
    for kind, decode in (("telex", decode_telex), ("vni", decode_vni)):
        options = [_options(lexicon, token, decode(token.exact)) for token in tokens]
        changed = [token for token, option in zip(tokens, options, strict=True) if option]
        if not changed or 2 * len(changed) < len(tokens):
            continue
        if all(t.exact in lookalikes() or is_syllable(t.exact) for t in changed):
            continue
        choices = [option or (token.exact,) for token, option in zip(tokens, options, strict=True)]
        for forms in islice(product(*choices), _MAX_DECODED):
            yield KeystrokeReading(kind, " ".join(forms))


@cache
def lookalikes() -> frozenset[str]:
    """Words of news that also decode as keystrokes (scripts/build_prior.py)."""
    text = resources.files("index").joinpath("data/lookalikes.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _options(lexicon: Lexicon, token: Token, decoded: Sequence[str]) -> tuple[str, ...]:
    """The decoded forms that are far likelier than the token as typed, the most frequent first."""
    if is_syllable(token.exact) and _LOAN_RIME not in token.exact:
        return ()
    typed = sum(form.count for form in lexicon.variants(token.folded))
    counts = {form: lexicon.count(form, fold(form)) for form in decoded}
    likelier = [form for form, count in counts.items() if count and typed <= _RARE_SLIP * count]
    return tuple(sorted(likelier, key=lambda form: -counts[form]))


def plain_tokens(compiled: Compiled) -> tuple[Token, ...]:
    """The tokens of a query that is nothing but plain words; empty for any other."""
    return compiled.words[0].tokens if len(compiled.words) == 1 else ()
