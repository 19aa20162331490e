"""`timbao analyze`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import click

from analyzers import (
    ANALYSIS_VERSION,
    Token,
    TokenKind,
    analyze,
    expand_piece,
    find_abbreviations,
    index_tokens,
    raw_pieces,
    repair_legacy,
    segmenter,
)

from ..serialize import Json, json_text
from .options import index_option, json_option
from .query_analysis import show_query

__all__ = ["analyze_command"]

_STACKED = frozenset({TokenKind.DATE, TokenKind.JOINED})


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that the segmenter found; offsets are code points of the text."""

    text: str
    start: int
    end: int


@click.command("analyze", short_help="Show what becomes of a text.")
@click.argument("text")
@click.option("--query", "as_query", is_flag=True, help="Show how TEXT is understood as a query.")
@index_option
@json_option
def analyze_command(text: str, as_query: bool, index_address: str, as_json: bool) -> None:
    """Show every step from TEXT to what the index stores.

    The steps: raw pieces, tokens with their exact and folded keys, words of several syllables, and
    the other spellings that a query with these words also finds. Offsets count code points of TEXT.
    With --query, show instead how the archive understands TEXT as a query.
    """
    if as_query:
        show_query(text, index_address, as_json=as_json)
        return
    tokens = index_tokens(text)
    if as_json:
        click.echo(json_text(_document(text, tokens), indent=2))
    else:
        _print(text, tokens)


def _words(text: str) -> Iterator[_Word]:
    """The words of two syllables and more, found as they are when an article is indexed."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    tokens = iter([token for token in index_tokens(text) if token.kind not in _STACKED])
    for piece in raw_pieces(text):
        own = [t for t in expand_piece(piece).tokens if t.kind not in _STACKED]
        parts += [token.exact for token in own] or [piece]
        places += [(token.start, token.end) for token in islice(tokens, len(own))] or [(0, 0)]
    for first, last in segmenter().words(parts):
        if last - first > 1:
            start, end = places[first][0], places[last - 1][1]
            yield _Word(" ".join(parts[first:last]), start, end)


def _expansions(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for match in find_abbreviations(analyze(text)):
        yield match.written, match.spellings


def _document(text: str, tokens: list[Token]) -> Json:
    legacy = repair_legacy(text)
    return {
        "version": ANALYSIS_VERSION,
        "text": text,
        "legacy_encoding": None if legacy is None else legacy.encoding,
        "converted": None if legacy is None else legacy.text,
        "pieces": raw_pieces(text),
        "tokens": [
            {
                "exact": token.exact,
                "folded": token.folded,
                "start": token.start,
                "end": token.end,
                "position": token.position,
                "kind": token.kind,
            }
            for token in tokens
        ],
        "words": [
            {"text": word.text, "start": word.start, "end": word.end} for word in _words(text)
        ],
        "expansions": [
            {"text": written, "also": list(others)} for written, others in _expansions(text)
        ],
    }


def _print(text: str, tokens: list[Token]) -> None:
    if (legacy := repair_legacy(text)) is not None:
        click.echo(f"0. encoding  {legacy.encoding} → {legacy.text}")
    click.echo("1. pieces    " + " | ".join(raw_pieces(text)))
    click.echo("2. tokens    position  offsets  kind    text → exact → folded")
    for token in tokens:
        place = f"{token.start}–{token.end}"
        keys = f"{text[token.start : token.end]} → {token.exact} → {token.folded}"
        click.echo(f"             {token.position:>8}  {place:<7}  {token.kind:<6}  {keys}")
    words = " | ".join(word.text for word in _words(text)) or "(none of several syllables)"
    click.echo(f"3. words     {words}")
    for written, others in _expansions(text):
        click.echo(f"4. finds too {written} = {' = '.join(others)}")
