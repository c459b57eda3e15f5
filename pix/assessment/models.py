"""Tests being taken, the log of answers, and what a person is known to master (learning 13)."""

from django.db import models

from pix.accounts.models import User
from pix.assessment.enums import Kind, State, Trouble
from pix.core.ids import uuid7


class Assessment(models.Model):
    """One run. The open question stands on the row: it is served again until it is answered."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments", db_index=False)
    kind = models.CharField(max_length=14, choices=[(kind.value, kind.value) for kind in Kind])
    state = models.CharField(max_length=10, default=State.STARTED)
    scope = models.BigIntegerField(null=True)
    """Id of the campaign for a campaign's run: names the frozen frame. No foreign key upwards."""
    participation = models.BigIntegerField(null=True)
    engine = models.CharField(max_length=12)
    engine_version = models.PositiveSmallIntegerField()
    release = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    replay = models.BooleanField(default=False)
    improving = models.BooleanField(default=False)
    answered = models.PositiveSmallIntegerField(default=0)
    """Number of answers; the open question has rank ``answered + 1``."""
    open_question = models.CharField(max_length=40, blank=True)
    open_skill = models.CharField(max_length=24, blank=True)
    served_at = models.DateTimeField(null=True)
    focus_lost_at = models.DateTimeField(null=True)
    recent = models.CharField(max_length=5, blank=True)
    """Outcomes of the last five answers, one digit each: the checkpoint needs no read of the log."""
    history = models.TextField(blank=True, default="")
    """Compact list of the skills answered in this run, in order, with success: what the engine calls history."""
    version = models.PositiveIntegerField(default=0)
    """Grows at each write: the guard of the answer's update."""
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "kind"], name="assessment_by_user"),
            models.Index(
                fields=["participation"], name="assessment_by_part", condition=models.Q(participation__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.kind} {self.state}"


class Answer(models.Model):
    """One line of the log: append-only, the truth from which everything else is rebuilt.

    The widest columns first and no key of its own: the largest table of all, where a byte of padding is paid for ever.
    """

    pk = models.CompositePrimaryKey("assessment_id", "rank")
    at = models.DateTimeField()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers", db_index=False)
    time_spent = models.PositiveIntegerField()
    """Seconds between serving and answering, rounded up."""
    time_left = models.IntegerField(null=True)
    rank = models.PositiveSmallIntegerField()
    outcome = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    """What was answered, in the stored syntax; empty when skipped."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once_a_question"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.rank}"


class KnowledgeState(models.Model):
    """What a person is known to master in one competence: one compact row, rebuilt from the log at will."""

    pk = models.CompositePrimaryKey("user_id", "competence")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="knowledge", db_index=False)
    units = models.BigIntegerField(default=0)
    """Exact pix, in units of 1/720720."""
    last_evidence_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    pix = models.PositiveSmallIntegerField(default=0)
    competence = models.CharField(max_length=24)
    data = models.TextField()
    """The engine's compact text of the skills' evidence."""
    seen = models.TextField(blank=True, default="")
    """Questions of the competence that this person ever answered, separated by spaces: a replay gets a sibling."""

    def __str__(self) -> str:
        return f"{self.user_id} {self.competence}"


class ProfileSummary(models.Model):
    """One row a person: what lists show of a profile, written with the answer that moves a level."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="profile")
    pix = models.PositiveSmallIntegerField(default=0)
    level_one_competences = models.PositiveSmallIntegerField(default=0)
    certifiable = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level_one_competences__lte=16), name="profile_sixteen_at_most")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.pix}"


class ReturnedFile(models.Model):
    """A file that a pupil sent back, kept with its answer until the results are sent, then deleted."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="returned_files", db_index=False)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    unmet = models.JSONField(default=list)
    """What the check found missing, in French."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "rank"], name="returned_file_once_a_rank")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.rank}"


class QuestionReport(models.Model):
    """« Signaler un problème »: what somebody found wrong with a question. One a question of a run; the last says."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reports", db_index=False)
    rank = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=40)
    release = models.CharField(max_length=64)
    trouble = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Trouble])
    text = models.TextField(blank=True, max_length=500)
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "rank"], name="report_once_a_rank")]
        indexes = [
            models.Index(fields=["question"], name="report_waiting", condition=models.Q(handled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.trouble}"
