"""What a school's team does with a campaign: create, edit, archive."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from pix.accounts.models import User
from pix.assessment.engine import classic
from pix.audit.actions import record
from pix.campaigns import rules
from pix.campaigns.enums import CampaignType, Mode, Problem
from pix.campaigns.models import Campaign, CampaignTube
from pix.campaigns.rules import CampaignRefused
from pix.content import releases
from pix.content.release import Journey, Skill
from pix.core.ids import uuid7
from pix.core.texts import search_key, squeeze
from pix.organizations.models import Membership, Organization

ENGINE_VERSIONS = {classic.NAME: classic.VERSION}
"""Version of each engine that a new campaign names; an engine not listed is at version 1."""

CODE_TRIES = 50


def random_code() -> str:
    """A code drawn with the system's cryptographic randomness."""
    return rules.draw_code(secrets.choice)


def create_campaign(
    *,
    organization: Organization,
    by: User,
    name: str,
    type: str,
    journey: str = "",
    title: str = "",
    landing_text: str = "",
    multiple_sending: bool | None,
    mode: str = Mode.NONE,
    owner: int | None = None,
    uuid: UUID | None = None,
    at: datetime,
    draw: Callable[[], str] = random_code,
) -> Campaign:
    """Create a campaign and freeze what it asks: skills, stages, rules, release (learning 5.2 and 5.6).

    ``journey``: code of a published parcours; ``owner``: id of an active member (default: ``by``); ``uuid``: the form's
    own, so that a form sent twice makes one campaign: the second call returns it. Raises ``CampaignRefused``.
    """
    wanted = uuid or uuid7()
    already = Campaign.objects.filter(uuid=wanted).first()
    if already is not None:
        if already.organization_id == organization.pk:
            return already
        wanted = uuid7()
    bank = releases.current()
    chosen = bank.parcours.get(journey) if journey else None
    problems = rules.check_new(
        name=name,
        type=type,
        journey=journey,
        journey_known=chosen is not None and chosen.published,
        title=title,
        landing_text=landing_text,
        multiple_sending=multiple_sending,
        mode=mode,
    )
    owner_id = owner if owner is not None else by.pk
    if not _is_member(organization, owner_id):
        problems.append(Problem.OWNER_NOT_MEMBER)
    skills = bank.skills_of_parcours(journey) if chosen is not None else ()
    if not problems and type == CampaignType.ASSESSMENT and not skills:
        problems.append(Problem.EMPTY_JOURNEY)
    if problems:
        raise CampaignRefused(problems)
    clean_name = squeeze(name)
    campaign = Campaign(
        uuid=wanted,
        organization=organization,
        owner_id=owner_id,
        name=clean_name,
        type=type,
        journey_code=chosen.code if chosen else "",
        journey_name=chosen.name if chosen else "",
        title=squeeze(title),
        landing_text=landing_text.strip(),
        multiple_sending=bool(multiple_sending),
        mode=mode,
        release=bank.id,
        rules=_rules(chosen),
        skills=[[skill.id, skill.tube, skill.competence, skill.level] for skill in skills],
        targeted=len(skills),
        search_key=search_key(clean_name)[:255],
        created_at=at,
    )
    for _ in range(CODE_TRIES):
        campaign.code = draw()
        try:
            with transaction.atomic():
                campaign.save(force_insert=True)
                CampaignTube.objects.bulk_create(_tubes(campaign, skills))
                record(
                    "campaigns.create_campaign",
                    at=at,
                    actor=by.uuid,
                    target=campaign.uuid,
                    organization=organization.uuid,
                    type=type,
                    journey=campaign.journey_code,
                    skills=campaign.targeted,
                )
            return campaign
        except IntegrityError:
            campaign.pk = None
            # Either the same form came twice at once, or the code is taken: only the second is drawn again.
            twin = Campaign.objects.filter(uuid=wanted, organization=organization).first()
            if twin is not None:
                return twin
            if not Campaign.objects.filter(code=campaign.code).exists():
                raise
    raise RuntimeError(f"no free code found in {CODE_TRIES} draws")


