"""The shipped bank, read once, and a small bank written by a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pix.content.bank import Bank
from pix.content.compiler import compile_release, encode, release_id
from pix.content.source import Sources, read

BANK = Path(__file__).parents[2] / "bank"

FRAMEWORK = """\
name: "Essai"
areas:
  - {code: "1", name: "Information et données", name_en: "Information and data", colour: jaffa}
competences:
  - {id: "1.1", name: "Mener une recherche", name_en: "Search", area: "1"}
"""

SUJET = """\
id: "1.1.1"
title: "Adresses et navigation"
tutorials:
  - {id: tuto-adresses, title: "Lire une adresse", link: "/tutos/adresses", source: "La banque libre", format: page, duration: "00:03:00"}
acquis:
  - id: N1
    text: "Reconnaître la barre d'adresse"
    tutorials: [tuto-adresses]
    questions:
%s
  - id: N2
    text: "Revenir en arrière"
"""

Write = Callable[[str], Sources]


@pytest.fixture(scope="session")
def sources() -> Sources:
    return read(BANK)


@pytest.fixture(scope="session")
def bank(sources: Sources) -> Bank:
    release = compile_release(sources, leave_out=sources.faulty)
    return Bank(release, release_id(encode(release)))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a bank of one sujet whose N1 holds these questions (YAML list, not indented), and reads it."""

    def written(questions: str) -> Sources:
        folder = tmp_path / "bank"
        (folder / "1").mkdir(parents=True, exist_ok=True)
        (folder / "framework.yaml").write_text(FRAMEWORK, encoding="utf-8")
        indented = "\n".join("      " + line if line else "" for line in questions.strip("\n").split("\n"))
        (folder / "1" / "1.1.1.yaml").write_text(SUJET % indented, encoding="utf-8")
        return read(folder)

    return written
