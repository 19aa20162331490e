"""Real OpenSearch nodes on loopback: downloaded, started as an unprivileged user, stopped by pid.

`python -m cluster.nodes 3` from the folder tests/ starts three and prints their addresses.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from java import Java, newest_java
from maven import bring

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_DOWNLOADS: Final = _REPOSITORY / "var" / "opensearch"
_ARTIFACT: Final = "org.opensearch.distribution.integ-test-zip:opensearch"
#: The compiler for short runs: tests end before the other one pays.
_OPTIONS: Final = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1"
#: OpenSearch refuses to run as root.
_USER: Final = ("nobody", "nogroup")
_START_SECONDS: Final = 300


def distribution(release: str) -> Path:
    """The zip file of a release, brought by Maven where it is missing."""
    path = _DOWNLOADS / f"opensearch-{release}.zip"
    if not path.is_file():
        bring(f"{_ARTIFACT}:{release}:zip", _DOWNLOADS)
    return path


@dataclass(slots=True)
class Node:
    """One running node."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def host(self) -> str:
        """Host and port, as they stand in an address."""
        return f"127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a machine ends that loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running_nodes(count: int, java_options: str = _OPTIONS) -> Iterator[list[Node]]:
    """A cluster of so many nodes in a folder of its own, stopped and removed at the end."""
    java = newest_java()
    # Outside of the working copy, which an unprivileged user may not be able to read.
    folder = Path(mkdtemp(prefix="timbao-opensearch-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        with zipfile.ZipFile(distribution(java.release)) as archive:
            archive.extractall(folder)
        home = folder / f"opensearch-{java.release}"
        for script in (home / "bin").iterdir():
            script.chmod(0o755)
        transports = [_free_port() for _ in range(count)]
        nodes = []
        for number, transport in enumerate(transports):
            config = _configure(folder, home, number, transport, transports)
            _hand_over(folder)
            node = _start(folder, home, java, number, config, java_options)
            stack.callback(node.stop)
            nodes.append(node)
        wait_for(nodes)
        yield nodes


def wait_for(nodes: list[Node]) -> None:
    """Return when the nodes form one cluster; RuntimeError with the log where they do not."""
    deadline = time.monotonic() + _START_SECONDS
    path = f"/_cluster/health?wait_for_nodes={len(nodes)}&timeout=5s"
    while time.monotonic() < deadline:
        for node in nodes:
            if node.process.poll() is not None:
                raise RuntimeError(f"{node.name} ended:\n{node.log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://{nodes[0].host}{path}", timeout=10) as answer:
                if not json.load(answer)["timed_out"]:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
    raise RuntimeError(f"the nodes do not answer:\n{nodes[0].log.read_text()[-3000:]}")


def _configure(
    folder: Path, home: Path, number: int, transport: int, transports: list[int]
) -> Path:
    config = folder / f"config-{number}"
    shutil.copytree(home / "config", config)
    lines = {
        "cluster.name": "timbao-tests",
        "node.name": f"node-{number}",
        "network.host": "127.0.0.1",
        "http.port": str(_free_port()),
        "transport.port": str(transport),
        "path.data": str(folder / f"data-{number}"),
        "path.logs": str(folder / f"logs-{number}"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    if len(transports) == 1:
        lines["discovery.type"] = "single-node"
    else:
        seeds = [f"127.0.0.1:{port}" for port in transports]
        names = [f"node-{number}" for number in range(len(transports))]
        lines["discovery.seed_hosts"] = json.dumps(seeds)
        lines["cluster.initial_cluster_manager_nodes"] = json.dumps(names)
    text = "".join(f"{key}: {value}\n" for key, value in lines.items())
    (config / "opensearch.yml").write_text(text, encoding="utf-8")
    return config


def _hand_over(folder: Path) -> None:
    """Give the folder to the user that runs the nodes."""
    if os.getuid() == 0:
        owner = ":".join(_USER)
        subprocess.run(["chown", "-R", owner, folder], check=True)  # noqa: S603, S607 -- fixed


def _start(
    folder: Path, home: Path, java: Java, number: int, config: Path, java_options: str
) -> Node:
    log = folder / f"node-{number}.log"
    port = next(
        int(line.partition(": ")[2])
        for line in (config / "opensearch.yml").read_text(encoding="utf-8").splitlines()
        if line.startswith("http.port")
    )
    command = [str(home / "bin" / "opensearch")]
    if os.getuid() == 0:
        user, group = _USER
        command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *command]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "OPENSEARCH_JAVA_HOME": str(java.home),
        "OPENSEARCH_JAVA_OPTS": java_options,
        "OPENSEARCH_PATH_CONF": str(config),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- what was just unpacked
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Node(f"node-{number}", port, process, log)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> None:
    """Run nodes until the input ends or an interrupt."""
    with running_nodes(int(sys.argv[1]) if len(sys.argv) > 1 else 1) as nodes:
        print(",".join(node.host for node in nodes), flush=True)  # noqa: T201 -- its output
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
