"""What the tests of faults share: pupils made behind the pages, the database read beside the demo, gestures of a pupil."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, Demo, Visitor

PASSWORD = "Brumeville1"
VALIDATE = "Je valide"

BACKSTAGE = """
import json, sys
import django
django.setup()
from pix.accounts import actions as accounts
from pix.accounts.access import Person
from pix.assessment.actions import NotAsked
from pix.assessment.marking import Submission, variant_of
from pix.assessment.models import Answer, Assessment, ReturnedFile
from pix.audit.models import Event
from pix.campaigns.access.play import table_of
from pix.campaigns.actions import play
from pix.campaigns.actions.manage import archive_campaign
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.queries.pupil import run_uuid
from pix.core import clock
from pix.learners import actions as learners
from pix.learners.models import Pupil
from pix.organizations.models import Organization
from pix.web.demo import cast, seed

def shown(sitting):
    return variant_of(
        release=sitting.release, question=sitting.open_question, person=sitting.user_uuid, attempt=sitting.uuid
    )

def fits(table, places, kind):
    sitting, asked = table.sitting, shown(table.sitting).question
    if (sitting.rank - 1) % 5 + 1 not in places or asked.timer or asked.focusable:
        return False
    return asked.template == ("QCU" if kind == "choice" else "RENDU")

def pupil(places, kind, own_campaign):
    # ``places``: where the open question may stand in its block of five; none for a run that is over and not sent.
    school = Organization.objects.get(uai="0999001A")
    at = clock.now()
    campaign = seed._campaign(school, at) if own_campaign else Campaign.objects.filter(organization=school).first()
    for number, row in enumerate(Pupil.objects.filter(organization=school, user=None, active=True).order_by("id")):
        name = learners.propose(organization=school, pupil=row.uuid)
        user = learners.register_pupil(
            organization=school, pupil=row.uuid, username=name, password=cast.PUPIL_PASSWORD, at=at
        )
        accounts.see_tutorial(user=user, at=at)
        person = Person(user)
        run = run_uuid(play.start(person=person, campaign=campaign, at=at, seed=number))
        table = table_of(person, run)
        while table.sitting.open_question:
            if fits(table, places, kind):
                return {"login": name, "run": str(run), "rank": table.sitting.rank}
            sent = Submission(skipped=True) if kind == "choice" else seed.right_answer(shown(table.sitting))
            play.answer(table=table, rank=table.sitting.rank, sent=sent, at=clock.now())
            table = table_of(person, run)
        if not places:
            return {"login": name, "run": str(run), "rank": 0}

def facts(run):
    row = Assessment.objects.get(uuid=run)
    part = Participation.objects.select_related("campaign").get(pk=row.participation)
    return {
        "answers": {a.rank: a.value for a in Answer.objects.filter(assessment=row).order_by("rank")},
        "rows": Answer.objects.filter(assessment=row).count(),
        "answered": row.answered,
        "files": [bytes(one.content).hex() for one in ReturnedFile.objects.filter(assessment=row)],
        "status": part.status,
        "sendings": Event.objects.filter(verb="campaigns.share", target=part.uuid).count(),
        "shared_count": part.campaign.shared_count,
    }

def archive(run):
    part = Participation.objects.select_related("campaign__owner").get(
        pk=Assessment.objects.get(uuid=run).participation
    )
    return archive_campaign(campaign=part.campaign, by=part.campaign.owner, at=clock.now())

for line in sys.stdin:
    name, *given = json.loads(line)
    print(json.dumps({"pupil": pupil, "facts": facts, "archive": archive}[name](*given)), flush=True)
"""


@dataclass(frozen=True)
class Pupil:
    """Somebody with an account and a run; ``rank``: of the open question, one choice among several (0: run over)."""

    login: str
    run: str
    rank: int

    @property
    def place(self) -> str:
        return f"/parcours/{self.run}/questions/{self.rank}"


class Backstage:
    """Makes pupils by the program's own verbs and reads its database, in another process, beside the running demo."""

    def __init__(self, demo: Demo) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PIX_")}
        kept.update(PIX_VAR=str(demo.folder / "var"), PIX_DEMO="1", PYTHONPATH=str(ROOT))
        self.environment = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", BACKSTAGE], cwd=ROOT, env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, *what: object) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def pupil(self, places: tuple[int, ...] = (1, 2, 3), *, kind: str = "choice", own_campaign: bool = False) -> Pupil:
        """A new account; its open question is a choice, or (``kind="file"``) asks for a file back."""
        return Pupil(**self.ask("pupil", places, kind, own_campaign))

    def facts(self, pupil: Pupil) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("facts", pupil.run)
        assert found["rows"] == len(found["answers"]) == found["answered"], "le journal et le compte se contredisent"
        return found

    def close(self) -> None:
        self.process.communicate(timeout=10)


def sign_in(visitor: Visitor, login: str, password: str, to: str) -> Page:
    """By the sign-in page, then on to ``to``."""
    visitor.go(f"/connexion?next={to}")
    fill_sign_in(visitor, login, password)
    visitor.look()
    return visitor.page


def fill_sign_in(visitor: Visitor, login: str, password: str) -> None:
    page = visitor.page
    page.get_by_label("Adresse e-mail ou identifiant").fill(login)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Je me connecte").click()
    page.wait_for_url(lambda url: "/connexion" not in url)


def sit_down(visitor: Visitor, pupil: Pupil) -> Page:
    """Sign in and take the run up where it stands."""
    page = sign_in(visitor, pupil.login, PASSWORD, f"/parcours/{pupil.run}")
    expect_question(page, pupil.rank)
    return page


def expect_question(page: Page, rank: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {rank}", timeout=15_000)
    expect(page.locator("#question .banner-error")).to_have_count(0)


def choose(page: Page, number: int) -> str:
    """Tick a choice; gives its value, which is also what the log stores."""
    box = page.locator("#question input[name=answer]").nth(number)
    value = box.get_attribute("value")
    page.locator(f"label[for='{box.get_attribute('id')}']").click()
    assert value
    return value


def validate(page: Page) -> None:
    page.get_by_role("button", name=VALIDATE).click()


def expect_one_answer(backstage: Backstage, pupil: Pupil, value: str, rank: int = 0) -> None:
    """The rank has one row, holding this value, and nothing was answered after it."""
    rank = rank or pupil.rank
    found = backstage.facts(pupil)
    assert found["answered"] == rank
    assert found["answers"][str(rank)] == value


def not_answered(backstage: Backstage, pupil: Pupil) -> bool:
    return bool(backstage.facts(pupil)["answered"] == pupil.rank - 1)


def gone_by_itself(visitor: Visitor, pupil: Pupil) -> None:
    """The question's page replaced itself as soon as it had loaded: nobody could look at it."""
    visitor.unseen.discard(pupil.place)
    visitor.look()
