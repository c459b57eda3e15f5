"""The measures themselves, each through the code of the web. Times are medians unless said."""

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.pupils import measure_pupils  # noqa: F401 - found by its name

ROOT = Path(__file__).resolve().parent.parent
Line = tuple[str, str]


def prepare(*, small: bool = True) -> None:
    """Database, bank, and the demonstration's cast (a few of each class, or everybody), made through the real doors."""
    os.environ["PIX_DEMO"] = "1"
    import django

    django.setup()
    from django.core.management import call_command

    from pix.assessment.commands import checked_bank
    from pix.content import releases
    from pix.web.demo import seed

    call_command("migrate", interactive=False, verbosity=0)
    from django.conf import settings

    if checked_bank("build")(["--lenient", "--quiet", "--out", str(settings.RELEASES_FOLDER)]) != 0:
        raise SystemExit("la banque ne se compile pas")
    releases.configure(settings.RELEASES_FOLDER)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx*"])
    seed.ensure(say=lambda text: None, small=small)


def _new_pupils(count: int) -> list[tuple[Any, Any]]:
    """Accounts of pupils who have not joined yet: ``(user, pupil)``."""
    from pix.core import clock
    from pix.learners import actions as learners
    from pix.learners.models import Pupil
    from pix.web.demo import cast

    made = []
    at = clock.now()
    for pupil in (
        Pupil.objects.select_related("organization")
        .filter(user=None, active=True, organization__campaigns__isnull=False)
        .order_by("id")
        .distinct()[:count]
    ):
        username = learners.propose(organization=pupil.organization, pupil=pupil.uuid)
        made.append(
            (
                learners.register_pupil(
                    organization=pupil.organization,
                    pupil=pupil.uuid,
                    username=username,
                    password=cast.PUPIL_PASSWORD,
                    at=at,
                ),
                pupil,
            )
        )
    return made


def _started(count: int) -> Iterator[tuple[Any, UUID]]:
    """Runs at their first question: ``(user, run)``."""
    from pix.accounts.access import Person
    from pix.accounts.actions import see_tutorial
    from pix.campaigns.actions import play
    from pix.campaigns.models import Campaign
    from pix.campaigns.queries.pupil import run_uuid
    from pix.core import clock

    for user, pupil in _new_pupils(count):
        see_tutorial(user=user, at=clock.now())
        campaign = Campaign.objects.get(organization=pupil.organization)
        part = play.start(person=Person(user), campaign=campaign, at=clock.now())
        yield user, run_uuid(part)


