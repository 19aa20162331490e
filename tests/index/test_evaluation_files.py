"""The files of an evaluation: what is read from them, and where a mistake is reported."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_suite import SUBJECTS, write_suite

from index.evaluation import (
    EvaluationInputError,
    QueryVariant,
    Topic,
    parse_rules,
    read_qrels,
    read_run,
    read_suite,
    read_topics,
)

TOPICS = [f"t{number}\tcâu hỏi {number}" for number in range(1, 21)]
QRELS = [f"t1 0 bài-{number} {number % 4}" for number in range(1, 21)]
RUN = [f"t1 Q0 bài-{number} {number} {30 - number}.5 thử" for number in range(1, 21)]


def test_topics_may_have_a_class_a_byte_order_mark_and_any_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes("\ufeffq1\tgiá vàng\r\n\r\nq2\t lũ  quét \tevent\n".encode())
    assert read_topics(path) == (Topic("q1", "giá vàng"), Topic("q2", "lũ  quét", "event"))


def test_grades_are_known_for_judged_pairs_only(tmp_path: Path) -> None:
    path = tmp_path / "qrels.txt"
    path.write_text("q1 0 a 3\nq1 0 b 0\nq2\t0\ta\t1\n", encoding="utf-8")
    qrels = read_qrels(path)
    assert [qrels.grade("q1", doc_id) for doc_id in "abc"] == [3, 0, None]
    assert qrels.topics == ("q1", "q2")
    assert qrels.articles() == ("a", "b")


@pytest.mark.parametrize(
    ("reader", "lines", "wrong", "reason"),
    [
        (read_topics, TOPICS, "t99 without a tab", "got 1 columns"),
        (read_topics, TOPICS, "t99\ta\tb\tc", "got 4 columns"),
        (read_topics, TOPICS, "t 99\tcâu", "cannot be an id"),
        (read_topics, TOPICS, "\tcâu", "cannot be an id"),
        (read_topics, TOPICS, "t99\t ", "has no query"),
        (read_topics, TOPICS, "t3\tlần nữa", "t3 is there twice"),
        (read_topics, TOPICS, "t99\t" + "a" * 501, "more than 500 characters"),
        (read_qrels, QRELS, "t1 0 a", "got 3 columns"),
        (read_qrels, QRELS, "t1 0 a good", "'good' is not a whole number"),
        (read_qrels, QRELS, "t1 0 a 1001", "'1001' is not a whole number from 0 to 1000"),
        (read_qrels, QRELS, "t1 0 a 99999999999999999999", "is not a whole number"),
        (read_qrels, QRELS, "t1 0 a 1.5", "'1.5' is not a whole number"),
        (read_qrels, QRELS, "t1 0 a ?", r"'\?' is not a whole number"),
        (read_qrels, QRELS, "t1 0 bài-3 1", "judged twice"),
        (read_run, RUN, "t1 Q0 a 1 0.5", "got 5 columns"),
        (read_run, RUN, "t1 Q0 a 1 high thử", "'high' is not a number"),
        (read_run, RUN, "t1 Q0 a 1 nan thử", "not a finite 32-bit number"),
        (read_run, RUN, "t1 Q0 bài-3 1 0.5 thử", "twice for topic t1"),
    ],
)
def test_a_mistake_in_line_17_is_reported_there(
    tmp_path: Path,
    reader: Callable[[Path], object],
    lines: list[str],
    wrong: str,
    reason: str,
) -> None:
    path = tmp_path / "file"
    path.write_text("\n".join([*lines[:16], wrong, *lines[17:]]), encoding="utf-8")
    with pytest.raises(EvaluationInputError, match=reason) as caught:
        reader(path)
    assert (caught.value.path, caught.value.line) == (path, 17)
    assert str(caught.value).startswith(f"{path}, line 17: ")


@pytest.mark.parametrize("reader", [read_topics, read_qrels, read_run])
def test_empty_missing_and_foreign_files_are_refused(
    tmp_path: Path, reader: Callable[[Path], object]
) -> None:
    path = tmp_path / "file"
    with pytest.raises(EvaluationInputError, match="cannot be read"):
        reader(path)
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(EvaluationInputError, match="it has no"):
        reader(path)
    path.write_bytes(b"\n\nt1\t\xff\xfe\n")
    with pytest.raises(EvaluationInputError, match="line 3: the text is not UTF-8"):
        reader(path)


def test_a_suite_reads_all_its_files(tmp_path: Path) -> None:
    settings = "parity: {none: 0.9, TELEX: 0.5}\nat_least: {nDCG@10: 0.7}\nfail_on: p@5:-0.1"
    suite = read_suite(write_suite(tmp_path / "suite", settings))
    assert suite.settings.name == "Bộ thử nhỏ"
    assert suite.settings.parity == {QueryVariant.NO_ACCENTS: 0.9, QueryVariant.TELEX: 0.5}
    assert suite.settings.floors == {"nDCG@10": 0.7}
    assert suite.settings.rules == parse_rules("P@5:-0.1")
    assert len(suite.topics) == len(suite.judged_topics) == len(SUBJECTS)
    assert [assertion.line for assertion in suite.assertions] == [2, 4, 5, 7, 9]
    assert suite.related is not None


def test_topics_and_judgements_are_enough_for_a_suite(tmp_path: Path) -> None:
    folder = tmp_path / "văn nghệ"
    folder.mkdir()
    (folder / "topics.tsv").write_text("q1\tgiá vàng\nq2\tchưa chấm\n", encoding="utf-8")
    with pytest.raises(EvaluationInputError, match="a suite needs a file qrels"):
        read_suite(folder)
    (folder / "qrels.txt").write_text("q1 0 a 2\n", encoding="utf-8")
    suite = read_suite(folder)
    assert suite.settings.name == "văn nghệ"
    assert suite.unjudged_topics == ("q2",)


@pytest.mark.parametrize(
    ("file", "text", "line", "reason"),
    [
        ("qrels.txt", "t-xang 0 xang-a 1\nt-xang 0 b 0\nt-nix 0 a 1", 3, "there is no topic"),
        ("qrels.txt", "t-xang 0 a 1\nt-hocsinh 0 b 0", 2, "no article of grade 1"),
        ("golden_restoration.tsv", "gia\tgiá\nvang", 2, "a tab between"),
        ("golden_restoration.tsv", "gia\tgiá\ngia\tgià", 2, "there twice"),
        ("suite.yaml", "name: Bộ\nparity: {none: 2}", 2, "not a number from 0 to 1"),
        ("suite.yaml", "name: Bộ\nparity: {nfd: 1}", 2, "'nfd' is none of none, half"),
        ("suite.yaml", "name: Bộ\n\nfail_on: ndcg", 3, "'ndcg' is not a rule"),
        ("suite.yaml", "name: Bộ\ncolour: red", 2, "colour is not a setting"),
        ("suite.yaml", "name: Bộ\nname: Bộ", 2, "name is there twice"),
        ("suite.yaml", "name: Bộ\nother_files: notes.txt", 2, "expected a list of names"),
        ("suite.yaml", "at_least: {nDCG@10: .nan}", 1, "not a number from 0 to 1"),
        ("suite.yaml", "- name: Bộ", 1, "key: value"),
        ("suite.yaml", "name: Bộ\nat_least: {nDCG@10: 0.8", 2, "not YAML"),
        ("suite.yaml", "name: !!python/object/apply:os.getcwd []", 1, "not a plain value"),
        ("assertions.yaml", "query: a", 1, "expected a list"),
        ("assertions.yaml", "- total_at_least: 1", 1, "expected a `query`"),
        ("assertions.yaml", '- query: "a"', 1, "expected a `query` and one of top"),
        ("assertions.yaml", '- query: "a"\n  topp: 1', 2, "topp is not a check"),
        ("assertions.yaml", '- query: "a"\n  top: {id: x}', 2, "within: NUMBER"),
        ("assertions.yaml", '- query: "a"\n  top: {id: x, within: 0}', 2, "whole number from 1"),
        ("assertions.yaml", '- query: "a"\n  above: [x, x]', 2, "two different"),
        ("assertions.yaml", '- query: "a"\n  above: [1, x]', 2, "put it in quotes"),
        ("assertions.yaml", '- query: "a"\n  no_suggestion: bus', 2, "is none of restore_accents"),
        ("assertions.yaml", '- query: "a"\n  suggests: [b]', 2, "is not text"),
        ("assertions.yaml", '- query: "a"\n  total_at_least: true', 2, "not a whole number"),
    ],
)
def test_a_mistake_in_a_suite_is_reported_with_its_line(
    tmp_path: Path, file: str, text: str, line: int, reason: str
) -> None:
    suite = write_suite(tmp_path / "suite")
    (suite / file).write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationInputError, match=reason) as caught:
        read_suite(suite)
    assert (caught.value.path, caught.value.line) == (suite / file, line)


def test_rules_are_read_in_any_of_their_spellings() -> None:
    rules = parse_rules("ndcg@10:-0.01,queries:-0.2×3")
    assert parse_rules(" nDCG@10:-.01 , QUERIES:−0.2 x 3,") == rules
    assert [str(rule) for rule in rules] == ["nDCG@10:-0.01", "queries:-0.2×3"]
    both = parse_rules("ndcg@10:-0.01,ndcg@10:-0.001@0.01,related:-0.02@.05")
    assert [rule.p_value for rule in both] == [None, 0.01, 0.05]
    assert parse_rules(",".join(map(str, both))) == both


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected a rule"),
        ("ndcg@10", "is not a rule"),
        ("ndcg@10:0.01", "is not a rule"),
        ("map:-0.1", "'map' is none of"),
        ("ndcg@10:-0.1×3", "only queries are counted"),
        ("queries:-0.1×0", "a count at least 1"),
        ("queries:-1.5×2", "a drop and a chance are at most 1"),
        ("p@5:-0.1,P@5:-0.2", "there twice"),
        ("p@5:-0.1@.1,P@5:-0.2@.2", "there twice"),
        ("p@5:-0.1@0", "a chance are at most 1"),
        ("p@5:-0.1@2", "a chance are at most 1"),
        ("classes:-0.1@.05", "chance .@. is of a mean"),
    ],
)
def test_what_is_not_a_rule_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_rules(text)
