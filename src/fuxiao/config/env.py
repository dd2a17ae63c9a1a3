"""Typed readers of environment variables; each refuses nonsense with the name of the variable and what it wants.

A secret may also stand in a file: ``NAME_FILE`` names it, as container platforms do.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL = {"localhost", "127.0.0.1", "[::1]"}
"""The names of this machine for itself."""
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable, or what the file of ``NAME_FILE`` holds, or the default."""
    file = os.environ.get(f"{name}_FILE")
    if file and name not in os.environ:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {file} cannot be read ({error.strerror})") from error
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value}: write 1 or 0")
    return value in TRUE


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value}: write a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(origins: Sequence[str], hosts: Sequence[str], *, https: bool) -> str:
    """How letters name the site: the first origin, else the first host behind https; empty where neither is told."""
    named = [host for host in hosts if host not in LOCAL and not host.startswith(("*", "."))] if https else []
    told = [origin.rstrip("/") for origin in origins if "*" not in origin]
    return next(iter([*told, *(f"https://{host}" for host in named)]), "")


def secret(name: str, file: Path) -> str:
    """The secret of that name; without one, the file's, made on first use and readable by its owner only."""
    if value := text(name):
        return value
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(50)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(made)
    return made


SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=10000;",
}
"""Eight writers on one file, no "database is locked", and the last write survives a power cut. The web application
carries the journal into the database beside its pages; where it does not run, a writer does so every 40 MB."""


def database(url: str, *, default: Path) -> dict[str, object]:
    """Django's description of ``postgresql://user:password@host:port/name``, or of the SQLite file ``default``.

    ``ImproperlyConfigured`` for any other kind of address.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3", "NAME": default, "OPTIONS": SQLITE, "CONN_MAX_AGE": None,
        }  # fmt: skip
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("FUXIAO_DATABASE: write postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def json_object(name: str) -> dict[str, object]:
    """A JSON object; empty where the variable is not set."""
    try:
        value = json.loads(text(name, "{}"))
    except json.JSONDecodeError as error:
        raise ImproperlyConfigured(f"{name}: not JSON ({error})") from error
    if not isinstance(value, dict):
        raise ImproperlyConfigured(f"{name}: write a JSON object")
    return value
