"""Sign-up and sign-in: the account library's flows with our words, our outbox and our logins."""

from typing import Any

from allauth.account import views as library
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.account.forms import ResetPasswordForm as LibraryResetForm
from allauth.account.forms import ResetPasswordKeyForm as LibraryResetKeyForm
from allauth.account.forms import SignupForm as LibrarySignupForm
from allauth.account.stages import EmailVerificationStage
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pix.accounts.actions import accept_terms, note_second_factor, passwords
from pix.accounts.enums import LegalService
from pix.core import clock
from pix.mailing import actions as mailing
from pix.web.public import limits
from pix.web.public.one_time import OneTimeStage

NOTICES = {
    "password_reset": _("Le mot de passe de votre compte a été changé."),
    "password_changed": _("Le mot de passe de votre compte a été changé."),
    "totp_activated": _("La double authentification de votre compte est activée."),
    "totp_deactivated": _("La double authentification de votre compte est désactivée."),
    "webauthn_added": _("Une clé d'accès a été ajoutée à votre compte."),
    "webauthn_removed": _("Une clé d'accès a été retirée de votre compte."),
    "recovery_codes_generated": _("De nouveaux codes de secours ont été préparés pour votre compte."),
}
"""What is told to the owner of an account when its way in changes."""

FACTORS = ("totp_", "webauthn_", "recovery_codes_")
"""The notices that the journal keeps too: the others are written there by our own verbs."""

SAID = {
    "mfa/messages/webauthn_added.txt": _("Clé d'accès ajoutée."),
    "mfa/messages/webauthn_removed.txt": _("Clé d'accès retirée."),
}
"""What is told on the next page, where the library's word for the thing is not ours."""

STATUS = {
    "email_password_mismatch": 401,
    "username_password_mismatch": 401,
    "USER_IS_TEMPORARY_BLOCKED": 403,
    "USER_IS_BLOCKED": 403,
    "too_many_from_here": 429,
}
"""What a refused sign-in answers, by the code of its error (schools 12)."""


class LoginForm(LibraryLoginForm):
    """One field for both logins, in the words of the school."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Adresse e-mail ou identifiant")
        self.fields["password"].label = _("Mot de passe")
        self.fields.pop("remember", None)


class LoginView(library.LoginView):
    """The library's, saying by its status too why somebody stays outside."""

    template_name = "public/login.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = self.status_of(form)
        return response

    @staticmethod
    def status_of(form: forms.Form) -> int:
        """What the refused form answers."""
        codes = [error.code for error in form.non_field_errors().as_data()]
        return next((STATUS[code] for code in codes if code in STATUS), 422)


class ResetForm(LibraryResetForm):
    """« Mot de passe oublié ? »: one address; the answer never says whether it is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse e-mail")


class ResetKeyForm(LibraryResetKeyForm):
    """The new password, once: the eye shows what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Nouveau mot de passe")
        self.fields.pop("password2")

    def save(self) -> None:
        passwords.reset_password(user=self.user, password=self.cleaned_data["password1"], at=clock.now())


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
        """The address proved, the second factor, then a password of one's own in place of a given one."""
        ours = [f"{stage.__module__}.{stage.__qualname__}" for stage in (EmailStage, OneTimeStage)]
        factors = [stage for stage in super().get_login_stages() if stage.startswith("allauth.mfa.")]
        return [ours[0], *factors, ours[1]]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Our count of wrong passwords in place of the library's: by person, and by address."""
        if limits.too_many(request):
            raise self.validation_error("too_many_from_here")
        login = credentials.get("username") or credentials.get("email") or ""
        now = clock.now()
        try:
            user = passwords.check_login(login=login, password=credentials.get("password", ""), at=now)
        except passwords.Blocked as blocked:
            raise forms.ValidationError(_blocked_text(blocked, now), code=blocked.code) from blocked
        if user is None:
            limits.count(request)
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing of the library's to forget: the count is in our table."""

    def save_user(self, request: HttpRequest, user: Any, form: forms.Form, commit: bool = True) -> Any:
        user.first_name = form.cleaned_data["first_name"].strip()
        user.last_name = form.cleaned_data["last_name"].strip()
        user.terms_accepted_at = clock.now()
        saved = super().save_user(request, user, form, commit=commit)
        if commit:
            accept_terms(user=saved, service=LegalService.APP, at=clock.now())
        return saved

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Usernames are for pupils, made from the roll; nobody else has one."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """The page that opens says that one is in, or out: no banner on top of it."""
        if message_template in SAID:
            kwargs["message"] = str(SAID[message_template])
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_account_already_exists_mail(self, email: str) -> None:
        """The library's own gives addresses of pages that we do not have."""
        self.send_mail("account/email/account_already_exists", email, {})

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Only what we have words for: a notice that has none stops nobody."""
        kind = template_prefix.rpartition("/")[2]
        if kind.startswith(FACTORS):
            note_second_factor(user=user, what=kind, at=clock.now())
        if kind in NOTICES:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail goes through the outbox, in the transaction of its cause."""
        kind = template_prefix.rpartition("/")[2]
        if kind in NOTICES:
            with translation.override(settings.LANGUAGE_CODE):  # a mail is in French, whoever reads the page
                context = {"notice": str(NOTICES[kind])}
        template = {
            "email_confirmation": "public/mails/confirm_email.txt",
            "email_confirmation_signup": "public/mails/confirm_email.txt",
            "account_already_exists": "public/mails/account_exists.txt",
            "unknown_account": "public/mails/unknown_account.txt",
            "password_reset_key": "public/mails/reset_password.txt",
        }.get(kind, "public/mails/notice.txt" if kind in NOTICES else None)
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
        "too_many_from_here": _(
            "Trop de mots de passe incorrects ont été saisis depuis ce réseau. Réessayez dans quelques minutes."
        ),
        "invalid_password_reset": _("Ce lien n'est plus valable."),
    }


def _blocked_text(blocked: passwords.Blocked, now: Any) -> str:
    if blocked.until is None:
        return gettext(
            "Votre compte est bloqué : trop de mots de passe incorrects ont été saisis. Cliquez sur mot de passe oublié pour en choisir un nouveau ; un élève s'adresse à un enseignant."
        )
    minutes = max(1, -(-int((blocked.until - now).total_seconds()) // 60))
    delay = ngettext("Nouvel essai possible dans {n} minute.", "Nouvel essai possible dans {n} minutes.", minutes)
    text = gettext(
        "Vous avez effectué trop de tentatives de connexion. Réessayez plus tard ou cliquez sur mot de passe oublié pour en choisir un nouveau."
    )
    return f"{text} {delay.format(n=minutes)}"
