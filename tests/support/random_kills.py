"""Kills of process groups at random moments, and losses of power, as many as one likes.

    python tests/support/random_kills.py --kills 10000 --cuts 1000 --seed 1

A process writes changes that the seed has planned, so that the archive after each is known, and is
killed while two others search. Then the archive must be sound and hold what was acknowledged, or
one change more; the next write must be taken, and leave no file behind. No reader may ever have
seen anything else, an error, or an older state after a newer one. The last kill of every round is
one of `timbao index` with its worker processes, all of which must be gone. A loss of power is
simulated behind any operation of such a process on a file.

The last line has the figures; the exit code is 1 where anything was wrong.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Final

from archives import EVERYTHING, in_memory, merge_all
from generated_news import numbered_article
from power_cuts import CUTS, Disk
from running import PROGRAM
from traced import traced
from writing_commands import DAY, NEXT_ARTICLE, State, news_of, state_of, wrong_afterwards

from index import Article, IndexNotFound, SearchError, Withdrawal
from index.engines.embedded.engine import WhooshEngine

_CHANGES: Final = 5
_LARGEST: Final = 20
_CUTS_A_RECORDING: Final = 20
#: More than one process analyses so many.
_MANY: Final = 700
_ACKNOWLEDGED: Final = "acknowledged"

Change = Callable[[WhooshEngine], object]


@dataclass(slots=True)
class Figures:
    """What was tried, and what was wrong."""

    kills: int = 0
    ended_first: int = 0
    """Processes that had done everything before they could be killed."""
    kills_with_workers: int = 0
    acknowledged: int = 0
    in_flight: int = 0
    """Changes that were found, although the process had not come to acknowledge them."""
    readings: int = 0
    cuts: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills:,} kills ({self.kills_with_workers:,} with workers) and"
            f" {self.ended_first:,} processes that ended first, {self.acknowledged:,} changes"
            f" acknowledged, {self.in_flight:,} found in flight, {self.readings:,} searches beside"
            f" them, {self.cuts:,} losses of power: {len(self.wrong):,} wrong"
        )


# -- what is written


def _planned(random: Random, state: State, number: int) -> Iterator[tuple[Change, State]]:
    """The next changes of an archive, and what it is after each; `number` tells plans apart."""
    reindexed = False
    for step in range(_CHANGES):
        ids = sorted(state.articles or ())
        kinds = ["put", "put", "put", "merge", "reindex"] + ["rollback"] * reindexed
        kind = random.choice(kinds + ["delete", "withdraw"] * bool(ids))
        if len(ids) > _LARGEST:
            kind = "delete"
        if not ids:
            kind = "put"
        reindexed = kind == "reindex"
        if kind == "put":
            new = [numbered_article(1_000 + 20 * number + 3 * step + each) for each in range(3)]
            changed = [
                replace(numbered_article(int(doc_id[1:])), lead=f"Sửa lần {number}.{step}.")
                for doc_id in random.sample(ids, min(2, len(ids)))
            ]
            state = state.having(*new, *changed)
            yield _putting([*new, *changed]), state
        elif kind == "delete":
            gone = random.sample(ids, max(1, len(ids) // 2))
            state = state.without(*gone)
            yield _deleting(gone), state
        elif kind == "withdraw":
            taken = random.choice(ids)
            state = state.without(taken, withdrawn=True)
            yield _withdrawing(taken), state
        else:
            yield _SAME[kind], state


def _putting(articles: Sequence[Article]) -> Change:
    def put(engine: WhooshEngine) -> None:
        with engine.writer() as writer:
            for _ in writer.put_all(articles):
                pass

    return put


def _deleting(ids: Sequence[str]) -> Change:
    def delete(engine: WhooshEngine) -> None:
        with engine.writer() as writer:
            for doc_id in ids:
                writer.delete(doc_id)

    return delete


def _withdrawing(doc_id: str) -> Change:
    def withdraw(engine: WhooshEngine) -> None:
        engine.withdraw([Withdrawal(id=doc_id, on=DAY)])

    return withdraw


def _merging(engine: WhooshEngine) -> None:
    merge_all(engine._folder)


_SAME: Final[Mapping[str, Change]] = {
    "merge": _merging,
    "reindex": WhooshEngine.reindex,
    "rollback": WhooshEngine.rollback,
}
"""What changes an index, but not what is in it."""


def _perform(folder: Path, changes: Iterable[Change], acknowledge: Callable[[], object]) -> int:
    engine = WhooshEngine(folder)
    for change in changes:
        change(engine)
        acknowledge()
    return 0


# -- who reads meanwhile


def _digest(articles: Iterable[Article]) -> str:
    """What tells one state of an archive from another."""
    # The times at which the archive took them in are those of this run.
    records = sorted(replace(each, taken=None, changed=None).to_json() for each in articles)
    return sha256(b"\n".join(records)).hexdigest()[:16]


def _read_on(folder: Path, seen: Path, stop: Path) -> None:
    """Search until told to stop; a line for every answer that is not the one before."""
    shared, last, count, parent = WhooshEngine(folder), "", 0, os.getppid()
    with seen.open("w") as lines:
        while not stop.exists() and os.getppid() == parent:
            engine = shared if count % 2 else WhooshEngine(folder)
            try:
                page = engine.search(EVERYTHING)
                state = _digest(hit.article for hit in page.hits)
                if page.total != len(page.hits):
                    state = f"{len(page.hits)} hits of {page.total}"
            except IndexNotFound:
                state = "nothing"
            except Exception as error:
                state = f"{type(error).__name__}: {error}"
            if state != last:
                lines.write(f"{state}\n")
            last = state
            count += 1
            sleep(0.05)
        lines.write(f"{count}\n")


@contextmanager
def _reading(place: Path, history: Sequence[str], figures: Figures) -> Iterator[None]:
    """Two processes that read meanwhile; at the end, everything must be in `history`, in order."""
    stop = place / "stop"
    stop.unlink(missing_ok=True)
    readers = {}
    for number in range(2):
        seen = place / f"seen{number}"
        readers[_forked(partial(_read_on, place / "root/index", seen, stop))] = seen
    try:
        yield
    finally:
        stop.touch()
        for pid in readers:
            os.waitpid(pid, 0)
    for seen in readers.values():
        *states, count = seen.read_text().splitlines()
        figures.readings += int(count)
        at = 0
        for state in states:
            if state not in history[at:]:
                figures.wrong.append(f"a reader saw {state}, not one of {history[at : at + 3]} …")
                break
            at = history.index(state, at)


def _forked(function: Callable[[], object]) -> int:
    """A process, in a group of its own, that runs a function."""
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)
        return pid
    try:
        os.setpgid(0, 0)
        function()
        os._exit(0)
    finally:
        os._exit(1)


# -- kills


class _Round:
    """Kills of processes that write to one archive, which begins empty."""

    def __init__(self, place: Path, random: Random, figures: Figures) -> None:
        self._root = place / "root"
        self._random = random
        self._figures = figures
        self._state = State()
        self._a_change = 0.02  # seconds, as far as is known
        self.history = ["nothing"]
        """Every state that was visible."""

    def kill(self, number: int) -> None:
        """Kill once, and look."""
        planned = list(_planned(self._random, self._state, number))
        states = [self._state, *(state for _, state in planned)]
        changes = [change for change, _ in planned]
        reports, report = os.pipe()
        started = monotonic()
        mark = partial(os.write, report, b".")
        pid = _forked(partial(_perform, self._root / "index", changes, mark))
        os.close(report)
        sleep(self._random.uniform(0, 0.7 * _CHANGES * self._a_change))
        os.killpg(pid, signal.SIGKILL)
        taken = monotonic() - started
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        done = len(os.read(reports, 100))
        os.close(reports)
        if done:
            self._a_change += (taken / (done + 0.5) - self._a_change) / 10
        self._figures.kills += status == -signal.SIGKILL
        self._figures.ended_first += status == 0
        self._figures.acknowledged += done
        if status not in (0, -signal.SIGKILL):
            self._figures.wrong.append(f"kill {number}: the process ended with {status}")
        self._look(f"kill {number}", states, done)

    def kill_workers(self, news: Path, seconds: float) -> None:
        """Kill `timbao index` with its workers within so many seconds, and look."""
        states = [self._state, self._state.having(*news_of(news))]
        command = [*PROGRAM, "index", str(news), "--index", f"whoosh:{self._root}/index"]
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        sleep(self._random.uniform(0, seconds))
        os.killpg(process.pid, signal.SIGKILL)
        ended = process.wait() == 0
        self._figures.kills += not ended
        self._figures.ended_first += ended
        self._figures.kills_with_workers += not ended
        for _ in range(500):
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                break
            sleep(0.01)
        else:
            self._figures.wrong.append("a worker lives on")
        self._look("a kill with workers", states, int(ended))

    def _look(self, what: str, states: Sequence[State], done: int) -> None:
        expected = states[done : done + 2]
        try:
            found = state_of(self._root)
            if found not in expected and not (done == 0 and found == self._state.having()):
                self._figures.wrong.append(f"{what}: the archive is not that after {done} changes")
            self._figures.in_flight += found != states[done]
            # An index begins empty, before its first change.
            self._visible([self._state.having(), *states[1 : done + 1], found])
            wrong = wrong_afterwards(self._root, "index", found)
            self._figures.wrong += [f"{what}: {each}" for each in wrong]
            self._state = found.having(NEXT_ARTICLE)
            self._visible([self._state])
        except (SearchError, AssertionError) as error:
            self._figures.wrong.append(f"{what}: {error!r}")

    def _visible(self, states: Iterable[State]) -> None:
        for state in states:
            if state.articles is not None:
                self.history.append(_digest(state.articles.values()))


def kill_often(place: Path, kills: int, seed: int, *, workers: bool, a_round: int = 200) -> Figures:
    """Kill so many processes, in rounds that begin with an empty archive."""
    figures, random = Figures(), Random(seed)  # noqa: S311 -- the same in every run, no secrets
    news = place / "many.jsonl"
    records = ({"id": f"m{n}", "title": f"Bản tin {n}", "body": "Đường sắt."} for n in range(_MANY))
    news.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    for first in range(1, kills + 1, a_round):
        shutil.rmtree(place / "root", ignore_errors=True)
        (place / "root").mkdir()
        this_round = _Round(place, random, figures)
        with _reading(place, this_round.history, figures):
            for number in range(first, min(first + a_round, kills + 1)):
                this_round.kill(number)
            if workers:
                this_round.kill_workers(news, seconds=5)
        sys.stderr.write(f"{figures}\n")
    return figures


# -- losses of power


def cut_often(place: Path, cuts: int, seed: int) -> Figures:
    """So many losses of power, each followed by a look at what the disk then has."""
    figures, random = Figures(), Random(seed)  # noqa: S311 -- the same in every run, no secrets
    root, left = place / "root", place / "cut"
    while figures.cuts < cuts:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        before = list(_planned(random, State(), 1)) if random.random() < 0.8 else []
        _perform(root / "index", [change for change, _ in before], lambda: None)
        state = before[-1][1] if before else State()
        planned = list(_planned(random, state, 2))
        states = [state, *(after for _, after in planned)]
        disk = Disk(root)
        # The tracer sees the question for a file that is not there.
        mark = partial(os.access, root / _ACKNOWLEDGED, os.F_OK)
        changes = [change for change, _ in planned]
        run = traced(root, partial(_perform, root / "index", changes, mark), keep=True)
        assert run.status == 0, run.stderr
        at = sorted(random.choices(range(len(run.operations) + 1), k=_CUTS_A_RECORDING))
        done = 0
        for number, operation in enumerate([*run.operations, None]):
            for _ in range(at.count(number)):
                kind = random.choice(list(CUTS))
                shutil.rmtree(left, ignore_errors=True)
                disk.cut(left, kind, random)
                figures.cuts += 1
                wrong = _wrong_after_cut(left, states, done)
                figures.wrong += [f"{kind} at {number}, {operation}: {each}" for each in wrong]
            if operation is not None:
                done += operation.path == _ACKNOWLEDGED
                disk.apply(operation)
    return figures


def _wrong_after_cut(root: Path, states: Sequence[State], done: int) -> list[str]:
    try:
        found = state_of(root)
        if found not in states[done : done + 2] and not (done == 0 and found == states[0].having()):
            return [f"the archive is not that after {done} changes"]
        return wrong_afterwards(root, "index", found)
    except (SearchError, AssertionError) as error:
        return [repr(error)]


def main() -> int:
    """Kill and cut as often as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--cuts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = monotonic()
    with in_memory() as place:
        cuts = cut_often(place, options.cuts, options.seed)
        figures = kill_often(place, options.kills, options.seed, workers=True)
    figures.cuts = cuts.cuts
    figures.wrong += cuts.wrong
    for wrong in figures.wrong:
        sys.stdout.write(f"{wrong}\n")
    sys.stdout.write(f"{figures}, in {monotonic() - started:.0f} s (seed {options.seed})\n")
    return int(bool(figures.wrong))


if __name__ == "__main__":
    sys.exit(main())
