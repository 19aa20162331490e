"""Words of several syllables in a sequence of tokens, by pyvi's model and pyvi's rules."""

import logging
import re
import string
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from .pyvi_fallback import PyviLabeller
from .pyvi_model import UnknownModel, load_model, model_directory
from .word_crf import WordCrf

_log = logging.getLogger(__name__)

_MOST_SHAPES: Final = 65_536
_LONGEST_KEPT: Final = 64  # code points

# pyvi's alternatives in pyvi's order, its groups made non-capturing.
_PYVI_TOKEN: Final = re.compile(
    r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\."
    r"|==>|->|\.\.\.|>>|\n"
    r"|\w+://[^\s]+"
    r"|[a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
    r"|\d+(?:[\.,_]\d+)+"
    r"|[^\w\s]|\w+"
)


class Labeller(Protocol):
    """What finds the words: the lean model, or pyvi itself."""

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether it continues the word of the token before it."""


class Segmenter:
    """Finds the words in tokens (syllables and punctuation marks); safe between threads."""

    def __init__(self, labeller: Labeller) -> None:
        self._labeller = labeller
        self._shapes = _Shapes()

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether it continues the word of the token before it: pyvi's labels."""
        return self._labeller.labels(tokens)

    def words(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """(first, last exclusive) token indexes of every word; together they cover all tokens.

        As in pyvi, a label counts only between two tokens that are no punctuation mark, do not
        begin with a digit and do not go from lower case to a capital.

        >>> segmenter().words("học sinh học sinh học .".split())
        [(0, 5), (5, 6)]
        """
        shapes = self._shapes
        starts = [
            at
            for at, continues in enumerate(self._labeller.labels(tokens))
            if not (continues and at and shapes[tokens[at]][1] <= shapes[tokens[at - 1]][0])
        ]
        starts.append(len(tokens))
        return list(pairwise(starts))


class _Shapes(dict[str, tuple[int, int]]):
    """Token → (rank on the left of a joint, rank on its right); it joins if right <= left.

    Left: 0 never joins, 1 lower case, 2 capital. Right: 1 lower case, 2 capital, 3 never joins.
    """

    def __missing__(self, token: str) -> tuple[int, int]:
        # `in` finds the empty token and runs of marks such as "()" as well, as it does in pyvi
        if token in string.punctuation or token[0].isdigit():
            shape = (0, 3)
        elif token[0].istitle():
            shape = (2, 2)
        else:
            shape = (1, 1)
        if len(self) < _MOST_SHAPES and len(token) <= _LONGEST_KEPT:
            self[token] = shape
        return shape


def pyvi_tokens(text: str) -> list[str]:
    """pyvi's own tokens of a text, for comparisons with pyvi; they are slices of its NFC form.

    >>> pyvi_tokens("Giá 1.000 đ, TP. Hà Nội")
    ['Giá', '1.000', 'đ', ',', 'TP.', 'Hà', 'Nội']
    """
    return _PYVI_TOKEN.findall(unicodedata.normalize("NFC", text))


def load_segmenter(directory: Path) -> Segmenter:
    """A segmenter with the model files in `directory`.

    Files other than the known ones are not read: the installed pyvi is imported instead.
    PyviMissing if a file is absent.
    """
    try:
        labeller: Labeller = WordCrf(load_model(directory))
    except UnknownModel as error:
        _log.warning("%s. Importing pyvi instead, which is slow.", error)
        labeller = PyviLabeller()
    return Segmenter(labeller)


_loading = Lock()


def segmenter() -> Segmenter:
    """The segmenter of this process, loaded at the first call; PyviMissing without pyvi."""
    with _loading:
        return _shared_segmenter()


@cache
def _shared_segmenter() -> Segmenter:
    return load_segmenter(model_directory())
