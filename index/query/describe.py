"""How a query was read, for people: its tokens with their variants, and every rewrite."""

from itertools import pairwise

from analyzers import TokenKind, has_marks

from ..model import QueryToken, Rewrite, Variant
from .compiler import Compiled
from .lexicon import Lexicon
from .term_expansion import frequent_variants

_MAX_WORD_VARIANTS = 6


def described_tokens(lexicon: Lexicon, compiled: Compiled) -> tuple[QueryToken, ...]:
    """The tokens of all plain words, each with the variants that it may stand for.

    Two unaccented neighbours that the archive knows as one word in several ways are a token too.
    """
    described = []
    for run in compiled.words:
        for token in run.tokens:
            is_word = token.kind is TokenKind.WORD
            found = frequent_variants(lexicon, token.exact, token.folded) if is_word else ()
            described.append(
                QueryToken(
                    text=token.exact,
                    start=token.start,
                    end=token.end,
                    kind="syllable" if is_word else str(token.kind),
                    typed_marks=has_marks(token.exact),
                    readings=tuple(Variant(form.text, form.count) for form in found),
                )
            )
        for first, second in pairwise(run.tokens):
            if has_marks(first.exact) or has_marks(second.exact):
                continue
            found = lexicon.compounds(f"{first.folded} {second.folded}")[:_MAX_WORD_VARIANTS]
            if len(found) > 1:
                described.append(
                    QueryToken(
                        text=f"{first.exact} {second.exact}",
                        start=first.start,
                        end=second.end,
                        kind="word",
                        typed_marks=False,
                        readings=tuple(Variant(form.text, form.count) for form in found),
                    )
                )
    return tuple(described)


def rewrites_of(compiled: Compiled) -> tuple[Rewrite, ...]:
    """The other spellings that were searched too."""
    return tuple(
        Rewrite(kind=e.kind, source=e.written, target=e.shown)
        for run in compiled.words
        for e in run.expansions
        if e.targets
    )
