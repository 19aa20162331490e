"""Searches and articles for programs: files, feeds, and what crawlers and browsers look for."""

from collections.abc import Iterable, Iterator
from typing import Final

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from index import Article, SearchRequest, SortOrder

from ..api.answers import api_values
from ..api.revalidation import conditional, revalidated
from ..api.search_api import search_answer
from ..documents.article_documents import ArticleDocument
from ..documents.exports import ExportFormat, export_format, write_csv
from ..documents.exports.requested import RequestedExport, read_export, whole_search
from ..documents.feeds import (
    FeedSource,
    archive_feed,
    atom_feed,
    feed_params,
    rss_feed,
    search_feed,
)
from ..documents.feeds.atom import ATOM_TYPE
from ..documents.feeds.rss import RSS_TYPE
from ..documents.json_text import json_bytes
from ..documents.saved_lists import listed_ids, read_ids
from ..documents.standards import (
    SITEMAP_SIZE,
    description_document,
    robots_text,
    sitemap,
    sitemap_count,
    sitemap_index,
)
from ..http import access, context
from ..http.problems import BadParameters
from ..http.withdrawn import Withdrawn
from ..query.archive_labels import ArchiveLabels
from ..query.parameter_reader import ParameterProblem
from ..query.params import SearchParams
from ..query.urls import LARGEST_EXPORT_PAGE, article_url, slug
from ..text.messages import lazy_gettext

__all__ = ["blueprint"]

blueprint = Blueprint("outputs", __name__)

_CSL: Final = ".csl"


@blueprint.get('/search.<any(json,atom,rss,csv,ndjson,ris,bib,"csl.json"):fmt>')
@revalidated
def search_export(fmt: str) -> BaseResponse:
    """A search in another format than a page, under the page's own parameters."""
    if fmt == "json":
        return search_answer(api_values())
    wanted = read_export(request.args.to_dict(flat=False))
    if wanted.problems:
        raise BadParameters(wanted.problems)
    if fmt in ("atom", "rss"):
        return _search_feed(wanted.params, fmt)
    kind = _format_of(fmt)
    engine, asked = access.engine(), wanted.params.request()
    if not wanted.paged:
        pieces = _pieces(kind, whole_search(engine, asked), wanted)
        return _attached(_streamed(kind, pieces), _file_name(wanted.params.query, fmt))
    found = [hit.article for hit in engine.search(asked).hits]
    return _attached(_file(kind, found, wanted), _file_name(wanted.params.query, fmt))


@blueprint.get('/article/<doc_id>.<any(json,ris,bib,"csl.json",txt):fmt>')
def article_export(doc_id: str, fmt: str) -> BaseResponse:
    """One article in another format than a page."""
    if fmt == "json" and doc_id.endswith(_CSL):
        doc_id, fmt = doc_id.removesuffix(_CSL), "csl.json"
    engine = access.engine(access.Group.READING)
    article = engine.get(doc_id)
    if article is None:
        named = engine.get(f"{doc_id}.{fmt}")
        if named is not None:
            # An id that ends like a file: this was the address of its page, without the slug.
            return redirect(article_url(named), 301)
        withdrawal = engine.withdrawn(doc_id)
        if withdrawal is not None:
            raise Withdrawn(withdrawal)
        abort(404)
    if fmt == "json":
        body = json_bytes(ArticleDocument.of(article, context.site()))
        return conditional(_response(body, "application/json"), article)
    kind = _format_of(fmt)
    response = conditional(_file(kind, [article]), article)
    return response if fmt == "txt" else _attached(response, f"{slug(article.headline)}.{fmt}")


@blueprint.get('/list/<token>.<any(csv,ndjson,ris,bib,"csl.json",txt):fmt>')
def list_export(token: str, fmt: str) -> BaseResponse:
    """The articles of a saved list in another format than a page."""
    found = [each for each in map(access.engine().get, listed_ids(token)) if each is not None]
    if not found:
        abort(404)
    return _attached(_file(_format_of(fmt), found), _file_name("", fmt))


