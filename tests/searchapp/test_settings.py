"""What an installation may set."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from searchapp.settings import ENVIRONMENT_PREFIX, Settings, SettingsError, check_names

FIELDS = [field.name for field in fields(Settings)]


def test_the_environment_sets_every_field() -> None:
    environ = {
        "TIMBAO_INDEX": "whoosh:/srv/kho",
        "TIMBAO_HOST": "192.0.2.7",
        "TIMBAO_PORT": "8080",
        "TIMBAO_WORKERS": "3",
        "TIMBAO_THREADS": "8",
        "TIMBAO_CONNECTIONS": "500",
        "TIMBAO_SEND_SECONDS": "10",
        "TIMBAO_SPOOL": "64",
        "TIMBAO_SITE_NAME": "Kho báo",
        "TIMBAO_PUBLIC_URL": "https://kho.example",
        "TIMBAO_ALLOWED_HOSTS": "kho.example,*.bao.example:8443",
        "TIMBAO_SEARCH_BUDGET": "900",
        "TIMBAO_FACET_BUDGET": "50",
        "TIMBAO_CORS_ORIGINS": "https://bao.example,https://cms.example:8443",
        "TIMBAO_EMBED_ORIGINS": "https://bao.example",
        "TIMBAO_KEYS": "/srv/keys.sqlite",
        "TIMBAO_REQUIRE_KEY": "1",
        "TIMBAO_RATE_SEARCH": "30",
        "TIMBAO_RATE_SUGGEST": "90",
        "TIMBAO_RATE_MODE": "all",
        "TIMBAO_REQUEST_LOG": "-",
        "TIMBAO_QUERY_LOG": "/srv/queries.sqlite",
        "TIMBAO_METRICS": "1",
        "TIMBAO_WRITE": "0",
        "TIMBAO_PROXIES": "2",
        "TIMBAO_NOW": "2026-10-05T09:00",
    }
    settings = Settings.from_env(environ)
    assert len(environ) == len(FIELDS)
    for name in FIELDS:
        value = getattr(settings, name)
        shown = str(int(value)) if isinstance(value, bool) else str(value)
        assert shown == environ[ENVIRONMENT_PREFIX + name.upper()]


def test_empty_variables_leave_the_defaults() -> None:
    assert Settings.from_env({"TIMBAO_PORT": "", "TIMBAO_SITE_NAME": "  "}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TIMBAO_PORT", "http"),
        ("TIMBAO_PORT", "65536"),
        ("TIMBAO_PORT", "-1"),
        ("TIMBAO_THREADS", "0"),
        ("TIMBAO_CONNECTIONS", "7"),
        ("TIMBAO_SEND_SECONDS", "601"),
        ("TIMBAO_SPOOL", "0"),
        ("TIMBAO_PUBLIC_URL", "kho.example"),
        ("TIMBAO_NOW", "hôm nay"),
        ("TIMBAO_FACET_BUDGET", "60001"),
        ("TIMBAO_SEARCH_BUDGET", "60001"),
        ("TIMBAO_RATE_MODE", "sometimes"),
        ("TIMBAO_RATE_SEARCH", "-1"),
        ("TIMBAO_REQUIRE_KEY", "yes"),
        ("TIMBAO_METRICS", "2"),
        ("TIMBAO_PROXIES", "11"),
        ("TIMBAO_CORS_ORIGINS", "bao.example"),
        ("TIMBAO_EMBED_ORIGINS", "bao.example"),
        ("TIMBAO_CORS_ORIGINS", "https://bao.example/"),
        ("TIMBAO_CORS_ORIGINS", "https://bao.example:443"),
        *(
            (f"TIMBAO_{name}_ORIGINS", value)
            for name in ("CORS", "EMBED")
            for value in (
                *("https://*", "https://*.", "*.bao.example", "https://a*.bao.example"),
                *("https://*.*.bao.example", "https://kho.*.example", "https://*.bao.example/"),
                *("https://*.192.0.2.7", "https://*.[::1]", "https://bao..example", "https://xn--"),
                *("https://bao.example:99999", "https://bao.example.", "https://BAO.example"),
            )
        ),
        *(
            ("TIMBAO_PUBLIC_URL", value)
            for value in (
                *("http://", "https:///a", "https://kho.example/a?x=1", "https://kho.example?"),
                *("https://kho.example/#a", "https://kho.example#", "https://a:b@kho.example"),
                *("https://kho.example:99999", "https://kho.example:", "https://kho .example"),
                *("https://báo.example", "https://xn--", "https://*.bao.example", "ftp://kho"),
                *("https://kho.example//a", "https://kho.example/../a", "https://kho.example/%z"),
                *("https://::1", "https://[::1", "https://256.0.0.1", "https://kho.example\\a"),
                *("https://kho.example.", "https://kho..example", "https://kho.example/a b"),
            )
        ),
        ("TIMBAO_ALLOWED_HOSTS", "*"),
        ("TIMBAO_ALLOWED_HOSTS", "https://kho.example"),
        ("TIMBAO_ALLOWED_HOSTS", "kho.example, a b"),
        ("TIMBAO_ALLOWED_HOSTS", "a*.bao.example"),
        ("TIMBAO_ALLOWED_HOSTS", "kho.example:0"),
        ("TIMBAO_ALLOWED_HOSTS", "báo.example"),
        ("TIMBAO_HOST", "kho example"),
        ("TIMBAO_REQUIRE_KEY", "2"),
    ],
)
def test_an_unusable_value_is_refused_by_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({variable: value})
    assert caught.value.variable == variable
    assert str(caught.value).startswith(f"{variable}={value!r} cannot be used: set it to ")


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("TIMBAO_PORXIES", "TIMBAO_PROXIES"),
        ("TIMBAO_ALLOWED_HOST", "TIMBAO_ALLOWED_HOSTS"),
        ("TIMBAO_OPENSEARCH_PASWORD", "TIMBAO_OPENSEARCH_PASSWORD"),
        ("timbao_port", "TIMBAO_PORT"),
        ("TIMBAO_", "TIMBAO_"),
        ("TIMBAO_KHÔNG_CÓ", "TIMBAO_"),
    ],
)
@pytest.mark.parametrize("value", ["1", ""])
def test_a_misspelt_setting_is_refused_with_the_nearest_name(
    variable: str, nearest: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is no setting: did you mean {nearest}"):
        Settings.from_env({"PATH": "/bin", "TIMBAO_PORT": "80", variable: value})


def test_every_variable_of_the_repository_is_known(repository: Path) -> None:
    """What tests, benchmarks and scripts read stands beside the settings of a developer."""
    read = re.compile(r"(?:environ|env)(?:\.get)?\W+(TIMBAO_[A-Z_]+)|\$\{?(TIMBAO_[A-Z_]+)")
    names = set()
    for folder in (".ci", "analyzers", "index", "searchapp", "tests", "benchmarks", "scripts"):
        for path in (repository / folder).rglob("*"):
            if path.is_file() and path.suffix in ("", ".py", ".sh"):
                found = read.findall(path.read_text(encoding="utf-8"))
                names |= {name for pair in found for name in pair if name}
    assert {"TIMBAO_SHARED", "TIMBAO_OPENSEARCH_URL"} <= names
    check_names(dict.fromkeys(names, "1"))


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_read_somewhere(repository: Path, name: str) -> None:
    readers = [
        path.name
        for path in (repository / "searchapp").rglob("*.py")
        if path.name != "settings.py" and name in _attributes_of_settings(path)
    ]
    assert readers, f"nothing reads Settings.{name}: use it or take it away"


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_documented(repository: Path, name: str) -> None:
    documented = (repository / "docs" / "settings.md").read_text(encoding="utf-8")
    default = getattr(Settings(), name)
    default = int(default) if isinstance(default, bool) else default
    default = "empty" if default == "" else default
    row = next(
        line for line in documented.splitlines() if f"`{ENVIRONMENT_PREFIX}{name.upper()}`" in line
    )
    assert str(default) in row


def _attributes_of_settings(path: Path) -> set[str]:
    """The names that a module reads from something called settings or values."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = ("settings", "values", "Settings")
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _base_name(node.value) in holders
    }


def _base_name(node: ast.expr) -> str:
    """The last name of x, x(…), x.y and x.y(…)."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
