"""The list of what a file gets wrong: same words on screen and on the command line, with how to correct each."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from pix.interop import messages
from pix.interop.commands import roll_check
from pix.interop.remedies import remedy_of
from pix.interop.rows import RollFormat
from pix.learners.models import PupilImport
from pix.learners.queries import last_import
from pix.organizations.access import Member
from pix.organizations.enums import AGRICULTURE
from tests.interop.siecle_files import pupil, siecle
from tests.learners.rolls import AT, SAMPLES, begin, school, teammate
from tests.web.orga.test_imports import address, client_of, files, frozen, page, text_of

__all__ = ["files", "frozen"]
pytestmark = pytest.mark.django_db
GUIDE = "erreurs-lignes-1-13-32.xml"


@pytest.fixture
def head() -> Member:
    return school(uai="0999001A")


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "name",
    [
        GUIDE, "erreurs-diverses.xml", "erreur-autre-uai.xml", "erreur-tronque.xml", "erreur-vide.xml", "erreur-encodage.xml",
        "erreur-accents.xml", "erreur-deux-xml.zip", "erreurs-fregata.csv", "erreur-fregata-entetes.csv",
        "college-0999001A.xml",
    ],
)  # fmt: skip
@pytest.mark.proves("A-093")
def test_the_command_line_says_what_the_screen_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    fregata = name.endswith(".csv")
    member = school(uai="0999001A", tags=[AGRICULTURE] if fregata else [])
    begin(member, (SAMPLES / name).read_bytes())
    face = last_import(member.organization, AT)
    assert face is not None
    roll_check([str(SAMPLES / name), "--uai", "0999001A", "--format", "fregata" if fregata else "siecle"])
    printed = flat(capsys.readouterr().out)
    shown = page(member)
    for text in (*face.file_errors, *face.row_errors, *face.skipped, *face.warnings):
        assert flat(text) in printed
        assert flat(text) in shown
    assert face.file_errors or face.row_errors or name.startswith("college")
    assert printed.count("Ligne ") == sum(map(len, (face.row_errors, face.skipped, face.warnings)))


@pytest.mark.proves("A-094", "A-095", "A-096")
def test_the_list_to_print_and_to_download(head: Member) -> None:
    begin(head, (SAMPLES / GUIDE).read_bytes())
    row = PupilImport.objects.get()
    assert "Comment corriger ?" in page(head)
    response = client_of(head).get(address("import-errors", head, imported=row.uuid))
    listed = text_of(response)
    for words in ("Liste des erreurs", "champ INE vide", "champ sexe vide", "INE déjà présent (ligne 3)", "Imprimer"):
        assert words in listed
    assert "Dans SIECLE, ouvrez la fiche de l'élève, renseignez le sexe dans l'identité." in listed
    response = client_of(head).get(address("import-errors-csv", head, imported=row.uuid))
    assert response["Content-Disposition"] == 'attachment; filename="erreurs-import-2026-11-23.csv"'
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["Ligne", "Nom", "Prénom", "INE", "Nature", "Problème", "Comment corriger"]
    assert [(line[0], line[4], line[5]) for line in table[1:] if line[4] != "À vérifier"] == [
        ("1", "Non importé", "champ INE vide"),
        ("13", "Erreur", "champ sexe vide"),
        ("32", "Erreur", "INE déjà présent (ligne 3)"),
    ]
    assert all(line[6] for line in table[1:])


def test_a_name_cannot_become_a_formula(head: Member) -> None:
    content = siecle(pupil(1, NOM_DE_FAMILLE="=HYPERLINK(1)", CODE_SEXE=""), parameters="<PARAMETRES><UAJ>0999001A</UAJ></PARAMETRES>")  # fmt: skip
    begin(head, content)
    row = PupilImport.objects.get()
    response = client_of(head).get(address("import-errors-csv", head, imported=row.uuid))
    assert '"\'=HYPERLINK(1)"' in response.content.decode()


def test_who_may(head: Member) -> None:
    row = begin(head, (SAMPLES / GUIDE).read_bytes())
    clients: list[Any] = [Client(), client_of(teammate(head)), client_of(school(uai="0999002B")), client_of(head)]
    for name in ("import-errors", "import-errors-csv"):
        place = address(name, head, imported=row.uuid)
        assert [client.get(place).status_code for client in clients] == [302, 403, 404, 200]


@pytest.mark.parametrize("source", list(RollFormat))
def test_every_fault_has_its_remedy(source: RollFormat) -> None:
    """A code added to the readers without a remedy fails here."""
    for code in {*messages.ROW_TEXTS, *messages.FILE_TEXTS} - {"LEFT"}:
        said = remedy_of(code, {"field": "Code sexe*"}, source)
        assert said.endswith(".")
        assert "{" not in said
