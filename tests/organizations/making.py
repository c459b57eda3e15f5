"""What the tests of teams share: a letter writer, people, a second administrator."""

from pix.accounts.models import User
from pix.organizations.actions import Letter, add_member
from pix.organizations.enums import Role
from pix.organizations.models import Centre, Invitation, Organization
from pix.organizations.queries import InvitationLink
from tests.factories.cast import AT, adult


def write(link: InvitationLink) -> Letter:
    return Letter("Orga", f"Vers {link.space_name}", f"/rejoindre?invitation={link.uuid}&code={link.code}")


def colleague(space: Organization | Centre, name: str, role: Role = Role.MEMBER) -> User:
    user = adult(name, "Test", f"{name.lower()}@test.test")
    add_member(organization=space, user=user, role=role, by="test", at=AT)
    return user


def roles(space: Organization | Centre) -> dict[str, str]:
    """First name → role of the active members."""
    rows = space.memberships.filter(disabled_at=None).select_related("user")
    return {row.user.first_name: row.role for row in rows}


def invitation(space: Organization | Centre, email: str) -> Invitation:
    return space.invitations.get(email=email, state="pending")
