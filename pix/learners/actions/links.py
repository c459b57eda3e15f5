"""Joining a school: from a name and a birth date to an account linked with the pupil of the roll (schools 9)."""

import random
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from pix.accounts.actions import create_account
from pix.accounts.models import User
from pix.accounts.queries import username_taken
from pix.assessment.actions import ensure_summary
from pix.audit.actions import record
from pix.learners.models import Pupil
from pix.learners.queries.joining import (
    Match,
    account_elsewhere,
    face_of,
    matching_pupil,
    records_of,
    silent_match,
)
from pix.learners.rules import PupilRecord, Refusal, Typed, joining_refusal, propose_username
from pix.organizations.models import Organization

_chance = random.SystemRandom()


class PupilNotFound(Exception):
    """Nobody on the roll, or somebody who may not join: the answer is the same (404)."""


class JoiningRefused(Exception):
    """The pupil was found and may not be joined: ``refusal`` has the code, the status and the text."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class UsernameTaken(Exception):
    """« Cet identifiant n'est plus disponible, merci de recharger la page. » (409)"""


def find_pupil(*, organization: Organization, first_name: str, last_name: str, birth_date: date) -> Match:
    """The one active pupil of the school who fits. Raises ``PupilNotFound``."""
    found = matching_pupil(organization, Typed(first_name, last_name), birth_date)
    if found is None:
        raise PupilNotFound
    return found


def joinable(*, organization: Organization, pupil: UUID, user: User | None) -> Match:
    """Step 1 of joining, which writes nothing: may this account, or a new one (``None``), be linked to this pupil?

    Raises ``PupilNotFound``, ``JoiningRefused``.
    """
    row = Pupil.objects.filter(organization=organization, uuid=pupil, active=True).select_related("user").first()
    if row is None:
        raise PupilNotFound
    _refuse(row, user)
    return Match(row.uuid, row.first_name, row.last_name)


def propose(*, organization: Organization, pupil: UUID) -> str:
    """A free username made from the pupil's record (9.4); the caller keeps it. Raises as ``joinable``."""
    row = Pupil.objects.filter(organization=organization, uuid=pupil, active=True).select_related("user").first()
    if row is None or row.birth_date is None:
        raise PupilNotFound
    _refuse(row, None)
    return propose_username(row.first_name, row.last_name, row.birth_date, taken=username_taken, rng=_chance)


def register_pupil(*, organization: Organization, pupil: UUID, username: str, password: str, at: datetime) -> User:
    """Open the pupil's account and link it, only if the pupil is still free: one transaction, the row locked.

    ``username`` is the proposal that the server kept. Raises ``PupilNotFound``, ``JoiningRefused``, ``UsernameTaken``,
    ``accounts.BadPassword``.
    """
    with transaction.atomic():
        row = locked(organization, pupil)
        _refuse(row, None)
        try:
            with transaction.atomic():
                user = create_account(
                    first_name=row.first_name, last_name=row.last_name, username=username, password=password, at=at
                )
        except IntegrityError as error:
            raise UsernameTaken from error
        join(row, user, "learners.register_pupil", at)
    return user


def link_pupil(*, user: User, organization: Organization, pupil: UUID, at: datetime) -> Pupil:
    """Step 2 for somebody signed in: check again, then link. Linked already to this pupil: let through.

    Raises ``PupilNotFound``, ``JoiningRefused``.
    """
    with transaction.atomic():
        row = locked(organization, pupil)
        _refuse(row, user)
        if row.user_id != user.pk:
            join(row, user, "learners.link_pupil", at)
    return row


def link_silently(*, user: User, organization: Organization, at: datetime) -> Pupil | None:
    """The attempt without a question (9.1): the INE of the account's latest record, active and free in this school."""
    with transaction.atomic():
        found = silent_match(user, organization)
        if found is None:
            return None
        row = locked(organization, found.uuid)
        if row.user_id is not None:
            return None
        join(row, user, "learners.link_silently", at)
    return row


def locked(organization: Organization, pupil: UUID) -> Pupil:
    """The active pupil, their row locked until the end of the transaction. Raises ``PupilNotFound``."""
    # No join here: PostgreSQL would give the account as it was before the wait for the lock, that is, none.
    rows = Pupil.objects.select_for_update().filter(organization=organization, uuid=pupil, active=True)
    row = rows.first()
    if row is None:
        raise PupilNotFound
    row.organization = organization
    return row


def refusal_for(row: Pupil, user: User | None) -> Refusal | None:
    """Why this account, or a new one (``None``), may not be linked to the pupil; ``None`` when it may, or already is."""
    own = records_of(user) if user else ()
    return joining_refusal(
        PupilRecord(row.pk, row.ine, row.birth_date),
        linked=face_of(row.user) if row.user else None,
        elsewhere=account_elsewhere(row),
        actor=user.pk if user else None,
        actor_pupil_here=next((one.id for school, one in own if school == row.organization_id), None),
        actor_records=[one for _school, one in own],
    )


def _refuse(row: Pupil, user: User | None) -> None:
    refusal = refusal_for(row, user)
    if refusal is not None:
        raise JoiningRefused(refusal)


def join(row: Pupil, user: User, verb: str, at: datetime) -> None:
    """Write the link, inside the caller's transaction. Raises ``JoiningRefused`` (R70)."""
    try:
        with transaction.atomic():
            Pupil.objects.filter(pk=row.pk).update(user=user, updated_at=at)
    except IntegrityError as error:
        # The same account joined another pupil of this school in the same instant.
        raise JoiningRefused(Refusal("R70")) from error
    row.user, row.updated_at = user, at
    # The school sees certifiability from the moment of the link, without waiting for an answer (schools 8).
    ensure_summary(user_id=user.pk, at=at)
    record(verb, at=at, actor=user.uuid, target=row.uuid, organization=row.organization.uuid)
