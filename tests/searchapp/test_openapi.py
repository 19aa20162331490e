"""The contract of the API: valid, kept by every answer, and never narrowed."""

import copy
from typing import TYPE_CHECKING, Any, cast

import pytest
from asking import Json
from build_api_contract import CONTRACT, contract_lines
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from profiles import by_profile

from searchapp.app import create_app
from searchapp.documents.endpoints import ENDPOINTS, WRITING, Endpoint
from searchapp.settings import RateMode, Settings

if TYPE_CHECKING:
    from schemathesis import Case
    from schemathesis.schemas import APIOperation


@pytest.fixture(scope="module")
def app(demo_archive: str) -> Flask:
    """The website over the sample documents, without limits."""
    return create_app(Settings(index=demo_archive, rate_mode=RateMode.OFF))


@pytest.fixture(scope="module")
def demo(app: Flask) -> FlaskClient:
    """Asks the website for the sample documents."""
    return app.test_client()


@pytest.fixture(scope="module")
def document(demo: FlaskClient) -> Json:
    """The OpenAPI document."""
    return cast(Json, demo.get("/openapi.json").json)


def test_the_document_is_valid(document: Json) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_names_every_address_of_the_api(app: Flask, document: Json) -> None:
    rules = {
        rule.rule.replace("<doc_id>", "{id}").replace("<field>", "{field}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    rules = {rule.replace("<task_id>", "{id}") for rule in rules}
    named = {endpoint.path for endpoint in (*ENDPOINTS, *WRITING)}
    assert rules == document["paths"].keys() == named
    methods = {
        (rule.rule.replace("<doc_id>", "{id}").replace("<task_id>", "{id}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("intake.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert methods == {(endpoint.path, endpoint.method) for endpoint in WRITING}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.anchor)
def test_the_examples_are_answered_as_documented_and_with_nothing_else(
    demo: FlaskClient, document: Json, endpoint: Endpoint
) -> None:
    response = demo.get(endpoint.example)
    assert response.status_code == 200, response.text
    operation = document["paths"][endpoint.path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    closed = copy.deepcopy(document)
    for part in closed["components"]["schemas"].values():
        part["additionalProperties"] = False
    errors = Draft202012Validator({**closed, **schema}).iter_errors(response.json)
    assert [error.message for error in errors] == []


def test_nothing_that_was_promised_is_gone() -> None:
    known = set(CONTRACT.read_text(encoding="utf-8").splitlines())
    assert len(known) > 200
    current = contract_lines()
    assert sorted(known - current) == [], "a promise of docs/api.md is broken"
    assert sorted(current - known) == [], "run `make docs`"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("path", "mode"),
    [
        (endpoint.path, mode)
        for endpoint in ENDPOINTS
        for mode in ("positive", "negative")
        # Without parameters nothing can be wrong with them.
        if mode == "positive" or any(not option.in_path for option in endpoint.parameters)
    ],
)
def test_no_request_is_answered_otherwise_than_documented(app: Flask, path: str, mode: str) -> None:
    # Here, not above: every process collects the tests, and few run these.
    from schemathesis import checks, openapi
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi import checks as conformance

    operation: APIOperation[Any, Any, Any, Any] = openapi.from_wsgi("/openapi.json", app)[path][
        "GET"
    ]
    expected = [
        checks.not_a_server_error,
        conformance.status_code_conformance,
        conformance.content_type_conformance,
        conformance.response_headers_conformance,
        conformance.response_schema_conformance,
        conformance.unsupported_method,
    ]

    @settings(
        max_examples=by_profile(quick=8, deep=60),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(GenerationMode(mode)))
    def ask(case: "Case[Any]") -> None:
        # Asked without a network, this client says that it unpacks answers, and does not.
        case.call_and_validate(checks=expected, headers={"Accept-Encoding": "identity"})

    ask()
