"""Kills, errors of the disk and losses of power at every operation of every command on a file.

`make test` looks at a few points of each command, `make test-deep` at half of what can happen where
something changes and at most other operations, and `make test-nightly` at everything. At each point
a command runs in a process that is traced.
"""

import errno
import logging
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

import pytest
from archives import in_memory
from power_cuts import CUTS, Disk
from profiles import PROFILE, by_profile
from random_kills import cut_often, kill_often
from traced import Fault, Operation, traced, unavailable
from writing_commands import (
    COMMANDS,
    READING,
    Scene,
    state_of,
    wrong_afterwards,
    wrong_answer,
)

from index import Article, IndexCorrupt, SearchRequest
from index.engines.embedded.engine import WhooshEngine

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(bool(unavailable()), reason=unavailable()),
]

_log = logging.getLogger(__name__)
_ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EACCES)
#: So many operations of a command also fail in `make test-deep` that change nothing.
_OTHERS: Final = 80
_TIMES: Final = re.compile(r"[\d.,]+ m?s\b|[\d,.]+ a second")


def random_of(name: str) -> Random:
    """The same numbers in every run."""
    return Random(f"{name} 20261130")  # noqa: S311 -- no secrets


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """Every archive that a command meets."""
    with in_memory() as place:
        yield Scene(place)


def faults_at(number: int, operation: Operation) -> list[Fault]:
    """Everything that can happen at an operation."""
    errors = [Fault(number, error, sticky) for error in _ERRORS for sticky in (False, True)]
    torn = [Fault(number, torn=True)] if operation.name in ("write", "pwrite") else []
    return [Fault(number), *torn, *errors]


