"""Clés d'accès (WebAuthn): the account library's second factor by a key, in our frame, with our words."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.recovery_codes.internal.flows import view_recovery_codes
from allauth.mfa.webauthn import forms as library_forms
from allauth.mfa.webauthn import views as library
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from fido2.cose import UnsupportedKey
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from pix.accounts.actions import keep_place_for_passkey
from pix.accounts.queries import passkeys_of
from pix.accounts.rules import MOST_PASSKEYS
from pix.web.app.frame import frame

NAME_MAX = 60
KEPT = {
    "attestationObject", "authenticatorAttachment", "authenticatorData", "clientDataJSON",
    "id", "rawId", "signature", "type", "userHandle",
}  # fmt: skip
"""What a browser's answer says that is of use; whatever else was sent is not stored."""
_TEXT = re.compile(r"[A-Za-z0-9_-]{1,16384}")
"""Bytes as our script writes them. The library passes over other signs, which the database may refuse (NUL)."""


class Adapter(DefaultMFAAdapter):
    """Where the library of second factors leaves a choice, ours."""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The name of a key that was given none."""
        return _("Clé d'accès")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys are tied to the host's name; the browser shows the brand."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.BRAND}


def full(user: Any) -> bool:
    return len(passkeys_of(user)) >= MOST_PASSKEYS


def where(request: HttpRequest) -> dict[str, Any]:
    """Context: whether keys can work at this address (a name, never a number), else which address has a name."""
    host = request.get_host()
    number, port = (host[1:].split("]")[0], host.partition("]")[2]) if host.startswith("[") else _split(host)
    try:
        address = ip_address(number)
    except ValueError:
        return {"key_place": "name", "key_address": ""}
    by_name = f"{request.scheme}://localhost{port}{request.path}" if address.is_loopback else ""
    return {"key_place": "number", "key_address": by_name}


def _split(host: str) -> tuple[str, str]:
    name, colon, port = host.partition(":")
    return name, colon + port


def _tidy(answer: Any) -> Any:
    """The answer with nothing but its known texts."""
    if not isinstance(answer, dict):
        return {}
    tidy = _texts(answer)
    if isinstance(answer.get("response"), dict):
        tidy["response"] = _texts(answer["response"])
    return tidy


def _texts(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in answer.items() if key in KEPT and isinstance(value, str) and _TEXT.fullmatch(value)
    }


def _read(answer: Any, reader: Callable[[Any], Any]) -> Any:
    """The answer as the library reads it; a refusal in our words when it is not one."""
    try:
        return reader(answer)
    except Exception as error:  # the reader of binary forms fails in many ways, all of them mean the same
        raise refused() from error


class AnswerField(forms.JSONField):
    """What the browser answered. Nothing, or no JSON, is refused in our words like any other answer."""

    def __init__(self) -> None:
        super().__init__(required=False, label=_lazy("Clé d'accès"), widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValidationError, ValueError, RecursionError) as error:  # a number or a nest without end
            raise refused() from error


def refused() -> ValidationError:
    return ValidationError(_("La clé n'a pas été reconnue. Réessayez."), code="incorrect_key")


class AddForm(library_forms.AddWebAuthnForm):
    """A name, and what the browser answered."""

    name = forms.CharField(required=False, max_length=NAME_MAX, label=_lazy("Nom de la clé"))
    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        answer = _tidy(self.cleaned_data.get("credential"))
        made = _read(answer, RegistrationResponse.from_dict).response.attestation_object.auth_data.credential_data
        if made is None or isinstance(made.public_key, UnsupportedKey):
            raise refused()
        self.cleaned_data["credential"] = answer
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            raise refused() from error
        return cleaned


class RenameForm(library_forms.EditWebAuthnForm):
    name = forms.CharField(max_length=NAME_MAX, label=_lazy("Nom de la clé"))


class _Proof:
    """The browser's answer to « is the key there? »; every refusal stands above the form, whose field is not seen."""

    cleaned_data: dict[str, Any]
    add_error: Callable[[str | None, ValidationError], None]

    def clean_credential(self) -> Any:
        answer = self.cleaned_data["credential"] = _tidy(self.cleaned_data["credential"])
        try:
            _read(answer, AuthenticationResponse.from_dict)
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            self.add_error(None, refused() if error.code == "incorrect_code" else error)


class SignInForm(_Proof, library_forms.AuthenticateWebAuthnForm):
    credential = AnswerField()


class ConfirmForm(_Proof, library_forms.ReauthenticateWebAuthnForm):
    credential = AnswerField()


class Framed:
    """A page of the library with the places of the personal space around it; a refused form keeps what was typed."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return frame(self.request, **{**context, **kwargs, **where(self.request), "name_max": NAME_MAX})

    def form_valid(self, form: Any) -> HttpResponse:
        """What changes is written with its line of the journal and its mail, or not at all."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class Add(Framed, library.AddWebAuthnView):
    template_name = "app/account/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, keys_full=full(self.request.user), keys_max=MOST_PASSKEYS)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if not keep_place_for_passkey(user=self.request.user):  # type: ignore[arg-type]
            return self.form_invalid(form)  # the page says why
        response: HttpResponse = super().form_valid(form)
        # The page of the codes notes that it was seen; a GET writes nothing, so it is noted here.
        view_recovery_codes(self.request)
        return response


class Rename(Framed, library.EditWebAuthnView):
    template_name = "app/account/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")


class Remove(Framed, library.RemoveWebAuthnView):
    template_name = "app/account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")


class Reauthenticate(Framed, library.ReauthenticateWebAuthnView):
    template_name = "app/account/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Here again, with the reason: the library's leaves for the sign-in page."""
        return self.render_to_response(self.get_context_data(form=form))


PLACE = "mon-compte/double-authentification/cles"
urlpatterns = [
    path("mon-compte/confirmer/cle", Reauthenticate.as_view(), name="mfa_reauthenticate_webauthn"),
    path(f"{PLACE}/ajouter", Add.as_view(), name="mfa_add_webauthn"),
    path(f"{PLACE}/<int:pk>/renommer", Rename.as_view(), name="mfa_edit_webauthn"),
    path(f"{PLACE}/<int:pk>/retirer", Remove.as_view(), name="mfa_remove_webauthn"),
]
