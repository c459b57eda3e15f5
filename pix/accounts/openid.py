"""OpenID Connect providers: rows that staff add, none written in the program (schools 10.2)."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialApp
from django.db import transaction

from pix.audit.actions import record

KIND = "openid_connect"


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """A provider as the sign-in page names it."""

    key: str
    name: str


def providers() -> list[OpenIdProvider]:
    """Those that can be used, by name."""
    rows = SocialApp.objects.filter(provider=KIND).order_by("name", "provider_id")
    return [OpenIdProvider(row.provider_id, row.name) for row in rows]


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