def chosen(operations: Sequence[Operation], random: Random, sample: int) -> list[Fault]:
    """The faults that this profile looks at."""
    points = list(enumerate(operations, 1))
    if PROFILE == "nightly":
        return [fault for number, each in points for fault in faults_at(number, each)]
    changing = [fault for n, each in points if each.changes for fault in faults_at(n, each)]
    if PROFILE == "quick":
        others = random.choices(points, k=sample)
        some = [random.choice(faults_at(number, each)) for number, each in others]
        return [*random.sample(changing, min(sample, len(changing))), *some]
    # Half of all that can happen where something changes, and one thing at most other operations.
    others = random.sample(points, min(_OTHERS, len(points)))
    once = [random.choice(faults_at(number, each)) for number, each in others]
    return [*once, *random.sample(changing, len(changing) // 2)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_at_any_operation_leaves_what_was_or_what_is_to_be(name: str, scene: Scene) -> None:
    command = COMMANDS[name]
    scene.warm(command)
    states = scene.states(command)
    run = scene.run(command.args)
    assert (run.status, state_of(scene.root, command.folder)) == (0, states[-1])
    assert {each.name for each in run.operations} >= {"openat", "close", "newfstatat"}
    faults = chosen(run.operations, random_of(name), sample=2)
    _log.info("%s: %d operations, %d faults", name, len(run.operations), len(faults))
    wrong = defaultdict(list)
    for fault in faults:
        for each in scene.wrong(command, fault):
            at = run.operations[fault.at - 1]
            wrong[each].append(f"{fault} {at.name} {at.path}")
    assert not wrong


@pytest.mark.parametrize("args", READING)
def test_a_command_that_cannot_read_says_so(args: str, scene: Scene) -> None:
    scene.set("two segments")
    scene.run(args)
    whole = scene.run(args)
    assert (whole.status, whole.stderr) == (0, "")
    faults = chosen(whole.operations, random_of(args), sample=1)
    _log.info("%s: %d operations, %d faults", args, len(whole.operations), len(faults))
    wrong = defaultdict(list)
    for fault in faults:
        run = scene.run(args, fault)
        done = _TIMES.sub("", run.stdout) == _TIMES.sub("", whole.stdout)
        for each in wrong_answer(run, fault, changed=False, done=done):
            at = whole.operations[fault.at - 1]
            wrong[each].append(f"{fault} {at.name} {at.path}")
    assert not wrong


@pytest.mark.parametrize("name", COMMANDS)
def test_a_loss_of_power_leaves_what_was_acknowledged(name: str, scene: Scene) -> None:
    command, random = COMMANDS[name], random_of(name)
    scene.warm(command)
    states = scene.states(command)
    disk = Disk(scene.root)
    run = scene.run(command.args, keep=True)
    assert run.status == 0
    points = [number for number, each in enumerate(run.operations) if each.changes]
    points = by_profile(quick=random.sample(points, 2), deep=points)
    kinds = by_profile(quick=random.sample(list(CUTS), 1), deep=list(CUTS))
    _log.info("%s: %d losses of power", name, (len(points) + 1) * len(kinds))
    wrong = []
    for number, operation in enumerate([*run.operations, None]):
        if operation is None or number in points:
            expected = states[-1:] if operation is None else states
            for kind in kinds:
                shutil.rmtree(scene.root)
                disk.cut(scene.root, kind, random)
                found = state_of(scene.root, command.folder)
                if found not in expected:
                    wrong.append(f"{kind} before {number} {operation}: not what was acknowledged")
                else:
                    wrong += wrong_afterwards(scene.root, command.folder, found)
        if operation is not None:
            disk.apply(operation)
    assert not wrong


def test_kills_at_random_moments_beside_readers() -> None:
    with in_memory() as place:
        figures = kill_often(place, by_profile(quick=6, deep=200), seed=1, workers=False)
    assert not figures.wrong
    assert figures.kills
    assert figures.readings


def test_losses_of_power_at_random_moments() -> None:
    with in_memory() as place:
        figures = cut_often(place, by_profile(quick=20, deep=200), seed=1)
    assert not figures.wrong
    assert figures.cuts >= 20


def answers(folder: Path) -> list[object]:
    """What a newly opened index says to a fixed set of questions."""
    engine = WhooshEngine(folder)
    queries = ("", "tin", '"bản tin"', "noi dung", "số 3", "ban -7", "đường sắt", "tin*")
    pages = [engine.search(SearchRequest(query=query, limit=100)) for query in queries]
    articles: list[Article] = sorted(engine.articles(), key=lambda article: article.id)
    found = [[(hit.id, hit.score, hit.article) for hit in page.hits] for page in pages]
    return [found, [page.total for page in pages], articles, engine.withdrawals().days]


def test_a_flipped_bit_is_found_or_changes_nothing(scene: Scene) -> None:
    scene.set("two segments")
    folder, random = scene.root / "index", random_of("flips")
    files = sorted(path for path in folder.iterdir() if path.stat().st_size)
    expected, found = answers(folder), 0
    flips = by_profile(quick=40, deep=300)
    for number in range(flips):
        # As many in each file as in the others, although some are much smaller.
        path = files[number % len(files)]
        data = path.read_bytes()
        bit = random.randrange(8 * len(data))
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        path.unlink()
        path.write_bytes(flipped)
        try:
            assert answers(folder) == expected, f"bit {bit} of {path.name}"
            WhooshEngine(folder).verify()
        except IndexCorrupt as error:
            found += path.name in str(error)
        path.unlink()
        path.write_bytes(data)
    _log.info("%d flips, %d of them found", flips, found)
    assert found > flips / 4
    assert answers(folder) == expected


# -- the instruments themselves


def test_the_tracer_sees_what_a_process_does_to_files(tmp_path: Path) -> None:
    def work() -> int:
        with open(tmp_path / "new", "wb", buffering=0) as stream:
            stream.write(b"whole")
            os.fsync(stream)
        os.rename(tmp_path / "new", tmp_path / "old")
        os.unlink(tmp_path / "old")
        return 7

    run = traced(tmp_path, work, keep=True)
    seen = [(each.name, each.path, each.target, each.data) for each in run.operations]
    assert [each for each in seen if each[0] not in ("newfstatat", "ioctl", "lseek")] == [
        ("openat", "new", None, b""),
        ("write", "new", None, b"whole"),
        ("fsync", "new", None, b""),
        ("close", "new", None, b""),
        ("rename", "new", "old", b""),
        ("unlink", "old", None, b""),
    ]
    assert (run.status, run.stderr) == (7, "")
    number = [each.name for each in run.operations].index("write") + 1
    assert traced(tmp_path, work, Fault(number)).status == -9
    assert (tmp_path / "new").read_bytes() == b""
    (tmp_path / "new").unlink()
    assert traced(tmp_path, work, Fault(number, torn=True)).status == -9
    assert (tmp_path / "new").read_bytes() == b"wh"
    (tmp_path / "new").unlink()
    run = traced(tmp_path, work, Fault(number, errno.ENOSPC))
    assert "OSError: [Errno 28]" in run.stderr


@pytest.mark.parametrize(("forced", "lasts"), [(0, False), (1, False), (2, True)])
def test_the_model_of_a_disk_keeps_what_was_forced(
    tmp_path: Path, forced: int, lasts: bool
) -> None:
    root = tmp_path / "root"
    root.mkdir()

    def work() -> int:
        with (root / "new").open("wb", buffering=0) as stream:
            stream.write(b"whole")
            if forced:
                os.fsync(stream)
        if forced > 1:
            folder = os.open(root, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        return 0

    disk = Disk(root)
    for operation in traced(root, work, keep=True).operations:
        disk.apply(operation)
    disk.cut(tmp_path / "cut", "nothing", Random(1))  # noqa: S311 -- no secrets
    left = {path.name: path.read_bytes() for path in (tmp_path / "cut").iterdir()}
    assert left == ({"new": b"whole"} if lasts else {})
