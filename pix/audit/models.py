"""One line for each write of consequence."""

from django.db import models


class Event(models.Model):
    """Who did what to what, when. Ids are plain text: a line outlives everything that it names."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, blank=True)
    """uuid of the user, or a word for the program itself: ``job``, ``command``."""
    verb = models.CharField(max_length=60)
    """``room.verb``, such as ``campaigns.create_campaign``."""
    target = models.CharField(max_length=80, blank=True)
    organization = models.CharField(max_length=40, blank=True)
    meta = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-at"], name="audit_by_organization"),
            models.Index(fields=["target", "-at"], name="audit_by_target"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["-at", "-id"], name="audit_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"
