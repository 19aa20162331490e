"""The page of results."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from index import EngineStats, Hit, SearchEngine, SearchPage, SearchRequest, SortOrder

from ...query.archive_labels import ArchiveLabels
from ...query.facet_counts import FacetCounts
from ...query.parameter_reader import ReadParams
from ...query.params import SearchParams
from ...query.urls import export_path, feed_path, search_path
from ...text.formatting import month_text
from ...text.i18n import number_text, translate, translate_count
from ...text.messages import N_
from .cards import Card, cards
from .constraints import Constraint, constraints, unconstrained
from .facets import FACET_TITLES, FacetList, facet_lists
from .form import DateForm, Form, OrderForm, date_form, form, order_form
from .notices import Chooser, Link, Notice, RewriteChip, choosers, notices, rewrite_chips
from .pager import Pager, pager
from .recovery import recovery_links
from .timeline import Timeline, presets, timeline

__all__ = ["ResultsView", "archive_text", "problem_view", "results_view"]

_FACETS: Final = (*FACET_TITLES, "day")
_FACET_NAMES: Final = {**FACET_TITLES, "day": N_("Thời gian")}
_EXPORTS: Final = (("RIS", "ris"), ("BibTeX", "bib"), ("CSV", "csv"))
_RELATED_SHOWN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """The search box and everything below it, in reading order."""

    title: str
    heading: str
    total: int = 0
    form: Form
    date_form: DateForm
    presets: tuple[Link, ...]
    order_form: OrderForm
    page_text: str = ""
    problems: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    choosers: tuple[Chooser, ...] = ()
    rewrites: tuple[RewriteChip, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    clear_href: str = ""
    facets: tuple[FacetList, ...] = ()
    uncounted: str = ""
    """Names of the facets that there was no time for."""
    timeline: Timeline | None = None
    cards: tuple[Card, ...] = ()
    related_only: tuple[Card, ...] = ()
    """Hits that match only in the related news of their pages."""
    related_to: str = ""
    related: tuple[Card, ...] = ()
    """Articles that are no hits, about the subject of the first hit."""
    pager: Pager | None = None
    recovery: tuple[Link, ...] = ()
    """Links out of a search without hits."""
    archive_text: str = ""
    """What the archive holds, where nothing else helps."""
    exports: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    canonical: str = ""


def results_view(
    engine: SearchEngine,
    read: ReadParams,
    stats: EngineStats,
    today: date,
    within_budgets: Callable[[SearchRequest], SearchRequest],
) -> ResultsView:
    """Run the search and show its page; raises QueryError in advanced mode.

    Args:
        today: the day in Vietnam.
        within_budgets: limits the time of a search.
    """
    params = read.params
    page = engine.search(within_budgets(replace(params, facets=_FACETS).request()))
    counts = FacetCounts.of(page, _FACETS)
    labels = ArchiveLabels.of(stats)
    heading = _heading(params, page)
    pages = params.page_count(page.total)
    nothing = not page.total and not page.partial
    shown = cards(page.hits, params)
    related = _related(engine, params, page)
    return ResultsView(
        title=heading,
        heading=heading,
        total=page.total,
        form=form(params),
        date_form=date_form(read, ("", "")),
        presets=presets(params, today),
        order_form=order_form(params),
        page_text=_page_text(params.page, pages) if pages > 1 else "",
        notices=_beyond_last(params, page) or notices(page, params),
        choosers=choosers(page, params),
        rewrites=rewrite_chips(page, params),
        constraints=constraints(params, labels),
        clear_href=search_path(unconstrained(params)),
        facets=facet_lists(counts.values, params),
        uncounted=", ".join(translate(_FACET_NAMES[name]) for name in counts.timed_out),
        timeline=timeline(counts.values.get("day", ()), params, page.total),
        cards=tuple(card for card in shown if not card.related_only),
        related_only=tuple(card for card in shown if card.related_only),
        related_to=page.hits[0].article.headline if related else "",
        related=cards(related, SearchParams()),
        pager=pager(params, page.total),
        recovery=_ways_out(engine, params, labels) if nothing else (),
        archive_text=archive_text(stats) if nothing else "",
        exports=tuple(Link(name, export_path(params, suffix)) for name, suffix in _EXPORTS),
        feeds=(Link("Atom", feed_path(params, "atom")), Link("RSS", feed_path(params, "rss"))),
        canonical=search_path(params),
    )


def problem_view(
    read: ReadParams,
    typed_days: tuple[str, str],
    stats: EngineStats,
    title: str,
    problems: tuple[Notice, ...],
    today: date,
) -> ResultsView:
    """The form as it was filled in, with what is wrong and no results."""
    labels = ArchiveLabels.of(stats)
    return ResultsView(
        title=title,
        heading=title,
        form=form(read.params),
        date_form=date_form(read, typed_days),
        presets=presets(read.params, today),
        order_form=order_form(read.params),
        problems=problems,
        constraints=constraints(read.params, labels),
        clear_href=search_path(unconstrained(read.params)),
        canonical=search_path(read.params),
    )


def archive_text(stats: EngineStats) -> str:
    """How many articles there are and from when to when."""
    count = number_text(stats.articles)
    first, last = stats.first_published, stats.last_published
    if first is None or last is None:
        return translate("Kho hiện có %(count)s tin.", count=count)
    return translate(
        "Kho hiện có %(count)s tin từ %(first)s đến %(last)s.",
        count=count,
        first=month_text(first),
        last=month_text(last),
    )


def _heading(params: SearchParams, page: SearchPage) -> str:
    if not params.query:
        if not page.total:
            return translate("Không có tin nào")
        return translate("Tin mới nhất trong kho")
    if not page.total:
        return translate("Không tìm thấy tin nào cho “%(query)s”.", query=params.query)
    return translate_count(
        "%(count)s kết quả cho “%(query)s”",
        "%(count)s kết quả cho “%(query)s”",
        page.total,
        query=params.query,
    )


def _page_text(number: int, pages: int) -> str:
    return translate("Trang %(page)s/%(pages)s", page=number_text(number), pages=number_text(pages))


def _beyond_last(params: SearchParams, page: SearchPage) -> tuple[Notice, ...]:
    if page.hits or not page.total:
        return ()
    first = Link(translate("Về trang đầu"), search_path(replace(params, page=1)))
    text = translate("Trang này nằm sau kết quả cuối cùng.")
    return (Notice(f"{text} ", (first,)),)


def _related(engine: SearchEngine, params: SearchParams, page: SearchPage) -> list[Hit]:
    """What is about the same as the first hit, where all hits are on this page."""
    by_relevance = params.sort in (None, SortOrder.RELEVANCE)
    if not params.query or not by_relevance or not page.hits or page.total > len(page.hits):
        return []
    first = page.hits[0]
    if first.related_only:
        return []
    hits = {hit.id for hit in page.hits}
    near = engine.related(first.id, _RELATED_SHOWN + len(hits))
    return [hit for hit in near if hit.id not in hits][:_RELATED_SHOWN]


def _ways_out(
    engine: SearchEngine, params: SearchParams, labels: ArchiveLabels
) -> tuple[Link, ...]:
    newest = Link(translate("Xem tin mới nhất"), search_path(SearchParams()))
    return (*recovery_links(engine, params, labels), newest)
