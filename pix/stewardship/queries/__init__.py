"""Everything that the program holds about one person, room by room, as plain values."""

from typing import Any

from pix.accounts.models import LegalAcceptance, Session, SignInMethod, User
from pix.accounts.queries import passkeys_of
from pix.assessment.models import Answer, Assessment, KnowledgeState, ProfileSummary
from pix.audit.models import Event
from pix.campaigns.models import Participation
from pix.learners.models import Enrolment, Pupil
from pix.organizations.enums import Role
from pix.organizations.models import CentreMembership, Membership, Organization

Rows = list[dict[str, Any]]


def data_of(user: User) -> dict[str, Any]:
    """The person's data, in the words that they read on the screen."""
    return {
        "compte": {
            "identifiant unique": user.uuid,
            "prénom": user.first_name,
            "nom": user.last_name,
            "adresse e-mail": user.email,
            "identifiant": user.username,
            "langue": user.language,
            "ouvert le": user.created_at,
            "dernière connexion": user.last_login,
        },
        "conditions acceptées": _rows(
            LegalAcceptance.objects.filter(user=user), "document__service", "document__version_at", "accepted_at"
        ),
        "appareils connectés": _rows(Session.objects.filter(user=user), "agent", "created_at", "seen_at"),
        "équipes": _rows(
            Membership.objects.filter(user=user), "organization__name", "role", "created_at", "disabled_at"
        ),
        "centres de certification": _rows(
            CentreMembership.objects.filter(user=user), "centre__name", "role", "created_at", "disabled_at"
        ),
        "clés d'accès": passkeys_of(user),
        "identités extérieures": _rows(
            SignInMethod.objects.filter(user=user),
            "provider", "external_id", "first_name", "last_name", "created_at", "last_used_at",
        ),
        "élève": _rows(
            Pupil.objects.filter(user=user),
            "organization__name", "ine", "last_name", "usage_name", "first_name", "second_name", "third_name", "sex",
            "birth_date", "birth_city_name", "birth_country_code", "division", "status", "active",
        ),
        "scolarité": _rows(
            Enrolment.objects.filter(pupil__user=user), "pupil__organization__name", "school_year", "division", "status"
        ),
        "parcours": _rows(
            Participation.objects.filter(user=user),
            "campaign__name", "campaign__code", "status", "created_at", "completed_at", "shared_at", "percent", "pix",
        ),
        "tests": _rows(Assessment.objects.filter(user=user), "uuid", "kind", "state", "created_at", "completed_at"),
        "réponses": _rows(
            Answer.objects.filter(assessment__user=user),
            "assessment__uuid", "rank", "at", "question", "value", "outcome", "time_spent",
        ),
        "compétences": _rows(
            KnowledgeState.objects.filter(user=user), "competence", "level", "pix", "last_evidence_at"
        ),
        "profil": _rows(ProfileSummary.objects.filter(user=user), "pix", "level_one_competences", "certifiable"),
        "journal": _rows(Event.objects.filter(actor=str(user.uuid)), "at", "verb", "target"),
    }  # fmt: skip


def _rows(rows: Any, *fields: str) -> Rows:
    order = ("assessment_id", "rank") if rows.model is Answer else ("pk",)
    return list(rows.order_by(*order).values(*fields))


def schools_left_without_admin(user: User) -> list[Organization]:
    """The schools that this person alone administers: somebody else must be named first (schools 2.4)."""
    alone = []
    own = Membership.objects.filter(user=user, role=Role.ADMIN, disabled_at=None, organization__archived_at=None)
    for membership in own.select_related("organization"):
        others = Membership.objects.filter(
            organization=membership.organization, role=Role.ADMIN, disabled_at=None
        ).exclude(user=user)
        if not others.exists():
            alone.append(membership.organization)
    return alone


def schools_of_pupil(user: User) -> list[str]:
    """The schools whose roll has this person as a pupil, by name."""
    names = Pupil.objects.filter(user=user).order_by("organization__name").values_list("organization__name", flat=True)
    return list(names.distinct())
