"""Journeys in a real browser against the real program: `pix demo` as a person would start it, nothing simulated.

A ``Visitor`` is one person in front of one screen. Every page that loads must be looked at with ``visitor.look()``,
which runs axe and the house's own checks; a page that was opened and not looked at fails the test, and so do a script
error, a refused policy and a request to another machine.
"""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "guide"
DESK, PHONE = (1280, 800), (360, 740)
READY_SECONDS = 90
READING = 450  # ms: a click that falls sooner is taken for the second of a double click, and nobody reads faster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder opens a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
CLEAN: set[tuple[int, int]] = set()
"""Pages that axe found clean, by width and content."""


class Demo:
    """A running demo: its address, its process, its data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "demo.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PIX_")}
        kept.update(HOST="127.0.0.1", PORT=str(self.port), PIX_VAR=str(self.folder / "var"), PYTHONPATH=str(ROOT))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pix", "demo"], cwd=self.folder, env=kept, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        limit = time.monotonic() + READY_SECONDS
        while time.monotonic() < limit:
            assert self.process.poll() is None, f"la démo s'est arrêtée :\n{self.tail()}"
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
            except urllib.error.HTTPError:
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
            else:
                return
        raise AssertionError(f"la démo n'a pas répondu en {READY_SECONDS} s :\n{self.tail()}")

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        """End the demo and all that it started: its process group is its own."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, with_signal)
            self.process.wait(15)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


class Visitor:
    """One person, one browser context, one page; what went wrong on any page is kept until the end of the test."""

    def __init__(self, context: BrowserContext, home: str, width: int) -> None:
        self.context, self.home, self.width = context, home, width
        self.faults: list[str] = []
        self.unseen: set[str] = set()
        self.page = context.new_page()
        self.watch(self.page)
        context.on("page", self.watch)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"erreur de script : {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("load", lambda loaded: self.unseen.add(path_of(loaded.url)))

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which the console reports too: only what is not an answer of ours is a fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console : {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.faults.append(f"requête vers l'extérieur : {request.url}")

    def go(self, path: str) -> Page:
        """Open a page of ours by its path and look at it."""
        self.page.goto(urljoin(self.home, path))
        self.look()
        return self.page

    def press(self, name: str, role: str = "button") -> Page:
        """Press what bears this name, wait for the page that follows, look at it."""
        self.page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("networkidle")
        self.look()
        return self.page

    def look(self) -> None:
        """axe finds nothing, the page does not overflow its width, it has one main title and a language."""
        self.page.wait_for_load_state("load")
        where = f"{path_of(self.page.url)} à {self.width} px"
        # The same page at the same width has been looked at already: axe would say the same.
        page = (self.width, hash(TOKEN.sub("", self.page.content())))
        if page not in CLEAN:
            results = Axe().run(self.page)
            if results.violations_count:
                self.faults.append(f"accessibilité, {where} :\n{results.generate_report()}")
            else:
                CLEAN.add(page)
        facts = self.page.evaluate(
            "() => ({over: document.documentElement.scrollWidth - window.innerWidth,"
            " titles: document.querySelectorAll('h1').length, lang: document.documentElement.lang})"
        )
        if facts["over"] > 0:
            self.faults.append(f"déborde de {facts['over']} px : {where}")
        if facts["titles"] != 1:
            self.faults.append(f"{facts['titles']} titres principaux au lieu d'un : {where}")
        if not facts["lang"]:
            self.faults.append(f"langue de la page absente : {where}")
        self.unseen.discard(path_of(self.page.url))

    def picture(self, name: str, full: bool = False) -> Path:
        """A screenshot for the guide: docs/guide/<name>.png, the same at each run of the same page."""
        GUIDE.mkdir(parents=True, exist_ok=True)
        to = GUIDE / f"{name}.png"
        self.page.evaluate("() => document.fonts.ready")
        self.page.screenshot(path=to, full_page=full, animations="disabled", caret="hide")
        return to

    def leave(self) -> None:
        self.context.close()
        unseen = [f"page ouverte et jamais regardée (look) : {path}" for path in sorted(self.unseen)]
        assert not self.faults + unseen, "\n".join(self.faults + unseen)


def path_of(url: str) -> str:
    return urlsplit(url).path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, started once for all journeys, on SQLite, with data of its own."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Callable[[tuple[int, int]], Visitor]]:
    """``visitor(DESK)`` or ``visitor(PHONE)``: a new person in front of a new screen; checked when the test ends."""
    present: list[Visitor] = []

    def arrive(size: tuple[int, int] = DESK) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce", has_touch=size == PHONE,
            accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        present.append(Visitor(context, demo.url, size[0]))
        return present[-1]

    yield arrive
    for one in present:
        one.leave()


@pytest.fixture
def desk(visitor: Callable[[tuple[int, int]], Visitor]) -> Visitor:
    return visitor(DESK)


@pytest.fixture
def phone(visitor: Callable[[tuple[int, int]], Visitor]) -> Visitor:
    return visitor(PHONE)
