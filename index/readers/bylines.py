"""Names of authors as bylines write them, several in one text, with what is no name cut off."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from analyzers import fold

from .markup import plain_text
from .outlets import outlet_name, site_domain
from .text_repair import one_line

__all__ = ["author_names", "is_person", "signed_names", "split_names"]

_SEPARATOR: Final = re.compile(r"\s*[,;|\n•]\s*|\s+(?:và|and|und|et|y|&|-|–|—)\s+|\s*/\s*")
_LABEL: Final = (
    r"bài|ảnh|tin|video|clip|đồ họa|thiết kế|tác giả|người viết|thực hiện|nguồn|theo|by|author"
    r"|written by"
)
#: "Bài và ảnh: ", "Tin, bài/"; "Theo " and "By " also without a mark.
_BEFORE: Final = re.compile(
    rf"(?i:(?:{_LABEL})(?:\s*(?:,|/|&|và|-)\s*(?:{_LABEL}))*\s*[:/,]\s*"
    rf"|(?:{_LABEL})(?:\s*(?:,|/|&|và|-)\s*(?:{_LABEL}))+\s+(?-i:(?=[A-ZÀ-ỸĐ]))"
    r"|(?:theo|written by|by|phóng viên|pv|ctv|nhà báo)\s+(?=\S))"
    r"|(?:Von|Par|Por)\s+(?=[A-ZÀ-Ý]\S+\s+[A-ZÀ-Ý])"
)
_REPORTED: Final = re.compile(r"theo\s+", re.IGNORECASE)
#: What a person works for: "Lê An/Báo Sông Lục".
_EMPLOYER: Final = re.compile(
    r"(?:báo|đài|tạp chí|thông tấn xã|ttxvn|vietnam\+|vnews)(?!\w).*", re.IGNORECASE
)
_BEHIND: Final = re.compile(
    r"\s*(?:\((?:[^()]*)\)"
    r"|[-–—,]?\s*(?:tổng hợp|lược dịch|biên dịch|lược ghi|ghi|dịch|thực hiện))\s*$",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>|^\S+@\S+\s*\((?P<name>[^()]+)\)$")
#: A byline that is no address: "T.TH".
_INITIALS: Final = re.compile(r"(?:[A-ZĐ]{1,2}\.)+(?!VN)[A-ZĐ]{1,2}")
_NO_NAME: Final = re.compile(
    r"[\d\W_]*|https?:.*|www\..*|\S+@\S+|null|none|nan|n/?a", re.IGNORECASE
)
_NOT_A_PERSON: Final = frozenset(
    (
        "admin",
        "administrator",
        "anonymous",
        "author",
        "editor",
        "guest",
        "tac gia",
        "unknown",
        "user",
    )
)
_LONGEST: Final = 120
_SIGNATURE_WORDS: Final = 12
_AROUND_SITES: Final = re.compile(
    r"^(?:bao(?:dientu)?|tapchi|trang|kenh)|(?:online|news|dientu|vn|com)+$"
)


def split_names(text: str) -> list[str]:
    """The names that one text holds, divided by commas, "và" and the like.

    >>> split_names("Lê An, Trần Bình và Võ Ca")
    ['Lê An', 'Trần Bình', 'Võ Ca']
    """
    text = _without_label(one_line(plain_text(text)))
    # "Lê An, ảnh: Trần Bình": a label may stand before each of them.
    names = [name for part in _SEPARATOR.split(text) if (name := _without_label(part)).strip()]
    # "Lê An, theo Báo Sông Lục": the latter is where it came from.
    names = [name for name in names if not _EMPLOYER.fullmatch(name)] or names
    return [name for name in names if not _REPORTED.match(name)] or names


def _without_label(text: str) -> str:
    label = _BEFORE.match(text)
    return text if label is None or _REPORTED.fullmatch(label[0]) else text[label.end() :]


_PERSON: Final = re.compile(r"(?:[^\W\d_][\w.’'-]*\s+){0,5}[^\W\d_][\w.’'-]*")


def is_person(name: str) -> bool:
    """Whether every word begins with a capital, as names of people do."""
    return _PERSON.fullmatch(name) is not None and all(
        word[0].isupper() or word in ("de", "van", "von", "der", "la") for word in name.split()
    )


def author_names(names: Iterable[str], source: str, url: str) -> tuple[Sequence[str], list[str]]:
    """Those of the names that can be people's, cut clean, and the others as they came.

    The name of the paper itself, of its site or of its publisher is none; neither are numbers,
    addresses and names of accounts. The paper's name is in neither: it is known already.

    Args:
        names: one person each.
        source: the paper.
        url: the article's address, or "".
    """
    names = list(names)
    if not names:
        return (), []
    own = {_key_of_site(_key(name)) for name in (source, site_domain(source), site_domain(url))}
    for domain in (site_domain(source), site_domain(url)):
        own |= {
            _key_of_site(_key(part)) for part in (outlet_name(domain), domain.partition(".")[0])
        }
    own.discard("")
    kept: dict[str, None] = {}
    refused = []
    for written in names:
        name = _clean(written)
        key = _key(name)
        # "VOV-Tây Bắc": an office of the paper.
        if _key_of_site(key) in own or _key_of_site(_key(name.partition("-")[0])) in own:
            continue  # nothing is lost: the paper is the source already
        is_site = "." in site_domain(name) and not _INITIALS.fullmatch(name)
        if key and not is_site and not _is_no_name(name):
            kept[name] = None
        elif one_line(written):
            refused.append(written)
    return tuple(kept), refused


def signed_names(line: str, source: str, url: str) -> Sequence[str]:
    """The people whom a line below a text names, () where it is no such line.

    >>> signed_names("Bài và ảnh: Lê An - Trần Bình (tổng hợp)", "", "")
    ('Lê An', 'Trần Bình')

    Args:
        line: of text, on one line.
        source: the paper.
        url: the article's address, or "".
    """
    line = line.strip(" .")
    if len(line.split()) > _SIGNATURE_WORDS:
        return ()
    parts = [part for part in split_names(line) if "@" not in part]
    names, refused = author_names(parts, source, url)
    if _REPORTED.match(line) and "/" not in line and "(" not in line:
        return ()  # "Theo Reuters"
    people = [name for name in names if is_person(name)]
    return tuple(people) if people and len(people) + len(refused) == len(parts) else ()


def _is_no_name(text: str) -> bool:
    return (
        len(text) > _LONGEST
        or _NO_NAME.fullmatch(text) is not None
        or fold(text.casefold()) in _NOT_A_PERSON
    )


def _clean(text: str) -> str:
    name = one_line(plain_text(text))
    if len(name) <= _LONGEST:
        name = _MAIL.sub(lambda mail: mail["name"] or "", name)
    name = name.strip(" .,;:|-–—*")
    while (
        shorter := _BEHIND.sub(
            "", name[label.end() :] if (label := _BEFORE.match(name)) else name
        ).strip()
    ) != name and shorter:
        name = shorter
    return name


def _key_of_site(key: str) -> str:
    """The key of a name without what papers put before and behind theirs."""
    return _AROUND_SITES.sub("", key) or key


def _key(text: str) -> str:
    """The letters and digits of a name, which spell one paper in many ways."""
    return re.sub(r"[\W_]+", "", fold(text.casefold()))
