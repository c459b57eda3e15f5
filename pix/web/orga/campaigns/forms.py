"""What the pages of campaigns receive: two forms, and the filters of the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pix.campaigns.enums import CampaignType, Mode, Problem, Status
from pix.campaigns.queries.orga import DEFAULT_SIZE, SIZES, CampaignFilters
from pix.campaigns.queries.sets import Filters
from pix.organizations.queries import Teammate


class CampaignTexts(forms.Form):
    """What may be changed later. Limits are the domain's: the form only carries words and shows what was refused."""

    name = forms.CharField(label=_("Nom de la campagne"), required=False)
    title = forms.CharField(label=_("Titre du parcours"), required=False)
    landing_text = forms.CharField(label=_("Texte de la page d'accueil"), required=False, strip=False)
    owner = forms.TypedChoiceField(
        label=_("Propriétaire de la campagne"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": Problem.OWNER_NOT_MEMBER.message},
    )
    """Empty: whoever creates, or the present owner."""

    def __init__(self, *args: object, team: Iterable[Teammate], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.owners = [(mate.user_id, f"{mate.first_name} {mate.last_name}") for mate in team]
        self.fields["owner"].choices = self.owners  # type: ignore[attr-defined]

    def keep_owner(self, user_id: int, name: str) -> None:
        """Offer an owner who has left the team, so that the rest can be changed without losing the name."""
        self.owners = [(user_id, name), *self.owners]
        self.fields["owner"].choices = self.owners  # type: ignore[attr-defined]

    def clean_landing_text(self) -> str:
        # Browsers send two signs for a line break, where the counter beside the field counts one.
        return str(self.cleaned_data["landing_text"]).replace("\r\n", "\n")

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show what the domain refused beside the fields concerned."""
        for problem in problems:
            self.add_error(problem.field, problem.message)

    def said(self, name: str) -> str:
        """The errors of one field as one sentence."""
        return " ".join(str(text) for text in self.errors.get(name, ()))

    def given(self, name: str) -> str:
        """What the field holds now, as text."""
        value = self[name].value()
        return "" if value is None else str(value)


class NewCampaign(CampaignTexts):
    """The creation form. ``uuid`` is drawn with the page, so that sending it twice makes one campaign."""

    uuid = forms.UUIDField(required=False)
    type = forms.ChoiceField(
        label=_("Objectif"),
        choices=[(CampaignType.ASSESSMENT.value, CampaignType.ASSESSMENT.label)],
        error_messages={
            "required": Problem.OBJECTIVE_REQUIRED.message,
            "invalid_choice": Problem.OBJECTIVE_REQUIRED.message,
        },
    )
    category = forms.CharField(label=_("Catégories"), required=False)
    search = forms.CharField(label=_("Rechercher par nom"), required=False)
    journey = forms.CharField(label=_("Sélectionner un parcours"), required=False)
    multiple_sending = forms.CharField(label=_("Envoi multiple"), required=False)
    """``oui`` or ``non``, with no value chosen beforehand."""
    mode = forms.ChoiceField(
        label=_("Modalité"), required=False, choices=[(mode.value, mode.value.capitalize()) for mode in Mode]
    )

    field_order = [
        "name",
        "type",
        "category",
        "search",
        "journey",
        "multiple_sending",
        "title",
        "landing_text",
        "mode",
        "owner",
    ]

    def clean_multiple_sending(self) -> bool | None:
        return {"oui": True, "non": False}.get(self.cleaned_data["multiple_sending"])

    def clean_uuid(self) -> UUID | None:
        value: UUID | None = self.cleaned_data["uuid"]
        return value


@dataclass(frozen=True, slots=True)
class View:
    """How a list is shown: filters, order, page, rows a page."""

    filters: Filters
    sort: str
    page: str
    size: int


def view_of(query: QueryDict, *, with_status: bool = True) -> View:
    """Read the address; what makes no sense in it is left aside."""
    stages = [
        int(text) - 1
        for text in query.getlist("palier")
        if text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= 100
    ]
    status = query.get("statut", "") if with_status else ""
    size = query.get("par", "")
    return View(
        Filters(
            classes=tuple(text for text in dict.fromkeys(query.getlist("classe")) if text),
            status=status if status in {one.value for one in Status} else "",
            stages=tuple(sorted(set(stages))),
            search=query.get("q", "").strip()[:100],
        ),
        sort=query.get("tri", "nom"),
        page=query.get("page", "1"),
        size=int(size) if size.isdecimal() and int(size[:4]) in SIZES else DEFAULT_SIZE,
    )


def list_of(query: QueryDict) -> CampaignFilters:
    """Filters of the list of campaigns."""
    return CampaignFilters(
        mine=query.get("onglet") != "toutes",
        archived=query.get("etat") == "archivees",
        search=query.get("q", "").strip()[:100],
        owner=query.get("proprietaire", "").strip()[:100],
        sort=query.get("tri", "-creation"),
    )
