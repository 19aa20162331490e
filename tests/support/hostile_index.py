"""Indexes that no program of ours wrote, though every checksum in them is right."""

import json
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
from archives import in_memory, merge_all
from damage import read_toc, segments, toc, write_toc
from generated_news import numbered_article

from index import (
    AccentMode,
    Article,
    DocumentError,
    RelatedItem,
    SearchRequest,
    SortOrder,
    SuggestRequest,
)
from index.engines.embedded.engine import WhooshEngine
from index.segments.array_file import Array, open_arrays, write_arrays

STORED = "doc.stored"
#: So many articles have the long lists of postings that short archives lack.
_ARTICLES = 300
_COUNTS = range(8)
_PREFIX = struct.Struct("<8sQI")


def _crowded() -> Article:
    """An article with so many combinations of frequencies and positions that some are escaped."""
    parts: dict[str, list[str]] = {"lead": [], "body": [], "captions": []}
    for number in range(len(_COUNTS) ** len(parts)):
        rest = number
        for words in parts.values():
            rest, count = divmod(rest, len(_COUNTS))
            words += [f"tu{number}"] * count
    lead, body, captions = (" ".join(words) for words in parts.values())
    return Article(
        id="đông", headline="Hà Nội đông đúc", lead=lead, body=(body,), captions=(captions,)
    )


def _articles() -> Iterator[Article]:
    random = Random(20261130)  # noqa: S311 -- the same texts in every run, no secrets
    for number in range(_ARTICLES):
        plain = numbered_article(number, random.choice(("thủ đô Hà Nội", "Hà Nội mưa lũ")))
        yield Article(
            id=plain.id,
            headline=plain.headline,
            lead=random.choice(("Lũ về trên sông Hồng.", "")),
            body=plain.body,
            source=random.choice(("Báo Sông Hồng", "Thời Sự", "")),
            section=random.choice(("Thời tiết", "Kinh tế")),
            authors=("Lê Lai",) if number % 3 else ("Hồ Sĩ", "Lê Lai"),
            tags=("lũ",) if number % 2 else ("rét",),
            published=plain.published,
            related=(RelatedItem("Sa Pa có sương muối"),) if number % 50 == 0 else (),
        )


def sound_index(folder: Path) -> Path:
    """An index of one segment in which every array but a few escapes holds something."""
    with WhooshEngine(folder).writer() as writer:
        writer.put(_crowded())
        for article in _articles():
            writer.put(article)
    with WhooshEngine(folder).writer() as writer:
        writer.delete("n7")
    return folder


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """The same index in a folder that is thrown away."""
    with in_memory() as place:
        yield Path(shutil.copytree(folder, place / "index"))


def read_segment(folder: Path) -> dict[str, Array]:
    """The arrays of the only segment, in memory."""
    (path,) = segments(folder)
    return {name: array.copy() for name, array in open_arrays(path).arrays.items()}


def write_hostile(folder: Path, arrays: Mapping[str, Array]) -> Path:
    """Give the only segment other arrays, with right checksums; its file."""
    (path,) = segments(folder)
    with path.open("wb") as stream:
        write_arrays(stream, arrays)
    return path


# -- arrays


def _entry(place: float, value: Callable[[Array], object]) -> Callable[[Array], Array]:
    def change(array: Array) -> Array:
        flat = array.reshape(-1)
        at = int(place * (len(flat) - 1))
        flat[at] = value(flat[at : at + 1])
        return array

    return change


def _one_more(entry: Array) -> object:
    return (entry + entry.dtype.type(1))[0]


def _one_less(entry: Array) -> object:
    return (entry - entry.dtype.type(1))[0]


def _most(entry: Array) -> object:
    return np.iinfo(entry.dtype).max


def _filled(array: Array, value: int) -> Array:
    return np.full_like(array, value)


