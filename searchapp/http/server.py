"""The server: waitress, with bounds on what a slow, silent or greedy peer may hold.

A request waits for a thread only when it is there in full, and an answer waits for its reader
without one: what a view yields piece by piece is taken on as the reader takes it off. /healthz has
a thread of its own. docs/decisions/0009-server.md says why waitress.
"""

import logging
import resource
import signal
import socket
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import poll2

from ..settings import Settings
from .listening import Share, listen
from .supervisor import STOP_SECONDS
from .wsgi_task import FULL, TASK, ErrorAnswer, Overloaded, Parser, Rest, Task

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Server"]

_LOGGER: Final = logging.getLogger(__name__)

#: Seconds that a request may take to arrive, from its first byte or from the connection's start.
_REQUEST_SECONDS: Final = 20
#: Seconds that a connection stays open between two requests; proxies keep theirs for 60.
_KEEP_ALIVE_SECONDS: Final = 75
#: Bytes a second that a reader has to take on average; checked once the first seconds are over.
_SLOWEST_READER: Final = 4096
_ENDING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Requests that may wait for each thread.
_LONGEST_QUEUE: Final = 100
_LARGEST_HEADER: Final = 64 * 1024
#: Above the application's own bound, whose answer says more.
_LARGEST_BODY: Final = 1024 * 1024
#: Bytes of a body or an answer above which it is a temporary file.
_LARGEST_IN_MEMORY: Final = 64 * 1024
#: Bytes of an answer waiting for its reader, below which more pieces of it are made.
_LOW: Final = 64 * 1024
#: Bytes in the system's own buffer: what a reader takes off is noticed in steps of this size.
_SEND_BUFFER: Final = 64 * 1024
#: Bytes that the rest of an answer is taken to hold, such as the articles found for an export.
_RESTING: Final = 1024 * 1024
#: Seconds that a reader has who takes nothing while no more may wait.
_PATIENCE: Final = 5
#: Seconds between two lines in the log about the same trouble.
_SAY_SECONDS: Final = 60.0
#: Seconds for which a silent connection is never closed.
_GRACE: Final = 0.25
_ACCEPTED_AT_ONCE: Final = 64
#: Descriptors beside those of connections, each of which may need one more for a file.
_OTHER_DESCRIPTORS: Final = 256
_HEALTH: Final = "/healthz"
_ABORT: Final = struct.pack("ii", 1, 0)


