"""Adds to tests/data/api_contract.txt what the API has promised since; takes nothing away.

What the file names and the API no longer has is a broken promise: it fails a test, and only a
person may take it out, with a new version of the API.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from searchapp.documents.openapi import openapi_document
from searchapp.query.urls import Site

__all__ = ["CONTRACT", "contract_lines"]

CONTRACT: Final = Path(__file__).resolve().parent.parent / "tests" / "data" / "api_contract.txt"

_Json: TypeAlias = dict[str, Any]


def contract_lines() -> set[str]:
    """Every parameter, status and key of an answer, with its type, one a line."""
    document: _Json = openapi_document(Site("https://kho.example"), "")
    lines: set[str] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            # Reading was there first, and has no word for it.
            lines |= _operation_lines(
                path if method == "get" else f"{method} {path}", operation, document
            )
    problem = {"$ref": "#/components/schemas/ProblemDocument"}
    lines.update(f"problem {key}" for key in _keys(problem, document, ()))
    return lines


def _operation_lines(path: str, operation: _Json, document: _Json) -> set[str]:
    lines: set[str] = set()
    for parameter in operation["parameters"]:
        need = " required" if parameter["required"] else ""
        lines.add(f"{path} {parameter['in']} {parameter['name']}{need}")
        for choice in parameter["schema"].get("enum", ()):
            lines.add(f"{path} {parameter['in']} {parameter['name']}={choice}")
    for status, answer in operation["responses"].items():
        lines.add(f"{path} {status}")
        for content in answer.get("content", {}).values():
            found = _keys(content["schema"], document, ())
            lines.update(f"{path} {status} {key}" for key in found)
    return lines


def _keys(schema: _Json, document: _Json, inside: tuple[str, ...]) -> Iterator[str]:
    """`name: type` of everything in a schema; what holds itself is shown once."""
    if "$ref" in schema:
        reference = schema["$ref"]
        if reference in inside:
            return
        inside = (*inside, reference)
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    for name, part in schema.get("properties", {}).items():
        need = "" if name in schema.get("required", ()) else "?"
        yield f"{name}{need}: {_type(part)}"
        for key in _keys(part, document, inside):
            yield f"{name}.{key}"
    for part in (schema.get("items"), *schema.get("anyOf", ())):
        if isinstance(part, dict):
            yield from _keys(part, document, inside)


def _type(schema: _Json) -> str:
    if "anyOf" in schema:
        return " | ".join(sorted(_type(part) for part in schema["anyOf"]))
    if "$ref" in schema:
        return "object"
    return str(schema["type"])


def main() -> int:
    """Rewrite the file; 1 where it names something that is gone."""
    known = set(CONTRACT.read_text(encoding="utf-8").splitlines()) if CONTRACT.exists() else set()
    current = contract_lines()
    CONTRACT.write_text("".join(f"{line}\n" for line in sorted(known | current)), encoding="utf-8")
    for line in sorted(known - current):
        sys.stderr.write(f"promised and gone: {line}\n")
    return 1 if known - current else 0


if __name__ == "__main__":
    sys.exit(main())
