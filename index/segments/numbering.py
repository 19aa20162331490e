"""Numbers for strings, in the order in which they come."""

from collections.abc import Sequence

import numpy as np

from .array_file import Array


class Numbering:
    """Strings by number, with their folded forms."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}
        """String → its number."""
        self.strings: list[str] = []
        self.folded: list[str] = []

    def add(self, string: str, folded: str) -> int:
        """The number of a string that has none yet."""
        number = self.of[string] = len(self.strings)
        self.strings.append(string)
        self.folded.append(folded)
        return number

    def numbers_of(self, strings: Sequence[str], folded: Sequence[str]) -> Array:
        """The numbers (u4) of strings, new ones for those that have none."""
        known = self.of.get
        result = np.empty(len(strings), np.uint32)
        for index, string in enumerate(strings):
            number = known(string)
            result[index] = self.add(string, folded[index]) if number is None else number
        return result

    def used(self, numbers: Sequence[Array]) -> tuple[list[str], list[str], Array]:
        """The strings and folded forms with these numbers, and number → place among them (u4)."""
        is_used = np.zeros(len(self.strings), bool)
        for some in numbers:
            is_used[some] = True
        chosen = np.flatnonzero(is_used)
        places = np.zeros(len(self.strings), np.uint32)
        places[chosen] = np.arange(len(chosen), dtype=np.uint32)
        listed = chosen.tolist()
        return [self.strings[n] for n in listed], [self.folded[n] for n in listed], places

    def sorted(self) -> tuple[list[str], list[str], Array]:
        """Strings and folded forms sorted by folded form, and number → place among them (u4)."""
        keys = list(zip(self.folded, self.strings, strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        places = np.empty(len(keys), np.uint32)
        places[order] = np.arange(len(keys), dtype=np.uint32)
        return [self.strings[n] for n in order], [self.folded[n] for n in order], places
