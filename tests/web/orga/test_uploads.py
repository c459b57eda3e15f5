"""A file on its way: seen before it is there, whole or refused, one at a time (schools 4.2, trap 29, cases 43 and 47)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pix.audit.models import Event
from pix.learners import actions
from pix.learners.models import PupilImport
from pix.organizations.access import Member
from tests.factories.together import together
from tests.learners.rolls import AT, YEAR, adult, begin, roll, school
from tests.web.orga.test_imports import address, client_of, files, frozen, page, send, text_of

__all__ = ["files", "frozen"]
pytestmark = pytest.mark.django_db
EDGE = "frontiere"
LIMIT = 20 * 1024 * 1024


@pytest.fixture
def head() -> Member:
    return school()


def body(content: bytes, **fields: str) -> bytes:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"school_year": YEAR, **fields}.items()
    ]
    head = (
        f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="x.xml"\r\nContent-Type: text/xml\r\n\r\n'
    )
    return b"".join([*parts, head.encode(), content, f"\r\n--{EDGE}--\r\n".encode()])


class Wire:
    """The body as it comes from the network; ``meanwhile`` happens after the first piece."""

    def __init__(self, data: bytes, meanwhile: Callable[[], Any] = lambda: None, fail: bool = False) -> None:
        self.data, self.meanwhile, self.fail, self.place = data, meanwhile, fail, 0

    def read(self, size: int = -1) -> bytes:
        first, end = self.place, len(self.data) if size < 0 else min(self.place + min(size, 65_536), len(self.data))
        self.place = end
        if first and self.fail:
            raise OSError("connection reset")
        if not first and end:
            self.meanwhile()
        return self.data[first:end]

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


def post(member: Member, wire: Wire, length: int | None = None, client: Client | None = None, query: str = "") -> Any:
    return (client or client_of(member)).generic(
        "POST", address("import-upload", member) + query, b"?", content_type=f"multipart/form-data; boundary={EDGE}",
        **{"wsgi.input": wire, "CONTENT_LENGTH": str(len(wire.data) if length is None else length)},
    )  # fmt: skip


def states() -> list[str]:
    return list(PupilImport.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.proves("A-086", "A-090")
def test_a_refresh_and_another_administrator_see_the_file_come_in(head: Member) -> None:
    """Trap 29: the import is there while the body is still being read; a second file is told so at once."""
    seen: list[Any] = []

    def meanwhile() -> None:
        seen.extend([states(), page(head), send(head, roll(9)).status_code])

    assert post(head, Wire(body(roll(1, 2), valid_only="on"), meanwhile)).status_code == 302
    assert seen[0] == ["uploading"]
    assert "L'import du fichier peut prendre quelques minutes. Merci de ne pas quitter cette page." in seen[1]
    assert "Merci de rafraîchir cette page dans quelques instants…" in seen[1]
    assert seen[2] == 409
    row = PupilImport.objects.get()
    assert (row.state, row.original_name, row.valid_only, row.school_year) == ("checking", "x.xml", True, YEAR)


@pytest.mark.parametrize("how", ["reset", "short"])
def test_a_body_that_breaks_off(head: Member, how: str, tmp_path: Path) -> None:
    """Half a CSV would read as a school that half left: a body shorter than announced is never a file."""
    whole = body(roll(*range(1, 200)))
    wire = Wire(whole, fail=True) if how == "reset" else Wire(whole[: len(whole) // 2])
    response = post(head, wire, length=len(whole))
    assert response.status_code == 400
    assert "Le fichier n'a pas pu être importé." in text_of(response)
    row = PupilImport.objects.get()
    assert (row.state, row.ended_at) == ("upload_failed", AT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert send(head, roll(1)).status_code == 302


def test_a_body_without_head_or_tail(head: Member) -> None:
    assert post(head, Wire(b"no form at all")).status_code == 422
    assert states() == []
    wire = Wire(body(roll(1))[:-10] + b"..........")
    wire.data = wire.data.replace(
        b'frontiere\r\nContent-Disposition: form-data; name="file"', b"frontiere\r\nContent-X"
    )
    assert post(head, wire).status_code == 422
    assert states() == []


def test_a_fault_of_ours_while_reading_leaves_no_import_running(head: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("pix.web.orga.imports.views.read_form", dies)
    with pytest.raises(MemoryError):
        post(head, Wire(body(roll(1))))
    assert states() == ["upload_failed"]


@pytest.mark.slow
@pytest.mark.parametrize(("more", "code", "state"), [(0, 302, "checking"), (1, 413, "upload_failed")])
@pytest.mark.proves("A-082")
def test_twenty_mebibytes_and_one_byte(head: Member, more: int, code: int, state: str) -> None:
    """Case 43, with the real limit."""
    content = roll(1) + b" " * (LIMIT - len(roll(1)) + more)
    response = post(head, Wire(body(content)))
    assert (response.status_code, states()) == (code, [state])
    if more:
        assert "La taille du fichier doit être inférieure à 20 Mo." in text_of(response)


def test_a_refused_form_leaves_the_last_import_the_last(head: Member) -> None:
    before = begin(head, b"not xml")
    assert post(head, Wire(body(roll(1), school_year="1999-2000"))).status_code == 422
    row = PupilImport.objects.get()
    assert (row.pk, row.state) == (before.pk, "refused")
    assert "Le fichier n'est pas conforme." in page(head)
    assert Event.objects.filter(verb="learners.cancel_upload").count() == 1


def test_a_file_that_took_half_an_hour_is_given_up(head: Member) -> None:
    """Another administrator's upload took the place meanwhile: the late file is 409 and leaves nothing behind."""

    def meanwhile() -> None:
        PupilImport.objects.update(state="failed")

    response = post(head, Wire(body(roll(1)), meanwhile))
    assert (response.status_code, states()) == (409, ["failed"])
    assert "Cet import a changé entre-temps" in text_of(response)


def test_the_token_is_of_this_session_and_this_school(head: Member) -> None:
    """Checked before anything is read or written; the usual token of the site is not in the address."""
    client = client_of(head, enforce_csrf_checks=True)
    shown = client.get(address("import", head)).content.decode()
    action = shown.partition("data-upload")[0].rpartition('action="')[2].partition('"')[0]
    query = "?" + action.partition("?")[2]
    assert len(query) == len("?jeton=") + 64
    other, charlie = client_of(head, enforce_csrf_checks=True), school(uai="0999002B")
    stranger = client_of(charlie, enforce_csrf_checks=True)
    read: list[str] = []
    for one, member, words in [
        (client, head, ""), (client, head, "?jeton="), (client, head, query[:-1] + "x"), (other, head, query),
        (stranger, charlie, query),
    ]:  # fmt: skip
        response = post(member, Wire(body(roll(1)), lambda: read.append("read")), client=one, query=words)
        assert response.status_code == 403
    assert (states(), read) == ([], [])
    assert post(head, Wire(body(roll(1))), client=client, query=query).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_the_same_second() -> None:
    """Trap 29: one import, one 409."""
    member = school()
    for _ in range(3):
        results = together(*[lambda: actions.begin_upload(member=member, at=AT)] * 2)
        assert sorted(type(one).__name__ for one in results) == ["ImportRunning", "PupilImport"]
        assert states() == ["uploading"]
        PupilImport.objects.all().delete()
    assert adult() is not None