def edit_campaign(
    *,
    campaign: Campaign,
    name: str,
    title: str,
    landing_text: str,
    owner: int,
    by: User,
    at: datetime,
) -> list[str]:
    """Change what may change: name, title, landing text, owner. Gives the names of the fields that did.

    Who may: the owner and the administrators (``access.editable_campaign``). Raises ``CampaignRefused``.
    """
    problems = rules.check_texts(name=name, title=title, landing_text=landing_text, type=campaign.type)
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        # A campaign may keep an owner who left the team; a new one is in it.
        if owner != row.owner_id and not _is_member(campaign.organization, owner):
            problems.append(Problem.OWNER_NOT_MEMBER)
        if problems:
            raise CampaignRefused(problems)
        clean_name = squeeze(name)
        wanted: dict[str, Any] = {
            "name": clean_name,
            "title": squeeze(title),
            "landing_text": landing_text.strip(),
            "owner_id": owner,
        }
        changed = [field for field, value in wanted.items() if getattr(row, field) != value]
        if not changed:
            return []
        wanted["search_key"] = search_key(clean_name)[:255]
        for field, value in wanted.items():
            setattr(row, field, value)
            setattr(campaign, field, value)
        row.save(update_fields=[field.removesuffix("_id") for field in wanted])
        names = [field.removesuffix("_id") for field in changed]
        record(
            "campaigns.edit_campaign",
            at=at,
            actor=by.uuid,
            target=row.uuid,
            organization=campaign.organization.uuid,
            fields=names,
        )
    return names


def archive_campaign(*, campaign: Campaign, by: User, at: datetime) -> bool:
    """Close a campaign: no new participation, no sending; its results stay readable. False if it already was."""
    return _set_archived(campaign, by, at, archived=True)


def unarchive_campaign(*, campaign: Campaign, by: User, at: datetime) -> bool:
    """Open an archived campaign again. False if it was not archived."""
    return _set_archived(campaign, by, at, archived=False)


def _set_archived(campaign: Campaign, by: User, at: datetime, *, archived: bool) -> bool:
    values: dict[str, Any] = (
        {"archived_at": at, "archived_by": by} if archived else {"archived_at": None, "archived_by": None}
    )
    with transaction.atomic():
        rows = Campaign.objects.filter(pk=campaign.pk, archived_at__isnull=archived)
        if not rows.update(**values):
            return False
        record(
            "campaigns.archive_campaign" if archived else "campaigns.unarchive_campaign",
            at=at,
            actor=by.uuid,
            target=campaign.uuid,
            organization=campaign.organization.uuid,
        )
    for field, value in values.items():
        setattr(campaign, field, value)
    return True


def _is_member(organization: Organization, user_id: int) -> bool:
    return Membership.objects.filter(organization=organization, user_id=user_id, disabled_at=None).exists()


def _rules(journey: Journey | None) -> dict[str, Any]:
    """Defaults and the parcours' own rules, copied: what changes later never reaches this campaign."""
    stages = journey.stages if journey else ()
    return {
        "engine": settings.PLACEMENT_ENGINE,
        "engine_version": ENGINE_VERSIONS.get(settings.PLACEMENT_ENGINE, 1),
        "stages": [
            rules.Stage(stage.threshold, stage.title, stage.message, stage.reading_key).to_json()
            for stage in sorted(stages, key=lambda stage: stage.threshold)
        ],
        "replay_delay_seconds": rules.REPLAY_DELAY_SECONDS,
        "automatic_sending": False,
        "max_questions": None,
        "resettable": journey.resettable if journey else False,
        "refuse_after_deletion": False,
        "level": journey.level if journey else "",
    }


def _tubes(campaign: Campaign, skills: Iterable[Skill]) -> list[CampaignTube]:
    frozen = rules.tally([[skill.id, skill.tube, skill.competence, skill.level] for skill in skills])
    return [
        CampaignTube(
            campaign=campaign,
            tube=tube.tube,
            competence=tube.competence,
            order=order,
            targeted=tube.targeted,
            max_level=tube.max_level,
        )
        for order, tube in enumerate(frozen.tubes)
    ]
