"""The page of results."""

from dataclasses import dataclass, replace

from index import EngineStats, SearchEngine, SearchPage

from ..formatting import month_text, number_text
from ..labels import ArchiveLabels
from ..parameter_reader import ReadParams
from ..params import SearchParams
from ..urls import search_path
from .cards import Card, cards
from .constraints import Constraint, constraints, unconstrained
from .form import Form, form
from .notices import Chooser, Link, Notice, choosers, notices
from .pager import Pager, pager
from .recovery import recovery_links

__all__ = ["ResultsView", "archive_text", "problem_view", "results_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """Everything below the search box, in reading order."""

    title: str
    heading: str
    form: Form
    page_text: str = ""
    problems: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    choosers: tuple[Chooser, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    clear_href: str = ""
    cards: tuple[Card, ...] = ()
    first_number: int = 1
    pager: Pager | None = None
    recovery: tuple[Link, ...] = ()
    """Links out of a search without hits."""
    archive_text: str = ""
    """What the archive holds, where nothing else helps."""
    canonical: str = ""


def results_view(
    engine: SearchEngine, read: ReadParams, typed_days: tuple[str, str], stats: EngineStats
) -> ResultsView:
    """Run the search and show its page; raises QueryError in advanced mode."""
    params = read.params
    page = engine.search(params.request())
    labels = ArchiveLabels.of(stats)
    heading = _heading(params, page)
    pages = params.page_count(page.total)
    nothing = not page.total
    return ResultsView(
        title=heading,
        heading=heading,
        form=form(read, typed_days, labels),
        page_text=f"Trang {number_text(params.page)}/{number_text(pages)}" if pages > 1 else "",
        notices=_beyond_last(params, page) or notices(page, params),
        choosers=choosers(page, params),
        constraints=constraints(params, labels),
        clear_href=search_path(unconstrained(params)),
        cards=cards(page.hits, params.offset + 1),
        first_number=params.offset + 1,
        pager=pager(params, page.total),
        recovery=_ways_out(engine, params, labels) if nothing else (),
        archive_text=archive_text(stats) if nothing else "",
        canonical=search_path(params),
    )


def problem_view(
    read: ReadParams,
    typed_days: tuple[str, str],
    stats: EngineStats,
    title: str,
    problems: tuple[Notice, ...],
) -> ResultsView:
    """The form as it was filled in, with what is wrong and no results."""
    labels = ArchiveLabels.of(stats)
    return ResultsView(
        title=title,
        heading=title,
        form=form(read, typed_days, labels),
        problems=problems,
        constraints=constraints(read.params, labels),
        clear_href=search_path(unconstrained(read.params)),
        canonical=search_path(read.params),
    )


def archive_text(stats: EngineStats) -> str:
    """How many articles there are and from when to when."""
    text = f"Kho hiện có {number_text(stats.articles)} tin"
    first, last = stats.first_published, stats.last_published
    if first is None or last is None:
        return f"{text}."
    return f"{text} từ {month_text(first)} đến {month_text(last)}."


def _heading(params: SearchParams, page: SearchPage) -> str:
    if not params.query:
        return "Tin mới nhất trong kho" if page.total else "Không có tin nào"
    if not page.total:
        return f"Không tìm thấy tin nào cho “{params.query}”."
    return f"{number_text(page.total)} kết quả cho “{params.query}”"


def _beyond_last(params: SearchParams, page: SearchPage) -> tuple[Notice, ...]:
    if page.hits or not page.total:
        return ()
    first = Link("Về trang đầu", search_path(replace(params, page=1)))
    return (Notice("Trang này nằm sau kết quả cuối cùng. ", (first,)),)


def _ways_out(
    engine: SearchEngine, params: SearchParams, labels: ArchiveLabels
) -> tuple[Link, ...]:
    newest = Link("Xem tin mới nhất", search_path(SearchParams()))
    return (*recovery_links(engine, params, labels), newest)
