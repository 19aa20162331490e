"""Segments hold what was written into them, however it is encoded, and so do merged ones."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from decoded_segments import (
    NO_COLUMNS,
    Content,
    Source,
    Token,
    arrays_of,
    batch_of,
    content,
    content_of,
    content_of_batch,
    merged_arrays,
    written,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Article, collation_key
from index.schema import Zone
from index.segments.analyzed import ZONE_TOKEN_LIMITS, DocumentColumns
from index.segments.build import SegmentBuilder
from index.segments.inversion import Inverter
from index.segments.postings import sorted_keys
from index.segments.segment import Segment


@st.composite
def any_source(draw: st.DrawFn) -> Source:
    """A document of few words, with stacked tokens, gaps, empty zones, and columns."""
    tokens: list[Token] = []
    position = draw(st.sampled_from((0, 0, 250, 3_835, 65_530)))
    for zone in range(5):
        for term, gap, stacked in draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["hà", "ha", "nội", "noi", "đo", "20", "\x1f"]), _GAPS, _STACKED
                ),
                max_size=4,
            )
        ):
            if stacked:
                tokens.append(Token(f"{term}-{term}", position, zone, stacked=True))
            tokens.append(Token(term, position, zone))
            position += gap
        position += 1
    words = draw(st.lists(st.tuples(st.sampled_from(("hà nội", "ha noi")), _ZONES), max_size=3))
    return Source(draw(_IDS), tuple(tokens), tuple(words), draw(_COLUMNS))


_TERMS = ("hà", "ha", "nội", "noi", "đo", "20", "\x1f")
_GAPS = st.sampled_from((1, 1, 1, 2, 300))
_STACKED = st.sampled_from((False, False, False, True))
_ZONES = st.integers(0, 4)
_IDS = st.text("aâ😀1", min_size=1, max_size=3)
_LABELS = st.lists(st.sampled_from(("Hà", "hà", "Đỗ", "😀")), max_size=3).map(tuple)
_COLUMNS = st.builds(
    DocumentColumns,
    source=st.sampled_from(("", "Báo")),
    section=st.sampled_from(("", "Xã hội", "Kinh tế")),
    authors=_LABELS,
    tags=_LABELS,
    published=st.sampled_from((None, -(10**9), 0, 2**40)),
    title_key=st.sampled_from((b"", b"\x00\xff", collation_key("Hà Nội"))),
)

# The folder is only a place for files that every example writes anew.
_reuses_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_reuses_folder
@given(st.lists(any_source(), max_size=8))
def test_a_segment_holds_what_was_written(tmp_path: Path, sources: list[Source]) -> None:
    assert content(written(tmp_path / "segment", arrays_of(sources))) == content_of(sources)


@given(st.lists(any_source(), max_size=8))
def test_a_batch_arrives_in_another_process_as_it_left(sources: list[Source]) -> None:
    sent = batch_of(sources)
    arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301 -- what was pickled just now
    assert arrived.vocabulary == sent.vocabulary
    assert content_of_batch(arrived) == content_of_batch(sent)


@given(st.lists(st.integers(0, 9), max_size=50), st.sampled_from((10, 1 << 62)))
def test_equal_keys_keep_their_order(keys: list[int], bound: int) -> None:
    found, order = sorted_keys(np.array(keys, np.uint64), bound)
    expected = sorted(range(len(keys)), key=keys.__getitem__)
    assert order.tolist() == expected
    assert found.tolist() == sorted(keys)


@_reuses_folder
@given(
    st.lists(st.lists(any_source(), max_size=5), min_size=1, max_size=4),
    st.frozensets(_IDS, max_size=6),
)
def test_merging_is_the_same_as_writing_the_survivors(
    tmp_path: Path, parts: list[list[Source]], deleted: frozenset[str]
) -> None:
    survivors = [s for part in parts for s in part if s.doc_id not in deleted]
    arrays = merged_arrays(tmp_path, parts, deleted)
    assert content(written(tmp_path / "merged", arrays)) == content_of(survivors)
    anew = arrays_of(survivors)
    assert {n: a.tolist() for n, a in arrays.items()} == {n: a.tolist() for n, a in anew.items()}


def both_ways(folder: Path, sources: Sequence[Source]) -> list[Content]:
    """What a segment with these documents holds, and what one merged from two halves does."""
    half = len(sources) // 2
    whole = written(folder / "whole", arrays_of(sources))
    merged = merged_arrays(folder, [sources[:half], sources[half:]], frozenset())
    return [content(whole), content(written(folder / "merged", merged))]


def test_more_than_255_combinations_of_frequencies(tmp_path: Path) -> None:
    sources = []
    for number in range(900):
        zones = [0] * (number % 30) + [1] * (number // 30)
        terms = ["hà" if at % 2 else "nội" for at in range(len(zones))]
        tokens = [Token(t, at, z) for at, (t, z) in enumerate(zip(terms, zones, strict=True))]
        words = [("hà nội", zone) for zone in zones]
        sources.append(Source(f"{number}", tuple(tokens), tuple(words)))
    assert len(arrays_of(sources)["combinations"]) > 600
    assert both_ways(tmp_path, sources) == [content_of(sources)] * 2


@pytest.mark.parametrize("size", [253, 254, 255, 256, 257, 511, 512, 513, 1_025])
def test_posting_lists_around_the_limits_of_a_byte(tmp_path: Path, size: int) -> None:
    tokens = (Token("hà", 0), Token("nội", 1), Token("hà", 2, 3))
    sources = [Source(f"{n}", tokens, (("hà nội", 2),) * (1 + n % 3)) for n in range(size)]
    # Before, between and after the frequent ones, rare ones are found at their places.
    sources[0] = Source("0", (Token("ba", 0), Token("hà", 1), Token("hạ", 2), Token("xa", 3)))
    sources.append(Source("last", (Token("xa", 0), Token("xa", 1), Token("nội", 2))))
    assert both_ways(tmp_path, sources) == [content_of(sources)] * 2


def test_gaps_between_documents_of_a_long_list(tmp_path: Path) -> None:
    gaps = [1, 254, 255, 256, 509, 510, 511, 765, 1_020] + [1] * 250 + [255] * 10
    sources: list[Source] = []
    for gap in gaps:
        sources += [Source(f"{len(sources) + n}", (Token("xa", n),)) for n in range(gap - 1)]
        sources.append(Source(f"{len(sources)}", (Token("hà", 0), Token("xa", 1))))
    assert len(sources) == sum(gaps)
    assert both_ways(tmp_path, sources) == [content_of(sources)] * 2


def test_positions_of_every_size(tmp_path: Path) -> None:
    places = [0, 1, 255, 256, 257, 3_839, 3_840, 3_841, 4_095, 4_096, 65_535, 65_536, 2**20]
    sources = [Source("many", tuple(Token("hà", place) for place in places))]
    sources += [
        Source(f"{place}", (Token("hà", place), Token("nội", place + 1))) for place in places
    ]
    assert both_ways(tmp_path, sources) == [content_of(sources)] * 2


def test_an_id_that_was_replaced_within_a_segment_is_found_twice(tmp_path: Path) -> None:
    segment = written(tmp_path / "segment", arrays_of([Source(i) for i in ("b", "a", "b", "c")]))
    assert [list(segment.find_docs(i)) for i in ("a", "b", "c", "", "bb")] == [
        [1],
        [0, 2],
        [3],
        [],
        [],
    ]


def test_documents_without_a_word(tmp_path: Path) -> None:
    sources = [Source("a"), Source("b", columns=NO_COLUMNS)]
    assert both_ways(tmp_path, sources) == [content_of(sources)] * 2
    assert both_ways(tmp_path, []) == [content_of([])] * 2


# -- real articles of unusual length


def test_a_batch_holds_what_it_would_hold_alone() -> None:
    records = [
        Article(id="a", headline="Lũ lên nhanh ở Lai Châu", body=("Học sinh nghỉ học.",)),
        Article(id="b", headline="Ha Noi ngay nay", lead="Phố cổ Hà Nội ngày 20/11/2014"),
        Article(id="c", headline="Lũ rút", captions=("Học sinh Lai Châu",)),
    ]
    one = Inverter()
    for article in [*records, *records]:
        batch = one.invert([article.to_json()])
        alone = Inverter().invert([article.to_json()])
        assert content_of_batch(batch) == content_of_batch(alone)
        assert set(batch.vocabulary.terms) == set(alone.vocabulary.terms)
        assert set(batch.vocabulary.words) == set(alone.vocabulary.words)


def segment_of(folder: Path, *articles: Article) -> Segment:
    """A segment of analysed articles."""
    builder = SegmentBuilder()
    builder.add_batch(Inverter().invert([article.to_json() for article in articles]))
    return written(folder / "segment", builder.arrays())


@pytest.mark.parametrize("zone", [Zone.HEADLINE, Zone.LEAD, Zone.CAPTIONS])
def test_what_is_too_long_is_cut_without_harm_to_other_zones(tmp_path: Path, zone: Zone) -> None:
    limit = ZONE_TOKEN_LIMITS[zone]
    texts = ["đỏ"] * 4
    texts[zone] = " ".join(["Hà Nội"] * (2 * limit + 3))
    headline, lead, body, caption = texts
    article = Article(id="long", headline=headline, lead=lead, body=(body,), captions=(caption,))
    segment = segment_of(tmp_path, article, Article(id="short", headline="Hà Nội đỏ"))
    lengths = [1, 1, 1, 1, 0]
    lengths[zone] = limit
    assert segment.lengths.tolist() == [lengths, [3, 0, 0, 0, 0]]
    found = content(segment)
    long = {key: postings[0] for key, postings in (found.terms | found.words).items()}
    assert [z for z in Zone if long["đỏ",][z]] == [z for z in Zone if lengths[z] and z != zone]
    # Half of the tokens that are kept, or one more; no frequency runs over into another zone.
    assert [z for z in Zone if long["hà",][z]] == [zone]
    assert 0 <= long["hà",][zone] - limit // 2 <= 1
    assert [z for z in Zone if long["hà nội",][z]] == [zone]
    assert long["hà nội",][zone] <= limit
    assert (found.terms | found.words)["hà nội",][1] == (1, 0, 0, 0, 0)


def test_an_article_of_more_than_65535_words(tmp_path: Path) -> None:
    body = ("đỏ " * 70_000, "Hà Nội " * 5)
    article = Article(id="long", headline="Dài", body=body, captions=("Lai Châu",))
    segment = segment_of(tmp_path, article, Article(id="short", headline="đỏ"))
    assert segment.lengths.tolist() == [[1, 0, 70_010, 2, 0], [1, 0, 0, 0, 0]]
    found = content(segment)
    assert found.terms["đỏ",] == {0: (0, 0, 70_000, 0, 0), 1: (1, 0, 0, 0, 0)}
    assert found.terms["nội",] == {0: (0, 0, 5, 0, 0)}
    assert found.pairs["hà", "nội"] == {0: (0, 0, 5, 0, 0)}
    assert found.pairs["lai", "châu"] == {0: (0, 0, 0, 1, 0)}
    starts = segment.zone_starts[0].tolist()
    assert found.positions["lai", 0] == [starts[Zone.CAPTIONS]]
    assert found.positions["đỏ", 0] == list(range(starts[Zone.BODY], starts[Zone.BODY] + 70_000))


# -- more documents than 16 bits can number


@pytest.mark.slow
def test_seventy_thousand_documents(tmp_path: Path) -> None:
    sources = [
        Source(
            f"n{number}",
            (Token("hà", 0), Token(f"s{number % 1_000}", 1), Token("nội", 3 + number % 5, 3)),
            (("hà nội", number % 5),),
            DocumentColumns(
                source=f"Báo {number % 7}",
                section="",
                authors=(f"Người {number % 70_000}",),
                tags=(),
                published=number,
                title_key=b"%d" % number,
            ),
        )
        for number in range(70_000)
    ]
    expected = content_of(sources)
    assert content(written(tmp_path / "whole", arrays_of(sources))) == expected
    thirds = [sources[:30_000], sources[30_000:50_000], sources[50_000:]]
    merged = merged_arrays(tmp_path, thirds, frozenset())
    assert content(written(tmp_path / "merged", merged)) == expected
    deleted = frozenset(f"n{number}" for number in range(0, 70_000, 3))
    survivors = [source for source in sources if source.doc_id not in deleted]
    fewer = merged_arrays(tmp_path, thirds, deleted)
    assert content(written(tmp_path / "fewer", fewer)) == content_of(survivors)
