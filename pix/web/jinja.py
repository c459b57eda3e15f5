"""The page templates' environment: what every template may call."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import DatabaseError
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from jinja2.utils import missing
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from pix.accounts import openid
from pix.core import clock

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_block", "html_inline"])


def french_date(value: date | datetime | None) -> str:
    """« 15/07/2024 », in Paris."""
    if value is None:
        return ""
    day = clock.paris(value) if isinstance(value, datetime) else value
    return day.strftime("%d/%m/%Y")


def english() -> bool:
    """Whether this page is asked for in English; French otherwise."""
    return (translation.get_language() or "fr").startswith("en")


def french_instant(value: datetime | None) -> str:
    """« 15/07/2024 à 14:05 », in Paris."""
    if value is None:
        return ""
    return clock.paris(value).strftime("%d/%m/%Y at %H:%M" if english() else "%d/%m/%Y à %H:%M")


_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_instant(value: datetime | None) -> str:
    """« 15 juillet 2024 14:05 », in Paris."""
    if value is None:
        return ""
    local = clock.paris(value)
    months = _ENGLISH_MONTHS if english() else _MONTHS
    return f"{local.day} {months[local.month - 1]} {local.year} {local:%H:%M}"


def french_number(value: float | int, decimals: int = 0) -> str:
    """« 1 234,5 » with a narrow no-break space; « 1,234.5 » on a page in English."""
    if english():
        return f"{value:,.{decimals}f}"
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def plural(one: str, several: str, count: int) -> str:
    """The form for this number: the catalogue's, else the French rule (0 and 1 are singular)."""
    if not english():
        return one if abs(count) < 2 else several
    return translation.ngettext(one, several, count)


def duration(value: str) -> str:
    """« 00:10:00 » → « 10 min »."""
    hours, minutes, seconds = (int(part) for part in value.split(":"))
    if hours:
        return f"{hours}\u00a0h\u00a0{minutes:02}" if minutes else f"{hours}\u00a0h"
    return f"{minutes}\u00a0min" if minutes else f"{seconds}\u00a0s"


def markdown(text: str) -> Markup:
    """A school's own text: emphasis, lists and links; never raw HTML, never an image from elsewhere."""
    return Markup(_markdown.render(text or ""))  # noqa: S704 - rendered with HTML switched off


def url(name: str, /, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name; ``query`` (a mapping) adds the parameters that have a value."""
    query: Mapping[str, Any] | None = kwargs.pop("query", None)
    place = reverse(
        name, args=args or None, kwargs={key: str(v) if isinstance(v, UUID) else v for key, v in kwargs.items()} or None
    )
    if query:
        place += with_query({}, **query)
    return place


def with_query(current: Mapping[str, Any] | Any, **changes: Any) -> str:
    """``?a=1&b=2``: the present parameters with some changed; ``None`` or empty removes one."""
    from django.http import QueryDict

    params = current.copy() if isinstance(current, QueryDict) else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, "", []):
            params.pop(key, None)
        elif isinstance(value, (list, tuple)):
            params.setlist(key, [str(entry) for entry in value])
        else:
            params[key] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else ""


class Missing(jinja2.StrictUndefined):
    """A name that nobody gave is an error; an optional key of a given value is merely false."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()
        return False

    __hash__ = None  # type: ignore[assignment]


OPTIONAL = [
    "page_title",
    "space_name",
    "home_href",
    "user_links",
    "logout_url",
    "login_url",
    "nav_items",
    "organization",
    "switch_items",
    "breadcrumb",
    "banner",
    "toasts",
    "footer_links",
    "demo_href",
    "journey_title",
    "question_number",
    "question_label",
    "block_done",
    "block_size",
    "mode",
    "seconds",
    "leave_href",
    "leave_dialog",
    "report_dialog",
    "answer_action",
    "pass_value",
    "error_code",
    "error_title",
    "error_text",
    "error_kept",
    "error_actions",
    "back_href",
    "document_note",
    "project_title",
    "address",
    "qr",
    "code",
]
"""What the layouts read when a page gives it (docs/ui.md)."""


def environment(**options: Any) -> jinja2.Environment:
    """Strict: an unknown variable is an error, in tests and in production alike."""
    options["undefined"] = Missing
    # Everything is escaped but the texts of mails, which are no pages.
    options["autoescape"] = jinja2.select_autoescape(disabled_extensions=("txt",), default=True)
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
    env = jinja2.Environment(**options)  # noqa: S701 - escaping is among the options
    env.install_gettext_callables(translation.gettext, plural, newstyle=False)  # type: ignore[attr-defined]
    # Globals, not context: what a page gives wins over a global, but would lose to a context processor.
    env.globals.update(dict.fromkeys(OPTIONAL))
    # Texts set once for all pages (dictionaries of the components) find their language when they are shown.
    env.globals.update(site_links=site_links, language=language, lazy_text=translation.gettext_lazy)
    env.globals.update(
        static=static, url=url, with_query=with_query, brand=settings.BRAND, demo=settings.DEMO, escape=escape
    )
    env.globals.update(sign_in_providers=openid.providers)
    env.filters.update(
        day=french_date,
        instant=french_instant,
        long_instant=long_instant,
        number=french_number,
        md=markdown,
        duration=duration,
    )
    return env


def _reader(request: HttpRequest) -> tuple[Any, bool]:
    """Who reads the page; nobody when an error came before anyone was known, or took the database with it."""
    user = getattr(request, "user", None)
    try:
        return user, user is not None and user.is_authenticated
    except DatabaseError:
        return None, False


def site_links() -> list[dict[str, str]]:
    """What stands at the foot of every page but a question's."""
    return [
        {"label": _("Mentions légales"), "href": reverse("public:notice")},
        {"label": _("Données personnelles"), "href": reverse("public:privacy")},
        {"label": _("Conditions d'utilisation"), "href": reverse("public:legal-terms")},
        {"label": _("Accessibilité\u202f: partiellement conforme"), "href": reverse("public:accessibility")},
        {"label": _("Plan du site"), "href": reverse("public:site-map")},
        {"label": _("Aide et contact"), "href": reverse("public:contact")},
    ]


def language() -> str:
    """The language of the page, as HTML writes it."""
    return "en" if english() else "fr"


def _user_links() -> list[dict[str, str]]:
    """Made when a page shows them: the fragment of a question does not."""
    return [{"label": translation.gettext("Mon compte"), "href": reverse("app:account"), "icon": "user"}]


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page has besides its own context."""
    user, signed_in = _reader(request)
    return {
        "logout_url": reverse("account_logout") if signed_in else None,
        "login_url": None if signed_in else reverse("account_login"),
        "demo_href": reverse("demo:start") if settings.DEMO else None,
        "messages": get_messages(request),
        "user": user if signed_in else None,
        "user_display": getattr(user, "full_name", ""),
        "user_links": SimpleLazyObject(_user_links) if signed_in else [],
        "is_htmx": bool(getattr(request, "htmx", False)),
        "demo_clock": clock.paris(clock.now()) if settings.DEMO else None,
    }
