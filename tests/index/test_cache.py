"""The cache between requests: bounded, and not emptied by a row of different queries."""

from dataclasses import dataclass
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from index.cache import ByteCache, default_cache_bytes


@dataclass(frozen=True, slots=True)
class _Value:
    key: int
    nbytes: int


def _ask(cache: ByteCache, key: int, size: int = 10) -> bool:
    """Whether a value had to be made."""
    made = []

    def make() -> _Value:
        made.append(key)
        return _Value(key, size)

    assert cache.get(key, _Value, make).key == key
    return bool(made)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), max_size=200))
def test_it_never_holds_more_than_its_limit(asked: list[tuple[int, int]]) -> None:
    cache = ByteCache(100)
    for key, kind in asked:
        _ask(cache, 3 * key + kind, (1, 10, 60)[kind])
        assert 0 <= cache.size <= 100


def test_a_value_is_made_once_while_there_is_room() -> None:
    cache = ByteCache(100)
    assert [_ask(cache, key) for key in (1, 2, 1, 2)] == [True, True, False, False]
    assert cache.size == 20


def test_what_is_asked_often_outlives_a_row_of_others() -> None:
    cache = ByteCache(100)
    for _ in range(5):
        for key in range(5):
            _ask(cache, key)
    for key in range(100, 1_000):
        _ask(cache, key)
    assert not any(_ask(cache, key) for key in range(5))


def test_queries_in_turn_that_do_not_fit_keep_a_part() -> None:
    cache = ByteCache(100)
    for _ in range(5):
        made = sum(_ask(cache, key) for key in range(20))
    assert made == 10


def test_small_values_go_before_a_large_one() -> None:
    cache = ByteCache(100)
    _ask(cache, 1, 100)
    for key in range(2, 12):
        _ask(cache, key)
    assert not any(_ask(cache, key) for key in range(2, 12))
    assert _ask(cache, 1, 100)


def test_what_was_popular_makes_room_in_time() -> None:
    cache = ByteCache(100)
    for _ in range(1_000):
        for key in range(10):
            _ask(cache, key)
    for _ in range(60_000):
        for key in range(20, 25):
            _ask(cache, key)
    assert not any(_ask(cache, key) for key in range(20, 25))


def test_a_value_larger_than_the_cache_is_made_each_time() -> None:
    cache = ByteCache(100)
    assert _ask(cache, 1, 101)
    assert _ask(cache, 1, 101)
    assert cache.size == 0


def test_the_default_grows_with_the_archive_within_bounds() -> None:
    assert default_cache_bytes(0) == 64 << 20
    assert default_cache_bytes(60_000) == 60_000 * 4_200
    assert default_cache_bytes(10**9) == 1 << 30


def test_threads_share_it() -> None:
    cache = ByteCache(200)
    threads = [
        Thread(target=lambda: [_ask(cache, key % 37) for key in range(5_000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = sum(not _ask(cache, key) for key in range(37))
    assert cache.size == 200
    assert held == 20
