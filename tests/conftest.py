"""What every test may ask for, how deep the tests go, and how long one may take."""

import gc
import os
import shutil
import signal
import uuid
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from profiles import IN_CI, PROFILE

if TYPE_CHECKING:
    from browsing import HostSite
    from flask.testing import FlaskClient
    from newsroom import Newsroom
    from playwright.sync_api import Browser, Locator, Page

REPOSITORY = Path(__file__).resolve().parent.parent

#: How many seconds of the processor a test of `make test` may take, and which are exempt. The
#: machine of CI may be slower, and what else it does shares caches and pipelines with the test.
_LONGEST = 20.0 if IN_CI else 5.0
_MAY_TAKE_LONGER = {"slow", "serial", "browser", "cluster"}

#: Chromium loads two pages of its own with every window, for the menu below an address bar that
#: nobody sees: without them a page takes half as much of the processor. Only the last switch of
#: this name counts, so that what Playwright turns off stands here, too.
_FEATURES_OFF = (
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
#: Jobs that a script starts with `&` ignore Ctrl-C, and so would every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
_COLLECTED = pytest.StashKey[dict[Path, list[str]]]()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Keep the garbage collector from going through modules and tests, which all stay."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files without the marker where only serial tests run: importing takes long."""
    if config.option.markexpr.endswith("and serial") and collection_path.suffix == ".py":
        return "mark.serial" not in collection_path.read_text(encoding="utf-8") or None
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives Chromium with `browser`, and what hypothesis runs with `deep`."""
    collected: dict[Path, list[str]] = defaultdict(list)
    config.stash[_COLLECTED] = collected
    for item in items:
        collected[item.path].append(item.name)
        if isinstance(item, pytest.Function):
            if "chromium" in item.fixturenames:
                item.add_marker("browser")
            if getattr(item.function, "is_hypothesis_test", False):
                item.add_marker("deep")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test of the quick profile that takes long and is not marked for it.

    What counts is the time of the processor, that of ended child processes included: how long a
    test takes by the clock depends on what else the machine does.
    """
    before = sum(os.times()[:4])
    yield
    taken = sum(os.times()[:4]) - before
    marked = _MAY_TAKE_LONGER.intersection(mark.name for mark in item.iter_markers())
    if PROFILE == "quick" and taken > _LONGEST and not marked:
        pytest.fail(
            f"{taken:.1f} s, above {_LONGEST:.0f} s: shorten the test or mark it `slow`",
            pytrace=False,
        )


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working copy."""
    return REPOSITORY


@pytest.fixture(scope="session")
def collected(pytestconfig: pytest.Config) -> dict[Path, list[str]]:
    """The ids of the cases of each file with tests, those included that this run leaves out."""
    return pytestconfig.stash[_COLLECTED]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real news and judged queries, which is not part of the project."""
    path = Path(os.environ.get("TIMBAO_SHARED", REPOSITORY.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"no shared data in {path}: set TIMBAO_SHARED to the folder that has it")
    return path


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index of `small_archive`; tests may only read it."""
    from small_archive import small_archive

    from index import open_engine

    address = f"whoosh:{tmp_path_factory.mktemp('archive')}"
    engine = open_engine(address)
    with engine.writer() as writer:
        changed = list(writer.put_all(small_archive()))
    engine.close()
    assert all(changed)
    return address


@pytest.fixture(scope="session")
def demo_archive(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index of sample_docs in which d22 is withdrawn; tests may only read it."""
    address = f"whoosh:{tmp_path_factory.mktemp('demo')}"
    _write_demo(repository, address)
    return address


@pytest.fixture(scope="session")
def small_site(archive: str, repository: Path) -> Iterator[str]:
    """The address of `timbao serve` over `archive`."""
    from running import site_of

    with site_of(repository, archive) as address:
        yield address


@pytest.fixture(scope="session")
def demo_site(demo_archive: str, repository: Path) -> Iterator[str]:
    """The sample archive, served on the morning of 5 October 2026."""
    from running import DEMO_MORNING, site_of

    with site_of(repository, demo_archive, DEMO_MORNING) as address:
        yield address


@pytest.fixture
def site(demo_site: str) -> str:
    """The site that a test visits; a module may visit another one under this name."""
    return demo_site


@pytest.fixture
def box(page: "Page", site: str) -> "Locator":
    """The focused box of the site's first page."""
    page.goto(site)
    found = page.locator("#q")
    found.focus()
    return found


@pytest.fixture(scope="module")
def host() -> Iterator["HostSite"]:
    """A third site, for pages that a test writes itself."""
    from browsing import hosting

    with hosting() as site:
        yield site


@pytest.fixture
def desk(page: "Page", room: "Newsroom") -> "Page":
    """The editor of the module's newsroom, open; the clock stands on 5 October 2026 there, too."""
    from newsroom import box_of

    page.clock.install(time="2026-10-05T09:00:00+07:00")
    page.goto(f"{room.cms}/embed/demo")
    box_of(page).wait_for()
    return page


@pytest.fixture(scope="session")
def demo_cluster(repository: Path, opensearch_hosts: str) -> Iterator[str]:
    """The same on a cluster."""
    address = f"opensearch://{opensearch_hosts}/demo{uuid.uuid4().hex[:12]}"
    with pytest.MonkeyPatch.context() as patch:
        # A single node has no place for replicas.
        patch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "0")
        _write_demo(repository, address)
        yield address


def _write_demo(repository: Path, address: str) -> None:
    from datetime import date

    from index import BadRecord, Withdrawal, open_engine, read_paths

    bad: list[BadRecord] = []
    engine = open_engine(address)
    with engine.writer() as writer:
        for _ in writer.put_all(read_paths([repository / "sample_docs"], on_bad=bad.append)):
            pass
    engine.withdraw([Withdrawal(id="d22", on=date(2026, 10, 1))])
    engine.close()
    assert bad == []


@pytest.fixture(scope="session")
def opensearch_hosts() -> Iterator[str]:
    """The hosts of a cluster: those of TIMBAO_OPENSEARCH_URL, or a node started for the tests."""
    given = os.environ.get("TIMBAO_OPENSEARCH_URL", "").removeprefix("opensearch://").rstrip("/")
    if given:
        yield given
        return
    from nodes import running_nodes

    with running_nodes(1) as nodes:
        yield nodes[0].host


@pytest.fixture
def client(archive: str) -> "FlaskClient":
    """Asks the website and the API for pages of `archive`."""
    from searchapp.app import create_app
    from searchapp.settings import Settings

    return create_app(Settings(index=archive)).test_client()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium without a window; absent, it skips the test, under CI=true it fails."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        reason = "no chromium on this machine: install the Debian package chromium-headless-shell"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)

    # Here, not above: tests without a browser need neither the package nor the time it takes.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[_FEATURES_OFF])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "Browser") -> Iterator["Page"]:
    """An empty page of a Vietnamese reader, 1280 × 900, with its own cookies and storage."""
    context = chromium.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1280, "height": 900},
    )
    yield context.new_page()
    context.close()
