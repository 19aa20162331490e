"""`timbao analyze`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import click

from analyzers import (
    ANALYSIS_VERSION,
    STACKED,
    Token,
    analyze,
    expand_piece,
    find_abbreviations,
    index_tokens,
    raw_pieces,
    repair_legacy,
    segmenter,
)
from index import QueryAnalysis, SearchRequest, open_engine

from ..documents.json_text import Json
from ..documents.query_documents import TokenDocument
from ..text.formatting import terminal_text
from .command_options import index_option, json_option, print_json

__all__ = ["analyze_command", "show_query"]


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
        print_json(_document(text, tokens))
    else:
        _print(text, tokens)


def _words(text: str) -> Iterator[_Word]:
    """The words of two syllables and more, found as they are when an article is indexed."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    tokens = iter([token for token in index_tokens(text) if token.kind not in STACKED])
    for piece in raw_pieces(text):
        own = [t for t in expand_piece(piece).tokens if t.kind not in STACKED]
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
        "tokens": tokens,
        "words": list(_words(text)),
        "expansions": [
            {"text": written, "also": list(others)} for written, others in _expansions(text)
        ],
    }


def _print(text: str, tokens: list[Token]) -> None:
    if (legacy := repair_legacy(text)) is not None:
        _echo(f"0. encoding  {legacy.encoding} → {legacy.text}")
    _echo("1. pieces    " + " | ".join(raw_pieces(text)))
    _echo("2. tokens    position  offsets  kind    text → exact → folded")
    for token in tokens:
        place = f"{token.start}–{token.end}"
        keys = f"{text[token.start : token.end]} → {token.exact} → {token.folded}"
        _echo(f"             {token.position:>8}  {place:<7}  {token.kind:<6}  {keys}")
    words = " | ".join(word.text for word in _words(text)) or "(none of several syllables)"
    _echo(f"3. words     {words}")
    for written, others in _expansions(text):
        _echo(f"4. finds too {written} = {' = '.join(others)}")


def show_query(text: str, index_address: str, *, as_json: bool) -> None:
    """Print every step from a query to what ranks its hits."""
    analysis = open_engine(index_address).analyze(SearchRequest(query=text))
    if as_json:
        print_json(_query_document(analysis))
    else:
        _print_query(analysis)


def _query_document(analysis: QueryAnalysis) -> Json:
    understood = analysis.understood
    return {
        "raw": understood.raw,
        "normalized": understood.normalized,
        "tokens": [TokenDocument.of(token) for token in understood.tokens],
        "accents": analysis.reading,
        "words": list(analysis.words),
        "restored": analysis.restored,
        "rewrites": [
            {"kind": r.kind, "from": r.source, "to": r.target} for r in understood.rewrites
        ],
        "evidence": [{"label": label, "weight": weight} for label, weight in analysis.evidence],
        "total": analysis.total,
        "relaxed": analysis.relaxed,
        "suggestions": [
            {"kind": s.kind, "text": s.text, "total": s.total} for s in analysis.suggestions
        ],
    }


def _print_query(analysis: QueryAnalysis) -> None:
    understood = analysis.understood
    _echo(f"1. normalized  {understood.normalized}")
    for token in understood.tokens:
        readings = ", ".join(f"{r.text} {r.count}" for r in token.readings)
        _echo(f"2. {token.kind:<11} {token.text}" + (f"  ({readings})" if readings else ""))
    _echo(f"3. accents     {analysis.reading}")
    _echo(f"4. words       {' '.join(analysis.words)}")
    _echo(f"5. restored    {analysis.restored}")
    for rewrite in understood.rewrites:
        _echo(f"6. {rewrite.kind:<11} {rewrite.source} → {rewrite.target}")
    for label, weight in analysis.evidence:
        _echo(f"7. evidence    {weight:.3f}  {label}")
    relaxed = ", not all of the words in any" if analysis.relaxed else ""
    _echo(f"8. total       {analysis.total}{relaxed}")
    for suggestion in analysis.suggestions:
        _echo(f"9. {suggestion.kind:<11} {suggestion.text} ({suggestion.total})")


def _echo(line: str) -> None:
    click.echo(terminal_text(line))
