"""pyvi's CRF over syllables in plain Python: the same labels from a dictionary of weights.

The model has two labels, B_W (a word begins) and I_W (the word goes on), so one number per token
is enough: the score of I_W minus the score of B_W. pyvi's features of a token are itself, its two
neighbours and whether the bigrams and trigrams that it begins or ends are in the word list. All of
them depend on token types, so what a type contributes is computed once and kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .lcrf import CrfModel
from .pyvi_model import PyviModel

# What a token type contributes, a plain tuple because the hot loop unpacks it: lower-cased form,
# score of the token itself, score given to the next token, score given to the previous token,
# and the second syllables that continue it.
_Continuations = dict[str, tuple[bool, frozenset[str]]]
_TokenType = tuple[str, float, float, float, _Continuations]

_MOST_TYPES: Final = 65_536  # about 20 MB
_LONGEST_KEPT: Final = 64  # code points; longer tokens are rare and would make the bound moot


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
        if len(self) < _MOST_TYPES and len(token) <= _LONGEST_KEPT:
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