def measure_answer() -> list[Line]:
    """One answer and the next question, page included, in the process: statements and CPU."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from pix.assessment.models import Assessment

    plain: list[int] = []
    costs: list[float] = []
    walls: list[float] = []
    for number, (user, run) in enumerate(_started(12)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        while True:
            row = Assessment.objects.get(uuid=run)
            if not row.open_question:
                break
            data = _form_of(row, random.Random(number * 100 + row.answered))
            with CaptureQueriesContext(
                connection,
            ) as seen:
                cpu, wall = time.process_time(), time.perf_counter()
                response = client.post(
                    f"/parcours/{run}/questions/{row.answered + 1}/reponse", data, headers={"HX-Request": "true"}
                )
                cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            if response.status_code == 200 and b"banner-success" not in response.content:
                plain.append(sum(1 for q in seen if _counts(q["sql"])))
                costs.append(cpu * 1000)
                walls.append(wall * 1000)
    return [
        ("réponses mesurées", str(len(plain))),
        (
            "instructions SQL (sans BEGIN/COMMIT), médiane / plus grand",
            f"{statistics.median(plain):.0f} / {max(plain)}",
        ),
        ("CPU du serveur par réponse, médiane / p95 (ms)", f"{statistics.median(costs):.2f} / {_p(costs, 95):.2f}"),
        ("durée par réponse, médiane / p99 (ms)", f"{statistics.median(walls):.2f} / {_p(walls, 99):.2f}"),
    ]


def _counts(sql: str) -> bool:
    return not sql.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"))


def _p(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _form_of(row: Any, rng: random.Random) -> dict[str, Any]:
    from pix.assessment.marking import variant_of
    from pix.web.demo.seed import right_answer, wrong_answer

    variant = variant_of(release=row.release, question=row.open_question, person=row.user.uuid, attempt=row.uuid)
    sent = right_answer(variant) if rng.random() < 0.6 else wrong_answer(variant, rng)
    if sent.skipped or sent.returned is not None:
        return {"passer": "1"}
    return {"valider": "1", **(sent.fields or {})}


def measure_bytes() -> list[Line]:
    """Database bytes per answer, all tables and indexes that an answer makes grow."""
    from django.db import connection

    from pix.assessment.models import Answer

    count = Answer.objects.count()
    tables = ("assessment_answer", "assessment_assessment", "assessment_knowledgestate", "assessment_returnedfile")
    sizes: dict[str, int] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            for table in tables:
                cursor.execute(
                    "SELECT sum(pgsize) FROM dbstat WHERE name = %s OR name IN (SELECT name FROM sqlite_master WHERE tbl_name = %s)",
                    [table, table],
                )
                sizes[table] = cursor.fetchone()[0] or 0
        else:
            # Once settled: the versions that updates leave behind are reused, and autovacuum keeps them few.
            cursor.execute("VACUUM FULL")
            for table in tables:
                cursor.execute("SELECT pg_total_relation_size(%s)", [table])
                sizes[table] = cursor.fetchone()[0]
    lines = [("réponses en base", str(count))]
    lines += [(f"octets par réponse, {table}", f"{size / count:.0f}") for table, size in sizes.items()]
    return [*lines, ("octets par réponse, en tout", f"{sum(sizes.values()) / count:.0f}")]


def _serve() -> tuple[subprocess.Popen[bytes], str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": port, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-m", "pix", "serve"], cwd=ROOT, env=environment)
    base = f"http://127.0.0.1:{port}"
    for _try in range(200):
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                return server, base
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit("le serveur ne démarre pas")


def _browser() -> urllib.request.OpenerDirector:
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.jar = jar  # type: ignore[attr-defined]
    opener.addheaders = [("Accept-Encoding", "br, gzip")]
    return opener


def _signed_in(base: str, user: Any) -> urllib.request.OpenerDirector:
    """A browser that signed in through the real form."""
    from pix.web.demo.cast import PUPIL_PASSWORD

    browser = _browser()
    page = browser.open(f"{base}/connexion").read()
    token = _token(browser)
    assert page
    data = urlencode({"login": user.username, "password": PUPIL_PASSWORD, "csrfmiddlewaretoken": token}).encode()
    browser.open(urllib.request.Request(f"{base}/connexion", data, {"Referer": base})).read()
    return browser


def _token(browser: urllib.request.OpenerDirector) -> str:
    return next(cookie.value for cookie in browser.jar if cookie.name == "csrf")  # type: ignore[attr-defined]


def measure_class() -> list[Line]:
    """Thirty pupils of one class sign in, start within a minute and answer, on one small server."""
    from django.db import connections

    from pix.assessment.models import Assessment
    from pix.campaigns.models import Campaign

    users = _new_pupils(30)
    codes = {c.organization_id: c.code for c in Campaign.objects.all()}
    connections.close_all()
    server, base = _serve()
    durations: list[float] = []
    errors: list[str] = []
    lock = threading.Lock()

    def timed(browser: urllib.request.OpenerDirector, request: urllib.request.Request | str) -> str:
        start = time.perf_counter()
        try:
            with browser.open(request, timeout=30) as response:
                response.read()
                place = response.geturl()
        except OSError as error:
            with lock:
                errors.append(str(error))
            raise
        with lock:
            durations.append((time.perf_counter() - start) * 1000)
        return str(place)

    def pupil(user: Any, row: Any, delay: float) -> None:
        rng = random.Random(user.pk)
        time.sleep(delay)
        browser = _signed_in(base, user)
        code = codes[row.organization_id]
        timed(browser, f"{base}/campagnes/{code}/presentation")
        token = urlencode({"csrfmiddlewaretoken": _token(browser)}).encode()
        place = timed(browser, urllib.request.Request(f"{base}/campagnes/{code}/commencer", token, {"Referer": base}))
        run = UUID(place.split("/parcours/")[1].split("/")[0])
        if "didacticiel" in place:
            timed(browser, urllib.request.Request(place.split("?")[0], token, {"Referer": base}))
        for _question in range(8):
            stored = Assessment.objects.select_related("user").get(uuid=run)
            if not stored.open_question:
                break
            data = {**_form_of(stored, rng), "csrfmiddlewaretoken": _token(browser)}
            time.sleep(rng.uniform(1.0, 4.0))
            timed(
                browser,
                urllib.request.Request(
                    f"{base}/parcours/{run}/questions/{stored.answered + 1}/reponse",
                    urlencode(data, doseq=True).encode(),
                    {"Referer": base, "HX-Request": "true"},
                ),
            )
        connections.close_all()

    threads = [
        threading.Thread(target=pupil, args=(user, row, number * 0.8)) for number, (user, row) in enumerate(users)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(timeout=10)
    return [
        ("élèves / pages servies / erreurs", f"{len(users)} / {len(durations)} / {len(errors)}"),
        (
            "durée d'une page, médiane / p95 / p99 (ms)",
            f"{statistics.median(durations):.0f} / {_p(durations, 95):.0f} / {_p(durations, 99):.0f}",
        ),
        *([("première erreur", errors[0])] if errors else []),
    ]


def measure_next() -> list[Line]:
    """The choice alone, over a bank of 5,000 questions."""
    from pix.assessment.engine.frames import Frame, FrameQuestion, FrameSkill
    from pix.assessment.engine.interface import Classic, Config, Kind
    from pix.assessment.engine.knowledge import Evidence, Run

    rng = random.Random(1)
    skills = [
        FrameSkill(
            f"s{number}",
            f"t{number // 6}",
            number % 6 + 1,
            tuple(FrameQuestion(f"q{number}-{sibling}") for sibling in range(8 if number < 212 else 7)),
            f"c{number // 43}",
            720_720,
        )
        for number in range(684)
    ]
    frame = Frame(skills)
    engine = Classic()
    times = []
    for _try in range(200):
        known = {s.id: Evidence(rng.random() < 0.5, True, 0, 0) for s in skills if rng.random() < 0.3}
        start = time.perf_counter()
        state = engine.start(frame, Kind.COMPETENCE, Config(), rng.getrandbits(32), known, run=Run(1, 1))
        engine.next_item(frame, state)
        times.append((time.perf_counter() - start) * 1000)
    questions = sum(len(skill.questions) for skill in skills)
    return [
        ("acquis / questions dans le cadre", f"{len(skills)} / {questions}"),
        ("reprendre le test et choisir, médiane / p95 (ms)", f"{statistics.median(times):.2f} / {_p(times, 95):.2f}"),
    ]


def _cpu_seconds(root: int) -> float:
    """CPU spent so far by a process, its descendants, and the database's server processes (Linux; nanoseconds kept)."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        name, _, rest = text.partition("(")[2].rpartition(")")
        parents[int(folder.name)] = int(rest.split()[1])
        names[int(folder.name)] = name

    def ours(pid: int) -> bool:
        while pid:
            if pid == root:
                return True
            pid = parents.get(pid, 0)
        return False

    spent = 0
    for pid in [pid for pid, name in names.items() if name == "postgres" or ours(pid)]:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                spent += int(thread.read_text().split()[0])
    return spent / 1e9