_KINDS: Mapping[str, Callable[[Array], Array]] = {
    "zeros": lambda array: _filled(array, 0),
    "the largest number": lambda array: _filled(array, np.iinfo(array.dtype).max),
    "reversed": lambda array: array[::-1],
    "moved by one": lambda array: np.roll(array, 1, axis=0),
    "first one more": _entry(0, _one_more),
    "middle one more": _entry(0.5, _one_more),
    "middle one less": _entry(0.4, _one_less),
    "middle the largest": _entry(0.6, _most),
    "last the largest": _entry(1, _most),
    "last one less": _entry(1, _one_less),
    "one short": lambda array: array[:-1],
    "one more": lambda array: np.concatenate([array, array[-1:]]),
    "empty": lambda array: array[:0],
    "another type": lambda array: array.astype(np.float32),
    "a wider type": lambda array: array.astype("<u8"),
    "a column more": lambda array: array.reshape(-1, 1),
}


@dataclass(frozen=True, slots=True)
class Alteration:
    """One array of a segment, and what becomes of it; "missing" takes it away."""

    array: str
    kind: str

    def __str__(self) -> str:
        return f"{self.array}, {self.kind}"

    def apply(self, arrays: Mapping[str, Array]) -> dict[str, Array] | None:
        """The arrays of the altered segment; None where this alters nothing."""
        changed = dict(arrays)
        if self.kind == "missing":
            del changed[self.array]
            return changed
        before = arrays[self.array]
        if not before.size:
            return None
        after = np.ascontiguousarray(_KINDS[self.kind](before.copy()))
        if after.dtype == before.dtype and np.array_equal(after, before):
            return None
        changed[self.array] = after
        return changed


def alterations(arrays: Mapping[str, Array]) -> list[Alteration]:
    """Every kind of alteration of every array that has something to alter."""
    every = [Alteration(name, kind) for name in arrays for kind in (*_KINDS, "missing")]
    # An index of an earlier program has none of these.
    optional = Alteration("column.changed", "missing")
    return [each for each in every if each != optional and each.apply(arrays) is not None]


# -- what is done with an index

_REQUESTS = (
    SearchRequest(query="bản tin"),
    SearchRequest(query="hà nội mưa", highlight=True, collapse=True, recency=30),
    SearchRequest(query="ha noi", facets=("source", "section", "author", "tag", "year", "day")),
    SearchRequest(query='"thủ đô hà nội"', sort=SortOrder.TITLE),
    SearchRequest(query='"song hong" OR lu*', sort=SortOrder.OLDEST, highlight=True),
    SearchRequest(query="tieude:hà -lũ nguon:thoi-su ngay:2026", accents=AccentMode.FOLD),
    SearchRequest(query="tu7 tu511 tu300 tu77"),
    SearchRequest(query='"ban tin"~3', field="title"),
    SearchRequest(query="thur ddoo ha nooij lụt bảo tini sông hog"),
    SearchRequest(query="", facets=("source",)),
)


def _read_all(engine: WhooshEngine) -> None:
    for article in list(engine.articles())[::10]:
        engine.get(article.id)
    engine.highlight(_REQUESTS[0], "n5")
    with suppress(DocumentError):  # of what it does not find, or not any more
        engine.explain(_REQUESTS[0], "n5")


def _write(engine: WhooshEngine) -> None:
    with engine.writer() as writer:
        writer.put(numbered_article(8, "mới"))
        writer.delete("n9")
        assert list(writer.put_all([numbered_article(400)])) == [True]
    merge_all(engine._folder)


def _copy(engine: WhooshEngine) -> None:
    with WhooshEngine(engine._folder.with_name("copy")).writer() as writer:
        for _ in writer.put_all(engine.articles()):
            pass


def _searching(request: SearchRequest) -> Callable[[WhooshEngine], object]:
    return lambda engine: engine.search(request)


def _suggesting(text: str) -> Callable[[WhooshEngine], object]:
    return lambda engine: engine.suggest(SuggestRequest(text=text))


