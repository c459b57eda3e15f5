"""Activating or recovering a school's space by its functional mailbox, without anybody's help (schools 1.1 to 1.3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from pix.accounts.models import User
from pix.accounts.rules import masked_email
from pix.audit.actions import record
from pix.organizations.actions.invitations import Write, send
from pix.organizations.actions.team import lock
from pix.organizations.enums import ActivationOutcome, InvitationState, Role
from pix.organizations.models import ActivationRequest, Invitation, Organization
from pix.organizations.queries import schools_of_uai
from pix.organizations.rules import (
    ACTIVATION_WINDOW,
    ACTIVATIONS_BY_SOURCE,
    ACTIVATIONS_BY_UAI,
    INVITATION_LIFE,
    REQUEST_KEPT,
    SOURCE_KEPT,
    is_uai,
    normal_uai,
)

_ACTIVATION_LOCK = 0x6163746976
"""Any number of our own: PostgreSQL's name for « one activation at a time »."""


@dataclass(frozen=True, slots=True)
class Activation:
    outcome: ActivationOutcome
    mailbox: str
    """Masked; empty unless the link was sent."""


class TooManyRequests(Exception):
    """5 an hour from one place, 3 an hour for one UAI."""


def activate(*, uai: str, first_name: str, last_name: str, source: str, write: Write, at: datetime) -> Activation:
    """Send the link to the school's mailbox when the UAI leads to exactly one open school that has one.

    ``source``: a print of where the request comes from. Raises ``TooManyRequests``, and then nothing is written.
    Whatever the outcome, one row is written and the same statements are made first.
    """
    uai = normal_uai(uai)[:20]
    with transaction.atomic():
        _one_at_a_time()
        _count(uai, source, at)
        schools = schools_of_uai(uai) if is_uai(uai) else []
        outcome = _outcome(schools)
        school = schools[0] if len(schools) == 1 else None
        invitation = None
        if outcome is ActivationOutcome.SENT and school is not None:
            lock(school)
            mailbox = school.email.strip().lower()
            present = school.invitations.filter(state=InvitationState.PENDING, email=mailbox).first()
            invitation = send(school, mailbox, present, role=Role.ADMIN, by="activation", write=write, at=at)
        masked = masked_email(invitation.email) if invitation else ""
        request = ActivationRequest.objects.create(
            uai=uai,
            first_name=first_name.strip()[:255],
            last_name=last_name.strip()[:255],
            outcome=outcome,
            mailbox=masked,
            source=source,
            created_at=at,
            organization=school,
            invitation=invitation,
        )
        record(
            "organizations.activate",
            at=at,
            actor="visitor",
            target=request.uuid,
            organization=school.uuid if school else "",
            outcome=outcome,
        )
    return Activation(outcome, masked)


def _one_at_a_time() -> None:
    """Two requests at once would each count the other as not there yet. SQLite writes one at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ACTIVATION_LOCK])


def _count(uai: str, source: str, at: datetime) -> None:
    recent = ActivationRequest.objects.filter(created_at__gt=at - ACTIVATION_WINDOW)
    if recent.filter(source=source).count() >= ACTIVATIONS_BY_SOURCE:
        raise TooManyRequests
    if is_uai(uai) and recent.filter(uai=uai).count() >= ACTIVATIONS_BY_UAI:
        raise TooManyRequests


def _outcome(schools: list[Organization]) -> ActivationOutcome:
    """The order of the checks is schools 1.2's."""
    if len(schools) > 1:
        return ActivationOutcome.SEVERAL
    if not schools:
        return ActivationOutcome.UNKNOWN
    if not schools[0].email:
        return ActivationOutcome.NO_MAILBOX
    if schools[0].archived_at is not None:
        return ActivationOutcome.ARCHIVED
    return ActivationOutcome.SENT


def handle_request(*, request: UUID, by: User, at: datetime) -> bool:
    """Note that somebody of the staff dealt with a request that the program could not serve; False: unknown or done."""
    needing = [outcome.value for outcome in ActivationOutcome if outcome.needs_staff]
    with transaction.atomic():
        rows = ActivationRequest.objects.filter(uuid=request, outcome__in=needing, handled_at=None)
        if not rows.update(handled_at=at, handled_by=by):
            return False
        record("organizations.handle_request", at=at, actor=by.uuid, target=request)
    return True


def sweep(*, at: datetime) -> int:
    """Write what a date alone changed: expired invitations, prints of a day, requests of a year. Gives the expired."""
    with transaction.atomic():
        expired = Invitation.objects.filter(
            state=InvitationState.PENDING, last_sent_at__lte=at - INVITATION_LIFE
        ).update(state=InvitationState.EXPIRED, answered_at=at)
        old = ActivationRequest.objects.filter(created_at__lte=at - SOURCE_KEPT).exclude(source="")
        old.update(source="")
        ActivationRequest.objects.filter(created_at__lte=at - REQUEST_KEPT).delete()
    return expired
