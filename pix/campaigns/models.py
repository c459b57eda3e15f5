"""Campaigns, participations and their frozen results (learning 5, 7 and 13)."""

from django.db import models

from pix.accounts.models import User
from pix.campaigns.enums import CampaignType, Status
from pix.core.ids import uuid7
from pix.learners.models import Pupil
from pix.organizations.models import Organization


class Campaign(models.Model):
    """What a school asks of its pupils. Skills, stages and rules are frozen at creation."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="campaigns")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=12, choices=[(kind.value, kind.label) for kind in CampaignType])
    code = models.CharField(max_length=12, unique=True)
    journey_code = models.CharField(max_length=24, blank=True)
    journey_name = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=50, blank=True)
    landing_text = models.TextField(max_length=5000, blank=True)
    multiple_sending = models.BooleanField(default=False)
    mode = models.CharField(max_length=12, blank=True)
    release = models.CharField(max_length=64)
    rules = models.JSONField(default=dict)
    """``{"engine", "engine_version", "stages": [...], "replay_delay_seconds", "automatic_sending", "max_questions",
    "resettable", "refuse_after_deletion", "level"}``: copied from the defaults and from the parcours."""
    skills = models.JSONField(default=list)
    """Frozen skills in content order: ``[[skill, tube, competence, level], …]``. Read as a whole, never joined."""
    targeted = models.PositiveSmallIntegerField(default=0)
    participants_count = models.PositiveIntegerField(default=0)
    """Current participations: kept, not counted at display."""
    shared_count = models.PositiveIntegerField(default=0)
    search_key = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    archived_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organization", "-created_at"], name="campaign_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CampaignTube(models.Model):
    """What a campaign targets in one sujet: counts and levels that the analysis divides by."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tubes")
    tube = models.CharField(max_length=24)
    competence = models.CharField(max_length=24)
    order = models.PositiveSmallIntegerField()
    targeted = models.PositiveSmallIntegerField()
    max_level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "tube"], name="campaign_tube_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.tube}"


class Participation(models.Model):
    """One run of one pupil in one campaign. Sending freezes its figures."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="participations")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="participations")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="participations")
    assessment = models.BigIntegerField(null=True)
    """Id of the run."""
    status = models.CharField(max_length=8, choices=[(status.value, status.label) for status in Status])
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)
    targeted = models.PositiveSmallIntegerField(default=0)
    validated = models.PositiveSmallIntegerField(default=0)
    assessed = models.PositiveSmallIntegerField(default=0)
    """Target skills with evidence: progress = assessed / targeted; written at each block of five and at the end."""
    percent = models.PositiveSmallIntegerField(default=0)
    stage = models.PositiveSmallIntegerField(null=True)
    """Rank of the reached stage in the campaign's rules, from 0."""
    flags = models.CharField(max_length=800, blank=True)
    """One character a frozen skill, in the campaign's order: ``v`` validated, ``f`` failed, ``-`` not tested."""
    pix = models.PositiveSmallIntegerField(null=True)
    certifiable = models.BooleanField(null=True)
    certifiable_competences = models.PositiveSmallIntegerField(null=True)
    superseded = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "pupil"],
                condition=models.Q(superseded=False, deleted_at=None),
                name="participation_one_current_a_pupil",
            ),
            models.UniqueConstraint(
                fields=["campaign", "user"],
                condition=models.Q(superseded=False, deleted_at=None, user__isnull=False),
                name="participation_one_current_a_user",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.SHARED, shared_at__isnull=False)
                | (~models.Q(status=Status.SHARED) & models.Q(shared_at=None)),
                name="participation_shared_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "status"], name="participation_by_status"),
            models.Index(
                fields=["campaign", "pupil", "-shared_at"],
                condition=models.Q(shared_at__isnull=False, deleted_at=None),
                name="participation_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.status}"


class ParticipationTube(models.Model):
    """Frozen at sending: one sujet of one participation (learning 8.5 needs V, r and x)."""

    id = models.BigAutoField(primary_key=True)
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="tubes")
    tube = models.CharField(max_length=24)
    validated = models.PositiveSmallIntegerField()
    highest_validated = models.PositiveSmallIntegerField()
    lowest_missing = models.PositiveSmallIntegerField()
    """0 when every skill of the sujet is validated."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "tube"], name="participation_tube_once")]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.tube}"


class ParticipationCompetence(models.Model):
    """Frozen at sending: one competence of one participation."""

    id = models.BigAutoField(primary_key=True)
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="competences")
    competence = models.CharField(max_length=24)
    validated = models.PositiveSmallIntegerField()
    targeted = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "competence"], name="participation_competence_once")
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.competence}"
