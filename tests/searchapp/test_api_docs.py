"""The examples of docs/api.md are real."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.documents.endpoints import ENDPOINTS
from searchapp.http.problems import OTHER, PROBLEM_KINDS
from searchapp.keys import SCOPES
from searchapp.settings import Settings

_EXAMPLE = re.compile(r"^```http\nGET (\S+)\n```\n+```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A request and what its answer has, among other things."""

    path: str
    expected: dict[str, Any]


def _document() -> str:
    return (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


EXAMPLES = [Example(path, json.loads(body)) for path, body in _EXAMPLE.findall(_document())]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path)
def test_an_example_is_answered_as_shown(demo_archive: str, example: Example) -> None:
    client: FlaskClient = create_app(Settings(index=demo_archive)).test_client()
    response = client.get(example.path)
    assert response.status_code == example.expected.get("status", 200)
    assert _differences(example.expected, response.json, "") == []


def test_every_endpoint_has_an_example() -> None:
    for endpoint in ENDPOINTS:
        pattern = re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(endpoint.path)) + r"(\?.*)?"
        assert any(re.fullmatch(pattern, example.path) for example in EXAMPLES), endpoint.path


def test_every_problem_and_scope_is_named() -> None:
    for name in (*PROBLEM_KINDS.keys() - {OTHER.code}, *SCOPES):
        assert f"`{name}`" in _document(), name


def _differences(shown: Any, real: Any, where: str) -> list[str]:
    """Where an answer is not as shown; … stands for anything, keys and items may be more."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            difference
            for key, value in shown.items()
            for difference in (
                _differences(value, real[key], f"{where}.{key}")
                if key in real
                else [f"{where}.{key} is not there"]
            )
        ]
    if isinstance(shown, list) and isinstance(real, list) and shown:
        if len(real) < len(shown):
            return [f"{where} has {len(real)} items"]
        return [
            difference
            for number, (one, other) in enumerate(zip(shown, real, strict=False))
            for difference in _differences(one, other, f"{where}[{number}]")
        ]
    if shown == "…":
        return []
    if isinstance(shown, str) and isinstance(real, str):
        pattern = re.escape(shown).replace("…", ".*")
        return [] if re.fullmatch(pattern, real, re.DOTALL) else [f"{where} is {real!r}"]
    return [] if shown == real else [f"{where} is {real!r}"]
