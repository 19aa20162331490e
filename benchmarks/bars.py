"""The bars that the engine has to clear, held against the results of the benchmarks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from measure import Json
from queries import Kind

_OR = (Kind.SHORT_OR, Kind.LONG_OR)


@dataclass(frozen=True, slots=True)
class Bar:
    """What was measured, at its worst over classes and forms, and what it must reach."""

    what: str
    measured: float
    limit: float
    stretch: float | None = None
    at_least: bool = False
    unit: str = ""

    @property
    def verdict(self) -> str:
        """met, stretch or missed."""
        if not self._reaches(self.limit):
            return "**missed**"
        return "stretch" if self.stretch is not None and self._reaches(self.stretch) else "met"

    def _reaches(self, limit: float) -> bool:
        return self.measured >= limit if self.at_least else self.measured <= limit


def query_bars(result: Json) -> Iterator[Bar]:
    """Retrieval alone against the peers, the whole search, cold."""
    warm, names = result["warm"], result["ours"]
    one, pairs = "Tantivy, one field", "Tantivy, one field + pairs"
    yield from _ratio(warm, one, _OR, "OR, retrieval ÷ Tantivy", 0.8, 0.4)
    yield from _ratio(warm, pairs, _OR, "OR, retrieval ÷ Tantivy with pairs", 0.15)
    yield from _ratio(warm, one, [Kind.AND], "AND, retrieval ÷ Tantivy", 1.0, 0.6)
    yield from _ratio(warm, one, [Kind.PHRASE], "phrase, retrieval ÷ Tantivy", 0.7, 0.3)
    for peer, or_times, and_times in (("SQLite FTS5", 80, 10), ("Whoosh", 300, 80)):
        faster = f"times faster than {peer}"
        yield from _times_faster(warm, peer, _OR, f"OR, {faster}", or_times)
        yield from _times_faster(warm, peer, [Kind.AND], f"AND, {faster}", and_times)
    for name, label, p50, p95 in (
        (names["search"], "whole search", 3, 10),
        (names["highlighted"], "whole search, 10 highlighted hits", 8, 20),
    ):
        rows = [row for row in warm if row["engine"] == name]
        for field, limit in (("p50", p50), ("p95", p95)):
            worst = _worst(rows, field)
            if worst is not None:
                yield Bar(f"{label}, {field}", worst, limit, limit / 2, unit="ms")
    cold = _worst(result["cold"], "p95")
    if cold is not None:
        yield Bar("whole search, cold, p95", cold, 60, 20, unit="ms")


def index_bars(result: Json) -> Iterator[Bar]:
    """Rate, also against Whoosh, and size."""
    rows = {row["engine"]: row for row in result["engines"]}
    ours, whoosh = rows.get("Tìm Báo"), rows.get("Whoosh")
    if ours is None:
        return
    rate = ours["articles_per_s"]
    yield Bar("indexing", rate, 600, 1000, at_least=True, unit="articles/s")
    if whoosh is not None:
        times = rate / whoosh["articles_per_s"]
        yield Bar("indexing, times Whoosh", times, 3, at_least=True)
    without, stored = ours["bytes_per_text_byte_without_stored"], ours["bytes_per_text_byte"]
    yield Bar("index without stored text", without, 1.0, 0.7, unit="bytes/byte")
    yield Bar("index with stored text", stored, 1.6, unit="bytes/byte")


def start_bars(result: Json) -> Iterator[Bar]:
    """Process start to first answer."""
    seconds = result["search"]["p50_ms"] / 1000
    yield Bar("process start to first answer", seconds, 0.6, 0.3, unit="s")
    if "make_serve" in result:
        yield Bar("second `make serve`", result["make_serve"]["p50_ms"] / 1000, 5, unit="s")


def memory_bars(result: Json) -> Iterator[Bar]:
    """Resident memory of the server, all of its workers, shared pages counted once."""
    last = result["memory"][-1]
    yield Bar(f"server after {last['queries']:,} queries", last["rss_mb"], 800, 500, unit="MB")


def growth_bars(result: Json) -> Iterator[Bar]:
    """No class grows faster than the corpus."""
    for step in result["growth"]:
        worst = max(step["search"].values()) / step["corpus"]
        yield Bar(f"growth {step['from']:,} → {step['to']:,} ÷ corpus", worst, 1.0)


def suggest_bars(result: Json) -> Iterator[Bar]:
    """Suggestions for beginnings that were not asked before, with their totals."""
    new = [row for row in result["warm"] if row["state"] == "new"]
    whole = [row for row in new if row["letters"] == result["letters"]]
    yield Bar("suggestions, new beginnings, p95", _worst(whole, "p95") or 0.0, 10, 5, unit="ms")


def fresh_bars(result: Json) -> Iterator[Bar]:
    """What a commit of one article costs the searches and suggestions after it, medians."""
    commits = result["commits"]
    for name, limit, stretch in (("p50", 1.3, 1.1), ("p95", 2.0, 1.3)):
        ratio = median(each[f"{name}_ratio"] for each in commits)
        yield Bar(f"search after a commit ÷ warm, {name}", ratio, limit, stretch, unit="×")
    slowest = median(each["suggest_fresh_ms"] for each in commits)
    yield Bar("suggestions after a commit, slowest", slowest, 50, 20, unit="ms")


def load_bars(result: Json) -> Iterator[Bar]:
    """No error, no wrong total, flat memory."""
    yield Bar("load, errors", sum(result["errors"].values()), 0)
    yield Bar("load, wrong totals", len(result["wrong_totals"]), 0)
    yield Bar("load, memory, second half ÷ first", result["memory_growth"], 1.05)


def _ratios(warm: Iterable[Json], engine: str, kinds: Iterable[Kind]) -> list[float]:
    wanted = set(kinds)
    return [
        row["retrieval_p50_ms"] / row["p50_ms"]
        for row in warm
        if row["engine"] == engine and row["class"] in wanted and "retrieval_p50_ms" in row
    ]


def _ratio(
    warm: Iterable[Json],
    engine: str,
    kinds: Iterable[Kind],
    what: str,
    limit: float,
    stretch: float | None = None,
) -> Iterator[Bar]:
    if ratios := _ratios(warm, engine, kinds):
        yield Bar(what, max(ratios), limit, stretch, unit="×")


def _times_faster(
    warm: Iterable[Json], engine: str, kinds: Iterable[Kind], what: str, limit: float
) -> Iterator[Bar]:
    if ratios := _ratios(warm, engine, kinds):
        yield Bar(what, 1 / max(ratios), limit, at_least=True, unit="×")


def _worst(rows: Iterable[Json], field: str) -> float | None:
    return max((row[f"{field}_ms"] for row in rows), default=None)
