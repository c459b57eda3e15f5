"""A pupil whom the médiacentre sends: from an identity and a birth date to a linked account (schools 10.1)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from pix.accounts import identities
from pix.accounts.identities import GAR, IdentityTaken, Pending
from pix.accounts.models import User
from pix.learners.actions.links import JoiningRefused, PupilNotFound, join, locked, refusal_for
from pix.learners.models import Pupil
from pix.learners.queries.joining import account_elsewhere, face_of, matching_pupil
from pix.learners.rules import Refusal, Typed, met_by_mediacentre, unexpected_account
from pix.organizations.models import Organization


def find_newcomer(*, organization: Organization, identity: Pending, birth_date: date) -> UUID:
    """The one active pupil of the school who has the names of the identity and this birth date.

    Raises ``PupilNotFound``.
    """
    found = matching_pupil(organization, Typed(identity.first_name, identity.last_name), birth_date)
    if found is None:
        raise PupilNotFound
    return found.pupil


def welcome_newcomer(*, organization: Organization, pupil: UUID, identity: Pending, at: datetime) -> User:
    """The account to sign in, linked to the pupil: one transaction, the pupil's row locked.

    The identity's own account when it got one meanwhile; a new one when the pupil is free; the pupil's account when the
    médiacentre knew it under another identifier, which is replaced. Raises ``PupilNotFound``, ``JoiningRefused``
    (R11, R12, R31, R32: the pupil has another way in, see ``add_mediacentre``; R70, R90).
    """
    try:
        return _welcome(organization, pupil, identity, at)
    except IdentityTaken:
        # Another browser gave this identity its account between our look and our write: it is there now.
        return _welcome(organization, pupil, identity, at)


def _welcome(organization: Organization, pupil: UUID, identity: Pending, at: datetime) -> User:
    with transaction.atomic():
        row = locked(organization, pupil)
        owner = identities.owner_of(GAR, identity.external_id)
        if owner is not None:
            _link(row, owner, at)
            return owner
        refusal = refusal_for(row, None)
        if refusal is None:
            user = identities.open_account(
                provider=GAR,
                external_id=identity.external_id,
                first_name=identity.first_name,
                last_name=identity.last_name,
                at=at,
            )
            join(row, user, "learners.welcome_newcomer", at)
            return user
        refusal = met_by_mediacentre(refusal)
        if refusal.code not in ("R13", "R33") or refusal.account is None:
            raise JoiningRefused(refusal)
        user = User.objects.get(pk=refusal.account)
        _link(row, user, at)
        _replace(user, identity, at)
        return user


def add_mediacentre(*, organization: Organization, pupil: UUID, user: User, identity: Pending, at: datetime) -> None:
    """Somebody proved that the pupil's account is theirs: the médiacentre opens it from now on, and it is linked here.

    Raises ``PupilNotFound``, ``JoiningRefused`` (UNEXPECTED_USER_ACCOUNT when the pupil's account is another one),
    ``IdentityTaken``.
    """
    with transaction.atomic():
        row = locked(organization, pupil)
        expected = face_of(row.user) if row.user else account_elsewhere(row)
        if expected is not None and expected.id != user.pk:
            raise JoiningRefused(unexpected_account(expected))
        owner = identities.owner_of(GAR, identity.external_id)
        if owner is not None and owner != user:
            raise IdentityTaken
        _link(row, user, at)
        if owner is None and identities.has_method(user, GAR):
            _replace(user, identity, at)
        elif owner is None:
            identities.add_method(
                user=user,
                provider=GAR,
                external_id=identity.external_id,
                first_name=identity.first_name,
                last_name=identity.last_name,
                at=at,
            )


def _replace(user: User, identity: Pending, at: datetime) -> None:
    identities.replace_identity(
        user=user,
        provider=GAR,
        external_id=identity.external_id,
        first_name=identity.first_name,
        last_name=identity.last_name,
        at=at,
    )


def _link(row: Pupil, user: User, at: datetime) -> None:
    """Link an account that exists, with the checks of 9.3; linked already to this pupil: nothing to do."""
    refusal: Refusal | None = refusal_for(row, user)
    if refusal is not None:
        raise JoiningRefused(refusal)
    if row.user_id != user.pk:
        join(row, user, "learners.link_newcomer", at)
