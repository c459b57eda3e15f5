"""What a former pupil types: who they are, where to write, and a new password."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pix.accounts.rules import MAX_PASSWORD
from pix.learners.rules import birth_date_of, ine_of

MISSING = _("Ce champ est obligatoire.")
BAD_INE = _("L'INE compte 9 chiffres et 2 lettres, ou 10 chiffres et 1 lettre. Vérifiez votre saisie.")
BAD_DATE = _("Cette date n'existe pas. Écrivez par exemple 04 / 07 / 2006.")


class IdentityForm(forms.Form):
    """INE, names and birth date; ``birth_date`` is in ``cleaned_data`` when the three numbers make a real one."""

    ine = forms.CharField(max_length=40, error_messages={"required": MISSING, "max_length": BAD_INE})
    first_name = forms.CharField(max_length=255, error_messages={"required": MISSING})
    last_name = forms.CharField(max_length=255, error_messages={"required": MISSING})
    day = forms.RegexField(r"^[0-9]{1,2}$", required=False)
    month = forms.RegexField(r"^[0-9]{1,2}$", required=False)
    year = forms.RegexField(r"^[0-9]{4}$", required=False)

    def clean_ine(self) -> str:
        ine = ine_of(self.cleaned_data["ine"])
        if ine is None:
            raise forms.ValidationError(BAD_INE)
        return ine

    def clean(self) -> dict[str, Any]:
        """The date's fault is said once, whichever of its numbers is wrong."""
        parts = [self.cleaned_data.get(name, "") for name in ("day", "month", "year")]
        born: date | None = birth_date_of(*map(int, parts)) if all(parts) else None
        for name in ("day", "month", "year"):
            self.errors.pop(name, None)
        if born is None:
            typed = any(self.data.get(name, "").strip() for name in ("day", "month", "year"))
            self.add_error("day", BAD_DATE if typed else MISSING)
        self.cleaned_data["birth_date"] = born
        return self.cleaned_data


class AddressForm(forms.Form):
    """The new address, and the word of honour."""

    email = forms.EmailField(
        max_length=254, error_messages={"required": MISSING, "invalid": _("Écrivez une adresse e-mail complète.")}
    )
    honour = forms.BooleanField(
        error_messages={"required": _("Cochez cette case pour certifier que ce compte est le vôtre.")}
    )


class PasswordForm(forms.Form):
    """The new password and the terms; the rule of the password is the account's own."""

    password = forms.CharField(max_length=MAX_PASSWORD, strip=False, error_messages={"required": MISSING})
    terms = forms.BooleanField(
        error_messages={"required": _("Vous devez accepter les conditions d'utilisation pour retrouver votre compte.")}
    )
