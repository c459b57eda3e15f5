"""Doors of the staff: any account, any school, and 404 for what does not exist."""

from uuid import UUID

from django.http import Http404

from pix.accounts.access import Staff
from pix.accounts.models import User
from pix.organizations.models import Organization


def account_for(actor: Staff, uuid: UUID) -> User:
    """Any account, erased ones included. ``actor`` proves that a member of the staff asks."""
    row = User.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def school_for(actor: Staff, uuid: UUID) -> Organization:
    """Any school, archived ones included."""
    row = Organization.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row
