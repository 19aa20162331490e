"""The OpenAPI 3.1 document, made of the types and tables that the endpoints themselves use."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from msgspec import Struct
from msgspec.json import schema_components

from ..query.option_kinds import Option, Schema
from ..query.urls import Site
from .article_documents import API_VERSION
from .endpoints import (
    ENDPOINTS,
    ID_IN_PATH,
    NDJSON,
    WRITING,
    Endpoint,
    ProblemDocument,
    WriteEndpoint,
)
from .task_documents import TaskAnswer, WithdrawalRequest

__all__ = ["openapi_document"]

_REFERENCE: Final = "#/components/schemas/{name}"
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_WAITING: Final = frozenset({429, 503})
_NOT_MODIFIED: Final = 304


def openapi_document(site: Site, site_name: str) -> Schema:
    """The whole document of this site's API."""
    types = [*(endpoint.answer for endpoint in ENDPOINTS), *_WRITING_TYPES, ProblemDocument]
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
        "paths": _paths(answers),
        "components": {
            "schemas": components,
            "responses": {
                str(status): _error(status) for status in _errors((*ENDPOINTS, *WRITING))
            },
            "headers": _HEADERS,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


_HEADERS: Final[Schema] = {
    "ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}},
    "Location": {"description": "The address of the task.", "schema": {"type": "string"}},
    "Link": {"description": "RFC 8288: next and prev.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}},
}


_WRITING_TYPES: Final = (TaskAnswer, WithdrawalRequest)
#: An article as it is sent: what it may hold is told in docs/input.md.
_RECORD: Final[Schema] = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "title": {"type": "string"},
        "lead": {"type": "string"},
        "body": {"type": ["string", "array"], "description": "Text, HTML, or paragraphs."},
        "source": {"type": "string"},
        "section": {"type": "string"},
        "authors": {"type": ["string", "array"]},
        "tags": {"type": ["string", "array"]},
        "url": {"type": "string"},
        "published": {"type": "string"},
        "updated": {"type": "string"},
    },
    "additionalProperties": True,
}


def _paths(answers: Mapping[str, Schema]) -> Schema:
    paths: dict[str, Any] = {
        endpoint.path: {"get": _operation(endpoint, answers[endpoint.path])}
        for endpoint in ENDPOINTS
    }
    for writing in WRITING:
        paths.setdefault(writing.path, {})[writing.method] = _writing(writing)
    return paths


def _writing(endpoint: WriteEndpoint) -> Schema:
    """An operation that writes, or tells what became of it."""
    operation: dict[str, Any] = {
        "operationId": endpoint.anchor,
        "summary": endpoint.summary,
        "security": [{"bearer": []}],
        "parameters": [_parameter(ID_IN_PATH)] if "{id}" in endpoint.path else [],
        "responses": {
            str(endpoint.status): {
                "description": endpoint.summary,
                "content": {_JSON: {"schema": _reference(TaskAnswer)}},
            },
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in endpoint.statuses
            },
        },
    }
    if endpoint.status == HTTPStatus.ACCEPTED:
        operation["responses"]["202"]["headers"] = {"Location": _header("Location")}
    if endpoint.body:
        is_withdrawal = endpoint.path.endswith("/withdraw")
        schema = _reference(WithdrawalRequest) if is_withdrawal else _RECORD
        operation["requestBody"] = {
            "required": not is_withdrawal,
            "content": {endpoint.body: {"schema": _LINES if endpoint.body == NDJSON else schema}},
        }
    return operation


_LINES: Final[Schema] = {"type": "string", "description": "A JSON object a line, at most 1,000."}


def _reference(kind: type[Struct]) -> Schema:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}


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


def _errors(endpoints: Iterable[Endpoint | WriteEndpoint]) -> list[int]:
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
