"""Schools, certification centres, their teams, and the ways into them."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower

from pix.accounts.models import User
from pix.core.ids import uuid7
from pix.core.texts import search_key
from pix.organizations.enums import (
    AEFE,
    AGRICULTURE,
    GAR,
    ActivationOutcome,
    InvitationState,
    OrganizationType,
    Role,
    SchoolKind,
    Service,
)

_ROLES = [(role.value, role.label) for role in Role]


class Organization(models.Model):
    """A school, owner of a space (schools 3.3)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=8, default=OrganizationType.SCO)
    kind = models.CharField(max_length=12, default=SchoolKind.OTHER)
    uai = models.CharField(max_length=8, blank=True)
    """Trimmed, upper case; not unique in the base (two spaces may share one)."""
    email = models.EmailField(blank=True)
    """The school's functional mailbox."""
    manages_pupils = models.BooleanField(default=False)
    tags = models.JSONField(default=list)
    identity_provider = models.CharField(max_length=20, blank=True)
    province_code = models.CharField(max_length=3, blank=True)
    demonstration = models.BooleanField(default=False)
    search_key = models.CharField(max_length=300, blank=True, default="")
    """Name and UAI, folded: what the staff's search compares, and the order of its list."""
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["uai"], name="organization_by_uai")]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(f"{self.name} {self.uai}")
        super().save(*args, **kwargs)

    @property
    def service(self) -> Service:
        return Service.ORGA

    @property
    def roll_format(self) -> str:
        """``fregata`` for a school of the Ministry of Agriculture, else ``siecle``: the school decides, not the file."""
        return "fregata" if AGRICULTURE in self.tags else "siecle"

    @property
    def auto_certifiability(self) -> bool:
        """Certifiability is computed on the profiles of the linked accounts, without waiting for a profile collection."""
        return self.manages_pupils or AEFE in self.tags

    @property
    def uses_gar(self) -> bool:
        return self.identity_provider == GAR


class TeamMember(models.Model):
    """A person in the team of a space. Removing dates the row; it never goes."""

    id = models.BigAutoField(primary_key=True)
    role = models.CharField(max_length=8, choices=_ROLES)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who changed the role or ended the membership last."""
    disabled_at = models.DateTimeField(null=True)
    last_access_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def _once_with_a_role(space: str, prefix: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["user", space], condition=models.Q(disabled_at=None), name=f"{prefix}_once_while_active"
        ),
        models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name=f"{prefix}_role_known"),
    ]


class Membership(TeamMember):
    """A person in the team of a school."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = _once_with_a_role("organization", "membership")

    def __str__(self) -> str:
        return f"{self.user_id} {self.organization_id} {self.role}"


class Centre(models.Model):
    """A certification centre (certification 1.1); its link with a school is the same UAI."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=8, default=OrganizationType.SCO)
    uai = models.CharField(max_length=8, blank=True)
    """Trimmed, upper case; empty matches no school."""
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uai"],
                condition=models.Q(archived_at=None) & ~models.Q(uai=""),
                name="centre_once_for_a_uai",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"

    @property
    def service(self) -> Service:
        return Service.CERTIF


class CentreMembership(TeamMember):
    """A person in the team of a centre."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="centre_memberships")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = _once_with_a_role("centre", "centre_membership")

    def __str__(self) -> str:
        return f"{self.user_id} {self.centre_id} {self.role}"


class Invitation(models.Model):
    """A proposal to enter a team, sent by mail with a code that serves once (schools 1.4)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="invitations")
    centre = models.ForeignKey(Centre, null=True, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    """Lower case."""
    role = models.CharField(max_length=8, blank=True)
    """Empty: decided when it is accepted."""
    language = models.CharField(max_length=2, default="fr")
    state = models.CharField(max_length=10, default=InvitationState.PENDING)
    code = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    last_sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    """When it stopped pending."""
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organization=None) ^ models.Q(centre=None), name="invitation_to_one_space"
            ),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(state=InvitationState.PENDING.value),
                name="invitation_pending_once_in_a_school",
            ),
            models.UniqueConstraint(
                fields=["centre", "email"],
                condition=models.Q(state=InvitationState.PENDING.value),
                name="invitation_pending_once_in_a_centre",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in InvitationState]),
                name="invitation_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["", *(role.value for role in Role)]), name="invitation_role_known"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower_case"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def space(self) -> Organization | Centre:
        space = self.organization or self.centre
        assert space is not None, "a constraint of the table"
        return space


class ActivationRequest(models.Model):
    """A request to activate or recover a school's space; kept one year for the staff (schools 1.1, 13)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    uai = models.CharField(max_length=20)
    """As typed, made normal."""
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)
    outcome = models.CharField(max_length=12)
    mailbox = models.CharField(max_length=254, blank=True)
    """Masked."""
    source = models.CharField(max_length=64, blank=True)
    """A keyed print of the network address, for the hourly limit; emptied after a day."""
    created_at = models.DateTimeField()
    organization = models.ForeignKey(Organization, null=True, on_delete=models.SET_NULL, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="requests")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["-created_at"], name="activation_by_date"),
            models.Index(fields=["uai", "-created_at"], name="activation_by_uai"),
            models.Index(fields=["source", "-created_at"], name="activation_by_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=[outcome.value for outcome in ActivationOutcome]),
                name="activation_outcome_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.uai} {self.outcome}"
