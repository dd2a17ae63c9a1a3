"""Where another database is, and what no connection may lead to."""

from __future__ import annotations

import ipaddress
import socket
import stat
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from fuxiao.core.errors import InputError

PORTS = {"postgresql": 5432, "mysql": 3306, "sqlite": 0}
MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Address:
    """A database and how one gets in: ``database`` is a path for SQLite, ``tls`` one of prefer, require, verify."""

    kind: str
    host: str = ""
    port: int = 0
    database: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "prefer"

    @property
    def spoken(self) -> str:
        """Where it is, as a person would say it."""
        place = f"{self.host}:{self.port}" if self.port and not self.is_socket else self.host
        return "/".join(part for part in (place, self.database) if part)

    @property
    def is_socket(self) -> bool:
        """Whether the server is reached through a folder of this machine."""
        return self.host.startswith("/")


def check_host(address: Address) -> None:
    """Refuse hosts that are no database servers: addresses of this very link, where clouds keep their secrets.

    Raises ``InputError``: ``connect.forbidden``, or ``connect.unreachable`` for a name that nobody knows.
    """
    if address.is_socket and address.kind == "postgresql":
        return
    try:
        found = socket.getaddrinfo(address.host, address.port or None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError("connect.unreachable", place=address.spoken) from error
    for *_, place in found:
        ip = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
            raise InputError("connect.forbidden", place=address.spoken)


def checked_file(path: str) -> Path:
    """The SQLite file. ``InputError`` for one that is missing, lies in the home folder, or is something else."""
    given = Path(path)
    if not given.is_absolute():
        raise InputError("connect.path_not_whole", path=path)
    try:
        whole = given.resolve(strict=True)
        regular = stat.S_ISREG(whole.stat().st_mode)
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError("connect.file_missing", path=path) from error
    if whole.is_relative_to(settings.HOME.resolve()) or whole.parts[1:2] in {("proc",), ("sys",), ("dev",)}:
        raise InputError("connect.forbidden", place=path)
    if not regular or not _is_database(whole):
        raise InputError("connect.not_a_database", path=path)
    return whole


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def told(error: Exception, address: Address) -> str:
    """The first line of what a driver says, without the password."""
    line = next(iter(str(error.args[-1] if error.args else error).strip().splitlines()), type(error).__name__)
    return (line.replace(address.password, "…") if address.password else line)[:300]
