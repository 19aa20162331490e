"""How a query was read, for people: its tokens with readings, and every rewrite."""

from functools import lru_cache
from itertools import pairwise

from analyzers import TokenKind, has_marks

from ..model import QueryToken, Rewrite, Variant
from .compiler import Compiled, ReadWords
from .lexicon import Lexicon
from .term_expansion import frequent_variants

_MAX_WORD_READINGS = 6
_KEPT = 4_000


class TokenDescriber:
    """Tells people how tokens can be read; safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._syllable = lru_cache(_KEPT)(self._syllable_readings)
        self._word = lru_cache(_KEPT)(self._word_readings)

    def tokens(self, compiled: Compiled) -> tuple[QueryToken, ...]:
        """The tokens of all plain words; two neighbouring syllables with readings of their own
        too."""
        described = []
        for run in compiled.words:
            for token in run.tokens:
                is_word = token.kind is TokenKind.WORD
                described.append(
                    QueryToken(
                        text=token.exact,
                        start=token.start,
                        end=token.end,
                        kind="syllable" if is_word else str(token.kind),
                        typed_marks=has_marks(token.exact),
                        readings=self._syllable(token.exact, token.folded) if is_word else (),
                    )
                )
            described += self._words(run)
        return tuple(described)

    def _words(self, run: ReadWords) -> list[QueryToken]:
        """Unaccented neighbours that the archive knows as one word under several readings."""
        described = []
        for first, second in pairwise(run.tokens):
            if has_marks(first.exact) or has_marks(second.exact):
                continue
            readings = self._word(first.folded, second.folded)
            if len(readings) > 1:
                described.append(
                    QueryToken(
                        text=f"{first.exact} {second.exact}",
                        start=first.start,
                        end=second.end,
                        kind="word",
                        typed_marks=False,
                        readings=readings,
                    )
                )
        return described

    def _syllable_readings(self, exact: str, folded: str) -> tuple[Variant, ...]:
        found = frequent_variants(self._lexicon, exact, folded)
        return tuple(Variant(form.text, form.count) for form in found)

    def _word_readings(self, first: str, second: str) -> tuple[Variant, ...]:
        found = self._lexicon.compounds(f"{first} {second}")[:_MAX_WORD_READINGS]
        return tuple(Variant(form.text, form.count) for form in found)


def rewrites_of(compiled: Compiled) -> tuple[Rewrite, ...]:
    """The other spellings that were searched too."""
    return tuple(
        Rewrite(kind=e.kind, source=e.written, target=e.shown)
        for run in compiled.words
        for e in run.expansions
        if e.targets
    )
