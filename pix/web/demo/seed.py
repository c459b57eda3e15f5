"""Fills the demonstration through the real doors: imports, accounts, campaigns, answers given by virtual pupils.

Nothing is written beside the actions that people use, so what the demonstration shows is what the program does.
"""

import io
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from pix.accounts import actions as accounts
from pix.accounts import identities
from pix.accounts.access import Person
from pix.accounts.enums import LegalService
from pix.accounts.models import User
from pix.assessment.actions import NotAsked
from pix.assessment.marking import MalformedAnswer, Submission, playable, variant_of
from pix.campaigns.access.play import table_of
from pix.campaigns.actions import play
from pix.campaigns.actions.manage import create_campaign
from pix.campaigns.models import Campaign
from pix.campaigns.queries.pupil import run_uuid
from pix.campaigns.queries.table import Table
from pix.content import releases
from pix.content.variants import Variant
from pix.core import clock
from pix.core.school_years import school_year_of
from pix.generators.contract import Returned
from pix.jobs.worker import run_pending
from pix.learners import actions as learners
from pix.learners.models import Pupil
from pix.organizations import actions as organizations
from pix.organizations.access import Member
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from pix.web.demo import cast, identity_provider

Say = Callable[[str], None]
MARK = "demo-ready"
SEED = 20261123


def ensure(*, say: Say, small: bool = False) -> None:
    """Fill the demonstration once. Interrupted in the middle, it starts again from nothing."""
    identity_provider.ensure(settings.VAR / "ent")
    mark = settings.VAR / MARK
    if mark.exists():
        return
    if Organization.objects.exists():
        call_command("flush", interactive=False, verbosity=0)
    clock.move(timedelta(0))
    started = time.monotonic()
    rng = random.Random(SEED)
    at = clock.now()
    say("  écoles, équipes et base élèves…")
    schools = [_open(school, at) for school in cast.SCHOOLS]
    teacher = _person(cast.TEACHER, at)
    _person(cast.STAFF, at, staff=True)
    organizations.add_member(organization=schools[0], user=teacher, role=Role.MEMBER, by="command", at=at)
    head = _member(schools[0])
    organizations.add_member(organization=schools[2], user=head.user, role=Role.MEMBER, by="command", at=at)
    say("  campagnes et élèves virtuels…")
    answered = 0
    for school, described in zip(schools, cast.SCHOOLS, strict=True):
        if not described.joined_by:
            continue
        campaign = _campaign(school, at - timedelta(days=24))
        for number, pupil in enumerate(_pupils(school, described.joined_by, small)):
            _play(campaign, pupil, number, rng, at)
            answered += 1
    if not small:
        answered += _long_work(schools[0], rng, at)
    mark.write_text(at.isoformat())
    say(f"  {answered} élèves ont répondu ({time.monotonic() - started:.0f} s)")


def _person(who: tuple[str, str, str], at: datetime, *, staff: bool = False) -> User:
    first, last, email = who
    user = accounts.create_account(
        first_name=first,
        last_name=last,
        email=email,
        password=cast.PASSWORD,
        terms=True,
        staff=staff,
        older_rule=True,
        at=at,
    )
    accounts.confirm_email(user=user, at=at)
    for service in (LegalService.ORGA, LegalService.CERTIF):
        accounts.accept_terms(user=user, service=service, at=at)
    return user


def _open(described: cast.School, at: datetime) -> Organization:
    """A school, its head, its roll imported from the sample file."""
    school = organizations.open_school(
        name=described.name,
        uai=described.uai,
        kind=described.kind,
        email=described.email,
        tags=list(described.tags),
        identity_provider=described.identity_provider,
        demonstration=True,
        at=at,
    )
    head = _person(described.head, at)
    organizations.add_member(organization=school, user=head, role=Role.ADMIN, by="command", at=at)
    member = _member(school)
    content = (cast.SAMPLES / described.file).read_bytes()
    opened = learners.open_import(
        member=member,
        upload=_Upload(described.file, content),
        school_year=school_year_of(clock.today(at)),
        at=at,
    )
    run_pending()
    opened.refresh_from_db()
    if opened.state != "ready":
        raise RuntimeError(f"{described.file}: {opened.state} {opened.file_error} {opened.problems[:3]}")
    learners.confirm(member=member, imported=opened, at=at)
    run_pending()
    return school


