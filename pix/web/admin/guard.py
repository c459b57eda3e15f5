"""Turns a request on a staff page into its actor; the pages do not exist for anybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from pix.accounts.access import Staff, staff_of

P = ParamSpec("P")


def staff(view: Callable[Concatenate[HttpRequest, Staff, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, actor, …)``; 404 for whoever is not of the staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, staff_of(request.user), *args, **kwargs)  # type: ignore[arg-type]

    return guarded