class _Channel(HTTPChannel):
    """A connection, and since when it has been waited for."""

    parser_class = Parser
    error_task_class = ErrorAnswer

    def __init__(self, *args: Any, **named: Any) -> None:
        #: When the connection was made, a request began, or an answer was last taken on.
        self.moved = monotonic()
        self.answered = False
        #: Since when bytes wait for the reader, and how many it has taken off since.
        self.pending_since = self.moved
        self.taken = 0
        #: Whether an answer, or a request behind it, waits without a thread for its reader.
        self.resting = False
        super().__init__(*args, **named)

    @staticmethod
    def task_class(channel: "_Channel", request: Any) -> Task:
        """The task that answers, or goes on answering, a request."""
        return request.task if isinstance(request, Rest) else Task(channel, request)

    @property
    def busy(self) -> bool:
        """Whether a request is being answered, or its answer read."""
        return bool(self.requests or self.total_outbufs_len)

    def overdue(self, now: float, send_seconds: int) -> bool:
        """Whether the peer has had its time: to send a request, or to read an answer."""
        if self.total_outbufs_len:
            bound = self.pending_since + send_seconds + self.taken / _SLOWEST_READER
            return now > min(bound, self.moved + send_seconds)
        if self.requests:
            return False
        waited = self.answered and self.request is None
        return now > self.moved + (_KEEP_ALIVE_SECONDS if waited else _REQUEST_SECONDS)

    def cut(self) -> None:
        """End the connection at once; what was not read yet is lost, and the peer is told so."""
        if self.socket is not None:
            with suppress(OSError):  # it may have ended already
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.handle_close()

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.moved = monotonic()
        more: bool = super().received(data)
        return more

    def send(self, data: bytes, do_close: bool = True) -> int:
        if self.socket is None:
            return 0
        sent: int = super().send(data, do_close=do_close)
        if sent:
            self.moved = monotonic()
            self.taken += sent
        return sent

    def write_soon(self, data: Any) -> int:
        if not self.total_outbufs_len:
            self.pending_since = self.moved = monotonic()
            self.taken = 0
        written: int = super().write_soon(data)
        return written

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Never wait in a thread for a reader: `Task` stops instead."""

    def service(self) -> None:
        try:
            super().service()
        except MemoryError:
            _LOGGER.error("out of memory: a connection is closed")
            self.cancel()
            self.server.pull_trigger()
        self.answered, self.moved = True, monotonic()

    def handle_write(self) -> None:
        super().handle_write()
        # Looked at without the lock first, which is held by the thread that makes the answer.
        if self.resting and self.total_outbufs_len <= _LOW:
            with self.outbuf_lock:
                go_on, self.resting = self.resting, False
            if go_on:
                self.server.add_task(self)

    def handle_close(self) -> None:
        super().handle_close()
        with self.outbuf_lock:
            given_up, self.resting = self.resting, False
        if given_up:
            # What is left of the answer is closed by the thread that would have gone on with it.
            self.server.task_dispatcher.add_task(self)


class _Listener(TcpWSGIServer):
    """A listening socket."""

    channel_class = _Channel
    owner: "Server"

    def readable(self) -> bool:
        return bool(self.accepting) and not (self.owner.has_no_room or self.owner.is_waiting)

    def handle_accept(self) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            if self.owner.has_no_room or not self.owner.takes_one():
                return
            try:
                connection, address = self.socket.accept()
            except BlockingIOError:
                return
            except OSError as error:
                # The peer is gone again, or there are no descriptors.
                _LOGGER.warning("a connection cannot be accepted: %s", error.strerror)
                self.owner.close_longest_waiting()
                return
            self.set_socket_options(connection)
            self.channel_class(self, connection, address, self.adj, map=self._map)

    def handle_error(self) -> None:
        _LOGGER.exception("a connection was not accepted")

    def add_task(self, channel: _Channel) -> None:
        # A request that was sent on before the last answer is read waits as the rest of one does.
        with channel.outbuf_lock:
            channel.resting = channel.connected and channel.total_outbufs_len > _LOW
            if channel.resting:
                return
        request = channel.requests[0]
        lane = self.task_dispatcher if isinstance(request, Rest) else self.owner.lane_of(request)
        lane.add_task(channel)


class Server:
    """A WSGI server for an application; raises OSError where it cannot listen.

    Must be made and run in the main thread: from then on SIGTERM, SIGINT or SIGHUP ends it when
    what is in flight is finished, and a second one at once.

    Args:
        sockets: those of `listen`, where other processes listen, too.
        share: how many of the new connections are for this one of them; None: all.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        settings: Settings,
        sockets: Sequence[socket.socket] = (),
        share: Share | None = None,
    ) -> None:
        def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            answer, task = app(environ, start), environ[TASK]
            return answer if task.content_length is not None else task.part_of(answer)

        adjustments = Adjustments(
            host=settings.host,
            port=settings.port,
            ident=None,
            max_request_header_size=_LARGEST_HEADER,
            max_request_body_size=_LARGEST_BODY,
            inbuf_overflow=_LARGEST_IN_MEMORY,
            outbuf_overflow=_LARGEST_IN_MEMORY,
            outbuf_high_watermark=FULL,
            # The application itself knows how many proxies to believe.
            clear_untrusted_proxy_headers=False,
        )
        adjustments.socket_options = [
            *Adjustments.socket_options,
            (socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER),
        ]
        self.settings = settings
        self._map: dict[int, Any] = {}
        self._lane, self._health_lane = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self._lane.set_thread_count(settings.threads)
        self._health_lane.set_thread_count(1)
        self._health_paths = {_HEALTH, urlsplit(settings.public_url).path.rstrip("/") + _HEALTH}
        self._connections = _descriptors_for(settings.connections)
        # With room for whoever comes next, be it to ask for /healthz.
        self._longest_queue = min(_LONGEST_QUEUE * settings.threads, self._connections // 2)
        # How many requests wait is said to those who are refused, not in a line for each.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        named = {"map": self._map, "dispatcher": self._lane, "adj": adjustments}
        self._listeners = [
            _Listener(
                answered,
                _sock=each,
                sockinfo=(each.family, each.type, each.proto, each.getsockname()),
                bind_socket=False,
                **named,
            )
            for each in sockets or listen(settings)
        ]
        for listener in self._listeners:
            listener.owner = self
        self._share = share
        self.port = int(self._listeners[0].effective_port)
        self._stop_at = 0.0
        self._said_full = monotonic() - _SAY_SECONDS
        # What nohup or a shell has set to be ignored stays so.
        self._ending = [each for each in _ENDING if signal.getsignal(each) is not signal.SIG_IGN]
        for number in self._ending:
            signal.signal(number, self._stop)

    def run(self) -> None:
        """Serve until a signal ends it."""
        checked = monotonic()
        while not self._stop_at or self._finishing():
            try:
                patience = _GRACE if self.has_no_room or self._stop_at else 1.0
                if self._share is not None:
                    patience = self._share.patience(self._connection_count, patience)
                poll2(patience, self._map)
                # Here, not while events are dealt with: a descriptor that is closed and used
                # again among them would get an event of the connection that had it before.
                if self.has_no_room:
                    self.close_longest_waiting()
                if (now := monotonic()) >= checked + 1:
                    checked = now
                    self._cut_overdue(now)
            except MemoryError:
                _LOGGER.error("out of memory: connections are looked after again in a moment")
        for channel in self._channels:
            channel.cut()

    @property
    def has_no_room(self) -> bool:
        """Whether there are as many connections as there may be."""
        return self._connection_count >= self._connections

    @property
    def _connection_count(self) -> int:
        return len(self._map) - 2 * len(self._listeners)

    @property
    def is_waiting(self) -> bool:
        """Whether new connections are left to another process for a moment."""
        return self._share is not None and self._share.is_waiting

    def takes_one(self) -> bool:
        """Whether the connection that waits is for this process."""
        return self._share is None or self._share.takes_one(self._connection_count)

    def close_longest_waiting(self) -> None:
        """Close the connections that have kept the server waiting longest, silent ones first.

        Not those that came a moment ago: their request may be on its way.
        """
        waiting = [
            each
            for each in self._channels
            if (each.total_outbufs_len or not each.requests) and each.moved < monotonic() - _GRACE
        ]
        waiting.sort(key=lambda each: (each.busy, each.moved))
        for channel in waiting[: 1 + self._connections // _ACCEPTED_AT_ONCE]:
            channel.cut()

    def lane_of(self, request: Any) -> ThreadedTaskDispatcher:
        """The threads that answer a request, which for want of room becomes an error."""
        if request.error is None and request.path not in self._health_paths:
            if len(self._lane.queue) < self._longest_queue and not self._is_full():
                return self._lane
            request.error = Overloaded("")
            if (now := monotonic()) > self._said_full + _SAY_SECONDS:
                self._said_full = now
                _LOGGER.warning("overloaded: some requests are answered 503")
        return self._health_lane

    @property
    def _channels(self) -> list[_Channel]:
        return [each for each in list(self._map.values()) if isinstance(each, _Channel)]

    def _is_full(self) -> bool:
        """Whether as much waits for readers as may."""
        held = sum(each.total_outbufs_len + _RESTING * each.resting for each in self._channels)
        return bool(held > self.settings.spool * 1024 * 1024)

    def _cut_overdue(self, now: float) -> None:
        patience = self.settings.send_seconds
        if self._is_full():
            patience = min(patience, _PATIENCE)
        for channel in self._channels:
            if channel.overdue(now, patience):
                channel.cut()

    def _stop(self, number: int, frame: object) -> None:
        for each in self._ending:
            # Who supervises may pass on a signal that has been sent to all of its processes.
            signal.signal(each, signal.SIG_DFL if self._share is None else signal.SIG_IGN)
        self._stop_at = monotonic() + STOP_SECONDS
        self._listeners[0].pull_trigger()

    def _finishing(self) -> bool:
        for listener in self._listeners:
            if listener.accepting:
                # Not `close`: the triggers still wake the loop.
                listener.accepting = False
                listener.del_channel()
                listener.socket.close()
        now = monotonic()
        for channel in self._channels:
            # The request of a connection that came a moment ago may be on its way.
            if not channel.busy and (channel.answered or channel.moved < now - _GRACE):
                channel.handle_close()
        return bool(self._channels) and now < self._stop_at


def _descriptors_for(connections: int) -> int:
    """How many connections there can be at once, at most those wanted; asks the system for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + _OTHER_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed == wanted:
        return connections
    fewer = max(8, (allowed - _OTHER_DESCRIPTORS) // 2)
    _LOGGER.warning(
        "%d connections at most, not %d: raise the limit of open files (ulimit -n) to %d",
        fewer,
        connections,
        wanted,
    )
    return fewer
