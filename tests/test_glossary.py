"""The classes and functions that documents name: all of them are in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_LONGEST_GLOSSARY = 50
_FUNCTION = re.compile(r"`([\w.]+)\(\)`")
#: With a capital and a small letter: AND and HN are words of queries.
_CLASS = re.compile(r"`([A-Z]\w*[a-z]\w*)`")


@pytest.fixture(scope="module")
def names(repository: Path) -> frozenset[str]:
    """The classes and functions of the three packages, methods also as Class.method."""
    return frozenset(
        name
        for package in ("analyzers", "index", "searchapp")
        for file in (repository / package).rglob("*.py")
        for name in _defined(ast.parse(file.read_text(encoding="utf-8")))
    )


def test_every_name_in_the_glossary_is_in_the_code(names: frozenset[str], repository: Path) -> None:
    text = (repository / "docs" / "glossary.md").read_text(encoding="utf-8")
    written = set(re.findall(r"`([^`]+)`", text))
    assert written
    assert written - names == set()
    assert len(text.splitlines()) <= _LONGEST_GLOSSARY


@pytest.mark.parametrize("document", ["life-of-a-query.md", "life-of-an-article.md"])
def test_every_class_and_function_of_a_story_is_in_the_code(
    document: str, names: frozenset[str], repository: Path
) -> None:
    text = (repository / "docs" / document).read_text(encoding="utf-8")
    written = {*_FUNCTION.findall(text), *_CLASS.findall(text)}
    assert written
    assert written - names == set()


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            yield from (f"{node.name}.{method.name}" for method in methods)
