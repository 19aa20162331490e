"""`timbao analyze --query`: how an archive understands a query."""

import click

from index import QueryAnalysis, SearchRequest, open_engine

from ..serialize import Json, json_text, token_document

__all__ = ["show_query"]


def show_query(text: str, index_address: str, *, as_json: bool) -> None:
    """Print every step from a query to what ranks its hits."""
    analysis = open_engine(index_address).analyze(SearchRequest(query=text))
    if as_json:
        click.echo(json_text(_document(analysis), indent=2))
    else:
        _print(analysis)


def _document(analysis: QueryAnalysis) -> Json:
    understood = analysis.understood
    return {
        "raw": understood.raw,
        "normalized": understood.normalized,
        "tokens": [token_document(token) for token in understood.tokens],
        "accents": analysis.reading,
        "words": list(analysis.words),
        "restored": analysis.restored,
        "rewrites": [
            {"kind": r.kind, "from": r.source, "to": r.target, "applied": r.applied}
            for r in understood.rewrites
        ],
        "evidence": [{"label": label, "weight": weight} for label, weight in analysis.evidence],
        "total": analysis.total,
        "relaxed": analysis.relaxed,
        "suggestions": [
            {"kind": s.kind, "text": s.text, "total": s.total} for s in analysis.suggestions
        ],
    }


def _print(analysis: QueryAnalysis) -> None:
    understood = analysis.understood
    click.echo(f"1. normalized  {understood.normalized}")
    for token in understood.tokens:
        readings = ", ".join(f"{r.text} {r.count}" for r in token.readings)
        click.echo(f"2. {token.kind:<11} {token.text}" + (f"  ({readings})" if readings else ""))
    click.echo(f"3. accents     {analysis.reading}")
    click.echo(f"4. words       {' '.join(analysis.words)}")
    click.echo(f"5. restored    {analysis.restored}")
    for rewrite in understood.rewrites:
        click.echo(f"6. {rewrite.kind:<11} {rewrite.source} → {rewrite.target}")
    for label, weight in analysis.evidence:
        click.echo(f"7. evidence    {weight:.3f}  {label}")
    relaxed = ", not all of the words in any" if analysis.relaxed else ""
    click.echo(f"8. total       {analysis.total}{relaxed}")
    for suggestion in analysis.suggestions:
        click.echo(f"9. {suggestion.kind:<11} {suggestion.text} ({suggestion.total})")
