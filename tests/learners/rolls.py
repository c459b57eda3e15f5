"""Schools, files and imports for the tests of the roll: what a head does, in one call each."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pix.accounts.actions import create_account
from pix.accounts.models import User
from pix.learners import actions
from pix.learners.models import Pupil, PupilImport
from pix.organizations.access import Member, member_of
from pix.organizations.actions import add_member, open_school
from pix.organizations.enums import Role, SchoolKind
from pix.organizations.models import Organization
from tests.interop.siecle_files import UAI, pupil, siecle

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
YEAR = "2026-2027"
SAMPLES = Path(__file__).parent.parent / "samples"
PASSWORD = "Brumeville1"


class Upload:
    """A file in the shape of a received one."""

    def __init__(self, content: bytes, name: str = "eleves.xml", size: int | None = None) -> None:
        self.name, self.content = name, content
        self.size = len(content) if size is None else size

    def chunks(self, chunk_size: int = 65_536) -> Iterator[bytes]:
        stream = io.BytesIO(self.content)
        while chunk := stream.read(chunk_size):
            yield chunk


def adult(first_name: str = "Alice", last_name: str = "Martin") -> User:
    email = f"{first_name}.{User.objects.count()}@college.test"
    return create_account(first_name=first_name, last_name=last_name, email=email, password=PASSWORD, terms=True, at=AT)


def school(uai: str = UAI, name: str = "Collège Simone-Lumière", **more: Any) -> Member:
    """A school and its administrator."""
    made = open_school(name=name, uai=uai, kind=SchoolKind.COLLEGE, at=AT, **more)
    head = adult()
    add_member(organization=made, user=head, by="test", at=AT)
    return member_of(head, made.uuid)


def teammate(member: Member) -> Member:
    user = adult("Bob", "Diallo")
    add_member(organization=member.organization, user=user, role=Role.MEMBER, by="test", at=AT)
    return member_of(user, member.organization.uuid)


def begin(member: Member, content: bytes | None = None, at: datetime = AT, **more: Any) -> PupilImport:
    """The file is received and checked."""
    upload = Upload(content if content is not None else roll(1, 2))
    opened = actions.open_import(member=member, upload=upload, at=at, **({"school_year": YEAR} | more))
    actions.check(imported=opened.uuid, at=at)
    opened.refresh_from_db()
    return opened


def finish(member: Member, imported: PupilImport, at: datetime = AT) -> PupilImport:
    """The head confirms, the job runs."""
    actions.confirm(member=member, imported=imported, at=at)
    actions.apply(imported=imported.uuid, at=at)
    imported.refresh_from_db()
    return imported


def load(member: Member, content: bytes | None = None, at: datetime = AT, **more: Any) -> PupilImport:
    """The whole way, to the roll."""
    ready = begin(member, content, at, **more)
    assert ready.state == "ready", (ready.state, ready.file_error, ready.problems)
    done = finish(member, ready, at)
    assert done.state == "imported"
    return done


def roll(*numbers: int, **changes: str | None) -> bytes:
    """A SIECLE file of these pupils (INE « 0000000001A »), all with the same changes."""
    return siecle(*(pupil(number, **changes) for number in numbers))


def ine(number: int) -> str:
    return f"{number:010d}A"


def known(organization: Organization, number: int) -> Pupil:
    return Pupil.objects.get(organization=organization, ine=ine(number))


def snapshot() -> list[dict[str, Any]]:
    """Every pupil and every enrolment, as stored."""
    from pix.learners.models import Enrolment

    return [*Pupil.objects.order_by("id").values(), *Enrolment.objects.order_by("id").values()]


def states(organization: Organization) -> list[str]:
    return list(PupilImport.objects.filter(organization=organization).order_by("id").values_list("state", flat=True))
