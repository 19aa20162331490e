"""An engine that lives through commits answers as one that was just opened, and as the oracle."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from types import FrameType
from typing import Any

import pytest
from agreement import FACETS, assert_agreement, scored
from archives import Archive, archive, archive_of, end_epoch
from generated_news import IDS, Change, articles, random_articles, requests
from hypothesis import given
from hypothesis import strategies as st
from profiles import some_examples

from index import Article, SearchRequest, SortOrder, SuggestRequest, Withdrawal
from index.engines.embedded.engine import WhooshEngine

TYPED = ("h", "ha n", "lai c", "song", "hoa k", "ha noi la", "thoi", "le l")


@dataclass(frozen=True, slots=True)
class Step:
    """One commit, the id that is withdrawn after it, and what is asked then."""

    change: Change
    withdrawn: str | None
    asked: tuple[SearchRequest, ...]


_changes = st.builds(
    Change,
    articles=st.lists(articles, max_size=3).map(tuple),
    deleted=st.lists(st.sampled_from(IDS), max_size=1).map(tuple),
    merge=st.sampled_from((False, False, False, False, True)),
)
_steps = st.builds(
    Step,
    change=_changes,
    withdrawn=st.sampled_from((None, None, None, *IDS)),
    asked=st.lists(requests, max_size=2).map(tuple),
)
_lives = st.lists(_steps, min_size=3, max_size=6)


def everything(engine: WhooshEngine, asked: Sequence[SearchRequest]) -> list[object]:
    """All that an engine answers; scores are compared bit by bit."""
    found: list[object] = []
    for number, request in enumerate(asked):
        for order in (None, *SortOrder) if not number else (None,):
            page = engine.search(replace(request, sort=order, facets=FACETS))
            copies = [[copy.id for copy in hit.copies] for hit in page.hits]
            found.append((page.total, page.collapsed, scored(page.hits), copies, page.facets))
            found.append((page.query, page.suggestions))
        found += [
            engine.explain(request, hit.id)
            for hit in engine.search(request).hits[:2]
            if request.query
        ]
    for text in TYPED:
        found.append(engine.suggest(SuggestRequest(text=text)).items)
    found += [scored(engine.related(doc_id)) for doc_id in IDS[:3]]
    return found


def live(made: Archive, step: Step) -> None:
    """Apply a commit, and withdraw an article in another one."""
    made.apply(step.change)
    if step.withdrawn in made.oracle.documents and step.withdrawn is not None:
        made.engine.withdraw([Withdrawal(id=step.withdrawn, on=date(2026, 10, 1))])
        made.oracle.delete(step.withdrawn)


def not_withdrawn(step: Step, withdrawn: set[str]) -> Step:
    """The same step without articles that may not come back, and are not there to be deleted."""
    kept = tuple(a for a in step.change.articles if a.id not in withdrawn)
    deleted = tuple(doc_id for doc_id in step.change.deleted if doc_id not in withdrawn)
    return replace(step, change=replace(step.change, articles=kept, deleted=deleted))


@some_examples
@given(_lives)
def test_a_long_life_shows_in_no_answer(steps: list[Step]) -> None:
    asked: tuple[SearchRequest, ...] = (SearchRequest(query="hà nội", limit=100, collapse=True),)
    withdrawn: set[str] = set()
    with archive() as made:
        for each in steps:
            step = not_withdrawn(each, withdrawn)
            live(made, step)
            withdrawn |= made.engine.withdrawals().days.keys()
            asked = (*asked, *step.asked)[-3:]
            assert everything(made.engine, asked) == everything(WhooshEngine(made.folder), asked)
            for request in step.asked:
                assert_agreement(made, request)


@pytest.mark.slow
@some_examples
@given(st.lists(requests, min_size=2, max_size=4), st.integers(0, 1_000))
def test_large_segments_live_on_beside_small_ones(asked: list[SearchRequest], seed: int) -> None:
    written = random_articles(420)
    copies = [replace(a, id=f"k{n}") for n, a in enumerate(written[:40])]
    with archive_of(written[:300], written[300:380]) as made:
        everything(made.engine, asked)
        for number in range(12):
            new = [*written[380 + number : 381 + number], copies[(seed + number) % 40]]
            corrected = replace(written[(seed + 7 * number) % 380], lead="Sông Hồng ở Hà Nội.")
            gone = f"a{(seed + 31 * number) % 380}"
            made.apply(Change((*new, corrected), (gone,), merge=number == 8))
            lived, fresh = (everything(e, asked) for e in (made.engine, WhooshEngine(made.folder)))
            assert lived == fresh
        for request in asked:
            assert_agreement(made, request)


def test_what_was_deleted_may_come_back() -> None:
    asked = [SearchRequest(query=query, limit=100) for query in ("hà nội", "sông", "la")]
    with archive_of(random_articles(60)) as made:
        before = everything(made.engine, asked)
        index = made.engine._index
        contents = index.contents()
        with made.engine.writer() as writer:
            for number in range(0, 20, 3):
                assert writer.delete(f"a{number}")
        assert everything(made.engine, asked) != before
        index.publish(contents.commit)
        assert everything(made.engine, asked)[:-3] == before[:-3]


def test_an_index_of_an_earlier_version_has_no_epoch_until_it_is_written_to() -> None:
    request = SearchRequest(query="hà nội", limit=100)
    with archive_of(random_articles(60)) as made:
        end_epoch(made.folder)
        assert made.engine._index.contents().commit.average_lengths is None
        assert_agreement(made, request)
        made.apply(Change((Article(id="new", headline="Hà Nội"),), (), merge=False))
        assert made.engine._index.contents().commit.average_lengths is not None
        assert_agreement(made, request)


def test_an_epoch_ends_when_an_average_has_moved() -> None:
    def averages() -> tuple[float, ...] | None:
        return made.engine._index.contents().commit.average_lengths

    def add(number: int, words: int) -> None:
        body = ("sông " * words,)
        made.apply(Change((Article(id=f"n{number}", headline="Hà Nội", body=body),), (), False))

    with archive_of(
        [Article(id=f"a{n}", headline="Hà Nội", body=("sông " * 100,)) for n in range(400)]
    ) as made:
        begun = averages()
        for number in range(5):
            add(number, 120)  # each moves the average by half of a thousandth
            assert averages() == begun
        add(6, 1_000)
        moved = averages()
        assert moved is not None
        assert begun is not None
        assert moved[2] > 1.01 * begun[2]
        assert_agreement(made, SearchRequest(query="sông", limit=1_000))


@contextmanager
def calls(made: Archive) -> Iterator[list[str]]:
    """The functions that work on what a segment holds that is there now, by name."""
    segments = [part.segment for part in made.engine._current().snapshot.parts]
    old = {id(x) for s in segments for x in (s, s._terms, s._pairs, s._words, s._positions)}
    lengths = {id(segment.lengths) for segment in segments}
    found: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        code, values = frame.f_code, frame.f_locals
        if event == "call" and "/index/" in code.co_filename:
            owner = values.get("self")
            part: Any = values.get("part")
            is_store = (
                code.co_filename.endswith(("postings.py", "positions.py")) and id(owner) in old
            )
            is_part = part is not None and code.co_name.endswith(("_frequencies", "_documents"))
            if (
                is_store
                or (is_part and id(part.segment) in old)
                or id(values.get("lengths")) in lengths
            ):
                found.append(code.co_qualname)

    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


def test_a_commit_of_one_article_computes_nothing_for_the_segments_before() -> None:
    written = random_articles(320)
    asked = [
        SearchRequest(query=query, limit=20, collapse=True, facets=FACETS)
        for query in ("hà nội", "ha noi lai", '"cảnh sát giao"', "sông -hoa", "tieude:hà")
    ]

    def ask() -> None:
        for request in asked:
            made.engine.search(request)
        for text in TYPED:
            made.engine.suggest(SuggestRequest(text=text))

    with archive_of(written[:300]) as made:
        with calls(made) as found:
            ask()
        assert {"term_frequencies", "pair_frequencies", "term_documents"} <= set(found)
        for number in range(300, 304):
            with calls(made) as found:
                made.apply(Change((written[number],), (), merge=False))
                ask()
            assert found == []