@blueprint.post("/export")
def export() -> BaseResponse:
    """The articles whose `id` was sent (at most 500), in the `format` that was sent."""
    engine = access.engine()
    kind = export_format(request.form.get("format", ""))
    ids, problems = read_ids(request.form.getlist("id"), LARGEST_EXPORT_PAGE)
    if kind is None:
        sentence = lazy_gettext("Chưa chọn định dạng tệp.")
        problems = (ParameterProblem("format", "invalid-parameter", sentence), *problems)
    if kind is None or problems:
        raise BadParameters(problems)
    found = [article for article in map(engine.get, ids) if article is not None]
    if not found:
        abort(404)
    response = _attached(_file(kind, found), _file_name("", kind.suffix))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/feed.atom")
@revalidated
def archive_atom() -> BaseResponse:
    """The newest articles of the archive, on as many pages as its readers follow."""
    wanted = read_export(request.args.to_dict(flat=False))
    if wanted.problems:
        raise BadParameters(wanted.problems)
    asked = wanted.params
    pages = SearchParams(page=asked.page, per_page=asked.per_page, sort=asked.sort)
    params = feed_params(pages)
    page = access.engine().search(params.request())
    return _response(atom_feed(archive_feed(params, page, _feed_source())), ATOM_TYPE)


@blueprint.get("/opensearch.xml")
def opensearch_description() -> BaseResponse:
    """How to search here, for browsers."""
    body = description_document(context.site(), context.settings().site_name)
    return conditional(_response(body, "application/opensearchdescription+xml"))


@blueprint.get("/robots.txt")
def robots() -> BaseResponse:
    """What crawlers may fetch."""
    return conditional(_response(robots_text(context.site()), "text/plain; charset=utf-8"))


@blueprint.get("/sitemap.xml")
@revalidated
def sitemaps() -> BaseResponse:
    """The list of all sitemaps."""
    return _response(sitemap_index(context.site(), access.engine().count()), "application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
@revalidated
def sitemap_page(number: int) -> BaseResponse:
    """The pages of a thousand articles, the oldest first: what is new changes the last map only."""
    engine = access.engine()
    if not 1 <= number <= sitemap_count(engine.count()):
        abort(404)
    asked = SearchRequest(
        sort=SortOrder.OLDEST, limit=SITEMAP_SIZE, offset=(number - 1) * SITEMAP_SIZE
    )
    articles = (hit.article for hit in engine.search(asked).hits)
    return _response(sitemap(context.site(), articles), "application/xml")


def _search_feed(params: SearchParams, fmt: str) -> Response:
    params = feed_params(params)
    page = access.engine().search(params.request())
    feed = search_feed(params, page, _feed_source(), request.path)
    if fmt == "atom":
        return _response(atom_feed(feed), ATOM_TYPE)
    return _response(rss_feed(feed), RSS_TYPE)


def _feed_source() -> FeedSource:
    return FeedSource(
        site=context.site(),
        site_name=context.settings().site_name,
        labels=ArchiveLabels.of(context.stats()),
    )


def _format_of(suffix: str) -> ExportFormat:
    kind = export_format(suffix)
    if kind is None:
        abort(404)
    return kind


def _file(
    kind: ExportFormat, articles: Iterable[Article], wanted: RequestedExport | None = None
) -> Response:
    return _response("".join(_pieces(kind, articles, wanted)), kind.content_type)


def _pieces(
    kind: ExportFormat, articles: Iterable[Article], wanted: RequestedExport | None
) -> Iterator[str]:
    if wanted is not None and kind.suffix == "csv":
        return write_csv(articles, context.site(), wanted.csv)
    return kind.write(articles, context.site())


def _streamed(kind: ExportFormat, pieces: Iterable[str]) -> Response:
    return Response((_encoded(piece) for piece in pieces), content_type=kind.content_type)


def _response(body: str | bytes, content_type: str) -> Response:
    return Response(body if isinstance(body, bytes) else _encoded(body), content_type=content_type)


def _encoded(body: str) -> bytes:
    # Half a surrogate pair, as broken pages have them, is no reason to answer nothing.
    return body.encode("utf-8", "replace")


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _file_name(query: str, suffix: str) -> str:
    return f"tim-bao-{slug(query)}.{suffix}" if query else f"tim-bao.{suffix}"
