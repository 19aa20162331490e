"""Every option of a search is known wherever options are: one table, and loops over it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import MAX_RESULT_DEPTH, Filters, SearchRequest, normalized_query
from searchapp.commands.searching import search_command
from searchapp.documents.openapi import openapi_document
from searchapp.query.option_kinds import (
    Choice,
    Day,
    LabelsOption,
    Names,
    Number,
    Option,
    WordsOption,
)
from searchapp.query.options import FACETS, FILTERS, ON_PAGES, SEARCH
from searchapp.query.parameter_reader import read_params
from searchapp.query.params import SearchParams
from searchapp.query.urls import Site

#: A value that is not the default, for each kind of option.
_PAGING: Final = {"page": {"limit": 20, "offset": 80}, "per_page": {"limit": 50, "offset": 0}}
_ALL_OPTIONS: Final = pytest.mark.parametrize("option", SEARCH, ids=lambda option: option.name)


def _other_value(option: Option[Any]) -> Any:
    match option:
        case Choice():
            return {"per_page": 50}.get(
                option.name,
                next(value for value in option.values.values() if value != option.default),
            )
        case Number():
            return 5
        case WordsOption():
            return "hà nội"
        case Day():
            return date(2026, 10, 5)
        case LabelsOption():
            return ("Kinh tế", "thoi-su")
        case Names():
            return ("section", "month")
    raise AssertionError(option)


def _params(option: Option[Any], value: Any) -> SearchParams:
    return SearchParams.of({option.field: value})


def _found(params: SearchParams, option: Option[Any]) -> Any:
    return getattr(params.filters if option in FILTERS else params, option.field)


def _reread(params: SearchParams) -> SearchParams:
    read = read_params(parse_qs(urlencode(params.pairs()), keep_blank_values=True))
    assert read.problems == ()
    return read.params


@_ALL_OPTIONS
def test_an_option_is_written_to_the_address_and_read_from_it(option: Option[Any]) -> None:
    params = _params(option, _other_value(option))
    assert _found(params, option) == _other_value(option) != option.default
    assert {name for name, _ in params.pairs()} == {option.name}
    assert _reread(params) == params


@_ALL_OPTIONS
def test_the_default_of_an_option_is_that_of_the_search_and_is_not_written(
    option: Option[Any],
) -> None:
    assert _found(SearchParams(), option) == option.default
    assert _params(option, option.default) == SearchParams()
    assert SearchParams().pairs() == []


@_ALL_OPTIONS
def test_an_option_reaches_the_engine(option: Option[Any]) -> None:
    value = _other_value(option)
    asked = _params(option, value).request()
    assert type(asked) is SearchRequest
    if option.name in _PAGING:
        assert {name: getattr(asked, name) for name in ("limit", "offset")} == _PAGING[option.name]
    else:
        assert getattr(asked.filters if option in FILTERS else asked, option.field) == value


@_ALL_OPTIONS
def test_an_option_is_documented(option: Option[Any]) -> None:
    document: Any = openapi_document(Site("https://kho.example"), "Kho")
    parameters = document["paths"]["/api/v1/search"]["get"]["parameters"]
    (described,) = [each for each in parameters if each["name"] == option.name]
    assert described["description"] == option.text != ""
    assert described["schema"] == option.schema
    if option.name in ("q", "page", "per_page"):
        assert described["schema"]["default"] == option.default


@_ALL_OPTIONS
def test_a_wrong_value_is_reported_and_the_default_is_taken(option: Option[Any]) -> None:
    read = read_params({option.name: ["¿"]})
    if isinstance(option, (WordsOption, LabelsOption)):
        assert read.problems == ()
        return
    assert [(problem.param, problem.code) for problem in read.problems] == [
        (option.name, option.code)
    ]
    assert str(read.problems[0].text)
    assert read.params == SearchParams()


@_ALL_OPTIONS
def test_the_command_line_offers_what_says_so(option: Option[Any]) -> None:
    offered: Mapping[str, click.Parameter] = {
        parameter.name: parameter for parameter in search_command.params if parameter.name
    }
    if not option.help:
        assert option.field not in offered or option.field == "query"
        return
    parameter = offered[option.field]
    assert isinstance(parameter, click.Option)
    assert parameter.help == option.help
    value = _other_value(option)
    arguments = [
        argument
        for _, text in option.pairs(value)
        for argument in ((parameter.opts[0],) if parameter.is_flag else (parameter.opts[0], text))
    ]
    context = search_command.make_context("search", ["hà nội", *arguments])
    assert context.params[option.field] == value
    assert search_command.make_context("search", ["hà nội"]).params[option.field] == option.default


def test_a_page_of_the_website_takes_all_but_the_facets() -> None:
    assert {option.name for option in SEARCH} - {option.name for option in ON_PAGES} == {"facets"}
    read = read_params({"facets": ["section"]}, ON_PAGES)
    assert read.params == SearchParams()


def _any_value(option: Option[Any]) -> st.SearchStrategy[Any]:
    match option:
        case Choice():
            return st.sampled_from([option.default, *option.values.values()])
        case Number(name="page"):
            return st.integers(1, MAX_RESULT_DEPTH // 100)
        case Number():
            return st.none() | st.integers(1, option.most)
        case WordsOption():
            # What is read has no white space of any kind at its ends.
            words = st.text(st.characters(codec="utf-8"), max_size=30)
            return words.map(lambda typed: normalized_query(typed.strip()))
        case Day():
            return st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31))
        case LabelsOption():
            # An address has them in order.
            label = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
            return st.lists(label, max_size=3, unique=True).map(sorted).map(tuple)
        case Names():
            return st.lists(st.sampled_from(FACETS), unique=True).map(tuple)
    raise AssertionError(option)


@given(st.fixed_dictionaries({option.field: _any_value(option) for option in SEARCH}))
def test_every_search_is_read_back_from_its_address(values: dict[str, Any]) -> None:
    first, last = values["published_from"], values["published_to"]
    if first is not None and last is not None and first > last:
        values |= {"published_from": last, "published_to": first}
    params = SearchParams.of(values)
    assert _reread(params) == params
    assert params.filters == Filters(**{o.field: values[o.field] for o in FILTERS})
