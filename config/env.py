"""Typed readers of the environment: a wrong value stops the program at boot and says which one."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(SystemExit):
    """Raised at boot; its message names the variable and what it accepts."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name} : valeur incorrecte. {expected}")


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "oui", "on"}:
        return True
    if value in {"0", "false", "non", "off"}:
        return False
    raise BadSetting(name, "Attendu : 1 ou 0.")


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    if not value.isdecimal() or int(value) < least:
        raise BadSetting(name, f"Attendu : un nombre entier, au moins {least}.")
    return int(value)


def choice(name: str, default: str, among: set[str]) -> str:
    value = os.environ.get(name, "").strip() or default
    if value not in among:
        raise BadSetting(name, f"Attendu : {', '.join(sorted(among))}.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] or default


def email(name: str) -> str:
    """An e-mail address, or nothing."""
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise BadSetting(name, "Attendu : une adresse e-mail.")
    return value


def folder(name: str, default: Path) -> Path:
    value = os.environ.get(name, "").strip()
    return Path(value).resolve() if value else default


def file(name: str, default: Path | None) -> Path | None:
    """A file that must be there when it is named."""
    value = os.environ.get(name, "").strip()
    if value and not Path(value).is_file():
        raise BadSetting(name, "Attendu : un fichier qui existe.")
    return Path(value).resolve() if value else default


def names(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """As many words as the default has, separated by commas."""
    found = tuple(words(name, list(default)))
    if len(found) != len(default):
        raise BadSetting(name, f"Attendu : {len(default)} noms séparés par des virgules.")
    return found


def database(name: str, default: str) -> dict[str, object]:
    """``sqlite:///file`` or ``postgres://user:password@host:port/name?options`` → a Django DATABASES entry."""
    url = os.environ.get(name, "").strip() or default
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        place = unquote(parts.path)
        path = place.removeprefix("/") if not place.startswith("//") else place[1:]
        if not path:
            raise BadSetting(name, "Attendu : sqlite:///fichier ou postgres://…")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            # The last connection that closes empties the journal into the file: 6 ms that no page should pay.
            "CONN_MAX_AGE": None,
            # One writer at a time, taken at BEGIN: two writers wait for each other instead of failing half-way.
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, object] = dict(parse_qsl(parts.query))
        bouncer = options.pop("bouncer", "") == "1"
        # PgBouncer below 1.21 breaks prepared statements in transaction mode. Elsewhere the hot path's few texts are
        # planned once; Django asks for neither by itself.
        options.update(
            {"prepare_threshold": None} if bouncer else {"prepare_threshold": 5, "server_side_binding": True}
        )
        return {
            "ENGINE": "config.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or str(options.pop("host", "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": bouncer,
            "OPTIONS": options,
        }
    raise BadSetting(name, "Attendu : sqlite:///fichier ou postgres://…")


def mail(name: str) -> dict[str, object]:
    """``smtp://user:password@host:port``, ``smtp+tls://…`` (STARTTLS) or ``smtps://…``; empty = mails stay in the outbox.

    Port 587 is the port of STARTTLS: it is asked for there whatever the scheme, so that no password goes in clear.
    """
    url = os.environ.get(name, "").strip()
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname:
        raise BadSetting(name, "Attendu : smtp://hôte:port, smtp+tls://hôte:port ou smtps://hôte:port.")
    starttls = parts.scheme == "smtp+tls" or (parts.scheme == "smtp" and parts.port == 587)
    ports = {"smtps": 465, "smtp+tls": 587, "smtp": 25}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": starttls,
        "EMAIL_TIMEOUT": 10,
    }
