"""The school's roll, versioned by school year; imports deactivate, never delete (schools 4 and 13)."""

from django.db import models

from pix.accounts.models import User
from pix.core.ids import uuid7
from pix.core.texts import search_key, squeeze
from pix.learners.enums import RepairKind
from pix.organizations.models import Organization

RUNNING = ("uploading", "checking", "ready", "applying")


class Pupil(models.Model):
    """A pupil of one school. The same INE may stand in several schools, one row each."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="pupils")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="pupils")
    ine = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255)
    usage_name = models.CharField(max_length=255, blank=True)
    first_name = models.CharField(max_length=255)
    second_name = models.CharField(max_length=255, blank=True)
    third_name = models.CharField(max_length=255, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    birth_country_code = models.CharField(max_length=3, blank=True)
    birth_department_code = models.CharField(max_length=3, blank=True)
    birth_city_insee = models.CharField(max_length=255, blank=True)
    birth_city_name = models.CharField(max_length=255, blank=True)
    division = models.CharField(max_length=255, blank=True)
    """Class of the present school year; the years before stand in ``Enrolment``."""
    mef_code = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=255, blank=True)
    order_key = models.CharField(max_length=520)
    """Last then first name, folded: order of every list on both databases."""
    search_key = models.CharField(max_length=520)
    """First then last name, folded: what the search field compares."""
    active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    """Created by hand for want of an INE: no import deactivates it, and it is never enrolled in a certification."""
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    """The record kept in place of this one, deactivated with the merge."""
    is_certifiable = models.BooleanField(null=True)
    """Value of the last profile collection; the account's own summary may be more recent."""
    certifiable_at = models.DateTimeField(null=True)
    participation_count = models.PositiveIntegerField(default=0)
    last_participation = models.JSONField(null=True)
    """``{"campaign", "type", "status", "at"}``, told by ``campaigns`` in its own transactions."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ine"], condition=~models.Q(ine=""), name="pupil_ine_once_in_school"
            ),
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=models.Q(user__isnull=False),
                name="pupil_account_once_in_school",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "active", "order_key"], name="pupil_list"),
            models.Index(fields=["organization", "active", "division"], name="pupil_by_class"),
            models.Index(fields=["ine"], name="pupil_by_ine", condition=~models.Q(ine="")),
            models.Index(fields=["organization", "birth_date"], name="pupil_by_birth_date"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def name(self, *, first_name: str, last_name: str) -> None:
        """Set the names and what search and order compare, together."""
        self.first_name, self.last_name = squeeze(first_name), squeeze(last_name)
        self.order_key = search_key(f"{last_name} {first_name}")
        self.search_key = search_key(f"{first_name} {last_name}")


class Enrolment(models.Model):
    """Class and course of a pupil in one school year; earlier years are never touched."""

    id = models.BigAutoField(primary_key=True)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="enrolments")
    school_year = models.CharField(max_length=9)
    division = models.CharField(max_length=255)
    mef_code = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "school_year"], name="enrolment_once_a_year")]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.school_year} {self.division}"


class PupilImport(models.Model):
    """One import of a school's roll: its file, what was found, what it would change, how it ended (schools 4.2)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="imports")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    school_year = models.CharField(max_length=9)
    state = models.CharField(max_length=14)
    format = models.CharField(max_length=8)
    original_name = models.CharField(max_length=255)
    stored_name = models.CharField(max_length=120, blank=True)
    """Generated name in private storage; empty once the file is deleted."""
    encoding = models.CharField(max_length=30, blank=True)
    valid_only = models.BooleanField(default=False)
    file_error = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    skipped = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    plan = models.JSONField(null=True)
    """What the head confirms: added, modified field by field, leaving… and what undoing needs."""
    plan_digest = models.CharField(max_length=64, blank=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoings")
    """The import that this one undoes: it has a plan, a preview and an end like the others, and no file."""
    applied = models.JSONField(null=True)
    """What was written, old and new, pupil by pupil: what undoing starts from. Emptied with ``plan`` after 30 days."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(state__in=RUNNING), name="import_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["undoes"], condition=models.Q(state="imported"), name="import_undone_once"),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="import_by_date")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"


class StagedRow(models.Model):
    """A row of the file waiting for the short transaction that makes it the roll."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(PupilImport, on_delete=models.CASCADE, related_name="staged")
    rank = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "rank"], name="staged_row_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.rank}"


class RollRepair(models.Model):
    """What an administrator decided on a doubtful record or pair, with what undoing it takes during 30 days (schools 9)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="repairs")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.label) for kind in RepairKind])
    kept = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    """The record kept by a merge, the one repaired otherwise; of a pair that is no double, the older."""
    other = models.ForeignKey(Pupil, null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    inverse = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "other"],
                condition=models.Q(kind=RepairKind.DISTINCT.value, undone_at=None),
                name="repair_distinct_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="repair_by_date")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.kind}"


class CertifiabilityNight(models.Model):
    """A night whose job was begun: the second worker that looks at the clock finds it here (schools 8)."""

    id = models.BigAutoField(primary_key=True)
    scheduled_at = models.DateTimeField(unique=True)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.scheduled_at.isoformat()


class AccountRecovery(models.Model):
    """A demand to get an account of school back at another address; the key of its message is kept hashed (schools 9.8)."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recoveries")
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="recoveries")
    """The record by which the account was found."""
    old_email = models.EmailField(max_length=254, blank=True)
    new_email = models.EmailField(max_length=254, blank=True)
    """Both are emptied a month after the account was given back."""
    key_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at__isnull=False), name="recovery_used_once_per_account"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="recovery_by_end")]

    def __str__(self) -> str:
        return str(self.uuid)


class RecoveryCounter(models.Model):
    """Searches of the last hour from one network address, which is kept as a keyed digest only."""

    id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=64, unique=True)
    times = models.JSONField(default=list)
    """Seconds since 1970."""
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="recovery_counter_by_date")]

    def __str__(self) -> str:
        return self.place
