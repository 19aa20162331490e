"""What suggestions are made of agrees with the rest of the index: headlines, pairs, positions."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import analyze
from index import Article, SearchRequest, SuggestRequest, open_engine
from index.engines.embedded.engine import WhooshEngine
from index.segments.headlines import NO_TERM
from index.segments.inversion import BARE_ZONE_MARK
from index.segments.positions import PositionStore, position_arrays
from index.segments.segment import Segment


@pytest.fixture(scope="module")
def engine(demo_archive: str) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(Path(demo_archive.removeprefix("whoosh:")))
    yield opened
    opened.close()


def segments_of(engine: WhooshEngine) -> list[Segment]:
    return [part.segment for part in engine._current().snapshot.parts]


@given(
    positions=st.lists(st.integers(0, 70_000), min_size=1, max_size=60).map(sorted),
    chosen=st.data(),
)
def test_single_positions_are_those_of_the_whole(
    positions: list[int], chosen: st.DataObject
) -> None:
    arrays = position_arrays(np.zeros(len(positions), np.int64), np.array(positions), 1)
    store = PositionStore.of(arrays)
    places = chosen.draw(st.lists(st.integers(0, len(positions) - 1), max_size=9))
    found = store.at(np.array(places, np.int64)).tolist()
    assert found == [positions[place] for place in places]


def test_headlines_are_laid_out_as_they_are_written(engine: WhooshEngine) -> None:
    asked = 0
    for segment in segments_of(engine):
        headlines = segment.headlines
        for doc in range(segment.doc_count):
            article = engine.get(segment.ids[doc])
            if article is None:
                continue
            slots = headlines.slots[int(headlines.ptr[doc]) : int(headlines.ptr[doc + 1])]
            assert slots[-1] == NO_TERM
            numbers = [int(number) for number in slots if number != NO_TERM]
            found = [segment.terms.text[number].removesuffix(BARE_ZONE_MARK) for number in numbers]
            tokens = analyze(article.headline)
            at_position = {token.position: token for token in tokens}
            if len(at_position) == len(tokens):
                marked = [token.exact for token in tokens]
                folded = [token.folded for token in tokens]
                assert found in (marked, folded), article.headline
                asked += 1
    assert asked > 100


def test_followers_are_the_pairs_of_a_range(engine: WhooshEngine) -> None:
    for segment in segments_of(engine):
        seconds = segment.terms.numbers_from("n")
        for number in segment.terms.forms("ha"):
            numbers, frequencies = segment.followers(number, seconds)
            pairs = {pair.second: pair.stop - pair.start for pair in segment.pairs(number, seconds)}
            assert dict(zip(numbers.tolist(), frequencies.tolist(), strict=True)) == pairs


def test_prefix_ranges_hold_every_form(engine: WhooshEngine) -> None:
    for segment in segments_of(engine):
        vocabulary = segment.terms
        for prefix in ("", "n", "ng", "ngo", "zzz", "2"):
            listed = Counter(n for _, numbers in vocabulary.folds_from(prefix) for n in numbers)
            assert listed == Counter(vocabulary.numbers_from(prefix))


def test_threads_get_the_same_suggestions_while_articles_come(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    with engine.writer() as writer:
        writer.put(Article(id="a", headline="Hà Nội mưa lớn"))

    def ask(_: int) -> bool:
        found = engine.suggest(SuggestRequest(text="ha n"))
        titles = [item for item in found.items if item.doc_id is not None]
        return len(titles) == min(found.generation, 7)

    with ThreadPoolExecutor(4) as pool:
        right = pool.map(ask, range(60))
        for number in range(4):
            with engine.writer() as writer:
                writer.put(Article(id=f"b{number}", headline=f"Hà Nội nắng ngày {number}"))
        assert all(right)
    found = engine.suggest(SuggestRequest(text="ha n"))
    assert found.generation == engine.search(SearchRequest(query="hà nội")).generation
    assert len([item for item in found.items if item.doc_id is not None]) == 5
    engine.close()
