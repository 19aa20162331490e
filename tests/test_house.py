"""The rule for new code: which room may import which, and how small or large a file may be."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
#: The rooms of each package, folders and single files, from the bottom up; analyzers is one room.
ROOMS: Final = {
    "analyzers": "",
    "index": "errors processes collation article stored_article schema cache plan suggest_model"
    " query_model upkeep_model withdrawals intake_queue model readers segments"
    " reading_worker ranking query backend retrieval results suggest engines.embedded"
    " engines.cluster engines intake evaluation",
    "searchapp": "settings private_files text keys query documents http telemetry api pages app"
    " commands cli",
}
FILES: Final = sorted(path for package in ROOMS for path in (ROOT / package).rglob("*.py"))
#: Files by the names that they are imported by; a folder's name is that of its `__init__.py`.
MODULES: Final = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FILES
}


def floor(module: str) -> int:
    """How far up in its package the room of a module is; the root is above all rooms."""
    package, _, inner = module.partition(".")
    rooms = ROOMS[package].split()
    if not inner or not rooms:
        return len(rooms)
    found = [room for room in rooms if f"{inner}.".startswith(f"{room}.")]
    assert found, f"{module} has no place in ROOMS"
    return rooms.index(max(found, key=len))


def imports_of(module: str) -> Iterator[str]:
    """The modules of the three packages that one imports, wherever in the file it does so."""
    path = MODULES[module]
    above = module.split(".") if path.stem == "__init__" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from MODULES.keys() & {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            folder = above[: len(above) + 1 - node.level] if node.level else []
            source = ".".join([*folder, node.module] if node.module else folder)
            names = {f"{source}.{alias.name}" for alias in node.names}
            yield from names & MODULES.keys()
            if source in MODULES and not names <= MODULES.keys():
                yield source


def test_a_room_imports_only_from_rooms_below_it() -> None:
    upward = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported in imports_of(module)
        if module.partition(".")[0] == imported.partition(".")[0]
        and floor(imported) > floor(module)
    ]
    assert not upward, "\n".join(upward)


def test_a_file_name_occurs_once() -> None:
    names = Counter(path.name for path in FILES if path.stem != "__init__")
    several = [name for name, count in names.items() if count > 1]
    assert not several, several


def test_a_file_of_under_60_lines_has_two_importers_and_none_has_over_400() -> None:
    importers = defaultdict(set)
    for module in MODULES:
        for imported in imports_of(module):
            importers[imported].add(module)
    lines = {name: path.read_text("utf-8").count("\n") for name, path in MODULES.items()}
    small = [
        f"{name}: {lines[name]} lines for {importers[name] or 'nobody'}"
        for name, path in MODULES.items()
        if path.stem != "__init__" and lines[name] < 60 and len(importers[name]) < 2
    ]
    assert not small, "\n".join(small)
    assert [name for name in MODULES if lines[name] > 400] == []
