"""The API for people who write programs."""

from dataclasses import dataclass

from ..contract.endpoints import ENDPOINTS, Endpoint
from ..contract.parameters import Parameter

__all__ = ["EndpointView", "ParameterView", "api_docs_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """A row of an endpoint's table."""

    name: str
    required: bool
    text: str
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint with an example that can be followed."""

    anchor: str
    path: str
    summary: str
    parameters: tuple[ParameterView, ...]
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
        parameters=tuple(_parameter(parameter) for parameter in endpoint.parameters),
        statuses=", ".join(str(status) for status in (200, *endpoint.statuses)),
        example=endpoint.example,
    )


def _parameter(parameter: Parameter) -> ParameterView:
    schema = parameter.schema
    choices = schema.get("enum")
    values = " · ".join(str(choice) for choice in choices) if isinstance(choices, list) else ""
    if not values and {"minimum", "maximum"} <= schema.keys():
        values = f"{schema['minimum']}–{schema['maximum']}"
    default = schema.get("default")
    if default not in (None, ""):
        values += f" (={default})"
    return ParameterView(
        name=parameter.name,
        required=parameter.required,
        text=parameter.text,
        values=values.strip(),
    )
