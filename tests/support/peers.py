"""Peers that a server on this machine must survive: silent, slow, greedy, or not speaking HTTP."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Final

__all__ = ["Peers", "ask", "get", "peers_of", "status_of"]

_SMALL_BUFFER: Final = 2048
_HALF: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "


def _connect(port: int, timeout: float, receive_buffer: int | None = None) -> socket.socket:
    found = socket.socket()
    found.settimeout(timeout)
    if receive_buffer is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    try:
        found.connect(("127.0.0.1", port))
    except OSError:
        found.close()
        raise
    return found


def _get(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode()


def ask(port: int, sent: bytes, timeout: float = 30.0) -> tuple[bytes, bool]:
    """Everything that comes back for these bytes, and whether the server closed the connection.

    What neither closes nor says more within the seconds given is left.
    """
    answer = bytearray()
    with _connect(port, timeout) as peer:
        with suppress(ConnectionError):  # cut before all was sent: what was answered counts
            peer.sendall(sent)
        try:
            while piece := peer.recv(65_536):
                answer += piece
        except TimeoutError:
            return bytes(answer), False
        except ConnectionError:
            pass
    return bytes(answer), True


def status_of(answer: bytes) -> int:
    """The status of the first answer; 0 where there is none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/1.") else 0


def get(port: int, path: str, timeout: float = 30.0) -> tuple[int, float]:
    """The status of a page, 0 for none, and the seconds until it was there in full."""
    started = monotonic()
    try:
        answer, _ = ask(port, _get(path, "Connection: close\r\n"), timeout)
    except OSError:
        answer = b""
    return status_of(answer), monotonic() - started


@dataclass(eq=False)
class Peers:
    """Connections that stay open until `peers_of` ends; those that drip send a byte a second."""

    port: int
    held: list[socket.socket] = field(default_factory=list)
    _dripping: list[tuple[socket.socket, bytes]] = field(default_factory=list)
    _slow: list[socket.socket] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)

    def idle(self, count: int) -> None:
        """Connect and say nothing."""
        self.held += [_connect(self.port, 30) for _ in range(count)]

    def half(self, count: int) -> None:
        """Send half a header, and nothing more."""
        for _ in range(count):
            self.held.append(_connect(self.port, 30))
            self.held[-1].sendall(_HALF)

    def dripping(self, count: int, path: str = "") -> None:
        """Send a header, or with a path a body for it, one byte a second."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n".encode()
        for _ in range(count):
            peer = _connect(self.port, 30)
            peer.sendall(head if path else _HALF)
            self.held.append(peer)
            self._dripping.append((peer, b"x"))

    def unread(self, count: int, path: str, buffer: int = _SMALL_BUFFER) -> list[socket.socket]:
        """Ask for something large and do not read it, beyond what a buffer of that size takes."""
        peers = []
        for _ in range(count):
            peers.append(_connect(self.port, 30, buffer))
            peers[-1].sendall(_get(path))
        self.held += peers
        return peers

    def slow(self, count: int, path: str) -> None:
        """Ask for something large and read a byte a second."""
        self._slow += self.unread(count, path)

    def drip(self) -> None:
        """One byte a second for each of those that drip or are slow, until the end."""
        while not self._stop.wait(1):
            for peer, byte in self._dripping:
                with suppress(OSError):
                    peer.send(byte)
            for peer in self._slow:
                with suppress(OSError):
                    peer.recv(1)


@contextmanager
def peers_of(port: int) -> Iterator[Peers]:
    """Peers of the server at a port, all of which are gone at the end."""
    peers = Peers(port)
    thread = Thread(target=peers.drip)
    thread.start()
    try:
        yield peers
    finally:
        peers._stop.set()
        thread.join()
        for peer in peers.held:
            peer.close()
