"""`timbao withdraw` and `timbao withdrawals`: what must not be shown, whatever is indexed."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from io import StringIO
from typing import Final

import click

from index import (
    VIETNAM_TIME,
    Article,
    IndexNotFound,
    SearchEngine,
    Withdrawal,
    canonical_url,
    kept_id,
    open_engine,
)

from ..documents.exports.csv_table import harmless_cell
from ..text.formatting import date_text, terminal_text
from .command_options import index_option, json_option, print_json, wait_option

__all__ = ["withdraw_command", "withdrawals_command"]

_FIELDS: Final = ("id", "address", "on", "reason", "by", "headline", "source")


@click.command("withdraw", short_help="Show articles no longer, for good.")
@click.argument("targets", metavar="ID|ADDRESS...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; their pages give this reason, and no other.")
@click.option("--by", default="", help="Who withdraws them, for the register.")
@click.option(
    "--on",
    metavar="YYYY-MM-DD",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that their pages name.  [default: today]",
)
@click.option(
    "--no-headline", is_flag=True, help="Keep headline and source from their pages as well."
)
@click.option("--undo", is_flag=True, help="End the withdrawal of these instead.")
@index_option
@wait_option
def withdraw_command(
    targets: tuple[str, ...],
    reason: str,
    by: str,
    on: datetime | None,
    no_headline: bool,
    undo: bool,
    index_address: str,
    wait: float,
) -> None:
    """Withdraw the articles with these IDs or ADDRESSes, be they in the index or not.

    It counts at once, also in running servers and while another process writes or reindexes, and
    until it is undone: neither `timbao index` nor a backup brings such an article back. Its page
    says that it was withdrawn, on which day and, where that was given, why.
    """
    engine = open_engine(index_address)
    asked = list(dict.fromkeys(targets))
    if undo:
        _undo(engine, asked, by, wait)
        return
    day = datetime.now(VIETNAM_TIME).date() if on is None else on.date()
    for target in asked:
        address = _address(target)
        doc_id = "" if address else kept_id(target)
        before = _withdrawn_before(engine, doc_id, address)
        if before is not None and not reason:
            line = f"{target} was withdrawn before, on {date_text(before.on)}."
            click.echo(terminal_text(line), err=True)
            continue
        article = None if address else _article(engine, doc_id)
        entry = Withdrawal(id=doc_id, address=address, on=day, reason=reason, by=by)
        if article is not None and not no_headline:
            entry = replace(entry, headline=article.headline, source=article.source)
        engine.withdraw([entry], wait=wait)
        found = _withdraw_found(engine, entry, no_headline=no_headline) if address else []
        known = f" ({', '.join(found)})" if found else ""
        there = before is not None or article is not None or bool(found)
        click.echo(terminal_text(f"withdrawn {target}{known}"))
        if not there:
            hint = "it is not in the index, and will not be taken in"
            click.echo(terminal_text(f"{target}: {hint}."), err=True)


def _undo(engine: SearchEngine, targets: Sequence[str], by: str, wait: float) -> None:
    done = False
    for target in targets:
        key = _address(target) or kept_id(target)
        if engine.give_back(key, by=by, wait=wait):
            done = True
            click.echo(terminal_text(f"no longer withdrawn {target}: index it again"))
        else:
            click.echo(terminal_text(f"{target} is not withdrawn."), err=True)
    if not done:
        raise click.exceptions.Exit(1)


def _address(target: str) -> str:
    """The canonical form of an address; "" for an id."""
    return canonical_url(target) if target.startswith(("http://", "https://")) else ""


def _withdrawn_before(engine: SearchEngine, doc_id: str, address: str) -> Withdrawal | None:
    try:
        found = engine.withdrawals()
    except IndexNotFound:
        return None
    return found.addresses.get(address) if address else found.of(doc_id)


def _article(engine: SearchEngine, doc_id: str) -> Article | None:
    try:
        return engine.get(doc_id)
    except IndexNotFound:
        return None


def _withdraw_found(engine: SearchEngine, entry: Withdrawal, *, no_headline: bool) -> list[str]:
    """Withdraw by their ids the articles of the index that have the address; which."""
    found: dict[str, Withdrawal] = {}
    generation = -1
    try:
        # Again where a commit came meanwhile: its writer may not have known of this yet.
        while (now := engine.stats().generation) != generation:
            generation = now
            for article in engine.articles():
                if article.url and canonical_url(article.url) == entry.address:
                    each = replace(entry, id=article.id)
                    if not no_headline:
                        each = replace(each, headline=article.headline, source=article.source)
                    found[article.id] = each
    except IndexNotFound:
        return []
    engine.withdraw(list(found.values()))
    return list(found)


@click.command("withdrawals", short_help="List what is withdrawn.")
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet, one line each."
)
@json_option
@index_option
def withdrawals_command(as_csv: bool, as_json: bool, index_address: str) -> None:
    """Print every withdrawal, the latest last: id or address, day, reason, and who did it.

    `timbao withdraw --undo` ends one.
    """
    found = [each for each in open_engine(index_address).withdrawals().entries.values() if each]
    if as_json:
        print_json({"withdrawals": [_row(each) for each in found]})
    elif as_csv:
        _print_csv(found)
    else:
        for each in found:
            facts = (each.reason, f"by {each.by}" if each.by else "", each.headline, each.source)
            line = "  ".join((each.on.isoformat(), each.id or each.address, *filter(None, facts)))
            click.echo(terminal_text(line))


def _row(entry: Withdrawal) -> dict[str, str]:
    return {name: str(getattr(entry, name)) for name in _FIELDS}


def _print_csv(entries: Iterable[Withdrawal]) -> None:
    lines = StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(_FIELDS)
    for entry in entries:
        table.writerow([harmless_cell(text) for text in _row(entry).values()])
    click.echo(lines.getvalue(), nl=False)
