"""Sign-up and sign-in: the account library's flows with our words, our outbox and our logins."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.account.forms import SignupForm as LibrarySignupForm
from allauth.account.stages import EmailVerificationStage
from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pix.core import clock
from pix.mailing import actions as mailing


class LoginForm(LibraryLoginForm):
    """One field for both logins, in the words of the school."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Adresse e-mail ou identifiant")
        self.fields["password"].label = _("Mot de passe")
        self.fields.pop("remember", None)


class SignupForm(LibrarySignupForm):
    """Open to everyone: first name, last name, e-mail, password, terms."""

    first_name = forms.CharField(label=_("Prénom"), max_length=255)
    last_name = forms.CharField(label=_("Nom"), max_length=255)
    terms = forms.BooleanField(
        label=_("J'accepte les conditions d'utilisation et la politique de confidentialité."),
        error_messages={"required": _("Vous devez accepter les conditions d'utilisation pour créer un compte.")},
    )
    field_order = ("first_name", "last_name", "email", "password1", "terms")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse e-mail")
        self.fields["password1"].label = _("Mot de passe")


class EmailStage(EmailVerificationStage):
    """Asks for the proof of an address from those who have one: a pupil with a username has nothing to prove."""

    def handle(self) -> Any:
        # Nobody signs in when the library only pretends, for an address that has an account already.
        if self.login.user is not None and not self.login.user.email:
            return None, True
        return super().handle()


class Adapter(DefaultAccountAdapter):
    """Where the library leaves a choice, ours."""

    def get_login_stages(self) -> list[str]:
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
        ours = f"{EmailStage.__module__}.{EmailStage.__qualname__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def save_user(self, request: HttpRequest, user: Any, form: forms.Form, commit: bool = True) -> Any:
        user.first_name = form.cleaned_data["first_name"].strip()
        user.last_name = form.cleaned_data["last_name"].strip()
        user.terms_accepted_at = clock.now()
        return super().save_user(request, user, form, commit=commit)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Usernames are for pupils, made from the roll; nobody else has one."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """The library's own gives addresses of pages that we do not have."""
        self.send_mail("account/email/account_already_exists", email, {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail goes through the outbox, in the transaction of its cause."""
        kind = template_prefix.rpartition("/")[2]
        template = {
            "email_confirmation": "public/mails/confirm_email.txt",
            "email_confirmation_signup": "public/mails/confirm_email.txt",
            "account_already_exists": "public/mails/account_exists.txt",
            "unknown_account": "public/mails/unknown_account.txt",
        }.get(kind)
        if template is None:
            raise LookupError(f"no mail text for {template_prefix}")
        page = self.request.build_absolute_uri(reverse("account_login")) if self.request else ""
        text = render_to_string(template, {**context, "sign_in_url": page})
        subject, _blank, body = text.partition("\n")
        mailing.post(kind=kind, to=email, subject=subject, text=body.lstrip("\n"), at=clock.now())

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("L'adresse e-mail et/ou le mot de passe saisis sont incorrects."),
        "username_password_mismatch": _("L'adresse e-mail et/ou le mot de passe saisis sont incorrects."),
        "invalid_login": _("L'adresse e-mail et/ou le mot de passe saisis sont incorrects."),
        "too_many_login_attempts": _("Vous avez effectué trop de tentatives de connexion. Réessayez plus tard."),
    }