class _Upload:
    """A file of the disk in the shape of a received one."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.size, self._content = name, len(content), content

    def chunks(self, chunk_size: int = 65_536) -> Iterator[bytes]:
        stream = io.BytesIO(self._content)
        while chunk := stream.read(chunk_size):
            yield chunk

    def read(self) -> bytes:
        return self._content


def _member(school: Organization) -> Member:
    row = school.memberships.select_related("user").get(role=Role.ADMIN)
    return Member(row.user, school, Role.ADMIN)


LONG_WORK = (("6e-1", "Protection et sécurité"), ("6e-2", "Initiation"), ("4e", "Rentrée 4e"), ("3e", "Rentrée 3e"))
"""Parcours that a few pupils of 3A have all done: certifiability comes from what adds up (content plan 5)."""


def _long_work(school: Organization, rng: random.Random, today: datetime) -> int:
    """A few pupils who did everything, most of them well; gives how many."""
    rows = Pupil.objects.filter(organization=school, division="3A", active=True, user__isnull=False)
    pupils = list(rows.select_related("user").order_by("order_key", "id")[:5])
    for journey, title in LONG_WORK:
        campaign = _campaign(school, today - timedelta(days=22), journey=journey, title=title)
        for rank, pupil in enumerate(pupils):
            assert pupil.user is not None
            at = today - timedelta(days=4, hours=rank)
            person = Person(pupil.user)
            part = play.start(person=person, campaign=campaign, at=at, seed=rng.getrandbits(32))
            _answer_all(person, run_uuid(part), 6 - rank, None, rng, at)
            part.refresh_from_db()
            play.share(person=person, participation=part, at=at + timedelta(hours=2))
    return len(pupils) * len(LONG_WORK)


def _campaign(school: Organization, at: datetime, *, journey: str = "5e", title: str = "Rentrée 5e") -> Campaign:
    return create_campaign(
        organization=school,
        by=_member(school).user,
        name="Parcours de rentrée 5e" if journey == "5e" else title,
        type="assessment",
        journey=journey,
        title=title,
        landing_text="Bienvenue ! Réponds tranquillement, et n'oublie pas d'**envoyer tes résultats** à la fin.",
        multiple_sending=school.identity_provider == "",
        mode="en classe",
        at=at,
    )


def _pupils(school: Organization, classes: tuple[str, ...], small: bool) -> list[Pupil]:
    found = []
    for division in classes:
        rows = Pupil.objects.filter(organization=school, division=division, active=True).order_by("order_key", "id")
        kept = [pupil for pupil in rows if pupil.last_name.upper() == "PIX" or not small]
        found += kept if not small else [*kept, *[pupil for pupil in rows if pupil not in kept][:3]]
    return found


def _play(campaign: Campaign, pupil: Pupil, number: int, rng: random.Random, today: datetime) -> None:
    """One pupil joins, answers like somebody of a drawn ability, and most often sends."""
    famous = pupil.last_name.upper() == "PIX" and pupil.first_name in {"Emma", "Béatrix"}
    if pupil.last_name.upper() == "HOPPER" or (not famous and rng.random() < 0.08):
        return
    at = today - timedelta(days=rng.choice((21, 20, 20, 19, 14, 13, 13, 12, 7, 6, 5, 2, 1)), hours=rng.randint(1, 6))
    with transaction.atomic():
        proposal = learners.propose(organization=campaign.organization, pupil=pupil.uuid)
        user = learners.register_pupil(
            organization=campaign.organization,
            pupil=pupil.uuid,
            username=proposal,
            password=cast.PUPIL_PASSWORD,
            at=at,
        )
        accounts.see_tutorial(user=user, at=at)
        if campaign.organization.uses_gar and not famous:
            identities.add_method(
                user=user, provider=identities.GAR, external_id=cast.ido_of(pupil.uuid),
                first_name=pupil.first_name, last_name=pupil.last_name, at=at,
            )  # fmt: skip
    person = Person(user)
    part = play.start(person=person, campaign=campaign, at=at, seed=rng.getrandbits(32))
    ability = rng.gauss(1.9, 1.3)
    stops = {"Emma": 8}.get(pupil.first_name) if famous else (rng.randint(3, 12) if rng.random() < 0.1 else None)
    table, at = _answer_all(person, run_uuid(part), ability, stops, rng, at)
    keeps_back = (famous and pupil.first_name == "Béatrix") or (not famous and rng.random() < 0.07)
    if not table.sitting.open_question and not keeps_back:
        part.refresh_from_db()
        play.share(person=person, participation=part, at=at + timedelta(seconds=30))


def _answer_all(
    person: Person, run: UUID, ability: float, stops: int | None, rng: random.Random, at: datetime
) -> tuple[Table, datetime]:
    """Answer to the end, or until ``stops`` answers; where the run stands then, and when."""
    table = table_of(person, run)
    while table.sitting.open_question and (stops is None or table.sitting.answered < stops):
        at += timedelta(seconds=rng.randint(20, 110))
        try:
            done = play.answer(table=table, rank=table.sitting.rank, sent=_answer(table, ability, rng), at=at)
        except (MalformedAnswer, NotAsked):
            done = play.answer(table=table, rank=table.sitting.rank, sent=Submission(skipped=True), at=at)
        table = table_of(person, table.sitting.uuid)
        if done.finished:
            break
    return table, at


def _answer(table: Table, ability: float, rng: random.Random) -> Submission:
    """A right answer with a chance that falls with the level; else a wrong one, or a pass."""
    sitting = table.sitting
    variant = variant_of(
        release=sitting.release, question=sitting.open_question, person=sitting.user_uuid, attempt=sitting.uuid
    )
    level = releases.get(sitting.release).skills[variant.question.skill].level
    if rng.random() < 1 / (1 + math.exp(-1.6 * (ability - level + 0.6))):
        return right_answer(variant)
    return Submission(skipped=True) if rng.random() < 0.35 else wrong_answer(variant, rng)


def right_answer(variant: Variant) -> Submission:
    """What a pupil who knows would send."""
    question: Any = playable(variant)
    if getattr(question, "choices", ()):
        return Submission(fields={"answer": [str(index) for index in question.expected]})
    variants = getattr(question, "variants", {})
    if "" in variants:
        return Submission(fields={"answer": [variants[""][0]]})
    if variants:
        return Submission(fields={f"field-{field.key}": [variants[field.key][0]] for field in question.fields})
    if isinstance(variant.example, Returned):
        return Submission(returned=variant.example)
    if variant.example is not None:
        return Submission(fields={"answer": [json.dumps(variant.example, ensure_ascii=False)]})
    return Submission(skipped=True)


def wrong_answer(variant: Variant, rng: random.Random) -> Submission:
    """What a pupil who guesses would send."""
    question: Any = playable(variant)
    choices = getattr(question, "choices", ())
    if choices:
        others = [index for index in range(1, len(choices) + 1) if index not in question.expected]
        count = max(1, len(question.expected)) if variant.question.template == "QCM" else 1
        return Submission(
            fields={"answer": [str(index) for index in sorted(rng.sample(others, min(count, len(others))))]}
        )
    variants = getattr(question, "variants", {})
    if "" in variants:
        return Submission(fields={"answer": ["je ne sais pas"]})
    if variants:
        return Submission(fields={f"field-{field.key}": [_wrong_field(field)] for field in question.fields})
    return Submission(fields={"answer": [json.dumps(dict(variant.state or {}), ensure_ascii=False)]})


def _wrong_field(field: Any) -> str:
    return str(field.options[0]) if field.options else "je ne sais pas"
