"""A copy of a person's data, and their erasure (schools 13); the end of a school (schools 1.4)."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from pix.accounts.models import DataExport, LegalAcceptance, User
from pix.audit.actions import record
from pix.campaigns.actions.manage import archive_campaign
from pix.campaigns.models import Campaign
from pix.jobs.queue import enqueue
from pix.learners import actions as learners
from pix.learners.models import Pupil
from pix.mailing.actions import forget
from pix.organizations.actions import close_school
from pix.organizations.models import CentreMembership, Membership, Organization
from pix.stewardship.queries import data_of, schools_left_without_admin

EXPORT_LIFE = timedelta(days=7)
SIGN_IN_ROOMS = {"accounts", "account", "mfa", "socialaccount"}
"""Where the rows are by which a person signs in: ours and the account library's."""
README = "Vos données, telles que le service les tient. Le fichier donnees.json se lit avec un éditeur de texte.\n"


class LastAdmin(Exception):
    """The person alone administers these schools."""

    def __init__(self, schools: list[Organization]) -> None:
        super().__init__(", ".join(school.name for school in schools))
        self.schools = schools


def ask_export(*, user: User, by: UUID | None = None, at: datetime) -> DataExport:
    """A fresh copy, written by a job; a demand that waits is not repeated, an older copy goes.

    ``by``: whoever asks in the person's place (staff); the copy opens for the person alone.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        former = DataExport.objects.filter(user=user).first()
        if former is not None and former.ready_at is None:
            return former
        if former is not None:
            _drop(former)
        export = DataExport.objects.create(user=user, requested_at=at)
        record("stewardship.ask_export", at=at, actor=by or user.uuid, target=user.uuid)
        enqueue("pix.stewardship.tasks.write_export", str(export.uuid))
    return export


def write_export(*, export: UUID, at: datetime) -> bool:
    """Write the zip; False when there is nothing left to write (done already, or the person is gone)."""
    row = DataExport.objects.filter(uuid=export, ready_at=None).select_related("user").first()
    if row is None:
        return False
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(data_of(row.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("donnees.json", text)
        archive.writestr("lisez-moi.txt", README)
    stored = default_storage.save(f"exports/{row.uuid}.zip", ContentFile(packed.getvalue()))
    if not DataExport.objects.filter(pk=row.pk, ready_at=None).update(ready_at=at, stored_name=stored):
        default_storage.delete(stored)
        return False
    return True


def drop_old_exports(*, at: datetime) -> int:
    """Copies older than a week go; gives their number."""
    old = list(DataExport.objects.filter(ready_at__lt=at - EXPORT_LIFE))
    for export in old:
        _drop(export)
    return len(old)


def _drop(export: DataExport) -> None:
    stored = export.stored_name
    export.delete()
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))


def erase_person(*, user: User, by: UUID, leaves_alone: bool = False, reason: str = "", at: datetime) -> bool:
    """Anonymise: nobody signs in any more, teams and rolls lose the link, names and logins go (schools 13).

    Results already sent to a school stay on its roll. Who may: the person, with their password; staff, with a
    ``reason``. Raises ``LastAdmin``, unless staff was told and said so (``leaves_alone``, schools 2.4). False the second
    time, which does nothing.
    """
    with transaction.atomic():
        # The schools first, in one order: two administrators who leave at once wait for each other here.
        mine = Membership.objects.filter(user=user, disabled_at=None).values("organization")
        list(Organization.objects.select_for_update().filter(pk__in=mine).order_by("pk"))
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.anonymised_at is not None:
            return False
        alone = schools_left_without_admin(row)
        if alone and not leaves_alone:
            raise LastAdmin(alone)
        for export in DataExport.objects.filter(user=row):
            _drop(export)
        _forget_sign_in(row)
        Membership.objects.filter(user=row, disabled_at=None).update(disabled_at=at)
        CentreMembership.objects.filter(user=row, disabled_at=None).update(disabled_at=at)
        learners.forget_recoveries(user=row)
        Pupil.objects.filter(user=row).update(user=None, updated_at=at)
        if row.email:
            forget(row.email)
        row.first_name, row.last_name = f"prenom_{row.pk}", f"nom_{row.pk}"
        row.email = row.username = None
        row.password = make_password(None)
        row.is_active = row.is_staff = row.must_change_password = False
        row.last_login = _month(row.last_login)
        row.anonymised_at, row.anonymised_by = at, str(by)
        row.save()
        told: dict[str, Any] = {"reason": reason} if reason else {}
        if alone:
            told["schools_without_admin"] = [str(school.uuid) for school in alone]
        record("stewardship.erase_person", at=at, actor=by, target=row.uuid, **told)
    return True


def _forget_sign_in(user: User) -> None:
    """Every row by which this person signed in or was about to: whatever table says so, those of tomorrow too."""
    for model in apps.get_models():
        if model._meta.app_label not in SIGN_IN_ROOMS or model in (User, LegalAcceptance):
            continue
        for field in model._meta.fields:
            if field.is_relation and field.related_model is User:
                model._default_manager.filter(**{field.name: user}).delete()


def _month(instant: datetime | None) -> datetime | None:
    return instant and instant.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def archive_school(*, school: Organization, by: User, reason: str = "", at: datetime) -> bool:
    """End a school's space: invitations cancelled, campaigns archived, team's memberships ended (schools 1.4).

    Its certification centre stays: another school may share its UAI, and its sessions have their own end. Who may:
    staff. False when it was archived already: the second time changes nothing.
    """
    with transaction.atomic():
        if not close_school(school=school, by=by, at=at):
            return False
        for campaign in Campaign.objects.filter(organization=school, archived_at=None, deleted_at=None):
            archive_campaign(campaign=campaign, by=by, at=at)
        told = {"reason": reason} if reason else {}
        record("stewardship.archive_school", at=at, actor=by.uuid, target=school.uuid, organization=school.uuid, **told)
    return True
