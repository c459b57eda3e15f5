"""Import without fear: a roll goes in, the guide's faulty file is corrected, pupils come and go, a wrong import is undone."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Demo, Visitor
from tests.e2e.test_rentree import SAMPLES, sign_in

HEAD, PASSWORD = "proviseur@trois-rivieres.test", "ilovePix!"
HERE, THERE = b"0999003C", b"0999001A"
EMMA, UNKNOWN = b"0901000170G", b"0909999999Z"
"""Emma's INE, who has an account in the collège; and one that nobody has."""


def file_of(folder: Path, name: str, *, emma: bool) -> str:
    """A sample of the collège as a file of this school, before or after Emma's arrival."""
    content = (SAMPLES / name).read_bytes().replace(THERE, HERE)
    assert EMMA in content
    to = folder / name
    to.write_bytes(content if emma else content.replace(EMMA, UNKNOWN))
    return str(to)


def send(head: Visitor, file: str, wait_for: str) -> None:
    """Choose the file, send it, wait until the page says this by itself."""
    page = head.page
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Importer la liste").click()
    page.get_by_text(wait_for).first.wait_for(timeout=30_000)
    head.look()


def end(head: Visitor, button: str, words: str) -> None:
    head.press(button)
    expect(head.page.get_by_text(re.compile(words)).first).to_be_visible(timeout=30_000)
    head.look()


def active(head: Visitor) -> int:
    """The number in the title of « Élèves », asked for beside the page."""
    shown = head.context.request.get(re.sub(r"/import.*", "/eleves", head.page.url)).text()
    title = re.sub(r"<[^>]+>", " ", shown.partition("<h1")[2].partition("</h1>")[0])
    found = re.search(r"\d+", title)
    return int(found[0]) if found else 0


@pytest.mark.proves("A-085", "A-093", "A-094", "A-095", "A-096", "A-100", "A-101", "A-104")
def test_a_roll_goes_in_is_corrected_and_comes_back(
    visitor: Callable[[tuple[int, int]], Visitor], demo: Demo, tmp_path: Path
) -> None:
    head = visitor(DESK)
    page = head.page
    sign_in(head, HEAD, PASSWORD)
    head.go(page.url.rstrip("/").partition("?")[0] + "/import")
    before = active(head)
    # The faulty file of the guide: everything said at once, with how to correct it; nothing changes.
    send(head, file_of(tmp_path, "erreurs-lignes-1-13-32.xml", emma=True), "Erreurs dans le dernier fichier importé")
    for words in ("Ligne 1\\W+champ INE vide", "Ligne 13\\W+champ sexe vide", "Ligne 32\\W+INE déjà présent"):
        expect(page.get_by_text(re.compile(words)).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger la liste (CSV)").click()
    listed = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [line[0] for line in listed if line[4] == "Erreur"] == ["13", "32"]
    head.press("Liste à imprimer", role="link")
    head.picture("import-erreurs")
    head.press("Revenir à l'import", role="link")
    assert active(head) == before
    # Corrected: the preview, then the roll.
    send(head, file_of(tmp_path, "college-0999001A.xml", emma=False), "Aperçu de l'import")
    expect(page.get_by_text(f"Partants ({before})")).to_be_visible()
    end(head, "Appliquer l'import", "Dernier fichier importé avec succès le")
    assert active(head) == 170
    # January: leavers, arrivals, and Emma comes from the collège with her account.
    send(head, file_of(tmp_path, "college-0999001A-janvier.xml", emma=True), "Aperçu de l'import")
    expect(page.get_by_text("Partants (3)")).to_be_visible()
    expect(page.get_by_role("heading", name="Comptes rattachés")).to_be_visible()
    end(head, "Appliquer l'import", "Dernier fichier importé avec succès le")
    head.go(re.sub(r"/import.*", "/eleves?nom=Emma+Pix", page.url))
    expect(page.get_by_role("row", name=re.compile("Emma PIX"))).to_contain_text(
        re.compile("Identifiant|Adresse e-mail|Médiacentre")
    )
    # It was the wrong file: undone, from a phone.
    phone = visitor(PHONE)
    sign_in(phone, HEAD, PASSWORD)
    phone.go(re.sub(r"/eleves.*", "/import", page.url))
    phone.press("Annuler cet import")
    expect(phone.page.get_by_role("heading", name="Aperçu de l'annulation")).to_be_visible()
    expect(phone.page.get_by_text("Désactivés (3)")).to_be_visible()
    phone.picture("import-annulation", full=True)
    end(phone, "Appliquer l'annulation", r"Import du \d\d/\d\d/\d{4} annulé le")
    assert active(phone) == 170
    phone.go(re.sub(r"/import.*", "/eleves?nom=Emma+Pix", phone.page.url))
    expect(phone.page.get_by_text(re.compile("PIX")).first).to_be_visible()
    # The school's own roll again, for whoever comes next.
    head.go(re.sub(r"/eleves.*", "/import", page.url))
    send(head, str(SAMPLES / "lycee-0999003C.xml"), "Aperçu de l'import")
    end(head, "Appliquer l'import", "Dernier fichier importé avec succès le")
    assert active(head) == before
