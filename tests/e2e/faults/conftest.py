"""A small demo of the faults' own, because some of them kill it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.conftest import PHONE, ROOT, Demo, Visitor
from tests.e2e.faults.backstage import Backstage


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """It may be killed; the demo of the other tests stands."""
    running = Demo(tmp_path_factory.mktemp("faults"))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIX_")}
    subprocess.run(
        [sys.executable, "-m", "pix", "demo", "--small", "--prepare"], cwd=ROOT, check=True, capture_output=True,
        env={**kept, "PIX_VAR": str(running.folder / "var"), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def backstage(demo: Demo) -> Iterator[Backstage]:
    found = Backstage(demo)
    yield found
    found.close()


@pytest.fixture
def someone(visitor: Callable[[tuple[int, int]], Visitor]) -> Visitor:
    return visitor(PHONE)
