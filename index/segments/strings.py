"""Lists of strings as two arrays: the UTF-8 bytes, and the offsets (n + 1) of each string."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..cache import Memo
from .array_file import Array, ArrayFile, smallest_unsigned

#: Folded forms whose strings are remembered: all that queries ask for over and over.
_LOOK_UPS_KEPT = 10_000
#: From so many folded forms with so many letters in common on, a part of the list is read instead.
_MANY, _BEGINNING = 12, 3


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Strings sorted by folded form; the forms of one fold have consecutive numbers."""

    text: StringList
    folds: StringList
    fold_first: Array
    _looked_up: Memo[Mapping[str, int]] = field(
        default_factory=lambda: Memo(_LOOK_UPS_KEPT), repr=False
    )

    @classmethod
    def of(cls, file: ArrayFile, prefix: str) -> "Vocabulary":
        """The vocabulary with this prefix."""
        arrays = file.arrays
        return cls(
            StringList(arrays[f"{prefix}.text"], arrays[f"{prefix}.text_offsets"]),
            StringList(arrays[f"{prefix}.fold"], arrays[f"{prefix}.fold_offsets"]),
            arrays[f"{prefix}.fold_first"],
        )

    def numbers(self, fold: str) -> Mapping[str, int]:
        """The strings with this folded form, in order, with their numbers."""
        return self._looked_up.get(
            fold, lambda: {self.text[number]: number for number in self.forms(fold)}
        )

    def forms(self, fold: str) -> range:
        """The numbers of the strings with this folded form."""
        key = fold.encode("utf-8", "surrogatepass")
        index = self.folds.bisect(key)
        if index == len(self.folds) or self.folds.raw(index) != key:
            return range(0)
        return range(int(self.fold_first[index]), int(self.fold_first[index + 1]))

    def number(self, text: str, fold: str) -> int | None:
        """The number of one string."""
        return self.numbers(fold).get(text)

    def numbers_from(self, prefix: str) -> range:
        """The numbers of the strings whose folded form begins with the prefix."""
        key = prefix.encode("utf-8", "surrogatepass")
        # No byte of UTF-8 is as high as this one.
        low, high = self.folds.bisect(key), self.folds.bisect(key + b"\xff")
        return range(int(self.fold_first[low]), int(self.fold_first[high]))

    def among(self, folds: Collection[str]) -> Iterator[str]:
        """Those of the folded forms that the list has; faster where they begin alike."""
        by_beginning: dict[str, set[str]] = {}
        for fold in folds:
            by_beginning.setdefault(fold[:_BEGINNING], set()).add(fold)
        for beginning, wanted in by_beginning.items():
            if len(wanted) >= _MANY:
                yield from wanted.intersection(fold for fold, _ in self.folds_from(beginning))
            else:
                yield from (fold for fold in wanted if self.forms(fold))

    def folds_from(self, prefix: str) -> Iterator[tuple[str, range]]:
        """Folded forms with this prefix in order, each with the numbers of its strings."""
        key = prefix.encode("utf-8", "surrogatepass")
        index = self.folds.bisect(key)
        while index < len(self.folds):
            raw = self.folds.raw(index)
            if not raw.startswith(key):
                return
            fold = raw.decode("utf-8", "surrogatepass")
            yield fold, range(int(self.fold_first[index]), int(self.fold_first[index + 1]))
            index += 1
