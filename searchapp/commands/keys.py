"""`timbao keys`: keys for programs that ask the API."""

from datetime import datetime

import click

from index import VIETNAM_TIME

from ..keys import SCOPES, Key, KeyStore, KeyStoreError
from ..keys.api_keys import SECRET_SCOPES, USUAL_SCOPES
from ..settings import ANY_ORIGIN, ENVIRONMENT_PREFIX, Settings, is_origin
from ..text.formatting import terminal_text
from .command_options import json_option, print_json

__all__ = ["keys_group"]


class _Group(click.Group):
    """Turns trouble with the file into one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyStoreError as error:
            raise click.ClickException(str(error)) from error


@click.group("keys", cls=_Group, short_help="Keys for programs that ask the API.")
@click.option(
    "--file",
    "path",
    metavar="FILE",
    envvar=f"{ENVIRONMENT_PREFIX}KEYS",
    default=Settings().keys,
    show_default=True,
    show_envvar=True,
    help="Where the keys are kept.",
)
@click.pass_context
def keys_group(ctx: click.Context, path: str) -> None:
    """Make, list and revoke keys; a running server takes every change up at once."""
    ctx.obj = KeyStore(path)


@keys_group.command("add")
@click.argument("name")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Make a public key for pages of this origin (https://bao.example, https://*.bao.example); "
    "repeatable. "
    "Without it the key is secret.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the key allows; repeatable.  [default: search, suggest]",
)
@click.pass_obj
def add_command(
    store: KeyStore, name: str, origins: tuple[str, ...], scopes: tuple[str, ...]
) -> None:
    """Make a key called NAME and print it.

    A public key (pk_…) may stand in a web page: it works on pages of its origins only. A secret key
    (sk_…) is for servers and is shown only now: the file keeps a hash of it.
    """
    for origin in origins:
        if origin != ANY_ORIGIN and not is_origin(origin, pattern=True):
            raise click.UsageError(f"{origin!r} is no origin: write it as https://bao.example.")
    for scope in SECRET_SCOPES:
        if origins and scope in scopes:
            raise click.UsageError(
                f"A public key cannot have the scope {scope}: leave --origin out."
            )
    key, text = store.add(
        name,
        public=bool(origins),
        origins=tuple(dict.fromkeys(origins)),
        scopes=tuple(dict.fromkeys(scopes)) or USUAL_SCOPES,
        on=datetime.now(VIETNAM_TIME).date(),
    )
    click.echo(text)
    if not key.public:
        click.echo("Keep it now: it is not shown again.", err=True)


@keys_group.command("list")
@json_option
@click.pass_obj
def list_command(store: KeyStore, as_json: bool) -> None:
    """Print every key; of a secret key only how it begins."""
    keys = store.all()
    if as_json:
        print_json({"keys": [_document(key) for key in keys]})
        return
    for key in keys:
        state = "" if key.revoked is None else f", revoked {key.revoked}"
        click.echo(f"{key.id}  {key.shown}  {terminal_text(key.name)}  ({key.created}{state})")
        click.echo(terminal_text(f"          {', '.join((*key.scopes, *key.origins))}"))


@keys_group.command("revoke")
@click.argument("key_id", metavar="ID")
@click.pass_obj
def revoke_command(store: KeyStore, key_id: str) -> None:
    """Close the key with this ID for good."""
    if not store.revoke(key_id, datetime.now(VIETNAM_TIME).date()):
        raise click.ClickException(f"There is no open key {key_id}: see `timbao keys list`.")
    click.echo(terminal_text(f"revoked {key_id}"))


def _document(key: Key) -> dict[str, object]:
    return {
        "id": key.id,
        "key": key.shown,
        "name": key.name,
        "public": key.public,
        "origins": list(key.origins),
        "scopes": list(key.scopes),
        "created": key.created.isoformat(),
        "revoked": None if key.revoked is None else key.revoked.isoformat(),
    }
