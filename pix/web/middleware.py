"""What holds for every page: strict headers, sign-in by default, and GETs that cannot write."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pix.accounts.queries import has_second_factor

Next = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class SecurityHeaders:
    """The content policy's one door: nothing from elsewhere, nothing inline."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if getattr(request, "user", None) is not None and "Cache-Control" not in response.headers:
            # A school's computer is shared: after sign-out the back button must show nothing.
            response.headers["Cache-Control"] = "no-store, private"
        return response


class NoNul:
    """An address with the sign NUL, which nobody types and PostgreSQL refuses, is a bad request everywhere."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        return self.get_response(request)


def keep_language(response: HttpResponse, language: str) -> None:
    """Put the language on this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _language_of_newcomer(request: HttpRequest) -> str:
    """The language of the account that this very request signed in, or nothing. Reads nothing from the database.

    ``request.user`` is lazy until Django's ``login``, which every way in ends with, puts the person in its place.
    """
    user: Any = getattr(request, "user", None)
    if user is None or isinstance(user, SimpleLazyObject):
        return ""
    return getattr(user, "language", "")


class Language:
    """French, unless this browser chose English: what the browser is set to says nothing of the school's language.

    Only the cookie is read; a sign-in sets it from the account.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        own = _language_of_newcomer(request)
        if own and own != chosen:
            keep_language(response, own)
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Deny by default: a view is open to all only when it says so (``@login_not_required``)."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """As the library, but without reading who is there for a view that does not ask."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """The sign-in page; 401 for a background call, which could not show it."""
        if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class StaffSecondFactor:
    """Staff pages (the face ``admin``) open only to staff who have a second factor; the others are led to set one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or "admin" not in match.namespaces or not settings.STAFF_SECOND_FACTOR:
            return None
        user: Any = request.user
        if not user.is_authenticated or not user.is_staff or has_second_factor(user):
            return None
        text = _(
            "L'équipe de la plateforme se connecte avec une double authentification\u202f: activez-la pour continuer."
        )
        messages.warning(request, text)
        return redirect("mfa_index")


class WriteOnGet(RuntimeError):
    """A page that only shows tried to write: a fault of ours, caught before it does harm."""


_READS = ("select", "with", "explain", "savepoint", "release", "rollback", "begin", "commit", "pragma", "set ")
_OWN_TABLES = ('"accounts_session"',)


def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """A database wrapper: lets reads through, and the sign-in's own row."""
    # PostgreSQL writes the parts of a UNION between brackets.
    statement = sql.lstrip(" \t\r\n(").lower()
    if statement.startswith(_READS) or any(table in sql for table in _OWN_TABLES):
        return execute(sql, params, many, context)
    raise WriteOnGet(sql[:200])


class ReadOnlyGet:
    """Every GET and HEAD runs on a connection that refuses to write."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            with connection.execute_wrapper(refuse_writes):
                return self.get_response(request)
        return self.get_response(request)
