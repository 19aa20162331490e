"""What is known of articles that have not reached the writer yet."""


class ComingDigests:
    """The digests of articles on their way to the writer: the newest of each id."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, int]] = {}

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest one under this id."""
        newest = self._newest.get(doc_id)
        return None if newest is None else newest[0]

    def sent(self, doc_id: str, digest: int) -> None:
        """One more is on its way."""
        _, under_way = self._newest.get(doc_id, (0, 0))
        self._newest[doc_id] = digest, under_way + 1

    def arrived(self, doc_id: str) -> None:
        """The oldest one under this id has reached the writer."""
        digest, under_way = self._newest.pop(doc_id)
        if under_way > 1:
            self._newest[doc_id] = digest, under_way - 1
