"""Turns a request of the personal space into its actor: the signed-in person, or the person at a run's table."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from pix.accounts.access import Person, person_of
from pix.accounts.sessions import adopt
from pix.campaigns.access.play import table_of
from pix.campaigns.queries.table import Table, table_of_session
from pix.core import clock

P = ParamSpec("P")


def person(view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, person, …)``; those who are not signed in never get here (deny by default)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, person_of(request.user), *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def table(view: Callable[Concatenate[HttpRequest, Table, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, table, …)``: sign-in, person, run and knowledge read in one statement.

    Somebody else's run is 404; an expired sign-in leads to the sign-in page (401 for background calls).
    """

    @wraps(view)
    def guarded(request: HttpRequest, run: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        read = table_of_session(key, run, clock.real_now()) if key else None
        if read is not None and adopt(request, read[0], read[1].user):
            return view(request, read[1], *args, **kwargs)
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        return view(request, table_of(person_of(request.user), run), *args, **kwargs)

    guarded.login_required = False  # type: ignore[attr-defined]
    return guarded
