"""The form of the import: a file, its school year, and what to do with faulty rows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    # An empty file is a file: the check says what is wrong with it, like with any other.
    file = forms.FileField(
        label=_("Fichier"), allow_empty_file=True, error_messages={"required": _("Choisissez le fichier à importer.")}
    )
    school_year = forms.ChoiceField(label=_("Année scolaire"))
    valid_only = forms.BooleanField(label=_("Importer quand même les lignes valides"), required=False)

    def __init__(self, *args: Any, years: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, year) for year in years]
