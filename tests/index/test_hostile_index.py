"""Files with right checksums that no program of ours wrote: damage, and never another error."""

import resource
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from archives import in_memory
from damage import toc, write_toc
from hostile_index import (
    HEADERS,
    READS,
    STORED_TEXTS,
    WRITES,
    Alteration,
    alterations,
    copied,
    hostile_contents,
    read_segment,
    rewrite_header,
    sound_index,
    with_stored,
    write_body,
    write_hostile,
)
from profiles import by_profile

from index import Article, DocumentError, IndexCorrupt
from index.engines.embedded.engine import WhooshEngine
from index.segments.array_file import Array

#: The alterations are tried in so many tests; the quick profile tries a few, always the same.
_SHARES = by_profile(quick=1, deep=8)
_SAMPLE = by_profile(quick=8, deep=1_000)
_ARTICLES = 300


@pytest.fixture(scope="module")
def sound() -> Iterator[Path]:
    """An index of one segment in which nearly every array holds something."""
    with in_memory() as place:
        yield sound_index(place / "index")


@pytest.fixture(scope="module")
def arrays(sound: Path) -> dict[str, Array]:
    """Its arrays."""
    return read_segment(sound)


@contextmanager
def little_memory() -> Iterator[None]:
    """No more than a gigabyte beyond what the process has."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + (1 << 30), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def outcome(use: str, engine: WhooshEngine) -> str:
    """How a use of an index ended: "" where it did, else the file that IndexCorrupt names."""
    try:
        with little_memory():
            (READS | WRITES)[use](engine)
    except IndexCorrupt as error:
        out_of_memory = isinstance(error.__cause__, MemoryError)
        return f"{use}: out of memory" if out_of_memory else str(error.path)
    except Exception as error:
        raise AssertionError(f"{use}: {error!r}") from error
    return ""


def test_every_array_is_altered(arrays: Mapping[str, Array]) -> None:
    every = alterations(arrays)
    assert {each.array for each in every} == set(arrays)
    assert {name for name, array in arrays.items() if not array.size} <= {
        *("word.escapes", "word.escaped", "pair.escapes", "pair.escaped")
    }
    assert len(every) > 1_000


@pytest.mark.deep
@pytest.mark.parametrize("share", range(_SHARES))
def test_an_altered_array_is_found_and_is_no_other_error_than_damage(
    sound: Path, arrays: Mapping[str, Array], share: int
) -> None:
    every = alterations(arrays)
    Random(20261130).shuffle(every)  # noqa: S311 -- the same in every run
    for alteration in every[share::_SHARES][:_SAMPLE]:
        with copied(sound) as folder:
            path = write_hostile(folder, alteration.apply(arrays) or {})
            engine = WhooshEngine(folder)
            for use in READS:
                assert outcome(use, engine) in ("", str(path)), alteration
            found = engine.verify(deep=True).faults
            assert {str(fault.path) for fault in found} == {str(path)}, alteration
            for use in ("copy", "write"):
                assert outcome(use, engine) in ("", str(path)), alteration


def test_nothing_is_found_in_what_is_sound(sound: Path) -> None:
    for _ in range(2):
        report = WhooshEngine(sound).verify(deep=True)
        assert (report.faults, report.compared, report.articles) == ((), 1, _ARTICLES)


@pytest.mark.parametrize("name", HEADERS)
def test_a_hostile_header_is_damage(sound: Path, name: str) -> None:
    with copied(sound) as folder:
        path = rewrite_header(folder, HEADERS[name])
        for use in ("search ha noi", "verify", "reindex"):
            assert outcome(use, WhooshEngine(folder)) == str(path)


def test_a_hostile_table_of_contents_is_damage(sound: Path) -> None:
    with copied(sound) as folder:
        for name, record in hostile_contents(folder).items():
            write_toc(folder, record)
            for use in ("search ha noi", "verify", "write", "reindex"):
                assert outcome(use, WhooshEngine(folder)), f"{name}, {use}"
        for body in (b"[" * 100_000, b'{"format":' * 50_000, b"9" * 5000, b"\xff", b""):
            write_body(folder, body)
            for use in ("search ha noi", "verify", "write", "reindex"):
                assert outcome(use, WhooshEngine(folder)) == str(toc(folder)), (
                    f"{body[:20]!r}, {use}"
                )


@pytest.mark.parametrize("name", STORED_TEXTS)
def test_a_hostile_stored_article_is_damage(
    sound: Path, arrays: Mapping[str, Array], name: str
) -> None:
    with copied(sound) as folder:
        path = write_hostile(folder, with_stored(arrays, STORED_TEXTS[name]))
        assert WhooshEngine(folder).get("n6") is not None
        for use in ("read", "verify", "reindex"):
            assert outcome(use, WhooshEngine(folder)) == str(path), use
        with pytest.raises(IndexCorrupt):
            WhooshEngine(folder).get("n5")
        assert WhooshEngine(folder).verify(deep=True).faults


def test_a_table_of_contents_with_an_impossible_number_is_damage(sound: Path) -> None:
    with copied(sound) as folder:
        contents = toc(folder).read_bytes()
        for name in ("_NEWS_0009.toc", "_NEWS_00.toc", "_NEWS_٩.toc", "_NEWS_+9.toc"):
            (folder / name).write_bytes(contents)  # the name of no generation
        assert WhooshEngine(folder).count() == _ARTICLES
        for number in (2**53, 10**20, 10**240):
            path = folder / f"_NEWS_{number}.toc"
            path.write_bytes(contents)
            for use in (*READS, *WRITES):
                assert outcome(use, WhooshEngine(folder)) == str(path)
            path.unlink()
            path.mkdir()
            assert outcome("stats", WhooshEngine(folder)) == ""
            assert outcome("write", WhooshEngine(folder)) == str(path)
            path.rmdir()
        assert WhooshEngine(folder).count() == _ARTICLES


def test_a_segment_without_one_of_its_arrays_is_refused(
    sound: Path, arrays: Mapping[str, Array]
) -> None:
    with copied(sound) as folder:
        for name in arrays.keys() - {"column.changed"}:  # older programs wrote none
            path = write_hostile(folder, {n: array for n, array in arrays.items() if n != name})
            with pytest.raises(IndexCorrupt, match=name) as raised:
                WhooshEngine(folder).count()
            assert raised.value.path == str(path)
        write_hostile(folder, {**arrays, "another": arrays["doc.digest"]})
        with pytest.raises(IndexCorrupt, match="another"):
            WhooshEngine(folder).count()


def test_no_more_of_a_stored_article_is_unpacked_than_one_can_have(
    sound: Path, arrays: Mapping[str, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Article(id="n5", headline="Tin", body=("á" * 100_000,))
    record = article.to_json()
    monkeypatch.setattr("index.stored_article.LARGEST_RECORD", len(record))
    monkeypatch.setattr("index.engines.embedded.bulk.LARGEST_RECORD", len(record))
    with copied(sound) as folder:
        write_hostile(folder, with_stored(arrays, zlib.compress(record)))
        assert WhooshEngine(folder).get("n5") == article
        path = write_hostile(folder, with_stored(arrays, zlib.compress(record + b" ")))
        with pytest.raises(IndexCorrupt) as raised:
            WhooshEngine(folder).get("n5")
        assert raised.value.path == str(path)
        # What could not be read again is not taken.
        longer = replace(article, headline="Tin dài")
        with pytest.raises(DocumentError, match="n5"), WhooshEngine(folder).writer() as writer:
            writer.put(longer)


@pytest.mark.parametrize(
    ("array", "kind", "use"),
    [
        ("column.published", "last the largest", "stats"),  # an OSError of the system's clock
        ("term.fold_first", "middle the largest", "write"),  # a list of four billion strings
        ("position.escaped", "middle the largest", "suggest hà n"),
        ("combinations", "first one more", 'search "thủ đô hà nội"'),
        ("doc.stored_offsets", "a wider type", "stats"),
    ],
)
def test_what_asked_for_the_impossible_is_damage(
    sound: Path, arrays: Mapping[str, Array], array: str, kind: str, use: str
) -> None:
    with copied(sound) as folder:
        path = write_hostile(folder, Alteration(array, kind).apply(arrays) or {})
        assert outcome(use, WhooshEngine(folder)) in ("", str(path))
        assert WhooshEngine(folder).verify(deep=True).faults
