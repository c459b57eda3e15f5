"""The form of a pupil made by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from pix.core import clock
from pix.learners.actions import NewPupil

OLDEST = 100
"""Years."""


class NewPupilForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    last_name = forms.CharField(
        label=_("Nom de famille"), max_length=255, error_messages={"required": _("Saisissez le nom de famille.")}
    )
    first_name = forms.CharField(
        label=_("Prénom"), max_length=255, error_messages={"required": _("Saisissez le prénom.")}
    )
    birth_date = forms.DateField(
        label=_("Date de naissance"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": _("Saisissez la date de naissance."),
            "invalid": _("Saisissez une date qui existe, sous la forme JJ/MM/AAAA."),
        },
    )
    sex = forms.ChoiceField(
        label=_("Sexe"),
        choices=[("F", _("Féminin")), ("M", _("Masculin"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le sexe."), "invalid_choice": _("Choisissez le sexe.")},
    )
    division = forms.CharField(
        label=_("Classe"), max_length=255, error_messages={"required": _("Saisissez la classe.")}
    )
    sure = forms.BooleanField(label=_("C'est un autre élève, créer sa fiche"), required=False)

    def __init__(self, *args: Any, divisions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.divisions = divisions
        self.fields["division"].widget.attrs.update(list="classes", autocomplete="off")

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        today = clock.today(clock.now())
        if not today.year - OLDEST <= born.year or born >= today:
            raise forms.ValidationError(_("Vérifiez l'année de naissance."))
        return born

    @property
    def asked(self) -> NewPupil:
        """What a valid form asks for."""
        said = self.cleaned_data
        return NewPupil(said["first_name"], said["last_name"], said["birth_date"], said["sex"], said["division"])
