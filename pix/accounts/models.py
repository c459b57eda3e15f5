"""The person's account and the open sign-ins."""

from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower, Now

from pix.accounts.enums import LegalService, LegalType
from pix.core.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """A person. Signs in with an e-mail address or a username, both unique whatever the case."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(max_length=254, null=True, blank=True)  # noqa: DJ001 - unique when present
    username = models.CharField(max_length=150, null=True, blank=True)  # noqa: DJ001 - idem
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    terms_accepted_at = models.DateTimeField(null=True)
    tutorial_seen_at = models.DateTimeField(null=True)
    """When the five cards before a first question were seen or skipped."""
    language = models.CharField(max_length=2, blank=True, default="")
    """Chosen by the switch of the pages; put back on the browser at the sign-in. Empty: never chosen."""
    created_at = models.DateTimeField(db_default=Now())
    second_factor_declined_at = models.DateTimeField(null=True)
    """When « Plus tard » answered the invitation to a second factor."""
    anonymised_at = models.DateTimeField(null=True)
    anonymised_by = models.CharField(max_length=40, blank=True)
    """uuid of who asked for it: the person or somebody of the staff."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
            models.CheckConstraint(
                condition=~models.Q(email="") & ~models.Q(username=""), name="user_login_null_rather_than_empty"
            ),
            models.CheckConstraint(condition=models.Q(language__in=["", "fr", "en"]), name="user_language_known"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The account library writes empty strings where the database wants nothing.
        self.email = (self.email or "").strip().lower() or None
        self.username = (self.username or "").strip().lower() or None
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Session(AbstractBaseSession):
    """An open sign-in; the user stands on the row, so that it can be listed, revoked, and read in one statement."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    """Last page opened, to the hour."""
    agent = models.CharField(max_length=200, blank=True, default="")
    """What the browser says of itself."""

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class SignInFailures(models.Model):
    """Wrong passwords of one person since the last right one, and what they close (schools 12)."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="failures")
    count = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    """Closed until somebody opens again."""

    def __str__(self) -> str:
        return f"{self.user_id} {self.count}"


class LegalDocument(models.Model):
    """One version of the terms of a service; the newest whose date has come is the one in force."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=8)
    type = models.CharField(max_length=8, default=LegalType.TERMS)
    version_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "type", "version_at"], name="legal_document_version_once"),
            models.CheckConstraint(
                condition=models.Q(service__in=[one.value for one in LegalService]), name="legal_document_service_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.type} {self.version_at:%Y-%m-%d}"


class LegalAcceptance(models.Model):
    """Who accepted which version, and when."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="acceptances")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="legal_acceptance_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.document_id}"


class EmailChange(models.Model):
    """A new address that waits for its code: the newest demand of a person, ten minutes, five tries (schools 12)."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField(max_length=254)
    code = models.CharField(max_length=64)
    """Hashed: six digits are in the mail only."""
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)


class DataExport(models.Model):
    """A copy of a person's own data: asked for, written by a job, kept for a week."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="export")
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    stored_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.uuid)


class SignInMethod(models.Model):
    """Somebody's identity at a provider that vouches for them; e-mail, username and password stand on the account."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="methods")
    provider = models.CharField(max_length=40)
    external_id = models.CharField(max_length=255)
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)
    """Names as the provider last told them."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="method_one_account_by_identity"),
            models.UniqueConstraint(fields=["provider", "user"], name="method_one_identity_by_account"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="method_identity_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.user_id}"


class SpentAssertion(models.Model):
    """An assertion that was accepted: never again. Kept as a digest, until its own dates refuse it."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="assertion_by_end")]

    def __str__(self) -> str:
        return self.digest
