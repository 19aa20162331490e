"""The four boxes of the advanced form and the one query that says the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["COMPOSED", "QueryParts", "compose", "parts_of"]

#: Parameters that only the form sends; `q` holds the words that must all be there.
COMPOSED: Final = ("phrase", "any", "none")

_QUOTES: Final = str.maketrans("", "", '"“”„')
_SIGNS: Final = str.maketrans("()", "  ", '"“”„')
#: What `compose` writes, read backwards: words, "phrase", (one OR other), -word.
_COMPOSED_QUERY: Final = re.compile(
    r"""
    (?P<all> [^"()\s*-] [^"()]*? )?? \s*
    (?: " (?P<phrase> [^"]+ ) " )? \s*
    (?: \( (?P<any> [^"()]+ ) \) )? \s*
    (?P<none> (?: (?:^|(?<=\s)) -[^"()\s-]+ \s* )* )
    """,
    re.VERBOSE,
)
_OPERATOR: Final = re.compile(r"\b(?:OR|HOẶC|AND|VÀ|NOT|KHÔNG)\b|:")


@dataclass(frozen=True, slots=True)
class QueryParts:
    """The texts of the four boxes."""

    all_words: str = ""
    phrase: str = ""
    any_words: str = ""
    none_words: str = ""


def compose(values: Mapping[str, str]) -> str:
    """The query of a form that was filled in.

    >>> compose({"q": "ngập", "phrase": "hà nội", "any": "mưa bão", "none": "thể thao"})
    'ngập "hà nội" (mưa OR bão) -thể -thao'
    """
    every = values.get("q", "").strip()
    phrase = " ".join(values.get("phrase", "").translate(_QUOTES).split())
    either = values.get("any", "").translate(_SIGNS).split()
    without = [word.lstrip("-") for word in values.get("none", "").translate(_SIGNS).split()]
    parts = [every, f'"{phrase}"' if phrase else "", " OR ".join(either)]
    if len(either) > 1:
        parts[2] = f"({parts[2]})"
    return " ".join(part for part in (*parts, *(f"-{word}" for word in without if word)) if part)


def parts_of(query: str) -> QueryParts:
    """The boxes that `compose` makes this query of; all of it in the first where it cannot be.

    >>> parts_of('ngập "hà nội" (mưa OR bão) -thể -thao')
    QueryParts(all_words='ngập', phrase='hà nội', any_words='mưa bão', none_words='thể thao')
    """
    match = _COMPOSED_QUERY.fullmatch(query.strip())
    if match is None:
        return QueryParts(query)
    either = (match["any"] or "").split(" OR ")
    parts = QueryParts(
        (match["all"] or "").strip(),
        (match["phrase"] or "").strip(),
        " ".join(either),
        " ".join(word.lstrip("-") for word in match["none"].split()),
    )
    plain = not any(_OPERATOR.search(text) for text in (parts.all_words, parts.any_words))
    again = compose(
        {
            "q": parts.all_words,
            "phrase": parts.phrase,
            "any": parts.any_words,
            "none": parts.none_words,
        }
    )
    return parts if plain and again == query.strip() else QueryParts(query)
