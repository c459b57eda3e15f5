"""OpenID Connect providers: rows that staff add, none written in the program (schools 10.2)."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialApp
from django.db import connection, transaction

from pix.audit.actions import record

KIND = "openid_connect"
_ADDING_LOCK = 0x6F70656E6964
"""Any number of our own: PostgreSQL's name for « one provider at a time »."""


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """A provider as the sign-in page names it."""

    key: str
    name: str
    server_url: str = ""
    client_id: str = ""
    disabled: bool = False


def all_providers() -> list[OpenIdProvider]:
    """Those of the table, disabled ones included, by name; never their secrets."""
    rows = SocialApp.objects.filter(provider=KIND).order_by("name", "provider_id")
    return [
        OpenIdProvider(
            row.provider_id, row.name, row.settings.get("server_url", ""), row.client_id, "disabled_at" in row.settings
        )
        for row in rows
    ]


def providers() -> list[OpenIdProvider]:
    """Those that can be used, by name."""
    return [one for one in all_providers() if not one.disabled]


def provider_of(key: str) -> OpenIdProvider | None:
    return next((one for one in providers() if one.key == key), None)


def method_of(key: str) -> str:
    """The provider's name in ``SignInMethod``: never that of the médiacentre."""
    return f"oidc:{key}"


def add_provider(
    *, key: str, name: str, server_url: str, client_id: str, secret: str, at: datetime, by: str = "command"
) -> None:
    """Staff: let people come in from one more provider. ``key``: short word for addresses, such as ``fwb``.

    Raises ``ValueError`` when the key is taken or too long.
    """
    with transaction.atomic():
        _one_at_a_time()
        if len(key) > 30 or SocialApp.objects.filter(provider_id=key).exists():
            raise ValueError("key taken or too long")
        SocialApp.objects.create(
            provider=KIND,
            provider_id=key,
            name=name,
            client_id=client_id,
            secret=secret,
            settings={"server_url": server_url, "oauth_pkce_enabled": True},
        )
        record("accounts.add_provider", at=at, actor=by, target=key)


def disable_provider(*, key: str, by: str, at: datetime) -> bool:
    """Staff: nobody comes in from it any more; its row and people's identities stay. False: unknown, or so already."""
    return _set_disabled(key, at.isoformat(), "accounts.disable_provider", by=by, at=at)


def enable_provider(*, key: str, by: str, at: datetime) -> bool:
    """Staff: use a disabled one again. False: unknown, or not disabled."""
    return _set_disabled(key, None, "accounts.enable_provider", by=by, at=at)


def _set_disabled(key: str, disabled: str | None, verb: str, *, by: str, at: datetime) -> bool:
    with transaction.atomic():
        row = SocialApp.objects.select_for_update().filter(provider=KIND, provider_id=key).first()
        if row is None or ("disabled_at" in row.settings) == (disabled is not None):
            return False
        kept = {name: value for name, value in row.settings.items() if name != "disabled_at"}
        row.settings = {**kept, "disabled_at": disabled} if disabled else kept
        row.save(update_fields=["settings"])
        record(verb, at=at, actor=by, target=key)
    return True


def _one_at_a_time() -> None:
    """Two additions at once would each find the key free. SQLite writes one at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADDING_LOCK])
