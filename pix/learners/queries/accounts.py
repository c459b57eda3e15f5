"""The account behind a pupil, as the school's team may see and help it (schools 9.6 and 9.7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from pix.accounts.identities import GAR
from pix.accounts.models import SignInMethod, User
from pix.learners.models import Pupil
from pix.learners.queries.pupils import natural
from pix.organizations.models import CentreMembership, Membership, Organization


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Ways to sign in, and what the team may do."""

    email: str = field(repr=False)
    username: str
    gar: bool
    grown_up: bool
    """Somebody of a team or of the staff, linked to a pupil by mistake: the team may not enter this account."""
    blocked: bool
    blocked_until: datetime | None
    """``None`` when blocked for good."""

    @property
    def may_add_username(self) -> bool:
        return not self.username and bool(self.gar or self.email) and not self.grown_up

    @property
    def may_reset(self) -> bool:
        return bool(self.username or self.email) and not self.grown_up


@dataclass(frozen=True, slots=True)
class ChosenPupil:
    """A pupil chosen in the list, and why nothing will be done for them, if so."""

    uuid: UUID
    first_name: str
    last_name: str
    division: str
    username: str
    left_out: str
    """French reason; empty when a password will be given."""


NO_ACCOUNT = "Pas de compte relié à l'établissement"
NO_USERNAME = "Pas d'identifiant"
GROWN_UP = "Compte d'un membre d'une équipe"


def grown_up_accounts(users: QuerySet[User]) -> QuerySet[User]:
    """Those who have powers elsewhere: a pupil's team must not be able to sign in as one of them."""
    teams = [
        Exists(model.objects.filter(user=OuterRef("pk"), disabled_at=None)) for model in (Membership, CentreMembership)
    ]
    return users.filter(Q(is_staff=True) | Q(teams[0]) | Q(teams[1]))


def account_page(pupil: Pupil, at: datetime) -> AccountPage | None:
    """The account of an active pupil, in one statement; ``None`` when there is none."""
    if pupil.user_id is None or not pupil.active:
        return None
    everyone = User.objects.filter(pk=pupil.user_id)
    rows = everyone.select_related("failures").annotate(
        by_gar=Exists(SignInMethod.objects.filter(user=OuterRef("pk"), provider=GAR)),
        grown_up=Exists(grown_up_accounts(User.objects.filter(pk=OuterRef("pk")))),
    )
    user = rows.get()
    failures = getattr(user, "failures", None)
    until = failures.blocked_until if failures else None
    for_good = failures is not None and failures.blocked_at is not None
    return AccountPage(
        email=user.email or "",
        username=user.username or "",
        gar=user.by_gar,
        grown_up=user.grown_up,
        blocked=for_good or (until is not None and until > at),
        blocked_until=None if for_good else until,
    )


def chosen_pupils(organization: Organization, uuids: Iterable[UUID]) -> list[ChosenPupil]:
    """Active pupils of the school among these, by class and name; others are not there."""
    rows = Pupil.objects.filter(organization=organization, active=True, uuid__in=list(uuids)).select_related("user")
    found = sorted(rows, key=lambda row: (natural(row.division), row.order_key, row.pk))
    accounts = [row.user_id for row in found if row.user_id]
    grown_up = set(grown_up_accounts(User.objects.filter(pk__in=accounts)).values_list("pk", flat=True))
    return [
        ChosenPupil(
            row.uuid,
            row.first_name,
            row.last_name,
            row.division,
            (row.user.username or "") if row.user else "",
            left_out(row, grown_up=row.user_id in grown_up, gar=organization.uses_gar),
        )
        for row in found
    ]


def left_out(row: Pupil, *, grown_up: bool, gar: bool) -> str:
    """Why no password is given to this pupil; empty when one is."""
    if row.user is None:
        return NO_ACCOUNT
    if grown_up:
        return GROWN_UP
    if not row.user.username and (gar or row.birth_date is None):
        return NO_USERNAME
    return ""
