"""Faults that must cost nothing: a cut network, an expired sign-in, two tabs, the back button, a double click, killed processes.

Every test plays on the real program, then counts what its database holds: nothing lost, nothing doubled. The demo is
one of their own, because some of them kill it.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESK, PHONE, ROOT, Demo, Visitor
from tests.samples.make_samples import siecle_file

PASSWORD, HEAD_PASSWORD = "Brumeville1", "ilovePix!"
KEPT = "Ta réponse est gardée"
VALIDATE = "Je valide"
LYCEE, LYCEE_HEAD = "0999003C", "proviseur@trois-rivieres.test"
PUPILS = 3000

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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A small demo of this module's own: it may be killed."""
    running = Demo(tmp_path_factory.mktemp("faults"))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIX_")}
    subprocess.run(
        [sys.executable, "-m", "pix", "demo", "--small", "--prepare"], cwd=ROOT, check=True, capture_output=True,
        env={**kept, "PIX_VAR": str(running.folder / "var"), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def backstage(demo: Demo) -> Iterator[Backstage]:
    found = Backstage(demo)
    yield found
    found.close()


@pytest.fixture
def someone(visitor: Callable[[tuple[int, int]], Visitor]) -> Visitor:
    return visitor(PHONE)


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


@pytest.mark.proves("T-033")
def test_the_network_is_cut_while_answering(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    someone.context.set_offline(True)
    validate(page)
    expect(page.locator("[data-network]")).to_contain_text(KEPT)
    expect_question(page, pupil.rank)
    someone.look()
    assert not_answered(backstage, pupil)
    someone.context.set_offline(False)
    expect_question(page, pupil.rank + 1)
    expect(page.locator("[data-network]")).to_be_hidden()
    expect_one_answer(backstage, pupil, value)
    someone.look()


@pytest.mark.proves("T-033")
def test_the_tab_is_closed_without_network(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 2)
    someone.context.set_offline(True)
    validate(page)
    expect(page.locator("[data-network]")).to_contain_text(KEPT)
    page.close()
    assert not_answered(backstage, pupil)
    someone.context.set_offline(False)
    someone.page = page = someone.context.new_page()
    page.goto(f"{someone.home}/parcours/{pupil.run}")
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    gone_by_itself(someone, pupil)


def test_the_answer_arrives_but_its_receipt_is_lost(someone: Visitor, backstage: Backstage) -> None:
    """The worst moment of a cut: the server has written, the page does not know."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 0)
    lost = []

    def lose(route: Any) -> None:
        route.fetch()
        lost.append(1)
        route.abort()

    page.route("**/reponse", lose, times=1)
    validate(page)
    expect_question(page, pupil.rank + 1)
    assert lost
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_the_sign_in_expires_in_the_middle(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    someone.context.clear_cookies(name="session")
    validate(page)
    page.wait_for_url("**/connexion?*")
    someone.look()
    assert not_answered(backstage, pupil)
    fill_sign_in(someone, pupil.login, PASSWORD)
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    gone_by_itself(someone, pupil)


def test_a_returned_file_is_kept_too(someone: Visitor, backstage: Backstage, tmp_path: Path) -> None:
    """The work of a quarter of an hour, sent when the sign-in has just expired."""
    pupil = backstage.pupil((1, 2, 3, 4), kind="file")
    page = sit_down(someone, pupil)
    content = bytes(range(256)) * 2000
    page.locator("#id_fichier").set_input_files({"name": "été.ods", "mimeType": "", "buffer": content})
    someone.context.clear_cookies(name="session")
    validate(page)
    page.wait_for_url("**/connexion?*")
    someone.look()
    assert not_answered(backstage, pupil)
    fill_sign_in(someone, pupil.login, PASSWORD)
    expect_question(page, pupil.rank + 1)
    found = backstage.facts(pupil)
    assert (found["answered"], found["files"]) == (pupil.rank, [content.hex()])
    gone_by_itself(someone, pupil)


def test_the_same_question_in_two_tabs(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    first = sit_down(someone, pupil)
    someone.page = second = someone.context.new_page()
    someone.go(pupil.place)
    expect_question(second, pupil.rank)
    value, other = choose(first, 0), choose(second, 1)
    assert value != other
    validate(first)
    expect_question(first, pupil.rank + 1)
    validate(second)
    expect_question(second, pupil.rank + 1)
    expect(second.get_by_text("Ta première réponse à cette question est gardée : voici la suite.")).to_be_visible()
    expect_one_answer(backstage, pupil, value)
    someone.look()
    someone.page = first
    someone.look()


def test_the_back_button_after_answers(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil((5,))
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    validate(page)
    page.wait_for_url("**/bilan")
    someone.look()
    page.get_by_role("link", name="Continuer").click()
    expect_question(page, pupil.rank + 1)
    someone.look()
    page.go_back()
    page.wait_for_url("**/bilan")
    someone.look()
    page.go_back()
    expect_question(page, pupil.rank + 1)
    someone.look()
    expect_one_answer(backstage, pupil, value)


def test_a_double_click_answers_once(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    page.get_by_role("button", name=VALIDATE).dblclick()
    expect_question(page, pupil.rank + 1)
    page.wait_for_load_state("networkidle")
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_the_second_click_does_not_pass_the_next_question(someone: Visitor, backstage: Backstage) -> None:
    """A fast server: the next question stands under the finger when the second click of a double click falls."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    page.evaluate(
        "() => new MutationObserver((_, watch) => { watch.disconnect();"
        " document.querySelector('#question [name=passer]').click(); document.body.dataset.second = 'fallen'; })"
        ".observe(document.getElementById('question').parentNode, {childList: true})"
    )
    page.get_by_role("button", name="Je passe").click()
    expect_question(page, pupil.rank + 1)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.body.dataset.second") == "fallen"
    expect_question(page, pupil.rank + 1)
    assert backstage.facts(pupil)["answered"] == pupil.rank
    someone.look()


def test_a_double_click_sends_once(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil(())
    before = backstage.facts(pupil)
    assert (before["status"], before["sendings"]) == ("to_share", 0)
    page = sign_in(someone, pupil.login, PASSWORD, f"/parcours/{pupil.run}/resultats")
    page.get_by_role("button", name="J'envoie mes résultats").dblclick()
    expect(page.get_by_text("Merci, vos résultats ont bien été envoyés !")).to_be_visible()
    someone.look()
    after = backstage.facts(pupil)
    assert (after["status"], after["sendings"]) == ("shared", 1)
    assert after["shared_count"] == before["shared_count"] + 1


def test_two_sendings_at_the_same_moment(someone: Visitor, backstage: Backstage) -> None:
    """Two tabs, or a form sent twice by a browser without scripts: the page cannot stop it, the program does."""
    pupil = backstage.pupil(())
    before = backstage.facts(pupil)
    page = sign_in(someone, pupil.login, PASSWORD, f"/parcours/{pupil.run}/resultats")
    statuses = page.evaluate(
        "() => { const form = document.querySelector('form[action$=\"/envoi\"]');"
        " const send = () => fetch(form.action, {method: 'POST', body: new FormData(form)}).then((r) => r.status);"
        " return Promise.all([send(), send(), send()]); }"
    )
    assert statuses == [200, 200, 200]
    after = backstage.facts(pupil)
    assert (after["status"], after["sendings"]) == ("shared", 1)
    assert after["shared_count"] == before["shared_count"] + 1


def test_the_campaign_is_archived_in_the_middle_of_a_run(someone: Visitor, backstage: Backstage) -> None:
    """The pupil is told once; the page does not reload for ever with the answer that nobody takes."""
    pupil = backstage.pupil(own_campaign=True)
    page = sit_down(someone, pupil)
    choose(page, 1)
    assert backstage.ask("archive", pupil.run)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    validate(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce parcours a été désactivé")
    page.wait_for_load_state("networkidle")
    someone.look()
    assert len(loads) == 1
    assert not_answered(backstage, pupil)


def test_a_browser_without_scripts(browser: Browser, demo: Demo, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        page.goto(f"{demo.url}/connexion?next=/parcours/{pupil.run}")
        page.get_by_label("Adresse e-mail ou identifiant").fill(pupil.login)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Je me connecte").click()
        expect_question(page, pupil.rank)
        value = choose(page, 1)
        validate(page)
        expect_question(page, pupil.rank + 1)
        expect_one_answer(backstage, pupil, value)
        assert page.url.endswith(f"/questions/{pupil.rank + 1}")
        page.go_back()
        expect_question(page, pupil.rank + 1)
        validate(page)
        expect(page.locator("#question .banner-error")).to_have_count(1)
        expect_one_answer(backstage, pupil, value)
        page.get_by_role("button", name="Je passe").click()
        expect_question(page, pupil.rank + 2)
        expect_one_answer(backstage, pupil, "", pupil.rank + 1)
    finally:
        context.close()


def children(process: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def command(process: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def servers(demo: Demo) -> list[int]:
    """The processes that answer requests: children of the web server's supervisor."""
    assert demo.process is not None
    (supervisor,) = [one for one in children(demo.process.pid) if "granian" in command(one)]
    return [one for one in children(supervisor) if "resource_tracker" not in command(one)]


def worker_of(demo: Demo) -> int:
    assert demo.process is not None
    (found,) = [one for one in children(demo.process.pid) if "pix worker" in command(one)]
    return found


def test_the_web_process_is_killed_between_two_answers(someone: Visitor, demo: Demo, backstage: Backstage) -> None:
    """First the process that answers, which its supervisor starts again; then everything, started again by hand."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    killed = servers(demo)
    assert killed
    value = choose(page, 1)
    for one in killed:
        os.kill(one, signal.SIGKILL)
    validate(page)
    expect_question(page, pupil.rank + 1)
    assert not set(servers(demo)) & set(killed)
    expect_one_answer(backstage, pupil, value)
    someone.look()

    demo.stop(signal.SIGKILL)
    page.get_by_role("button", name="Je passe").click()
    expect(page.locator("[data-network]")).to_contain_text(KEPT)
    expect_one_answer(backstage, pupil, value)
    demo.start()
    expect_question(page, pupil.rank + 2)
    expect_one_answer(backstage, pupil, "", pupil.rank + 1)
    someone.look()
    someone.go(f"/parcours/{pupil.run}")
    expect_question(page, pupil.rank + 2)


class Roll:
    """What the demo's database says of one school's roll, read beside the processes that write it."""

    def __init__(self, demo: Demo, uai: str) -> None:
        self.file = demo.folder / "var" / "pix.sqlite3"
        self.school = self.one("SELECT id FROM organizations_organization WHERE uai = ?", uai)

    def being_written(self) -> bool:
        """Somebody is inside a transaction that writes."""
        with closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as wish:
            try:
                wish.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            wish.execute("ROLLBACK")
        return False

    def one(self, sql: str, *values: object) -> Any:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=20)) as read:
            row = read.execute(sql, values).fetchone()
        return None if row is None else row[0]

    @property
    def state(self) -> str:
        return str(self.one(
            "SELECT state FROM learners_pupilimport WHERE organization_id = ? ORDER BY id DESC", self.school
        ))  # fmt: skip

    @property
    def active(self) -> int:
        return int(self.one("SELECT count(*) FROM learners_pupil WHERE active AND organization_id = ?", self.school))

    @property
    def rows(self) -> int:
        return int(self.one("SELECT count(*) FROM learners_pupil WHERE organization_id = ?", self.school))

    @property
    def staged(self) -> int:
        return int(self.one("SELECT count(*) FROM learners_stagedrow"))

    @property
    def taken(self) -> int:
        """Jobs that a worker holds."""
        return int(self.one("SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'"))

    @property
    def applied(self) -> int:
        return int(self.one(
            "SELECT count(*) FROM audit_event e JOIN learners_pupilimport i ON replace(e.target, '-', '') = i.uuid"
            " WHERE e.verb = 'learners.apply_import' AND i.organization_id = ?", self.school,
        ))  # fmt: skip


def kill_when(worker: int, reached: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < limit, "le travail n'a pas atteint ce point"
        time.sleep(0.002)
    os.kill(worker, signal.SIGKILL)


def test_the_worker_is_killed_while_it_applies_an_import(
    visitor: Callable[[tuple[int, int]], Visitor], demo: Demo, backstage: Backstage, tmp_path: Path
) -> None:
    """Killed when it has just taken the job, when half is laid beside the roll, and in the middle of writing the roll."""
    head = visitor(DESK)
    roll = Roll(demo, LYCEE)
    before, written, applied = roll.active, roll.rows, roll.applied
    file = tmp_path / "lycee.xml"
    file.write_bytes(siecle_file(LYCEE, pupils=PUPILS))
    page = sign_in(head, LYCEE_HEAD, HEAD_PASSWORD, "/espaces")
    page.get_by_role("link", name="Élèves", exact=True).first.click()
    head.look()
    head.press("Importer la liste", role="link")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name=re.compile("Importer")).click()
    page.get_by_role("button", name="Appliquer l'import").wait_for(timeout=30_000)
    head.look()
    place = page.url
    assert (roll.state, roll.active) == ("ready", before)

    worker = worker_of(demo)
    page.get_by_role("button", name="Appliquer l'import").click(no_wait_after=True)
    kill_when(worker, lambda: roll.state == "applying" and roll.taken == 1)
    assert demo.process is not None
    demo.process.wait(15)
    for reached in (lambda: 0 < roll.staged < PUPILS, lambda: roll.staged == PUPILS and roll.being_written()):
        assert (roll.state, roll.active, roll.rows, roll.taken) == ("applying", before, written, 1)
        alone = subprocess.Popen(
            [sys.executable, "-m", "pix", "worker"], cwd=ROOT, env=backstage.environment, stderr=subprocess.DEVNULL
        )
        kill_when(alone.pid, reached)
        alone.wait(5)
    assert (roll.state, roll.active, roll.rows, roll.taken) == ("applying", before, written, 1)

    demo.start()
    page.goto(place)
    # The page asked where the import was while nobody could answer.
    head.faults = [fault for fault in head.faults if not fault.startswith("console : htmx:")]
    expect(page.get_by_text(re.compile("Dernier fichier importé avec succès le"))).to_be_visible(timeout=30_000)
    head.look()
    assert (roll.state, roll.active, roll.applied, roll.staged) == ("imported", PUPILS, applied + 1, 0)
    assert roll.rows == written + PUPILS
    of_school = "SELECT count(DISTINCT p.ine) FROM learners_pupil p WHERE p.active AND p.organization_id = ?"
    assert roll.one(of_school, roll.school) == PUPILS
    assert roll.one(of_school.replace("DISTINCT p.ine", "*").replace(
        "WHERE", "JOIN learners_enrolment e ON e.pupil_id = p.id WHERE"), roll.school) == PUPILS  # fmt: skip