#: The ways in which an index is read.
READS: dict[str, Callable[[WhooshEngine], object]] = {
    **{f"search {request.query}": _searching(request) for request in _REQUESTS},
    **{f"suggest {text}": _suggesting(text) for text in ("h", "hà n", "ban tin so", "thoi", "tu5")},
    "analyze": lambda engine: engine.analyze(_REQUESTS[1]),
    "stats": lambda engine: engine.stats(),
    "related": lambda engine: engine.related("n50"),
    "read": _read_all,
    "verify": lambda engine: engine.verify(),
}
#: And in which it is written.
WRITES: dict[str, Callable[[WhooshEngine], object]] = {
    "write": _write,
    "reindex": lambda engine: engine.reindex(),
    "copy": _copy,
}


# -- headers of segments


def rewrite_header(folder: Path, change: Callable[[bytes], bytes]) -> Path:
    """Give the only segment another header, with its right checksum; its file."""
    (path,) = segments(folder)
    data = path.read_bytes()
    magic, length, _ = _PREFIX.unpack_from(data)
    start = -(-(_PREFIX.size + length) // 64) * 64
    header = change(data[_PREFIX.size : _PREFIX.size + length])
    padding = b"\0" * (-(_PREFIX.size + len(header)) % 64)
    prefix = _PREFIX.pack(magic, len(header), zlib.crc32(header))
    path.write_bytes(prefix + header + padding + data[start:])
    return path


def _with_entry(at: int, value: object) -> Callable[[bytes], bytes]:
    """A header in which one array has another type (0), shape (1), place (2) or checksum (3)."""

    def change(header: bytes) -> bytes:
        parsed = json.loads(header)
        parsed["arrays"]["term.docs"][at] = value
        return json.dumps(parsed).encode()

    return change


def _with_size(value: object) -> Callable[[bytes], bytes]:
    return lambda header: json.dumps(json.loads(header) | {"size": value}).encode()


def _only(text: str) -> Callable[[bytes], bytes]:
    return lambda _: text.encode()


_SIZES: tuple[object, ...] = (-1, 0, 10**30, float("nan"), "1", None, [])


_SHAPES: tuple[object, ...] = (
    *([10**30], [-1], [-1, -1], [2**63], [2**32, 2**32], [float("nan")], [1.5], [True], ["9"], []),
    *(None, 7, "12", {}, [[1]], [1] * 80, [0] * 80),
)
_PLACES: tuple[object, ...] = (-64, 0, 64, 1, 2**63, 10**30, float("nan"), 0.5, "0", None, True)
_TYPES: tuple[object, ...] = (
    "|O",
    "O",
    "<U9",
    "<f8",
    "|V8",
    ">u2",
    "",
    None,
    7,
    [],
    ["<u2"],
    "u1,u1",
)
HEADERS: Mapping[str, Callable[[bytes], bytes]] = {
    **{f"shape {shape}": _with_entry(1, shape) for shape in _SHAPES},
    **{f"place {place}": _with_entry(2, place) for place in _PLACES},
    **{f"type {kind}": _with_entry(0, kind) for kind in _TYPES},
    **{f"size {size}": _with_size(size) for size in _SIZES},
    "deep list": lambda _: b"[" * 100_000,
    "deep object": lambda _: b'{"arrays":' * 50_000,
    "huge number": lambda header: header.replace(b'"size": ', b'"size": ' + b"9" * 5000),
    **{
        text: _only(text)
        for text in ("", "null", "7", "[]", "{}", '{"arrays": [], "size": 0}', '"\\ud83d"', "\x00")
    },
}


# -- tables of contents


def hostile_contents(folder: Path) -> dict[str, object]:
    """By name: records that stand where the table of contents does."""
    record = read_toc(folder)
    (entry,) = cast(list[Any], record["segments"])
    segid, documents, deleted = entry

    def entries(*wrong: object) -> dict[str, object]:
        return record | {"segments": list(wrong)}

    odd: tuple[object, ...] = (
        *("../x", "x/y", "", ".", "²", "é", "A", "a\n", "a\0", "x" * 65, "x" * 300, 7, None, []),
        "\ud800",
    )
    counts: tuple[object, ...] = (-1, 10**30, 1.0, float("nan"), True, "301", None, documents + 1)
    bits: tuple[object, ...] = ("////", deleted + deleted, "=", 7, None, [], "\u0660")
    return {
        "a segment 500 times": entries(*[entry] * 500),
        "a segment twice": entries(entry, entry),
        **{f"segment {name!r}": entries([name, documents, ""]) for name in odd},
        **{f"{count} documents": entries([segid, count, ""]) for count in counts},
        **{f"deleted {some!r}": entries([segid, documents, some]) for some in bits},
        "no list": record | {"segments": {"a": 1}},
        "withdrawn list": record | {"withdrawn": []},
        "withdrawn day": record | {"withdrawn": {"a": "2026-13-01"}},
        "withdrawn number": record | {"withdrawn": {"a": 7}},
        "previous": record | {"previous": []},
        "previous twice": record | {"previous": record | {"segments": [entry, entry]}},
        "fingerprint": record | {"fingerprint": ["vi"]},
    }


def write_body(folder: Path, body: bytes) -> None:
    """A table of contents of these bytes with a right checksum."""
    write_toc(folder, None)
    toc(folder).write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))


