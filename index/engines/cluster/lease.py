"""Who writes to an archive: a document that one writer holds for a while."""

import time
import uuid

from opensearchpy.exceptions import ConflictError, NotFoundError

from ...errors import IndexLocked
from .connection import Cluster, Json

#: A writer that has said nothing for so long may be pushed aside by another one.
LEASE_SECONDS = 60.0
_ASKED_EVERY = 0.5
_KEY = "lease"


class Lease:
    """The right to write; no thread may share it."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._owner = uuid.uuid4().hex
        self._held: Json | None = None

    def take(self, wait: float = 0.0) -> None:
        """Become the one writer; raises IndexLocked while another one is.

        Args:
            wait: seconds in which to ask again and again; who asks at the right moment is next.
        """
        ends = time.monotonic() + wait
        while True:
            try:
                self._take()
            except IndexLocked:
                # Not "left <= 0", by which no number (NaN) would wait for ever.
                if not (left := ends - time.monotonic()) > 0:
                    raise
                time.sleep(min(left, _ASKED_EVERY))
            else:
                return

    def _take(self) -> None:
        fields = self._fields()
        try:
            self._held = self._cluster.call(
                lambda c: c.index(
                    index=self._index, id=_KEY, body=fields, params={"op_type": "create"}
                )
            )
        except ConflictError:
            self._take_over()

    def renew(self) -> None:
        """Stay the one writer; raises IndexLocked where another one has taken over."""
        self._hold(self._held)

    def release(self) -> None:
        """Let another one write."""
        held, self._held = self._held, None
        if held is None:
            return
        try:
            self._cluster.call(
                lambda c: c.delete(index=self._index, id=_KEY, params=_unchanged(held))
            )
        except (ConflictError, NotFoundError):
            # It ran out, and another writer has it.
            return

    def _take_over(self) -> None:
        """Replace a lease that has run out, or one that an attempt of ours has made."""
        found = self._found()
        if found is None:
            self._take()
            return
        fields = found["_source"]
        if fields["owner"] != self._owner and fields["until"] > time.time():
            raise IndexLocked(self._cluster.address)
        self._hold(found)

    def _hold(self, lease: Json | None) -> None:
        """Write the lease anew where nobody else has since."""
        if lease is None:
            raise IndexLocked(self._cluster.address)
        fields, parameters = self._fields(), _unchanged(lease)
        try:
            self._held = self._cluster.call(
                lambda c: c.index(index=self._index, id=_KEY, body=fields, params=parameters)
            )
        except ConflictError as error:
            # An attempt whose answer was lost counts as well as one that was heard.
            found = self._found()
            if found is None or found["_source"]["owner"] != self._owner:
                self._held = None
                raise IndexLocked(self._cluster.address) from error
            self._held = found

    def _found(self) -> Json | None:
        try:
            found: Json = self._cluster.call(lambda c: c.get(index=self._index, id=_KEY))
        except NotFoundError:
            return None
        return found

    def _fields(self) -> Json:
        return {"kind": _KEY, "owner": self._owner, "until": time.time() + LEASE_SECONDS}


def _unchanged(document: Json) -> Json:
    """Parameters that make a write fail where the document has been written since."""
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}
