"""Schools and their teams."""

from django.db import models

from pix.accounts.models import User
from pix.core.ids import uuid7
from pix.organizations.enums import AGRICULTURE, GAR, OrganizationType, Role, SchoolKind


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
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["uai"], name="organization_by_uai")]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"

    @property
    def roll_format(self) -> str:
        """``fregata`` for a school of the Ministry of Agriculture, else ``siecle``: the school decides, not the file."""
        return "fregata" if AGRICULTURE in self.tags else "siecle"

    @property
    def uses_gar(self) -> bool:
        return self.identity_provider == GAR


class Membership(models.Model):
    """A person in the team of a school. Removing dates the row; it never goes."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=[(role.value, role.label) for role in Role])
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    last_access_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=models.Q(disabled_at=None),
                name="membership_once_while_active",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organization_id} {self.role}"
