"""JSON with Vietnamese letters as they are, of Structs, dataclasses and plain values."""

import json
from typing import TypeAlias

import msgspec

__all__ = ["Json", "json_bytes", "json_text"]

Json: TypeAlias = dict[str, object]


def json_bytes(document: object, indent: int = 0) -> bytes:
    """The document in UTF-8.

    Args:
        indent: spaces a level; 0 puts everything on one line.
    """
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:
        # Half a surrogate pair, as broken pages have them, is no reason to answer nothing.
        plain = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        encoded = plain.encode("utf-8", "replace")
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def json_text(document: object, indent: int = 0) -> str:
    """The same as text."""
    return json_bytes(document, indent).decode()
