"""Doors to the roll: who may open a pupil of a school, and who may import."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from pix.learners.models import Pupil, PupilImport, RollRepair
from pix.organizations.access import Member
from pix.organizations.enums import OrganizationType


def pupil_of_school(member: Member, uuid: UUID) -> Pupil:
    """A pupil of the member's own school, active or not. Raises 404 for any other."""
    row = Pupil.objects.filter(organization=member.organization, uuid=uuid).first()
    if row is None:
        raise Http404
    row.organization = member.organization
    return row


def may_import(member: Member) -> bool:
    """Administrators of a school that manages its pupils (schools 4.1)."""
    school = member.organization
    return member.is_admin and school.manages_pupils and school.type == OrganizationType.SCO


def must_import(member: Member) -> None:
    """Raises 403 for a plain member, and in a school that does not import its pupils."""
    member.must_be_admin()
    if not may_import(member):
        raise PermissionDenied("cet espace n'importe pas ses élèves")


def import_of(member: Member, uuid: UUID) -> PupilImport:
    """An import of the member's own school, whoever began it. Raises 403 as ``must_import``; 404 for any other."""
    must_import(member)
    row = PupilImport.objects.filter(organization=member.organization, uuid=uuid).first()
    if row is None:
        raise Http404
    row.organization = member.organization
    return row


def repair_of(member: Member, uuid: UUID) -> RollRepair:
    """A decision of the member's own school on its doubles. Raises 403 as ``must_import``; 404 for any other."""
    must_import(member)
    row = RollRepair.objects.filter(organization=member.organization, uuid=uuid).first()
    if row is None:
        raise Http404
    return row
