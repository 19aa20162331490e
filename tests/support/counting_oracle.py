"""Which articles a query finds, counted over raw records without any code of the product.

It reads the text and the query language by their documents (docs/analysis.md, the help page, the
grammar of index/query/syntax.py) with a tokenizer and a parser of its own, and walks over every
record. What those documents leave to the archive (numbers, i and y, joined forms, addresses) it
does not decide: an article of which it is not sure is `possible` only.

A record is a dict of `title`, `lead`, `body` (paragraphs), `captions`, `related`, `section`,
`source`, `authors`, `date` (aware, or None) and `id`.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from functools import cache
from typing import Any, Literal, TypeAlias

__all__ = ["Accents", "Counted", "CountingOracle", "Spelling", "spelling_of"]

Accents: TypeAlias = Literal["auto", "exact", "open", "fold"]
Record: TypeAlias = Mapping[str, Any]

_VIETNAM = timezone(timedelta(hours=7))
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ZONES = ("title", "lead", "body", "captions", "related")
_FIELDS = {
    **{"tieude": "title", "title": "title", "sapo": "lead", "lead": "lead"},
    **{"noidung": "body", "body": "body", "chuthich": "captions", "lienquan": "related"},
}
_LABELS = {"tacgia": "authors", "muc": "section", "nguon": "source"}
_JOINERS = "-‐‑'’ʻʼ.,/:@+_&#"
_CHUNK = re.compile(rf"[^\W_ªº]+(?:[{re.escape(_JOINERS)}]+[^\W_ªº]+)*")
_RUN = re.compile(r"[^\W_ªº]+")
#: A point without a blank behind it, between two sentences.
_SENTENCES = re.compile(r"(?<=[^\W\d_]{3})[.,:](?=[^\W\d_]{2})")
#: Words that i and y spell in two ways (kỹ, kĩ; quý, quí).
_I_OR_Y = re.compile(r"[^aeo]*[iy]")


# -- words


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word in lower case: its letters without marks, the mark of each, and its tone.

    `hòa` and `hoà` are the same spelling.
    """

    letters: str
    shapes: tuple[str, ...]
    tone: str

    @property
    def marked(self) -> bool:
        """Whether it has any accent."""
        return bool(self.tone) or any(self.shapes)

    def allows(self, other: "Spelling") -> bool:
        """Whether the other one has at least these marks on the same letters."""
        return (
            self.letters == other.letters
            and self.tone in ("", other.tone)
            and all(
                mine in ("", theirs) for mine, theirs in zip(self.shapes, other.shapes, strict=True)
            )
        )


@cache
def spelling_of(word: str) -> Spelling:
    """How a word is spelt."""
    letters: list[str] = []
    shapes: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower()):
        if char in _TONES:
            tone += char
        elif unicodedata.combining(char):
            if shapes:
                shapes[-1] += char
        else:
            letters.append("d" if char == "đ" else char)
            shapes.append("đ" if char == "đ" else "")
    return Spelling("".join(letters), tuple(shapes), tone)


@dataclass(slots=True)
class Paragraph:
    """Where each spelling stands; `unsure` are places of what is no plain word."""

    words: list[str] = field(default_factory=list)
    """As written; empty for what is no plain word."""
    places: dict[str, list[tuple[int, Spelling]]] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)


def _read_paragraph(text: str, odd: set[str]) -> Paragraph:
    """A paragraph; letters of words that stand in numbers, names and addresses go to `odd`."""
    paragraph = Paragraph()
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    visible = unicodedata.normalize("NFC", visible)
    for chunk in _CHUNK.findall(_SENTENCES.sub(" ", visible)):
        runs = _RUN.findall(chunk)
        plain = len(runs) == 1 and runs[0].isalpha() and _is_latin(runs[0])
        spelt = [spelling_of(run) for run in runs]
        if not plain:
            folded = [spelling.letters for spelling in spelt]
            for first in range(len(folded)):
                odd.update("".join(folded[first:last]) for last in range(first + 1, first + 6))
        for run, spelling in zip(runs, spelt, strict=True):
            place = len(paragraph.words)
            paragraph.words.append(run if plain else "")
            paragraph.places.setdefault(spelling.letters, []).append((place, spelling))
            if not plain:
                paragraph.unsure.add(place)
    return paragraph


