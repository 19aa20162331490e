"""What browser tests listen to: requests, complaints, moved content; and pages of other sites."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from answering import answered_by
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

__all__ = [
    "LIVELY_DESKS",
    "PLAIN_DESKS",
    "Desk",
    "HostSite",
    "checked_by_axe",
    "complaints_of",
    "each_look",
    "each_page",
    "free_port",
    "hosting",
    "layout_shift",
    "seated",
    "suggestions_asked",
    "watch_layout",
]

_WATCH_LAYOUT: Final = """window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: 'layout-shift', buffered: true });"""


@dataclass(frozen=True, slots=True)
class Desk:
    """How a reader looks at the pages."""

    width: int
    scheme: Literal["light", "dark"]
    scripts: bool


#: Both widths with and without JavaScript, both schemes with each of these. The second half is
#: slow: `make test` is content with either width and with and without scripts.
LIVELY_DESKS: Final = (
    pytest.param(Desk(1280, "light", True), id="1280 light with scripts"),
    pytest.param(Desk(320, "dark", True), id="320 dark with scripts", marks=pytest.mark.slow),
)
PLAIN_DESKS: Final = (
    pytest.param(Desk(320, "light", False), id="320 light without scripts"),
    pytest.param(Desk(1280, "dark", False), id="1280 dark without scripts", marks=pytest.mark.slow),
)

_LOOKS: Final = ((1280, "light"), (320, "dark"), (1280, "dark"), (320, "light"))

each_look: Final = pytest.mark.parametrize(
    ("width", "scheme"),
    [
        *_LOOKS[:2],
        *(pytest.param(*look, marks=pytest.mark.slow) for look in _LOOKS[2:]),
    ],
)
"""Parametrize a test with both widths in both schemes; the second half of these is slow."""


def each_page(paths: Sequence[str]) -> pytest.MarkDecorator:
    """Parametrize a test with pages in all looks; slow but for one look a page, two in turn."""
    return pytest.mark.parametrize(
        ("path", "width", "scheme"),
        [
            pytest.param(path, *look, marks=[] if at == number % 2 else [pytest.mark.slow])
            for number, path in enumerate(paths)
            for at, look in enumerate(_LOOKS)
        ],
    )


@contextmanager
def seated(chromium: "Browser", site: str, desk: Desk) -> Iterator["Page"]:
    """A page at a desk far from Vietnam; its addresses begin at the site."""
    with chromium.new_context(
        base_url=site,
        locale="vi-VN",
        timezone_id="America/New_York",  # the site's days are Vietnam's, wherever the reader is
        viewport={"width": desk.width, "height": 900},
        color_scheme=desk.scheme,
        java_script_enabled=desk.scripts,
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        yield context.new_page()


def suggestions_asked(page: "Page") -> list[str]:
    """The texts for which the page asks suggestions from now on, filled while it does."""
    asked: list[str] = []

    def listen(request: "Request") -> None:
        address = urlsplit(request.url)
        if address.path == "/api/v1/suggest" and request.method == "GET":
            asked.append(parse_qs(address.query)["q"][0])

    page.on("request", listen)
    return asked


def complaints_of(page: "Page") -> list[str]:
    """What the console will complain about: broken policies, missing files, errors in scripts."""
    found: list[str] = []
    page.on(
        "console",
        lambda message: (
            found.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def checked_by_axe(page: "Page", path: str = "") -> set[str]:
    """Assert that axe finds no fault with a page; the rules that it has passed."""
    # Of what passes one element a rule is reported: the report of all takes as long as the check.
    checked = Axe().run(page, options={"resultTypes": ["violations"]})
    assert checked.violations_count == 0, f"{path}: {checked.generate_report()}"
    assert checked.response["passes"], path
    return {rule["id"] for rule in checked.response["passes"]}


def watch_layout(page: "Page") -> None:
    """Add up from the beginning how far the contents of the next pages move."""
    page.add_init_script(_WATCH_LAYOUT)


def layout_shift(page: "Page") -> float:
    """The sum of all layout shifts of a watched page, those after keys and clicks included."""
    # Shifts are reported after the frame in which they happen.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    return float(page.evaluate("window.shifts"))


def free_port() -> int:
    """A port of this machine on which nobody listens yet."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class HostSite:
    """A site of somebody else; pages may be put in while it runs."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.pages: dict[str, tuple[str, str]] = {}
        """Path to type and text."""
        self.policy = ""
        self.reports: list[str] = []
        """What browsers reported against the policy."""

    def page(self, path: str, html: str) -> str:
        """Put a page there and answer its address."""
        self.pages[path] = ("text/html; charset=utf-8", html)
        return self.origin + path


@contextmanager
def hosting(headers: Mapping[str, str] | None = None) -> Iterator[HostSite]:
    """A site on another origin than the archive, with a policy that reports what it stops."""
    extra = dict(headers or {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = site.pages.get(urlsplit(self.path).path, ("", ""))
            body = text.encode()
            # Browsers ask for an icon by themselves and complain where there is none.
            self.send_response(204 if self.path == "/favicon.ico" else 200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            if site.policy:
                self.send_header("Content-Security-Policy", f"{site.policy}; report-uri /reports")
            for name, value in extra.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            site.reports.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing in the output of the tests."""

    with answered_by(Handler) as (host, port):
        site = HostSite(f"http://{host}:{port}")
        yield site
