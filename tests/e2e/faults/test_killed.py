"""Killed processes cost nothing: an answer on its way, an import half written."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import DESK, READING, ROOT, Demo, Visitor
from tests.e2e.faults.backstage import (
    Backstage,
    choose,
    expect_one_answer,
    expect_question,
    sign_in,
    sit_down,
    validate,
)
from tests.samples.make_samples import siecle_file

HEAD_PASSWORD = "ilovePix!"
KEPT = "Ta réponse est gardée"
LYCEE, LYCEE_HEAD = "0999003C", "proviseur@trois-rivieres.test"
PUPILS = 3000


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
    page.wait_for_timeout(READING)
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
