"""The strict world holds: no way out of the machine, and the scan of markers sees every shape of marker."""

import random
import socket
from pathlib import Path

import pytest

from tests.conftest import NetworkForbidden, is_here
from tools.acceptance import lines, page, proofs, proofs_by_line, unknown


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        (None, True),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("example.org", False),
        (b"example.org", False),
    ],
)
def test_what_is_here(host: object, here: bool) -> None:
    assert is_here(host) is here


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as one, pytest.raises(NetworkForbidden):
        one.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("example.org", 80), timeout=1)


def test_a_test_can_talk_to_itself() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=2) as client:
            assert client.getpeername() == server.getsockname()


def test_chance_is_the_same_at_every_run(rng: random.Random) -> None:
    assert [rng.randrange(1000) for _ in range(3)] == [random.Random(20241014).randrange(1000), *_rest()]


def _rest() -> list[int]:
    other = random.Random(20241014)
    return [other.randrange(1000) for _ in range(3)][1:]


CHECKLIST = """# Title
## A) Chapter
### A1. Section
| ID | Capability | Label | Actor | Src | Check |
|---|---|---|---|---|---|
| A-001 | First | – | CE | M 1 | Seen |
| A-002 | Second \\| half | – | CE | M 2 | Seen too |
## T) Other
| T-001 | Third | – | CE | I | Also |
"""

TESTS = """
import pytest
pytestmark = [pytest.mark.proves("T-001"), pytest.mark.slow]

@pytest.mark.proves("A-001", "A-002")
def test_one(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.proves("A-009")), 2])
def test_two(x): ...

@pytest.mark.proves("A-002")
class TestThree:
    pytestmark = pytest.mark.proves("A-001")
    def test_inside(self): ...
    def not_a_test(self): ...
"""


def test_the_scan_sees_every_marker(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(TESTS)
    found = {proof.test: proof.ids for proof in proofs(folder)}
    assert found == {
        "tests/test_x.py::test_one": ("A-001", "A-002", "T-001"),
        "tests/test_x.py::test_two": ("A-009", "T-001"),
        "tests/test_x.py::TestThree::test_inside": ("A-001", "A-002", "T-001"),
    }
    by_line = proofs_by_line(proofs(folder))
    assert unknown(lines(CHECKLIST), by_line) == ["A-009 : tests/test_x.py::test_two"]


def test_the_checklist_is_read_with_its_chapters() -> None:
    read = lines(CHECKLIST)
    assert [(line.id, line.chapter, line.section) for line in read] == [
        ("A-001", "A) Chapter", "A1. Section"),
        ("A-002", "A) Chapter", "A1. Section"),
        ("T-001", "T) Other", ""),
    ]
    assert read[1].check == "Seen too"
    with pytest.raises(ValueError, match="A-001"):
        lines(CHECKLIST + "| A-001 | Again | – | CE | M 1 | Seen |\n")


def test_the_page_says_what_has_no_test() -> None:
    text = page(lines(CHECKLIST), {"A-001": ["tests/test_x.py::test_one"]})
    assert "**1 lignes prouvées sur 3.**" in text
    assert "| A-001 | First | `test_x.py::test_one` |" in text
    assert "| T-001 | Third | pas encore de test |" in text


def test_the_real_checklist_has_508_lines() -> None:
    root = Path(__file__).resolve().parent.parent.parent
    assert len(lines((root / "docs" / "rules" / "checklist.md").read_text(encoding="utf-8"))) == 508
