"""The OpenAPI 3.1 document, made of the types and tables that the endpoints themselves use."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final, cast

from msgspec.json import schema_components

from ..query.option_kinds import Option, Schema
from ..query.urls import Site
from .article_documents import API_VERSION
from .endpoints import ENDPOINTS, Endpoint, ProblemDocument

__all__ = ["openapi_document"]

_REFERENCE: Final = "#/components/schemas/{name}"
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_WAITING: Final = frozenset({429, 503})
_NOT_MODIFIED: Final = 304


def openapi_document(site: Site, site_name: str) -> Schema:
    """The whole document of this site's API."""
    types = [*(endpoint.answer for endpoint in ENDPOINTS), ProblemDocument]
    references, components = schema_components(types, ref_template=_REFERENCE)
    answers = dict(zip((e.path for e in ENDPOINTS), references, strict=False))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site_name} API",
            "version": API_VERSION,
            "summary": "Full-text search in an archive of Vietnamese news",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": site.base}],
        "security": [{}, {"key": []}, {"bearer": []}],
        "paths": {
            endpoint.path: {"get": _operation(endpoint, answers[endpoint.path])}
            for endpoint in ENDPOINTS
        },
        "components": {
            "schemas": components,
            "responses": {str(status): _error(status) for status in _errors(ENDPOINTS)},
            "headers": _HEADERS,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


_HEADERS: Final[Schema] = {
    "ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}},
    "Link": {"description": "RFC 8288: next and prev.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}},
}


def _operation(endpoint: Endpoint, answer: Schema) -> Schema:
    tagged = {"ETag": _header("ETag"), "Link": _header("Link")}
    return {
        "operationId": endpoint.anchor,
        "summary": endpoint.summary,
        "parameters": [_parameter(option) for option in endpoint.parameters],
        "responses": {
            "200": {
                "description": endpoint.summary,
                "headers": tagged,
                "content": {_JSON: {"schema": answer}},
            },
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in endpoint.statuses
            },
        },
    }


def _parameter(option: Option[Any]) -> Schema:
    described: Schema = {
        "name": option.name,
        "in": "path" if option.in_path else "query",
        "description": option.text,
        "required": option.required,
        "schema": option.schema,
    }
    if option.example is not None:
        described["example"] = option.example
    if option.repeated:
        described |= {"style": "form", "explode": True}
    return described


def _errors(endpoints: Iterable[Endpoint]) -> list[int]:
    return sorted({status for endpoint in endpoints for status in endpoint.statuses})


def _error(status: int) -> Schema:
    name = HTTPStatus(status).phrase
    if status == _NOT_MODIFIED:
        return {"description": name}
    schema = {"$ref": _REFERENCE.format(name=ProblemDocument.__name__)}
    answer: Schema = {"description": name, "content": {_PROBLEM: {"schema": schema}}}
    if status in _WAITING:
        answer["headers"] = {"Retry-After": _header("Retry-After")}
    return answer


def _header(name: str) -> Schema:
    return cast(Schema, {"$ref": f"#/components/headers/{name}"})