def _is_latin(word: str) -> bool:
    return all("a" <= letter <= "z" for letter in spelling_of(word).letters)


@dataclass(frozen=True, slots=True)
class _Zone:
    paragraphs: tuple[Paragraph, ...]
    marked: bool
    """Whether any of its words has an accent."""

    def has(self, typed: Spelling, accents: str) -> Iterator[tuple[int, int]]:
        """Paragraph and place of each word that a typed one stands for."""
        for number, paragraph in enumerate(self.paragraphs):
            for place, found in paragraph.places.get(typed.letters, ()):
                if _fits(typed, found, accents, bare=not self.marked):
                    yield number, place


def _fits(typed: Spelling, found: Spelling, accents: str, *, bare: bool) -> bool:
    """Whether a word of the text is meant.

    Args:
        accents: `exact`; `typed`, which is exact but finds text without any marks; `open`, where
            typed marks are required and missing ones free; `fold`.
        bare: whether the text has no marks at all.
    """
    match accents:
        case "exact":
            return typed == found
        case "typed":
            return typed == found or bare
        case "open":
            return bare or typed.allows(found)
    return True


# -- the query language

_QUOTE = '"“”„«»'
_MINUS = "-−–"
_LEXEME = re.compile(
    rf"\s+|(?P<sign>[()])|(?P<minus>(?<![^\s(])[{_MINUS}](?=[^{_MINUS}\s]))"
    rf"|[{_QUOTE}](?P<phrase>[^{_QUOTE}]*)[{_QUOTE}](?:~(?P<window>\d+))?"
    rf"|(?P<field>[A-Za-z]{{2,12}}):(?=\S)|(?P<word>[^\s(){_QUOTE}]+)"
)
_OPERATORS = {
    **{"AND": "AND", "VÀ": "AND", "&&": "AND", "OR": "OR", "HOẶC": "OR", "||": "OR"},
    **{"NOT": "NOT", "KHÔNG": "NOT"},
}
#: What is an operator in a query of capitals too.
_IN_CAPITALS = ("AND", "OR", "NOT", "&&", "||")

Node: TypeAlias = tuple[Any, ...]


class _Reader:
    """`("words", text)`, `("phrase", text, window)`, `("field", name, node)`, `("label", name,
    text)`, `("date", text)`, `("not", node)`, `("and", nodes)`, `("or", nodes)`."""

    def __init__(self, query: str) -> None:
        self._items: list[tuple[str, Any]] = []
        for match in _LEXEME.finditer(query):
            kind = match.lastgroup
            if kind == "window" or kind == "phrase":
                self._items.append(("phrase", (match["phrase"], int(match["window"] or 0))))
            elif kind is not None:
                self._items.append((kind, match[kind]))
        capitals = not any(char.islower() for char in query)
        for index, (kind, value) in enumerate(self._items):
            if kind == "word" and value in _OPERATORS:
                inside = 0 < index < len(self._items) - 1
                if not capitals or (inside and value in _IN_CAPITALS):
                    self._items[index] = ("operator", _OPERATORS[value])
        self._at = 0

    def read(self) -> Node:
        node = self._either()
        assert self._at == len(self._items), f"not read to its end: {self._items[self._at :]}"
        return node

    def _next(self) -> tuple[str, Any]:
        return self._items[self._at] if self._at < len(self._items) else ("end", None)

    def _take(self) -> Any:
        self._at += 1
        return self._items[self._at - 1][1]

    def _either(self) -> Node:
        nodes = [self._all()]
        while self._next() == ("operator", "OR"):
            self._take()
            nodes.append(self._all())
        return nodes[0] if len(nodes) == 1 else ("or", nodes)

    def _all(self) -> Node:
        nodes = []
        while self._next() not in (("end", None), ("sign", ")"), ("operator", "OR")):
            if self._next() == ("operator", "AND"):
                self._take()
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else ("and", nodes)

    def _one(self, *, joined: bool = False) -> Node:
        """One operand; joined to a sign before it, only one word of several."""
        kind, value = self._next()
        if (kind, value) == ("operator", "NOT"):
            self._take()
            return ("not", self._one())
        if kind == "minus":
            self._take()
            return ("not", self._one(joined=True))
        if kind == "phrase":
            return ("phrase", *self._take())
        if kind == "sign":
            self._take()
            node = self._either()
            assert self._take() == ")"
            return node
        if kind == "field":
            return self._field(self._take().lower())
        words = [self._take()]
        while not joined and self._next()[0] == "word":
            words.append(self._take())
        return ("words", " ".join(words))

    def _field(self, name: str) -> Node:
        if name in _FIELDS:
            return ("field", _FIELDS[name], self._one(joined=True))
        value = self._take()
        text = value[0] if isinstance(value, tuple) else value
        return ("date", text) if name == "ngay" else ("label", _LABELS[name], text)


