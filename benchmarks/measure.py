"""What the benchmarks share: percentiles, memory, child processes, the facts of a run."""

import gc
import importlib.metadata
import json
import multiprocessing
import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from time import strftime
from typing import Any, Final, TypeAlias

import numpy as np

Json: TypeAlias = dict[str, Any]

_PACKAGES: Final = ("numpy", "Whoosh-Reloaded", "tantivy", "bm25s", "waitress", "Flask")
_SAMPLE_SECONDS: Final = 0.2


def percentiles(seconds: Sequence[float]) -> Json:
    """p50, p95, p99 and the largest, in milliseconds."""
    assert seconds, "nothing was measured"
    p50, p95, p99 = np.percentile(np.asarray(seconds) * 1000, [50, 95, 99]).tolist()
    return {
        "p50_ms": round(p50, 4),
        "p95_ms": round(p95, 4),
        "p99_ms": round(p99, 4),
        "max_ms": round(max(seconds) * 1000, 4),
        "samples": len(seconds),
    }


def run_facts() -> Json:
    """The machine and the versions, without its name."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "date": strftime("%Y-%m-%d"),
        "processor": _first_value("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "memory_gib": round(_kibibytes("/proc/meminfo", "MemTotal") / 2**20, 1),
        "python": platform.python_version(),
        "versions": {**versions, "SQLite": sqlite3.sqlite_version},
    }


def write_json(path: Path | None, record: Json) -> None:
    """Write the figures of a run where --json asks for it."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def memory_of(pid: int) -> Json:
    """Resident memory of a process and its children in MB, pages that they share counted once.

    All, what they wrote themselves, and what they map from files.
    """
    names = {"rss": "Pss", "anonymous": "Pss_Anon", "mapped": "Pss_File"}
    rolled = [f"/proc/{each}/smaps_rollup" for each in tree_of(pid)]
    return {
        f"{name}_mb": round(sum(_kibibytes(path, field) for path in rolled) * 1024 / 1e6, 1)
        for name, field in names.items()
    }


def cpu_seconds(pid: int) -> float:
    """CPU time that a process and its children have used so far, in all of their threads."""
    total = 0
    for each in tree_of(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def tree_of(pid: int) -> list[int]:
    """A process and all processes below it."""
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree_of(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return found  # the process has just ended
    return found


def tree_bytes(pid: int) -> int:
    """Memory of a process and its children; shared pages count in parts (PSS)."""
    total = 0
    for each in tree_of(pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            total += 1024 * _kibibytes(f"/proc/{each}/smaps_rollup", "Pss")
    return total


class Child:
    """The other end of `in_child`, handed to the function that runs there."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def ready(self) -> None:
        """From here on memory counts: call it when the data are loaded."""
        gc.collect()
        gc.freeze()
        self._pipe.send(None)
        self._pipe.recv()


def in_child(function: Callable[..., Json], *arguments: object) -> Json:
    """What the function returns, run as function(child, *arguments) in a fresh process.

    With `peak_mb`: the most memory that the process and its children took after `ready`, above
    what they had then.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run_child, args=(there, function, arguments))
    process.start()
    there.close()
    assert process.pid is not None
    stop = Event()
    peaks: list[int] = []
    try:
        here.recv()
        baseline = tree_bytes(process.pid)
        watcher = Thread(target=_watch, args=(process.pid, stop, peaks))
        watcher.start()
        here.send(None)
        try:
            result: Json = here.recv()
        finally:
            stop.set()
            watcher.join()
    except EOFError:
        process.join()
        message = f"{function.__name__} failed in its process (exit code {process.exitcode})"
        raise SystemExit(message) from None
    process.join()
    return {**result, "peak_mb": round(max(0, max(peaks) - baseline) / 1e6, 1)}


def _run_child(
    pipe: Connection, function: Callable[..., Json], arguments: Sequence[object]
) -> None:
    pipe.send(function(Child(pipe), *arguments))


def _watch(pid: int, stop: Event, peaks: list[int]) -> None:
    peaks.append(tree_bytes(pid))
    while not stop.wait(_SAMPLE_SECONDS):
        peaks.append(tree_bytes(pid))


def _first_value(path: str, name: str) -> str:
    """The value of the first line `name : value` of a file of /proc."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _kibibytes(path: str, name: str) -> int:
    value = _first_value(path, name)
    return int(value.removesuffix("kB")) if value else 0
