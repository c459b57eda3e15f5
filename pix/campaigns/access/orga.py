"""What a member of a school may open and change among its campaigns."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from pix.campaigns.models import Campaign, Participation
from pix.organizations.access import Member


def campaign_of(member: Member, uuid: UUID) -> Campaign:
    """A campaign of the member's school, its owner with it. Raises 404 for a deleted one or another school's."""
    campaign = (
        Campaign.objects.filter(organization=member.organization, uuid=uuid, deleted_at=None)
        .select_related("owner")
        .first()
    )
    if campaign is None:
        raise Http404
    # Saves a statement a page: the school is the actor's own.
    campaign.organization = member.organization
    return campaign


def may_edit(member: Member, campaign: Campaign) -> bool:
    """Its owner and the administrators of the school (learning 5.10)."""
    return member.is_admin or campaign.owner_id == member.user.pk


def editable_campaign(member: Member, uuid: UUID) -> Campaign:
    """As ``campaign_of``; raises 403 for a member who is neither owner nor administrator."""
    campaign = campaign_of(member, uuid)
    if not may_edit(member, campaign):
        raise PermissionDenied("réservé au propriétaire de la campagne et aux administrateurs")
    return campaign


def participation_in(campaign: Campaign, uuid: UUID) -> Participation:
    """A participation in this campaign, its pupil with it; superseded ones too. Raises 404 for a deleted one."""
    row = Participation.objects.filter(campaign=campaign, uuid=uuid, deleted_at=None).select_related("pupil").first()
    if row is None:
        raise Http404
    return row
