"""How a query was read, for people: its tokens with readings, and every rewrite."""

from itertools import pairwise

from analyzers import TokenKind, has_marks

from ..engines.base import QueryToken, Reading, Rewrite
from ..lexicon import Lexicon
from .readings import frequent_readings
from .understand import Compiled, ReadWords

_MAX_WORD_READINGS = 6


def described_tokens(lexicon: Lexicon, compiled: Compiled) -> tuple[QueryToken, ...]:
    """The tokens of all plain words; two neighbouring syllables with readings of their own too."""
    described = []
    for run in compiled.words:
        for token in run.tokens:
            readings: tuple[Reading, ...] = ()
            if token.kind is TokenKind.WORD:
                found = frequent_readings(lexicon, token)
                readings = tuple(Reading(form.text, form.count) for form in found)
            described.append(
                QueryToken(
                    text=token.exact,
                    start=token.start,
                    end=token.end,
                    kind="syllable" if token.kind is TokenKind.WORD else str(token.kind),
                    typed_marks=has_marks(token.exact),
                    readings=readings,
                )
            )
        described += _words(lexicon, run)
    return tuple(described)


def _words(lexicon: Lexicon, run: ReadWords) -> list[QueryToken]:
    """Unaccented neighbours that the archive knows as one word under several readings."""
    described = []
    for first, second in pairwise(run.tokens):
        if has_marks(first.exact) or has_marks(second.exact):
            continue
        readings = lexicon.compounds(f"{first.folded} {second.folded}")[:_MAX_WORD_READINGS]
        if len(readings) > 1:
            described.append(
                QueryToken(
                    text=f"{first.exact} {second.exact}",
                    start=first.start,
                    end=second.end,
                    kind="word",
                    typed_marks=False,
                    readings=tuple(Reading(form.text, form.count) for form in readings),
                )
            )
    return described


def rewrites_of(compiled: Compiled) -> tuple[Rewrite, ...]:
    """The other spellings that were searched too."""
    return tuple(
        Rewrite(kind=e.kind, source=e.written, target=e.shown, applied=True)
        for run in compiled.words
        for e in run.expansions
        if e.targets
    )
