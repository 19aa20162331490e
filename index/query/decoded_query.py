"""A whole query as keystrokes of an input method that was off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice, pairwise, product

from analyzers import Token, decode_telex, decode_vni, fold, is_syllable

from .lexicon import Lexicon
from .query_text import Respelling, TextRun, respelled
from .restore import Counts

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


def keystroke_readings(
    lexicon: Lexicon, counts: Counts, query: str, runs: Sequence[TextRun]
) -> Iterator[KeystrokeReading]:
    """Decoded queries whose every changed token is a form of the archive, the likeliest first.

    At least half of the tokens must change, and each of these must be unknown as it was typed, or
    a hundred times rarer than what it decodes to; beside them a word of the archive may be decoded
    too (`las` in caams thuoocs las). Words that newspapers print as they are (taxi, visa, CO2) and
    syllables as they are (xoong) change only beside nothing but keystrokes.
    """
    tokens = [token for run in runs for token in run.tokens]
    for kind, decode in (("telex", decode_telex), ("vni", decode_vni)):
        options = [_options(lexicon, token, decode(token.exact)) for token in tokens]
        changed = [token for token, option in zip(tokens, options, strict=True) if option]
        if not changed or 2 * len(changed) < len(tokens):
            continue
        if all(t.exact in lookalikes() or is_syllable(t.exact) for t in changed):
            continue
        choices = [
            option or (token.exact, *_known(lexicon, token, decode(token.exact)))
            for token, option in zip(tokens, options, strict=True)
        ]
        readings = islice(product(*choices), _MAX_DECODED)
        for forms in sorted(readings, key=lambda forms: -_together(counts, runs, forms)):
            changes = [
                Respelling(token.start, token.end, (form,))
                for token, form in zip(tokens, forms, strict=True)
                if form != token.exact
            ]
            yield KeystrokeReading(kind, respelled(query, changes, keep_case=False))


def _together(counts: Counts, runs: Sequence[TextRun], forms: Sequence[str]) -> int:
    """How many of the neighbours stand side by side anywhere."""
    found, at = 0, 0
    for run in runs:
        mine = forms[at : at + len(run.tokens)]
        found += sum((a, b) in dict(counts.pairs_of(fold(a), fold(b))) for a, b in pairwise(mine))
        at += len(run.tokens)
    return found


@cache
def lookalikes() -> frozenset[str]:
    """Words of news that also decode as keystrokes (scripts/build_prior.py)."""
    text = resources.files("index").joinpath("data/lookalikes.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _options(lexicon: Lexicon, token: Token, decoded: Sequence[str]) -> tuple[str, ...]:
    """The decoded forms that are far likelier than the token as typed, the most frequent first."""
    typed = sum(form.count for form in lexicon.variants(token.folded))
    known = _known(lexicon, token, decoded)
    return tuple(form for form in known if typed <= _RARE_SLIP * lexicon.count(form, fold(form)))


def _known(lexicon: Lexicon, token: Token, decoded: Sequence[str]) -> list[str]:
    """The decoded forms that the archive has, the most frequent first."""
    if is_syllable(token.exact) and _LOAN_RIME not in token.exact:
        return []
    counts = {form: lexicon.count(form, fold(form)) for form in decoded}
    return sorted((form for form in counts if counts[form]), key=lambda form: -counts[form])