# -- stored articles


def with_stored(arrays: Mapping[str, Array], stored: bytes, *, doc: int = 6) -> dict[str, Array]:
    """A segment in which one article's stored bytes are others."""
    offsets = arrays[f"{STORED}_offsets"].astype(np.int64)
    blob = arrays[STORED].tobytes()
    start, end = int(offsets[doc]), int(offsets[doc + 1])
    offsets[doc + 1 :] += len(stored) - (end - start)
    new = blob[:start] + stored + blob[end:]
    dtype = np.uint32 if offsets[-1] >= 1 << 16 else np.uint16
    return {
        **arrays,
        STORED: np.frombuffer(new, np.uint8),
        f"{STORED}_offsets": offsets.astype(dtype),
    }


def _packed(**fields: object) -> bytes:
    return zlib.compress(json.dumps({"id": "n5", "headline": "Tin"} | fields).encode())


STORED_TEXTS: Mapping[str, bytes] = {
    "nothing": b"",
    "no zlib": b"not packed",
    "cut": _packed(body=["x" * 500])[:-3],
    "followed": _packed() + b"more",
    "deep list": zlib.compress(b"[" * 100_000),
    "deep body": zlib.compress(b'{"id":"n5","headline":"a","body":' + b"[" * 100_000),
    "not UTF-8": zlib.compress(b'{"id":"n5","headline":"\xff"}'),
    "huge number": zlib.compress(b'{"id":"n5","headline":' + b"9" * 5000 + b"}"),
    "a list": zlib.compress(b"[]"),
    "no headline": zlib.compress(b'{"id":"n5"}'),
    **{
        f"{name} {value}": _packed(**{name: value})
        for name, values in {
            "headline": (7, None, ["a"]),
            "lead": (7, None, {}),
            "body": (7, [7], [["a"]], [None]),
            "tags": ([7], None),
            "url": ("javascript:alert(1)", 7, []),
            "published": (
                "0001-01-01T00:00:00+07:00",
                "2026-01-01",
                7,
                "9999-12-31T23:59:59-12:00",
            ),
            "published_precision": ("week", 7),
            "related": ([["a", "b"]], [[1, 2, 3]], 7, [["a", "", "javascript:x"]]),
            "provenance": ([], 7, [1, 2, 3, 4, 5], ["r", "p", "x", None, None]),
        }.items()
        for value in values
    },
}
