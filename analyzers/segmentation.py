"""Words of several syllables in a sequence of tokens, by pyvi's model and pyvi's rules."""

import logging
import re
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from .pyvi_model import CrfModel, PyviLabeller, PyviModel, UnknownModel, load_model, model_directory

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


# What a token type contributes, a plain tuple because the hot loop unpacks it: lower-cased form,
# score of the token itself, score given to the next token, score given to the previous token,
# and the second syllables that continue it.
_Continuations = dict[str, tuple[bool, frozenset[str]]]
_TokenType = tuple[str, float, float, float, _Continuations]

_MOST_TYPES: Final = 65_536  # about 20 MB
_LONGEST_TYPE_KEPT: Final = 64  # code points; longer tokens are rare and would make the bound moot


class WordCrf:
    """Labels tokens as pyvi does; safe to share between threads."""

    def __init__(self, model: PyviModel) -> None:
        self._types = _TokenTypes(_differences(model.crf), _continuations(model.words))
        begin, inside = _label_numbers(model.crf)
        after_begin, after_inside = model.crf.transitions[begin], model.crf.transitions[inside]
        self._begin_begin, self._begin_inside = after_begin[begin], after_begin[inside]
        self._inside_begin, self._inside_inside = after_inside[begin], after_inside[inside]

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether it continues the word of the token before it.

        The time is linear in the number of tokens. The first label is the model's too, though no
        token stands before it.
        """
        if not tokens:
            return []
        return self._best_path(self._scores(tokens))

    def _scores(self, tokens: Sequence[str]) -> list[float]:
        """Score of I_W minus score of B_W for every token, without the transitions."""
        types = self._types
        bigram_end, bigram_start = types.bigram_end, types.bigram_start
        trigram_end, trigram_start = types.trigram_end, types.trigram_start
        rows = list(map(types.__getitem__, tokens))
        scores: list[float] = []
        append = scores.append
        _, score, to_next, _, continuations = rows[0]
        thirds: frozenset[str] = frozenset()
        for lower, next_score, next_to_next, to_previous, next_continuations in rows[1:]:
            score += to_previous
            next_score += to_next
            if thirds:
                if lower in thirds:
                    scores[-1] += trigram_start
                    next_score += trigram_end
                thirds = frozenset()
            if lower in continuations:
                is_bigram, thirds = continuations[lower]
                if is_bigram:
                    score += bigram_start
                    next_score += bigram_end
            append(score)
            score, to_next, continuations = next_score, next_to_next, next_continuations
        append(score)
        return scores

    def _best_path(self, scores: list[float]) -> list[bool]:
        """Viterbi over the differences I_W - B_W; a tie goes to B_W, as in CRFsuite."""
        begin_begin, begin_inside = self._begin_begin, self._begin_inside
        inside_begin, inside_inside = self._inside_begin, self._inside_inside
        # A path through I_W at a token is better than one through B_W if the difference there is
        # above this bound, which depends on the label that follows.
        bound_before_begin = begin_begin - inside_begin
        bound_before_inside = begin_inside - inside_inside
        lower_bound = min(bound_before_begin, bound_before_inside)
        upper_bound = max(bound_before_begin, bound_before_inside)
        after_begin = begin_inside - begin_begin
        after_inside = inside_inside - inside_begin

        path = iter(scores)
        difference = next(path)
        differences = [difference]
        append = differences.append
        for score in path:
            if difference <= lower_bound:
                difference = score + after_begin
            elif difference > upper_bound:
                difference = score + after_inside
            else:
                difference = (
                    score
                    + max(begin_inside, difference + inside_inside)
                    - max(begin_begin, difference + inside_begin)
                )
            append(difference)

        label = differences.pop() > 0.0
        labels = [label]
        for difference in reversed(differences):
            label = difference > (bound_before_inside if label else bound_before_begin)
            labels.append(label)
        labels.reverse()
        return labels


class _TokenTypes(dict[str, _TokenType]):
    """Token → its contributions, computed when first asked for; holds a bounded number."""

    def __init__(self, weights: Mapping[str, float], continuations: dict[str, _Continuations]):
        super().__init__()
        self._weights = weights
        self._continuations = continuations
        self._nothing: _Continuations = {}
        self.bigram_end = weights.get("-1:word.bi_gram()", 0.0)
        self.bigram_start = weights.get("+1:word.bi_gram()", 0.0)
        self.trigram_end = weights.get("-2:word.tri_gram()", 0.0)
        self.trigram_start = weights.get("+2:word.tri_gram()", 0.0)

    def __missing__(self, token: str) -> _TokenType:
        weight = self._weights.get
        lower = token.lower()
        known = lower.partition("\0")[0]  # python-crfsuite hands attributes over as C strings
        case = [
            name
            for name, holds in (("istitle", token.istitle()), ("isupper", token.isupper()))
            if holds
        ]

        def contribution(place: str) -> float:
            return weight(f"{place}word.lower():{known}", 0.0) + sum(
                weight(f"{place}word.{name}()", 0.0) for name in case
            )

        own = weight("bias", 0.0) + contribution("")
        if token.isdigit():
            own += weight("word.isdigit()", 0.0)
        row = (
            lower,
            own,
            contribution("-1:"),
            contribution("+1:"),
            self._continuations.get(lower, self._nothing),
        )
        if len(self) < _MOST_TYPES and len(token) <= _LONGEST_TYPE_KEPT:
            self[token] = row
        return row


def _label_numbers(crf: CrfModel) -> tuple[int, int]:
    return crf.labels.index("B_W"), crf.labels.index("I_W")


def _differences(crf: CrfModel) -> dict[str, float]:
    """Attribute → weight for I_W minus weight for B_W."""
    begin, inside = _label_numbers(crf)
    return {attribute: pair[inside] - pair[begin] for attribute, pair in crf.state.items()}


def _continuations(words: Iterable[str]) -> dict[str, _Continuations]:
    """First syllable → second → (the two are a word, the third syllables that make a word)."""
    bigrams: set[tuple[str, str]] = set()
    thirds: dict[tuple[str, str], set[str]] = {}
    for word in words:
        match word.split(" "):
            case [first, second]:
                bigrams.add((first, second))
            case [first, second, third]:
                thirds.setdefault((first, second), set()).add(third)
    result: dict[str, _Continuations] = {}
    for first, second in bigrams | thirds.keys():
        entry = ((first, second) in bigrams, frozenset(thirds.get((first, second), ())))
        result.setdefault(first, {})[second] = entry
    return result