WAVES = 4


def measure_eight() -> list[Line]:
    """Eight pupils who answer at once, without a pause, on the real server; the first wave warms it and is not counted."""
    from django.db import connections

    waves = [list(_started(8)) for _wave in range(WAVES)]
    connections.close_all()
    server, base = _serve()
    durations: list[float] = []
    spent = 0.0
    try:
        _wave_of(waves[0], base, [])
        for runs in waves[1:]:
            spent += _wave_of(runs, base, durations, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=10)
    from pix.assessment.models import Answer

    counted = [run for runs in waves[1:] for _, run in runs]
    written = Answer.objects.filter(assessment__uuid__in=counted).count()
    return [
        ("envois / réponses écrites", f"{len(durations)} / {written}"),
        ("CPU par réponse, serveur et base (ms)", f"{spent / len(durations) * 1000:.1f}"),
        (
            "durée d'une réponse, médiane / p95 / p99 (ms)",
            f"{statistics.median(durations):.1f} / {_p(durations, 95):.1f} / {_p(durations, 99):.1f}",
        ),
    ]


def _wave_of(runs: list[tuple[Any, UUID]], base: str, durations: list[float], server: int = 0) -> float:
    """The pupils of ``runs`` answer ten questions each at once: seconds of CPU spent meanwhile by ``server``."""
    lock = threading.Lock()
    gate = threading.Barrier(len(runs))
    before: list[float] = []

    def pupil(user: Any, run: UUID) -> None:
        browser = _signed_in(base, user)
        browser.open(f"{base}/parcours/{run}/questions/1").read()
        token = _token(browser)
        # Signed in, first question on the screen: from here on they only answer.
        if gate.wait(60) == 0:
            before.append(_cpu_seconds(server))
        gate.wait(60)
        for rank in range(1, 11):  # no run is over before
            data = urlencode({"passer": "1", "csrfmiddlewaretoken": token}).encode()
            request = urllib.request.Request(
                f"{base}/parcours/{run}/questions/{rank}/reponse", data, {"Referer": base, "HX-Request": "true"}
            )
            start = time.perf_counter()
            with browser.open(request, timeout=30) as response:
                response.read()
            with lock:
                durations.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=pupil, args=pair) for pair in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _cpu_seconds(server) - before[0]