def _days(text: str) -> Callable[[date], bool]:
    """Whether a day is meant by what stands behind `ngay:`."""
    first, dots, last = text.partition("..")
    if any_year := re.fullmatch(r"(\d{1,2})/(\d{1,2})", text):
        wanted = (int(any_year[1]), int(any_year[2]))
        return lambda day: (day.day, day.month) == wanted
    begin = _span(first)[0] if first else date.min
    end = _span(last if dots else first)[1] if last or not dots else date.max
    return lambda day: begin <= day <= end


def _span(text: str) -> tuple[date, date]:
    """The first and last day of dd/mm/yyyy, mm/yyyy, yyyy."""
    year, *month_day = (int(part) for part in reversed(text.split("/")))
    if not month_day:
        return date(year, 1, 1), date(year, 12, 31)
    month, *days = month_day
    first, last = (days[0], days[0]) if days else (1, monthrange(year, month)[1])
    return date(year, month, first), date(year, month, last)


# -- counting


@dataclass(frozen=True, slots=True)
class Counted:
    """Ids that are found for sure, and those that may be: `sure` is among `possible`."""

    sure: frozenset[str]
    possible: frozenset[str]


class CountingOracle:
    """Finds by walking over the records."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record["id"]: record for record in records}
        self.odd: set[str] = set()
        """Letters of words that also stand in numbers, joined names, addresses, short forms."""
        self.zones = {
            doc_id: {zone: self._zone(record.get(zone) or "") for zone in _ZONES}
            for doc_id, record in self.records.items()
        }

    def _zone(self, texts: str | Sequence[str]) -> _Zone:
        listed = [texts] if isinstance(texts, str) else texts
        paragraphs = tuple(_read_paragraph(text, self.odd) for text in listed if text)
        marked = any(
            spelling.marked
            for paragraph in paragraphs
            for found in paragraph.places.values()
            for _, spelling in found
        )
        return _Zone(paragraphs, marked)

    def is_plain(self, word: str) -> bool:
        """Whether a word is read in one way only."""
        letters = spelling_of(word).letters
        return bool(letters) and letters not in self.odd and not _I_OR_Y.fullmatch(letters)

    def count(
        self,
        query: str,
        *,
        accents: Accents = "auto",
        sections: Sequence[str] = (),
        sources: Sequence[str] = (),
        authors: Sequence[str] = (),
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> Counted:
        """What a query finds under filters: OR inside one, AND across them."""
        tree = _Reader(query).read() if query else ("and", [])
        found = self._found(tree, _ZONES, accents)
        within = {
            doc_id
            for doc_id, record in self.records.items()
            if (not sections or record["section"] in sections)
            and (not sources or record["source"] in sources)
            and (not authors or not set(authors).isdisjoint(record["authors"]))
            and (
                (first_day is None and last_day is None)
                or self._appeared(
                    record, lambda day: (first_day or day) <= day <= (last_day or day)
                )
            )
        }
        return Counted(found.sure & within, found.possible & within)

    def _found(self, node: Node, zones: Sequence[str], accents: Accents) -> Counted:
        match node:
            case ("and", nodes):
                found = [self._found(child, zones, accents) for child in nodes]
                everything = frozenset(self.records)
                return Counted(
                    everything.intersection(*(each.sure for each in found)),
                    everything.intersection(*(each.possible for each in found)),
                )
            case ("or", nodes):
                found = [self._found(child, zones, accents) for child in nodes]
                return Counted(
                    frozenset().union(*(each.sure for each in found)),
                    frozenset().union(*(each.possible for each in found)),
                )
            case ("not", child):
                inner = self._found(child, zones, accents)
                everything = frozenset(self.records)
                return Counted(everything - inner.possible, everything - inner.sure)
            case ("field", zone, child):
                return self._found(child, [zone for each in zones if each == zone], accents)
            case ("label", column, text):
                return self._where(lambda record: text in _labels(record, column))
            case ("date", text):
                meant = _days(text)
                return self._where(lambda record: self._appeared(record, meant))
            case ("words", text):
                return self._words(text.split(), zones, accents)
            case ("phrase", text, window):
                return self._phrase(text.split(), window, zones, accents)
        raise AssertionError(f"no such node: {node}")

    def _where(self, holds: Callable[[Record], bool]) -> Counted:
        ids = frozenset(doc_id for doc_id, record in self.records.items() if holds(record))
        return Counted(ids, ids)

    @staticmethod
    def _appeared(record: Record, holds: Callable[[date], bool]) -> bool:
        moment = record["date"]
        return moment is not None and holds(moment.astimezone(_VIETNAM).date())

    def _words(self, words: Sequence[str], zones: Sequence[str], accents: Accents) -> Counted:
        typed = [spelling_of(word) for word in words]
        # Typed in full: as typed. Of words with and without accents the archive decides (0004).
        full = all(spelling.marked for spelling in typed)
        match = ("typed" if full else "open") if accents == "auto" else accents
        ids = frozenset(
            doc_id
            for doc_id, read in self.zones.items()
            if all(
                any(True for zone in zones for _ in read[zone].has(spelling, match))
                for spelling in typed
            )
        )
        if accents == "auto" and not full and any(spelling.marked for spelling in typed):
            return Counted(self._words(words, zones, "exact").sure, ids)
        return Counted(ids, ids)

    def _phrase(
        self, words: Sequence[str], window: int, zones: Sequence[str], accents: Accents
    ) -> Counted:
        typed = [spelling_of(word) for word in words]
        marked = any(spelling.marked for spelling in typed)
        match = accents if accents in ("exact", "fold") else "exact" if marked else "open"
        joined = "".join(spelling.letters for spelling in typed) if len(typed) > 1 else ""
        sure, possible = set(), set()
        for doc_id, read in self.zones.items():
            found = [_stands(read[zone], typed, window, match) for zone in zones]
            # A name written as one word (Nhatrang) may stand for its syllables.
            if any(each is not None for each in found) or any(
                joined in paragraph.places for zone in zones for paragraph in read[zone].paragraphs
            ):
                possible.add(doc_id)
            if any(found):
                sure.add(doc_id)
        return Counted(frozenset(sure), frozenset(possible))


def _labels(record: Record, column: str) -> Sequence[str]:
    value = record[column]
    return [value] if isinstance(value, str) else value


def _stands(zone: _Zone, typed: Sequence[Spelling], window: int, accents: str) -> bool | None:
    """Whether a phrase stands in one paragraph; None if not, False if that is not sure.

    Words of `"…"~n` are at most n words apart, in any order; without a window they are a row.
    """
    by_paragraph: list[dict[int, list[int]]] = []
    for spelling in typed:
        places: dict[int, list[int]] = {}
        for number, place in zone.has(spelling, accents):
            places.setdefault(number, []).append(place)
        by_paragraph.append(places)
    best = None
    for number in set(by_paragraph[0]).intersection(*by_paragraph):
        paragraph = zone.paragraphs[number]
        each = [places[number] for places in by_paragraph]
        if not window:
            rows = [set(places) for places in each]
            if any(all(at + step in row for step, row in enumerate(rows)) for at in rows[0]):
                return True
            continue
        for low in sorted(set().union(*each)):
            nearest = [next((at for at in places if at >= low), None) for places in each]
            if None in nearest:
                break
            high = max(at for at in nearest if at is not None)
            between = paragraph.unsure.intersection(range(low, high + 1))
            if not between and high - low <= window:
                return True
            if between and high - low - len(between) <= window:
                best = False
    return best
