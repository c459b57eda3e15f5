"""The outbox: every mail that the program wrote, sent or not."""

from django.db import models

from pix.core.ids import uuid7


class Mail(models.Model):
    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    to = models.EmailField(max_length=254)
    sender = models.CharField(max_length=120, blank=True)
    """Name beside the sending address; empty: the address alone."""
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="mail_by_date")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
