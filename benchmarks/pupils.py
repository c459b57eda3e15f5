"""« Élèves » of a school of 3,000 among many others: the whole page, through the client of the tests."""

import random
import statistics
import time
from typing import Any

SCHOOL, OTHERS, SCHOOLS = 3_000, 200_000, 66
FIRST = [
    "Emma",
    "Louis",
    "Inès",
    "Zoé",
    "Gabriel",
    "Léa",
    "Noé",
    "Jade",
    "Adam",
    "Maëlys",
    "Tom",
    "Lina",
    "Éloïse",
    "Hugo",
    "Anaïs",
    "Théo",
    "Chloé",
    "Sacha",
    "Rose",
    "Malo",
]
SOUNDS = [
    "ma",
    "mar",
    "ti",
    "lo",
    "pi",
    "du",
    "pon",
    "ber",
    "na",
    "lef",
    "ev",
    "re",
    "gui",
    "ro",
    "sou",
    "an",
    "vé",
    "ça",
    "lan",
    "bert",
]
ASKED = (
    ("sans filtre", ""),
    ("dernière page", "?page=60"),
    ("nom approché", "?nom=marpin"),
    ("nom très commun", "?nom=ma"),
    ("classe et certifiable", "?classe=3A&certificabilite=eligible"),
    ("méthodes", "?methode=gar&methode=username"),
    ("sans médiacentre", "?methode=no_gar"),
    ("trié par classe", "?tri=-classe"),
    ("trié par participations", "?tri=-participations"),
    ("tout à la fois", "?nom=ma&methode=username&certificabilite=non_eligible&certificabilite=eligible&tri=classe"),
    ("année précédente", "?annee=2025-2026"),
)


def measure_pupils() -> list[tuple[str, str]]:
    """Medians of 15 pages, all in the process on SQLite (the server apart on PostgreSQL), and their statements on data."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.urls import reverse

    from pix.accounts.actions import accept_terms, create_account
    from pix.accounts.enums import LegalService
    from pix.core import clock
    from pix.organizations.actions import add_member, open_school
    from pix.organizations.enums import Role, SchoolKind

    at, rng = clock.now(), random.Random(5)
    schools = [
        open_school(name=f"Mesure {number}", uai=f"09{number:05d}Z", kind=SchoolKind.COLLEGE, at=at)
        for number in range(SCHOOLS + 1)
    ]
    head = create_account(first_name="M", last_name="M", email="m@pix.test", password="x", older_rule=True, at=at)
    add_member(organization=schools[0], user=head, role=Role.ADMIN, by="benchmark", at=at)
    accept_terms(user=head, service=LegalService.ORGA, at=at)
    _fill(schools[0], SCHOOL, rng, accounts=True)
    for school in schools[1:]:
        with transaction.atomic():
            _fill(school, OTHERS // SCHOOLS, rng)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    lines = [("élèves de l'établissement / en tout", f"{SCHOOL} / {SCHOOL + OTHERS // SCHOOLS * SCHOOLS}")]
    with override_settings(ALLOWED_HOSTS=["*"], DEBUG=False):
        client = Client()
        client.force_login(head, backend="allauth.account.auth_backends.AuthenticationBackend")
        place = reverse("orga:pupils", kwargs={"organization": schools[0].uuid})
        for label, query in ASKED:
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(place + query)
            assert answer.status_code == 200
            statements, took, worked = len(seen), [], []
            for _turn in range(15):
                start, cpu = time.perf_counter(), time.process_time()
                client.get(place + query)
                took.append(1000 * (time.perf_counter() - start))
                worked.append(1000 * (time.process_time() - cpu))
            lines.append(
                (
                    label,
                    f"{statistics.median(took):.1f} ms, dont {statistics.median(worked):.1f} de CPU ; {statements} requêtes",
                )
            )
    return lines


def _fill(school: Any, count: int, rng: random.Random, *, accounts: bool = False) -> None:
    """Pupils on a roll; with accounts: two in three, their profile and their sixteen competences."""
    from pix.accounts.identities import GAR
    from pix.accounts.models import SignInMethod, User
    from pix.assessment.models import KnowledgeState, ProfileSummary
    from pix.content import releases
    from pix.core import clock
    from pix.learners.models import Enrolment, Pupil, PupilImport

    at = clock.now()
    rows = []
    for number in range(count):
        row = Pupil(organization=school, ine=f"{number:010d}B", division=f"{rng.randint(3, 12)}{rng.choice('ABCDEF')}")
        row.name(first_name=rng.choice(FIRST), last_name="".join(rng.choice(SOUNDS) for _ in range(3)).title())
        row.participation_count, row.created_at, row.updated_at = rng.randint(0, 9), at, at
        rows.append(row)
    if accounts:
        users = User.objects.bulk_create(
            User(first_name=row.first_name, last_name=row.last_name, username=f"mesure.{number}")
            for number, row in enumerate(rows)
            if number % 3
        )
        for row, user in zip((row for number, row in enumerate(rows) if number % 3), users, strict=True):
            row.user = user
        keys = list(releases.current().competences)
        ProfileSummary.objects.bulk_create(
            ProfileSummary(user=user, certifiable=rng.random() < 0.4, updated_at=at) for user in users
        )
        KnowledgeState.objects.bulk_create(
            KnowledgeState(user=user, competence=key, level=rng.randint(0, 2), pix=rng.randint(0, 20), data="")
            for user in users
            for key in keys
        )
        SignInMethod.objects.bulk_create(
            SignInMethod(
                user=user, provider=GAR, external_id=f"m{user.pk}", first_name="a", last_name="b", created_at=at, last_used_at=at
            )
            for user in users[::2]
        )  # fmt: skip
        author = User.objects.get(email="m@pix.test")
        PupilImport.objects.create(
            organization=school, author=author, school_year="2025-2026", state="imported", format="siecle",
            original_name="x", created_at=at, updated_at=at, ended_at=at,
        )  # fmt: skip
    made = Pupil.objects.bulk_create(rows, batch_size=2000)
    Enrolment.objects.bulk_create(
        (Enrolment(pupil=row, school_year="2025-2026", division=row.division) for row in made), batch_size=2000
    )
