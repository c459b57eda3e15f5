"""A small bank and a school's cast for the tests of campaigns: four sujets, two domains, pupils who sent or did not."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pix.accounts.models import User
from pix.campaigns.actions.manage import create_campaign
from pix.campaigns.enums import CampaignType, Status
from pix.campaigns.models import Campaign, Participation, ParticipationCompetence, ParticipationTube
from pix.campaigns.rules import reached_stage, stages_of, tally
from pix.content.bank import Bank
from pix.content.release import (
    Area,
    CappedTube,
    Competence,
    Journey,
    Question,
    Release,
    Skill,
    Stage,
    Tube,
)
from pix.core.texts import search_key
from pix.learners.models import Pupil
from pix.organizations.enums import Role
from pix.organizations.models import Membership, Organization

AT = datetime(2024, 9, 20, 8, 0, tzinfo=UTC)
_numbers = count(1)

STAGES = (
    Stage(threshold=0, title="maîtrise insuffisante", message="Tu débutes.", reading_key="Grande difficulté en 5e."),
    Stage(threshold=21, title="maîtrise fragile", message="Continue.", reading_key="Bases fragiles en 5e."),
    Stage(threshold=51, title="maîtrise satisfaisante", message="Bien.", reading_key="Bases attendues en 5e."),
    Stage(threshold=81, title="très bonne maîtrise", message="Bravo !", reading_key="Très bonnes bases en 5e."),
)


def _skills(tube: str, *levels: int, archived: tuple[int, ...] = ()) -> list[Skill]:
    return [
        Skill(
            id=f"{tube}-N{level}",
            name=f"@sujet{level}",
            tube=tube,
            competence=tube.rpartition(".")[0],
            level=level,
            status="archivé" if level in archived else "actif",
            text=f"Savoir {level}",
            units=720_720,
        )
        for level in levels
    ]


def small_bank(name: str = "bank", extra: tuple[Skill, ...] = ()) -> Bank:
    """Sujets 1.1.1 (levels 1, 2, 3 archived, 4), 1.1.2 (1, 2), 1.2.1 (1, 2, 3), 4.1.1 (1…3), 4.1.2 without question."""
    skills = [
        *_skills("1.1.1", 1, 2, 3, 4, archived=(3,)),
        *_skills("1.1.2", 1, 2),
        *_skills("1.2.1", 1, 2, 3),
        *_skills("4.1.1", 1, 2, 3),
        *_skills("4.1.2", 1),
        *extra,
    ]
    questions = [
        Question(
            id=f"{skill.id}-a",
            skill=skill.id,
            status="validé",
            version=1,
            template="QROC",
            instruction_html="<p>?</p>",
            devices=("ordi",) if skill.tube == "4.1.1" else ("ordi", "tablette", "téléphone"),
        )
        for skill in skills
        if skill.tube != "4.1.2"
    ]
    release = Release(
        name=name,
        areas=(
            Area(code="1", name="Information et données", name_en="Information", colour="jaffa"),
            Area(code="4", name="Protection et sécurité", name_en="Safety", colour="emerald"),
        ),
        competences=(
            Competence(id="1.1", name="Mener une recherche", name_en="Search", area="1"),
            Competence(id="1.2", name="Gérer des données", name_en="Data", area="1"),
            Competence(id="4.1", name="Sécuriser l'environnement", name_en="Safety", area="4"),
        ),
        tubes=(
            Tube(id="1.1.1", title="Requête", competence="1.1"),
            Tube(id="1.1.2", title="Source", competence="1.1"),
            Tube(id="1.2.1", title="Dossier", competence="1.2"),
            Tube(id="4.1.1", title="Mot de passe", competence="4.1"),
            Tube(id="4.1.2", title="Virus", competence="4.1"),
        ),
        skills=tuple(skills),
        questions=tuple(questions),
        tutorials=(),
        parcours=(
            _journey(
                "5e",
                "[CLG] Parcours de rentrée 5e",
                "Parcours de rentrée / 6e",
                ("1.1.1", 3),
                ("1.1.2", 3),
                ("1.2.1", 3),
                ("4.1.1", 3),
                stages=STAGES,
                level="5e",
            ),
            _journey("plat", "[LYC] Éducation aux médias", "Thématiques", ("1.1.1", 8), ("4.1.1", 2)),
            _journey("autre", "Aa divers", "Autres", ("1.1.2", 2)),
            _journey("vide", "Sécurité à venir", "Thématiques", ("4.1.2", 3)),
            _journey("cache", "Parcours en préparation", "Thématiques", ("1.1.1", 3), published=False),
        ),
    )
    return Bank(release, f"{name:0<64}")


def _journey(code: str, name: str, category: str, *tubes: tuple[str, int], **more: Any) -> Journey:
    return Journey(
        code=code,
        name=name,
        category=category,
        description=f"Description de {name}",
        tubes=tuple(CappedTube(*tube) for tube in tubes),
        **({"published": True, "level": ""} | more),
    )


def school(name: str = "Collège Jean-Moulin", **more: Any) -> Organization:
    return Organization.objects.create(
        **{"name": name, "uai": "0123456A", "manages_pupils": True, "kind": "college", "created_at": AT} | more
    )


def person(first: str = "Alice", last: str = "Martin", **more: Any) -> User:
    return User.objects.create(
        first_name=first, last_name=last, email=f"{first}.{last}{next(_numbers)}@ac.test", **more
    )


def teammate(organization: Organization, role: Role = Role.MEMBER, first: str = "Bob", last: str = "Durand") -> User:
    user = person(first, last)
    Membership.objects.create(organization=organization, user=user, role=role, created_at=AT)
    return user


def pupil(organization: Organization, first: str = "Emma", last: str = "Pix", division: str = "5A") -> Pupil:
    return Pupil.objects.create(
        organization=organization,
        first_name=first,
        last_name=last,
        division=division,
        ine=f"{next(_numbers):011d}",
        order_key=search_key(f"{last} {first}"),
        search_key=search_key(f"{first} {last}"),
        created_at=AT,
        updated_at=AT,
    )


def campaign(organization: Organization, by: User, **more: Any) -> Campaign:
    values: dict[str, Any] = {
        "name": "Parcours de rentrée 5e",
        "type": CampaignType.ASSESSMENT,
        "journey": "5e",
        "multiple_sending": False,
        "at": AT,
    }
    return create_campaign(organization=organization, by=by, **(values | more))


def participation(
    asked: Campaign,
    who: Pupil,
    status: Status = Status.SHARED,
    *,
    flags: str = "",
    at: datetime = AT,
    shared_at: datetime | None = None,
    **more: Any,
) -> Participation:
    """A row as the pupil's side would have left it: everything that a sending freezes when it is sent."""
    counts = tally(asked.skills, flags.ljust(asked.targeted, "-") if flags else "")
    sent = status == Status.SHARED
    row = Participation.objects.create(
        campaign=asked,
        pupil=who,
        status=status,
        created_at=at,
        completed_at=None if status == Status.STARTED else at + timedelta(minutes=30),
        shared_at=(shared_at or at + timedelta(hours=1)) if sent else None,
        targeted=counts.targeted,
        validated=counts.validated,
        assessed=counts.assessed,
        percent=counts.percent if sent else 0,
        stage=reached_stage([stage.threshold for stage in stages_of(asked.rules)], counts.percent) if sent else None,
        flags=flags.ljust(asked.targeted, "-") if flags else "",
        **more,
    )
    if sent:
        ParticipationCompetence.objects.bulk_create(
            ParticipationCompetence(
                participation=row, competence=one.competence, validated=one.validated, targeted=one.targeted
            )
            for one in counts.competences
        )
        ParticipationTube.objects.bulk_create(
            ParticipationTube(
                participation=row,
                tube=one.tube,
                validated=one.validated,
                highest_validated=one.highest_validated,
                lowest_missing=one.lowest_missing,
            )
            for one in counts.tubes
        )
    return row
