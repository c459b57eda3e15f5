"""The pinned cast, made through the real doors: Alice administers, Bob is on her team, Charlie is elsewhere, Emma learns."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from pix.accounts.actions import confirm_email, create_account
from pix.accounts.models import User
from pix.core.texts import search_key
from pix.learners.models import Enrolment, Pupil
from pix.organizations.access import Member, member_of
from pix.organizations.actions import add_member, open_school
from pix.organizations.enums import GAR, Role, SchoolKind
from pix.organizations.models import Organization
from pix.organizations.queries import centre_of_school

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "Brumeville1"


@dataclass(frozen=True)
class Cast:
    school: Organization
    other_school: Organization
    alice: User
    bob: User
    charlie: User
    stan: User
    emma: User
    emma_pupil: Pupil
    ids: dict[str, str] = field(default_factory=dict)
    """Public ids that addresses are filled with, by the name of the thing."""

    def client(self, role: str) -> Client:
        """A browser signed in as this role of the who-may table (``nobody`` is not)."""
        person = {
            "pupil": self.emma,
            "member": self.bob,
            "admin": self.alice,
            "other_admin": self.charlie,
            "staff": self.stan,
        }.get(role)
        client = Client()
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @property
    def alice_member(self) -> Member:
        return member_of(self.alice, self.school.uuid)

    @property
    def bob_member(self) -> Member:
        return member_of(self.bob, self.school.uuid)

    @property
    def charlie_member(self) -> Member:
        return member_of(self.charlie, self.other_school.uuid)


def adult(first_name: str, last_name: str, email: str, *, staff: bool = False) -> User:
    user = create_account(
        first_name=first_name, last_name=last_name, email=email, password=PASSWORD, terms=True, staff=staff, at=AT
    )
    confirm_email(user=user, at=AT)
    if staff:
        # Staff pages open to those who have a second factor.
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


def make_pupil(
    school: Organization,
    first_name: str,
    last_name: str,
    *,
    division: str = "5A",
    birth: date = date(2013, 3, 9),
    ine: str = "",
    user: User | None = None,
) -> Pupil:
    """A pupil on the roll, as an import leaves it."""
    pupil = Pupil.objects.create(
        organization=school,
        user=user,
        ine=ine,
        first_name=first_name,
        last_name=last_name,
        sex="F",
        birth_date=birth,
        division=division,
        order_key=search_key(f"{last_name} {first_name}"),
        search_key=search_key(f"{first_name} {last_name}"),
        created_at=AT,
        updated_at=AT,
    )
    Enrolment.objects.create(pupil=pupil, school_year="2026-2027", division=division)
    return pupil


def pupil_account(first_name: str, last_name: str, username: str) -> User:
    return create_account(first_name=first_name, last_name=last_name, username=username, password=PASSWORD, at=AT)


def make_cast() -> Cast:
    """Two schools, four adults, one pupil with an account."""
    school = open_school(
        name="Collège Simone-Lumière",
        uai="0999001A",
        kind=SchoolKind.COLLEGE,
        email="ce.0999001A@ac-brumeville.test",
        at=AT,
    )
    other = open_school(
        name="Collège des Galets", uai="0999002B", kind=SchoolKind.COLLEGE, identity_provider=GAR, at=AT
    )
    alice = adult("Alice", "Martin", "alice@college.test")
    bob = adult("Bob", "Diallo", "bob@college.test")
    charlie = adult("Charlie", "Nguyen", "charlie@galets.test")
    stan = adult("Stan", "Personnel", "stan@pix.test", staff=True)
    add_member(organization=school, user=alice, role=Role.ADMIN, by="test", at=AT)
    add_member(organization=school, user=bob, role=Role.MEMBER, by="test", at=AT)
    add_member(organization=other, user=charlie, role=Role.ADMIN, by="test", at=AT)
    emma = pupil_account("Emma", "Pix", "emma.pix0903")
    made = Cast(
        school,
        other,
        alice,
        bob,
        charlie,
        stan,
        emma,
        make_pupil(school, "Emma", "Pix", division="3eme3", ine="0123456789A", user=emma),
    )
    made.ids.update(
        school=str(school.uuid),
        bob=str(bob.uuid),
        pupil=str(made.emma_pupil.uuid),
        nothing="01890000-0000-7000-8000-000000000000",
    )
    return made


def busy_cast() -> Cast:
    """The cast in the middle of the year: Bob in the centre's team too, a campaign, Emma in it at her third question, an import waiting."""
    from pix.accounts.actions import see_tutorial
    from pix.campaigns.actions import play
    from tests.factories import bank
    from tests.factories.playing import WRONG, begin, rentree, table_again

    bank.install()
    made = make_cast()
    see_tutorial(user=made.emma, at=AT)
    centre = centre_of_school(made.school)
    assert centre is not None, "opened with the school"
    add_member(organization=centre, user=made.bob, role=Role.MEMBER, by="test", at=AT)
    campaign = rentree(made)
    part, table = begin(made.emma, campaign)
    for rank in (1, 2):
        play.answer(table=table, rank=rank, sent=WRONG, at=AT)
        table = table_again(made.emma, part)
    made.ids.update(
        centre=str(centre.uuid),
        campaign=str(campaign.uuid),
        code=campaign.code,
        run=str(table.sitting.uuid),
        participation=str(part.uuid),
    )
    return made
