"""Addresses of indexes → engines."""

from pathlib import Path

from .engines.base import SearchEngine
from .engines.whoosh_engine import WhooshEngine
from .errors import EngineUnavailable

_WHOOSH = "whoosh:"


def open_engine(address: str) -> SearchEngine:
    """The engine behind an address such as `whoosh:var/index`; nothing is read yet.

    Raises:
        EngineUnavailable: no engine has such addresses.
    """
    if address.startswith(_WHOOSH) and len(address) > len(_WHOOSH):
        return WhooshEngine(Path(address.removeprefix(_WHOOSH)))
    raise EngineUnavailable(address, "an address looks like whoosh:FOLDER")
