"""Bulk requests of bounded size: what a busy cluster refuses is sent again, later."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .connection import Cluster, Json

#: Bytes of one request.
REQUEST_BYTES = 4 << 20
#: Seconds before each further attempt at what was refused for the moment.
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Action:
    """One document to write or to delete; `create` leaves one that is there as it is."""

    kind: Literal["index", "create", "delete"]
    index: str
    key: str
    fields: Json | None = None

    def lines(self) -> bytes:
        """The action as lines of a bulk request."""
        head = json.dumps({self.kind: {"_index": self.index, "_id": self.key}})
        if self.fields is None:
            return head.encode() + b"\n"
        body = json.dumps(self.fields, ensure_ascii=False, separators=(",", ":"))
        return f"{head}\n{body}\n".encode()


class BulkSender:
    """Sends actions in the order in which they come; any may be sent twice."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def send(self, actions: Sequence[tuple[Action, bytes]]) -> None:
        """Send actions with their lines; raises EngineUnavailable where the cluster refuses one."""
        chunk: list[tuple[Action, bytes]] = []
        size = 0
        for action, lines in actions:
            if chunk and size + len(lines) > REQUEST_BYTES:
                self._send_chunk(chunk)
                chunk, size = [], 0
            chunk.append((action, lines))
            size += len(lines)
        if chunk:
            self._send_chunk(chunk)

    def _send_chunk(self, chunk: list[tuple[Action, bytes]]) -> None:
        for pause in (*_PAUSES, None):
            answer = self._bulk(b"".join(lines for _, lines in chunk))
            if not answer["errors"]:
                return
            items = [next(iter(item.values())) for item in answer["items"]]
            refused = []
            for sent, item in zip(chunk, items, strict=True):
                status = int(item["status"])
                if status in _BUSY:
                    refused.append(sent)
                elif status >= 300 and not _is_expected(sent[0], status):
                    reason = item.get("error", {}).get("reason", f"status {status}")
                    raise self._cluster.unavailable(f"it refuses {sent[0].key}: {reason}")
            if not refused:
                return
            if pause is None:
                raise self._cluster.unavailable("it is too busy to take articles")
            chunk = refused
            time.sleep(pause)

    def _bulk(self, body: bytes) -> Json:
        return self._cluster.ask(lambda client: client.bulk(body=body))


def _is_expected(action: Action, status: int) -> bool:
    """Whether an answer only says that there was nothing to do."""
    return (action.kind, status) in {("create", 409), ("delete", 404)}
