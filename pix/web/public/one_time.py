"""A password of one's own in place of the one that was given: the last step of a sign-in (schools 9.5 and 12)."""

from datetime import datetime
from typing import Any

from allauth.account.stages import LoginStage, LoginStageController
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pix.accounts.actions import passwords
from pix.accounts.rules import PERMIT_LIFE
from pix.core import clock

SHOULD_CHANGE_PASSWORD = 401
TEAMS = ("/orga", "/certif")
"""Where the message points to « mot de passe oublié » rather than to a page (schools 12)."""


class OneTimeStage(LoginStage):
    """Nobody enters with a password that somebody else knows."""

    key = "one_time_password"
    urlname = "account_choose_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: Any = self.login.user
        if user is None or not user.must_change_password:
            return None, True
        self.state["at"] = clock.now().isoformat()
        team = bool(user.email) and (self.login.redirect_url or "").startswith(TEAMS)
        return _page(self.request, team=team, status=SHOULD_CHANGE_PASSWORD), not team


def _page(request: HttpRequest, *, status: int, team: bool = False, error: str = "") -> HttpResponse:
    return render(request, "public/choose_password.html", {"team": team, "error": error}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The permit lasts an hour and serves once: a second use is refused."""
    stage: Any = LoginStageController.enter(request, OneTimeStage.key)
    if request.method != "POST":
        return _page(request, status=200) if stage else redirect("account_login")
    now = clock.now()
    if stage is None or now - datetime.fromisoformat(stage.state["at"]) > PERMIT_LIFE:
        raise PermissionDenied
    try:
        passwords.replace_one_time_password(user=stage.login.user, password=request.POST.get("password", ""), at=now)
    except passwords.BadPassword as error:
        return _page(request, status=422, error=_(str(error)))
    except passwords.PermitUsed as used:
        raise PermissionDenied from used
    response: HttpResponse = stage.exit()
    return response
