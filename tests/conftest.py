"""The strict world of every test: nothing leaves the machine, chance is seeded, what a test forgot is an error.

Warnings are errors and order is random (pyproject.toml); an undefined name in a template fails (pix/web/jinja.py).
The pinned cast lives in tests/factories/cast.py: Alice is administrator of her school, Bob is a member of it, Charlie
administers another one, Emma is a pupil of Alice's, Stan is of the staff. The fixture below gives it to whoever asks.
"""

import ipaddress
import os
import random
import shutil
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--font-render-hinting=none",
]  # fmt: skip
LOCAL_NAMES = {"", "localhost", "testserver", "localhost.localdomain"}


class NetworkForbidden(RuntimeError):
    """A test tried to reach another machine."""


def is_here(host: object) -> bool:
    """Whether an address or a name stays on this machine, without asking any resolver."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Sockets reach the loopback only; names are not resolved (the database's own client library is not concerned)."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guard(family: int, address: Any) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise NetworkForbidden(f"les tests ne sortent pas de la machine : {address!r}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        guard(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        guard(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_here(host):
            raise NetworkForbidden(f"les tests ne cherchent pas d'adresse : {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """No terms of use to accept, but where a test publishes some: every other page opens without them."""
    from pix.accounts.models import LegalDocument

    with django_db_blocker.unblock():
        LegalDocument.objects.all().delete()


@pytest.fixture
def rng() -> random.Random:
    """The same chance at every run."""
    return random.Random(20241014)


@pytest.fixture
def cast(db: None) -> Any:
    """The pinned people and schools, made through the real doors (tests/factories/cast.py: ``make_cast()``)."""
    factory = pytest.importorskip("tests.factories.cast", reason="la distribution n'est pas encore écrite")
    return factory.make_cast()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The Chromium that the test command found (TEST_CHROMIUM), or the one on the path."""
    found = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("aucun navigateur Chromium sur cette machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()
