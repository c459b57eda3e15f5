"""Double authentification: the account library's pages of second factors, in our frame, with our words."""

from typing import Any

from allauth.account import views as account_library
from allauth.mfa.base import views as library
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.recovery_codes.internal.flows import view_recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pix.accounts.access import Person
from pix.accounts.actions import decline_second_factor
from pix.accounts.queries import second_factors
from pix.accounts.rules import MOST_PASSKEYS
from pix.core import clock
from pix.web.app.account.passkeys import Framed, where
from pix.web.app.guard import person


class SignIn(library.AuthenticateView):
    template_name = "app/account/factor_sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, **where(self.request), "factors": second_factors(self.stage.login.user)}


class Index(Framed, library.IndexView):
    template_name = "app/account/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, keys_max=MOST_PASSKEYS)


class Activate(Framed, totp.ActivateTOTPView):
    template_name = "app/account/factor_activate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        # The page of the codes notes that it was seen; a GET writes nothing, so it is noted here.
        view_recovery_codes(self.request)
        return response


class Deactivate(Framed, totp.DeactivateTOTPView):
    template_name = "app/account/factor_deactivate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, factors=second_factors(self.request.user))  # type: ignore[arg-type]


class Codes(Framed, codes.ViewRecoveryCodesView):
    template_name = "app/account/factor_codes.html"


class NewCodes(Framed, codes.GenerateRecoveryCodesView):
    template_name = "app/account/factor_new_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        view_recovery_codes(self.request)
        return response


class Reauthenticate(Framed, account_library.ReauthenticateView):
    template_name = "app/account/confirm_password.html"


class ReauthenticateByCode(Framed, library.ReauthenticateView):
    template_name = "app/account/confirm_code.html"


@require_POST
@person
def decline(request: HttpRequest, actor: Person) -> HttpResponse:
    """« Plus tard »: the invitation is not shown again."""
    decline_second_factor(user=actor.user, at=clock.now())
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "app:account")


urlpatterns = [
    path("connexion/code", login_not_required(SignIn.as_view()), name="mfa_authenticate"),
    path("mon-compte/confirmer", Reauthenticate.as_view(), name="account_reauthenticate"),
    path("mon-compte/confirmer/code", ReauthenticateByCode.as_view(), name="mfa_reauthenticate"),
    path("mon-compte/double-authentification", Index.as_view(), name="mfa_index"),
    path("mon-compte/double-authentification/activer", Activate.as_view(), name="mfa_activate_totp"),
    path("mon-compte/double-authentification/desactiver", Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("mon-compte/double-authentification/codes", Codes.as_view(), name="mfa_view_recovery_codes"),
    path("mon-compte/double-authentification/nouveaux-codes", NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("mon-compte/double-authentification/plus-tard", decline, name="account_decline_factor"),
]  # fmt: skip
