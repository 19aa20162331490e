"""Lists of strings as two arrays: the UTF-8 bytes, and the offsets (n + 1) of each string."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .array_file import Array, smallest_unsigned


def pack_bytes(items: Sequence[bytes]) -> tuple[Array, Array]:
    """The joined bytes and their offsets."""
    offsets = np.zeros(len(items) + 1, dtype=np.int64)
    np.cumsum([len(item) for item in items], out=offsets[1:])
    blob = np.frombuffer(b"".join(items), dtype=np.uint8)
    return blob, offsets.astype(smallest_unsigned(int(offsets[-1])))


def pack_strings(items: Sequence[str]) -> tuple[Array, Array]:
    """The joined UTF-8 bytes and their offsets; lone surrogates are kept as they are."""
    return pack_bytes([item.encode("utf-8", "surrogatepass") for item in items])


@dataclass(frozen=True, slots=True)
class StringList:
    """A read-only list of strings over packed arrays."""

    blob: Array
    offsets: Array

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def raw(self, index: int) -> bytes:
        """The UTF-8 bytes of one string."""
        return self.blob[int(self.offsets[index]) : int(self.offsets[index + 1])].tobytes()

    def __getitem__(self, index: int) -> str:
        return self.raw(index).decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Every string, decoded at once."""
        data = self.blob.tobytes()
        bounds = self.offsets.tolist()
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(bounds)]

    def bisect(self, key: bytes, low: int = 0, high: int | None = None) -> int:
        """The first index whose bytes are not below the key, in a list sorted by bytes."""
        high = len(self) if high is None else high
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low
