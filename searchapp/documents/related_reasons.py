"""Why two articles are called related, in a few words."""

from itertools import pairwise
from typing import Final

from analyzers import Token, TokenKind, analyze
from index import Article

from ..text.i18n import translate

__all__ = ["related_reason"]

_PARAGRAPHS_READ: Final = 3
_WORDS_SHOWN: Final = 2
#: Words that join others; at the end of a shared run they say nothing about its subject.
_JOINING: Final = frozenset(
    (
        *("bị", "bởi", "các", "cho", "chỉ", "còn", "có", "cùng", "của", "cũng", "do", "đã", "đang"),
        *(
            "đến",
            "để",
            "đó",
            "được",
            "hay",
            "hơn",
            "hoặc",
            "khi",
            "không",
            "là",
            "lại",
            "mà",
            "mỗi",
        ),
        *("một", "này", "nên", "nếu", "ngay", "nhưng", "những", "như", "ở", "phải", "qua", "ra"),
        *("rằng", "rất", "sau", "sẽ", "tại", "theo", "thì", "trên", "trong", "trước", "từ", "và"),
        *("vào", "về", "vì", "vẫn", "với"),
    )
)


def related_reason(article: Article, other: Article) -> str:
    """What the other article shares with this one: tags, else phrases, else its section or day."""
    tags = {tag.casefold() for tag in other.tags}
    shared = [tag for tag in article.tags if tag.casefold() in tags][:_WORDS_SHOWN]
    if shared:
        return translate("cùng từ khóa: %(words)s", words=", ".join(shared))
    phrases = _shared_phrases(article, other)
    if phrases:
        return translate("cùng nhắc: %(words)s", words=", ".join(phrases))
    if article.section and article.section == other.section:
        return translate("cùng chuyên mục %(section)s", section=article.section)
    return translate("cùng đề tài")


def _shared_phrases(article: Article, other: Article) -> list[str]:
    """The longest runs of words that both beginnings have, names first."""
    known = {(a.exact, b.exact) for text in _texts(other) for a, b in _neighbours(text)}
    found: dict[str, str] = {}
    for text in _texts(article):
        run: list[Token] = []
        for first, second in _neighbours(text):
            if (first.exact, second.exact) not in known:
                _keep(found, text, run)
                run = []
            elif run and run[-1] is first:
                run.append(second)
            else:
                _keep(found, text, run)
                run = [first, second]
        _keep(found, text, run)
    ranked = sorted(found.values(), key=lambda words: (not _is_name(words), -len(words)))
    chosen: list[str] = []
    for words in ranked:
        if not any(_overlap(words.casefold(), kept.casefold()) for kept in chosen):
            chosen.append(words)
    return chosen[:_WORDS_SHOWN]


def _texts(article: Article) -> tuple[str, ...]:
    return (article.headline, article.lead, *article.body[:_PARAGRAPHS_READ])


def _neighbours(text: str) -> list[tuple[Token, Token]]:
    tokens = [token for token in analyze(text) if token.kind is TokenKind.WORD]
    return [(a, b) for a, b in pairwise(tokens) if b.position == a.position + 1]


def _keep(found: dict[str, str], text: str, run: list[Token]) -> None:
    telling = [place for place, token in enumerate(run) if token.exact not in _JOINING]
    if len(telling) > 1:
        words = text[run[telling[0]].start : run[telling[-1]].end]
        found.setdefault(words.casefold(), words)


def _overlap(first: str, second: str) -> bool:
    return first in second or second in first


def _is_name(words: str) -> bool:
    return all(word[:1].isupper() for word in words.split())
