"""The register of withdrawn articles: beside the index, at once, and whatever becomes of it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from archives import EVERYTHING, FORK, exit_code, in_memory, merge_all, small_index, total
from generated_news import numbered_article
from hypothesis import given
from hypothesis import strategies as st
from profiles import some_examples

from index import (
    Article,
    RegisterDamaged,
    SearchRequest,
    Withdrawal,
    back_up,
    open_engine,
    restore,
    whoosh_index,
)
from index.engines.embedded.disk import write_lock
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.manifest import Commit, encode_manifest
from index.withdrawals import WithdrawalRegister, register_path

DAY = date(2026, 10, 1)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An index of two segments with the articles 1 to 7."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def withdraw(folder: Path, doc_id: str, **more: str) -> None:
    WhooshEngine(folder).withdraw([Withdrawal(id=doc_id, on=DAY, **more)])


def put(folder: Path, *articles: Article) -> None:
    with WhooshEngine(folder).writer() as writer:
        list(writer.put_all(articles))


def shown(engine: WhooshEngine) -> set[str]:
    """What a search for everything finds, by ids; all doors must agree."""
    found = {hit.id for hit in engine.search(EVERYTHING).hits}
    assert engine.count() == len(found) == engine.search(EVERYTHING).total
    assert {article.id for article in engine.articles()} == found
    assert all(engine.get(doc_id) is not None for doc_id in found)
    return found


def test_it_counts_at_once_while_another_one_writes(folder: Path) -> None:
    engine = WhooshEngine(folder)
    before = engine.stats()
    with write_lock(folder):
        withdraw(folder, "n3", reason="sai tên", by="lan")
        assert "n3" not in shown(engine)
        assert engine.get("n3") is None
        assert engine.related("n4") is not None
        assert engine.withdrawn("n3") == Withdrawal(id="n3", on=DAY, reason="sai tên", by="lan")
        assert engine.stats().commit_id != before.commit_id
        with whoosh_index(f"whoosh:{folder}").reader() as reader:
            assert reader.doc_count() == 6
    assert engine.verify(deep=True).faults == ()


def test_before_intake_and_by_address(folder: Path) -> None:
    there = replace(numbered_article(8), url="https://Bao.example/tin-8/?utm_source=x")
    put(folder, there)
    engine = WhooshEngine(folder)
    address = "https://bao.example/tin-8"
    engine.withdraw([Withdrawal(address=address, on=DAY), Withdrawal(id="n9", on=DAY)])
    later = replace(numbered_article(10), url="https://bao.example/tin-8#x")
    put(folder, there, numbered_article(9), later, numbered_article(11))
    # What comes under the address is withdrawn by its id, too, also where it was there already.
    assert shown(engine) == {*(f"n{number}" for number in range(1, 8)), "n11"}
    assert engine.give_back("n9")
    assert not engine.give_back("n9")
    put(folder, numbered_article(9))
    assert "n9" in shown(engine)
    assert engine.give_back(address)
    put(folder, later)
    assert "n10" in shown(engine)


def test_an_address_that_is_withdrawn_while_its_article_is_on_its_way(folder: Path) -> None:
    engine, url = WhooshEngine(folder), "https://bao.example/tin-8"
    with engine.writer() as writer:
        writer.put(replace(numbered_article(8), url=url))
        engine.withdraw([Withdrawal(address=url, on=DAY, reason="tòa án")])
    assert "n8" not in shown(engine)
    found = engine.withdrawn("n8")
    assert found is not None
    assert found.reason == "tòa án"
    assert engine.give_back(url)
    assert engine.withdrawn("n8") is None


def test_while_a_reindex_runs(folder: Path) -> None:
    engine = WhooshEngine(folder)

    def withdraw_in_the_middle(done: int, total: int) -> None:
        if done == total // 2:
            withdraw(folder, "n2")
            assert "n2" not in shown(engine)

    assert engine.reindex(withdraw_in_the_middle) == 7
    assert "n2" not in shown(engine)
    engine.rollback()
    assert "n2" not in shown(engine)
    merge_all(folder)
    put(folder, numbered_article(2))
    assert "n2" not in shown(engine)
    assert engine.verify(deep=True).faults == ()


def test_it_outlives_the_index_and_an_older_backup(folder: Path) -> None:
    address, backup = f"whoosh:{folder}", folder.parent / "backup"
    withdraw(folder, "n1", reason="đã rút")
    assert back_up(address, backup).withdrawn == 1
    withdraw(folder, "n2")
    assert restore(address, backup).kept_withdrawn == ("n2",)
    engine = WhooshEngine(folder)
    assert shown(engine) == {"n3", "n4", "n5", "n6", "n7"}
    shutil.rmtree(folder)
    put(folder, *map(numbered_article, range(1, 8)))
    assert shown(WhooshEngine(folder)) == {"n3", "n4", "n5", "n6", "n7"}
    # Where the register is lost as well, the backup has what it knew.
    shutil.rmtree(folder)
    register_path(folder).unlink()
    restore(address, backup)
    assert shown(WhooshEngine(folder)) == {"n2", "n3", "n4", "n5", "n6", "n7"}
    found = WhooshEngine(folder).withdrawn("n1")
    assert found is not None
    assert found.reason == "đã rút"
    # What was given back since is not withdrawn again.
    assert WhooshEngine(folder).give_back("n1")
    restore(address, backup)
    put(folder, numbered_article(1))
    assert "n1" in shown(WhooshEngine(folder))
    # A backup is an index by itself, and withdraws the same.
    assert WhooshEngine(backup / "index").withdrawals().days == {"n1": DAY}


def test_what_an_older_program_withdrew_in_the_index_is_taken_over(folder: Path) -> None:
    manifest = WhooshEngine(folder)._index.contents()
    for info in manifest.segments:
        segment = WhooshEngine(folder)._index.segment(info)
        info.deleted.update(segment.find_docs("n5"))
    commit = Commit(
        fingerprint=manifest.commit.fingerprint, segments=manifest.segments, withdrawn={"n5": DAY}
    )
    (folder / f"_NEWS_{manifest.generation}.toc").write_bytes(encode_manifest(commit, None))
    engine = WhooshEngine(folder)
    assert engine.withdrawals().days == {"n5": DAY}
    assert not register_path(folder).exists()
    put(folder, numbered_article(5), numbered_article(8))
    assert WithdrawalRegister(register_path(folder)).read().days == {"n5": DAY}
    shutil.rmtree(folder)
    put(folder, numbered_article(5), numbered_article(6))
    assert shown(WhooshEngine(folder)) == {"n6"}
    assert engine.give_back("n5")
    put(folder, numbered_article(5))
    assert shown(WhooshEngine(folder)) == {"n5", "n6"}


def test_a_damaged_line_hides_everything_and_half_a_line_nothing(folder: Path) -> None:
    engine, path = WhooshEngine(folder), register_path(folder)
    withdraw(folder, "n1")
    with path.open("ab") as stream:
        stream.write(b"12345678 {half of a li")
    assert "n1" not in shown(engine)
    withdraw(folder, "n2")
    assert shown(engine) == {"n3", "n4", "n5", "n6", "n7"}
    data = path.read_bytes()
    assert b"half" not in data
    path.write_bytes(data.replace(b'"n1"', b'"n9"'))
    for use in (engine.count, WhooshEngine(folder).count, engine.reindex):
        with pytest.raises(RegisterDamaged, match="line 1"):
            use()
    path.write_bytes(data)
    assert "n1" not in shown(engine)


def withdraw_many(folder: Path, first: int) -> None:
    for number in range(first, first + 50):
        withdraw(folder, f"x{number}")


def test_many_processes_withdraw_at_once(folder: Path) -> None:
    processes = [FORK.Process(target=withdraw_many, args=(folder, 100 * n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert len(WhooshEngine(folder).withdrawals().days) == 200
    assert total(folder) == 7


def withdraw_without_room(folder: Path) -> None:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = register_path(folder).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, size + 20))
    try:
        withdraw(folder, "n2")
    except Exception as error:  # told to the test by the exit code
        os._exit(7 if "cannot be used" in str(error) else 1)
    os._exit(0)


def test_where_there_is_no_room_nothing_is_changed(folder: Path) -> None:
    withdraw(folder, "n1")
    before = register_path(folder).read_bytes()
    assert exit_code(withdraw_without_room, folder) == 7
    assert register_path(folder).read_bytes() == before


_IDS = st.sampled_from([f"n{number}" for number in range(1, 5)])


@some_examples
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("withdraw"), _IDS),
            st.tuples(st.just("undo"), _IDS),
            st.tuples(st.just("put"), _IDS),
            st.tuples(st.just("delete"), _IDS),
            st.tuples(st.just("reindex"), _IDS),
            st.tuples(st.just("merge"), _IDS),
        ),
        max_size=12,
    )
)
def test_any_order_of_changes_shows_what_it_must(steps: list[tuple[str, str]]) -> None:
    with in_memory() as parent:
        folder = small_index(parent / "index")
        engine = WhooshEngine(folder)
        withdrawn: set[str] = set()
        held = {f"n{number}" for number in range(1, 8)}
        maybe: set[str] = set()  # withdrawn and given back: gone if a commit came between
        for step, doc_id in steps:
            number = int(doc_id[1:])
            if step == "withdraw":
                withdraw(folder, doc_id)
                withdrawn.add(doc_id)
                maybe |= {doc_id} & held
            elif step == "undo":
                assert engine.give_back(doc_id) == (doc_id in withdrawn)
                withdrawn.discard(doc_id)
            elif step == "put":
                put(folder, numbered_article(number))
                if doc_id not in withdrawn:
                    held.add(doc_id)
                    maybe.discard(doc_id)
            elif step == "delete":
                with engine.writer() as writer:
                    writer.delete(doc_id)
                held.discard(doc_id)
                maybe.discard(doc_id)
            elif step == "reindex":
                engine.reindex()
            else:
                merge_all(folder)
            found = shown(engine)
            assert found == shown(WhooshEngine(folder))
            assert not found & withdrawn
            assert held - withdrawn - maybe <= found <= held
            assert set(engine.withdrawals().days) == withdrawn
            assert engine.search(SearchRequest(query="")).total == len(found)
        assert engine.verify(deep=True).faults == ()


def test_a_cluster_address_has_no_register() -> None:
    assert open_engine("opensearch://127.0.0.1:9/news") is not None