def measure_weight() -> list[Line]:
    """Bytes on the wire of a question page, first visit and next ones, as a browser asks for them."""
    import re

    from django.db import connections

    user, run = next(_started(1))
    connections.close_all()
    server, base = _serve()
    try:
        browser = _signed_in(base, user)
        with browser.open(f"{base}/parcours/{run}/questions/1") as response:
            raw = response.read()
        sizes = {"page": len(raw)}
        text = _plain(raw)
        seen: set[str] = set()
        todo = re.findall(r'(?:src|href)="(/static/[^"#]+)', text)
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            body = browser.open(base + address).read()
            sizes[address] = len(body)
            if address.endswith((".js", ".css")):
                plain = _plain(body)
                folder = address.rpartition("/")[0]
                for found in re.findall(r'(?:from|import)\s*\(?["\'](\.[^"\']+)', plain):
                    todo.append(os.path.normpath(f"{folder}/{found}"))
    finally:
        server.terminate()
        server.wait(timeout=10)
    first = sum(sizes.values())
    lines = [("page d'une question, première visite (ko, compressés)", f"{first / 1000:.1f}")]
    lines.append(("page suivante (ko)", f"{sizes['page'] / 1000:.1f}"))
    return lines + [
        (f"  {name.rpartition('/')[2]}", f"{size / 1000:.1f}")
        for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:8]
    ]


def _plain(body: bytes) -> str:
    import gzip

    import brotli

    if body[:2] == b"\x1f\x8b":
        return gzip.decompress(body).decode()
    try:
        return body.decode()
    except UnicodeDecodeError:
        return brotli.decompress(body).decode(errors="replace")
