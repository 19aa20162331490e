"""The JSON-LD of a news page: read though it is broken, and the node that is about this page."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from ..article import canonical_url
from .markup import plain_text, unescape
from .text_repair import one_line, words_of

__all__ = ["LinkedData", "Node", "ids_of", "names_of", "read_linked_data", "texts_of"]

Node = dict[str, object]

_ARTICLE_ENDINGS: Final = ("article", "blogposting", "reportage")
#: Kinds whose dates and texts stand for the page where it has no article node.
_PAGES: Final = ("webpage", "itempage", "videoobject", "imagegallery", "mediaobject")
#: Nodes below these keys are other articles than the page's.
_OTHERS: Final = frozenset(
    ("itemlistelement", "haspart", "relatedlink", "mentions", "citation", "isbasedon", "subjectof")
)
_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)*|"
    r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|;|\s)*$"
)
_TRAILING_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_FIELD: Final = r'"%s"\s*:\s*"((?:[^"\\]|\\.)*)"'
_LOOSE_FIELDS: Final = ("datePublished", "dateModified", "articleSection")
_AUTHOR: Final = re.compile(r'"author"\s*:\s*(\[[^\]]*\]|\{[^}]*\})')
_NAME: Final = re.compile(r'"name"\s*:\s*"((?:[^"\\]|\\.)*)"')
_ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What the JSON-LD of a page says; `article` is {} where no node is about the page."""

    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    """The node of the page or of its video."""
    breadcrumb: tuple[str, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()
    """The nodes that others name by their id."""
    entries: tuple[Node, ...] = ()
    """The updates of a live page."""
    broken: bool = False


def read_linked_data(tree: HtmlElement, url: str, headlines: Sequence[str]) -> LinkedData:
    """The page's JSON-LD.

    Args:
        tree: the page.
        url: its canonical address, or "".
        headlines: as the page shows itself: <h1>, og:title, <title>.
    """
    own: list[Node] = []
    nodes: list[Node] = []
    broken = False
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        value, mended = _parse(script.text or "")
        broken = broken or mended
        for node, is_own in _nodes(value):
            nodes.append(node)
            if is_own:
                own.append(node)
    articles = [node for node in own if _is_kind(node, _ARTICLE_ENDINGS)]
    article = _about(articles, url, headlines)
    return LinkedData(
        article=article,
        page=next((node for node in own if _is_kind(node, _PAGES)), {}),
        breadcrumb=_breadcrumb(nodes),
        named=tuple(
            (id_, node) for node in nodes if "name" in node for id_ in texts_of(node.get("@id"))
        ),
        entries=tuple(
            entry for entry in _list(article.get("liveBlogUpdate")) if isinstance(entry, dict)
        ),
        broken=broken,
    )


def texts_of(value: object) -> list[str]:
    """The texts of a value that may be one text or a list of them, entities read."""
    return [unescape(text) for text in _list(value) if isinstance(text, str) and one_line(text)]


def ids_of(value: object) -> list[str]:
    """The addresses in a value: texts, or nodes with an id or address."""
    found = []
    for part in _list(value):
        if isinstance(part, dict):
            found += texts_of(part.get("@id")) + texts_of(part.get("url"))
        else:
            found += texts_of(part)
    return found


def names_of(value: object, data: LinkedData) -> list[str]:
    """The names in a value: texts, nodes with a name, references to such nodes."""
    by_id = dict(data.named)
    names = []
    for part in _list(value):
        if isinstance(part, dict):
            own = texts_of(part.get("name"))
            for id_ in () if own else texts_of(part.get("@id")):
                own += texts_of(by_id.get(id_, {}).get("name"))
            names += own
        else:
            names += texts_of(part)
    return list(map(plain_text, names))


def _parse(text: str) -> tuple[object, bool]:
    """The value, and whether it had to be gathered from broken JSON."""
    text = _WRAPPING.sub("", text.replace("\ufeff", ""))
    if not text:
        return None, False
    for attempt in (text, _TRAILING_COMMA.sub(lambda match: match[1] or "", text)):
        try:
            # Not strict: real pages have line ends inside strings.
            return json.loads(attempt, strict=False), False
        except (ValueError, RecursionError):
            continue
    node: Node = {"@type": "NewsArticle"}
    for name in _LOOSE_FIELDS:
        if match := re.search(_FIELD % name, text):
            node[name] = match[1]
    if match := _AUTHOR.search(text):
        node["author"] = _NAME.findall(match[1])
    return (node if len(node) > 1 else None), True


def _nodes(value: object) -> Iterator[tuple[Node, bool]]:
    """Every object in the value, outer before inner, and whether it is not below another's list."""
    level: list[tuple[object, bool]] = [(value, True)]
    while level:
        yield from ((part, own) for part, own in level if isinstance(part, dict))
        level = [inner for part, own in level for inner in _inner(part, own)]


def _inner(value: object, own: bool) -> Iterable[tuple[object, bool]]:
    if isinstance(value, dict):
        return [
            (inner, own and key.lower() not in _OTHERS)
            for key, inner in value.items()
            if isinstance(inner, dict | list)
        ]
    return [(inner, own) for inner in value] if isinstance(value, list) else []


def _is_kind(node: Node, endings: tuple[str, ...]) -> bool:
    return any(kind.lower().endswith(endings) for kind in texts_of(node.get("@type")))


def _about(nodes: Sequence[Node], url: str, headlines: Sequence[str]) -> Node:
    """The node whose address or headline is this page's; the only one, where none is."""
    own = canonical_url(url)
    for node in nodes if own else ():
        addresses = ids_of(node.get("mainEntityOfPage")) + ids_of([node])
        if own in map(canonical_url, addresses):
            return node
    shown = [words for text in headlines if (words := words_of(text))]
    alike = [(max((_overlap(words, node) for words in shown), default=0.0), node) for node in nodes]
    best, node = max(alike, key=lambda pair: pair[0], default=(0.0, {}))
    return node if best >= _ALIKE or len(nodes) == 1 else {}


def _overlap(words: frozenset[str], node: Node) -> float:
    """The share of words that the shorter of two headlines has in common with the other."""
    own = words_of(" ".join(texts_of(node.get("headline"))))
    return len(words & own) / min(len(words), len(own)) if own else 0.0


def _breadcrumb(nodes: Iterable[Node]) -> tuple[str, ...]:
    for node in nodes:
        if not _is_kind(node, ("breadcrumblist",)):
            continue
        steps = []
        for step in _list(node.get("itemListElement")):
            if isinstance(step, dict):
                item = step.get("item")
                named = texts_of(step.get("name")) or (
                    texts_of(item.get("name")) if isinstance(item, dict) else []
                )
                steps += named[:1]
        if steps:
            return tuple(map(plain_text, steps))
    return ()


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
