"""How long a school's file takes, from its bytes to the roll and back."""

import resource
import time
from typing import Any

Line = tuple[str, str]


def measure_roll() -> list[Line]:
    """A SIECLE file of 3,000 pupils: read, check, plan, apply; the same again, changed; undone."""
    import io

    from django.core.files.base import ContentFile

    from pix.accounts.actions import create_account
    from pix.core import clock
    from pix.interop.reading import read_roll
    from pix.interop.rows import RollFormat
    from pix.jobs.worker import run_pending
    from pix.learners import actions as learners
    from pix.learners.models import Pupil
    from pix.organizations.access import Member
    from pix.organizations.actions import add_member, open_school
    from pix.organizations.enums import Role, SchoolKind
    from pix.web.demo.cast import PASSWORD
    from tests.samples.make_samples import siecle_file

    content = siecle_file("0999099Z", pupils=3000, seed=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu = time.process_time()
    reading = read_roll(io.BytesIO(content), format=RollFormat.SIECLE, uai="0999099Z", today=clock.today())
    read_cpu = time.process_time() - cpu
    at = clock.now()
    school = open_school(name="Mesure", uai="0999099Z", kind=SchoolKind.COLLEGE, at=at)
    head = create_account(
        first_name="Mesure", last_name="Mesure", email="mesure@pix.test", password=PASSWORD, older_rule=True, at=at
    )
    add_member(organization=school, user=head, role=Role.ADMIN, by="benchmark", at=at)
    member = Member(head, school, Role.ADMIN)

    def worked() -> tuple[float, float]:
        cpu, wall = time.process_time(), time.perf_counter()
        run_pending()
        return time.process_time() - cpu, time.perf_counter() - wall

    def imported(data: bytes) -> tuple[Any, tuple[float, float], tuple[float, float]]:
        upload = ContentFile(data, name="grand.xml")
        opened = learners.open_import(member=member, upload=upload, school_year="2026-2027", at=clock.now())
        checked = worked()
        opened.refresh_from_db()
        learners.confirm(member=member, imported=opened, at=clock.now())
        return opened, checked, worked()

    _first, checked, applied = imported(content)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    last, _again, changed = imported(content.replace(b"<CODE_STATUT>ST<", b"<CODE_STATUT>AP<"))
    undoing = learners.open_undo(member=member, imported=last, at=clock.now())
    learners.confirm(member=member, imported=undoing, at=clock.now())
    undone = worked()
    great = siecle_file("0999099Z", pupils=10_000, seed=1)
    cpu = time.process_time()
    read_roll(io.BytesIO(great), format=RollFormat.SIECLE, uai="0999099Z", today=clock.today())
    great_cpu = time.process_time() - cpu
    return [
        ("taille du fichier (Mo)", f"{len(content) / 1e6:.1f}"),
        (
            "élèves lus / au rôle après l'import",
            f"{len(reading.rows)} / {Pupil.objects.filter(organization=school).count()}",
        ),
        ("lire et vérifier (s CPU)", f"{read_cpu:.2f}"),
        ("lire, vérifier et planifier, travail de fond (s CPU / s)", f"{checked[0]:.2f} / {checked[1]:.2f}"),
        ("appliquer, 3 000 élèves ajoutés (s CPU / s)", f"{applied[0]:.2f} / {applied[1]:.2f}"),
        ("appliquer, 3 000 élèves modifiés (s CPU / s)", f"{changed[0]:.2f} / {changed[1]:.2f}"),
        ("annuler, 3 000 élèves rétablis (s CPU / s)", f"{undone[0]:.2f} / {undone[1]:.2f}"),
        ("lire et vérifier 10 000 élèves (s CPU)", f"{great_cpu:.2f}"),
        ("mémoire au-dessus du repos, jusqu'au rôle (Mo)", f"{(after - before) / 1024:.0f}"),
    ]
