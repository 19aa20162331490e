"""The API for people who write programs."""

from dataclasses import dataclass
from typing import Any, get_type_hints

from ..documents.contract.endpoints import ENDPOINTS, Endpoint
from ..query.options import Option

__all__ = ["EndpointView", "ParameterView", "api_docs_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """A row of an endpoint's table."""

    name: str
    required: bool
    text: tuple[tuple[str, bool], ...]
    """Pieces, and whether each is code."""
    values: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint with an example that can be followed."""

    anchor: str
    path: str
    summary: str
    parameters: tuple[ParameterView, ...]
    answer: str
    """The names at the top of the answer."""
    statuses: str
    example: str


def api_docs_view() -> tuple[EndpointView, ...]:
    """Every endpoint in the order of the contract."""
    return tuple(_endpoint(endpoint) for endpoint in ENDPOINTS)


def _endpoint(endpoint: Endpoint) -> EndpointView:
    return EndpointView(
        anchor=endpoint.anchor,
        path=endpoint.path,
        summary=endpoint.summary,
        parameters=tuple(_parameter(option) for option in endpoint.parameters),
        answer=" · ".join(get_type_hints(endpoint.answer)),
        statuses=" · ".join(str(status) for status in (200, *endpoint.statuses)),
        example=endpoint.example,
    )


def _parameter(option: Option[Any]) -> ParameterView:
    schema = option.schema
    choices, default = schema.get("enum"), schema.get("default", "")
    values = " · ".join(str(choice) for choice in choices) if isinstance(choices, list) else ""
    if {"minimum", "maximum"} <= schema.keys():
        values = f"{schema['minimum']}–{schema['maximum']}"
    pieces = enumerate(option.text.split("`"))
    return ParameterView(
        name=option.name,
        required=option.required,
        text=tuple((piece, number % 2 == 1) for number, piece in pieces if piece),
        values=values,
        default=str(default),
    )
