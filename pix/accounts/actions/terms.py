"""Terms of use: published by version, accepted by person (schools 3.2)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from pix.accounts.enums import LegalService, LegalType
from pix.accounts.models import LegalAcceptance, LegalDocument, User
from pix.accounts.queries import document_in_force
from pix.audit.actions import record


def publish_terms(
    *, service: LegalService, version_at: datetime, by: UUID | str = "command", at: datetime
) -> LegalDocument:
    """A newer version: from its date, everybody concerned is asked again. Who may: staff, by command."""
    with transaction.atomic():
        document = LegalDocument.objects.create(service=service, type=LegalType.TERMS, version_at=version_at)
        record("accounts.publish_terms", at=at, actor=by, target=document.pk, service=service)
    return document


def accept_terms(*, user: User, service: LegalService, at: datetime) -> None:
    """Accept the version in force, once; nothing to accept is accepted in silence."""
    document = document_in_force(service, at)
    if document is None:
        return
    with transaction.atomic():
        _row, new = LegalAcceptance.objects.get_or_create(user=user, document=document, defaults={"accepted_at": at})
        if new:
            record("accounts.accept_terms", at=at, actor=user.uuid, target=document.pk, service=service)
