"""The words of a question that ask: an article answers without saying them."""

from collections.abc import Sequence

_ASKING = (
    *(("gì",), ("nào",), ("đâu",), ("mấy",)),
    *(("bao", "nhiêu"), ("bao", "giờ"), ("bao", "lâu"), ("bao", "xa")),
    *(("vì", "sao"), ("tại", "sao"), ("làm", "sao"), ("ra", "sao")),
)
#: "ai" asks at either end and after these; elsewhere it may be a name or an abbreviation.
_BEFORE_WHO = frozenset({"là", "do", "của", "bởi", "với", "cho", "những"})


def asking_words(words: Sequence[str]) -> frozenset[int]:
    """Which of the accented words of a query ask.

    >>> sorted(asking_words("ai là người đầu tiên bay vào vũ trụ và khi nào".split()))
    [0, 11]
    """
    asking = {
        index
        for first in range(len(words))
        for phrase in _ASKING
        if tuple(words[first : first + len(phrase)]) == phrase
        for index in range(first, first + len(phrase))
    }
    for index, word in enumerate(words):
        at_an_end = index in (0, len(words) - 1)
        if word == "ai" and (at_an_end or words[index - 1] in _BEFORE_WHO):
            asking.add(index)
    return frozenset(asking)
