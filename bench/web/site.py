"""The two servers that are measured: the product over a home of many cases, and the bare framework."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.data import CUT_OFF, Log, write_home
from bench.homes import with_facts

ROOT = Path(__file__).parents[2]


def make_ready(home: Path, cases: int) -> str:
    """A home with facts, people taken over and an owner; the cookie that signs the owner in."""
    os.environ["FUXIAO_NOW"] = now_text()
    write_home(home, Log.of(cases))
    with_facts(home)
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import prepare

    prepare(home, at=now())
    return signed_in()


def signed_in() -> str:
    """The cookie that signs the owner in, who is made where there is none."""
    from django.conf import settings
    from django.test import Client

    from fuxiao.base.clock import now
    from fuxiao.org.accounts import create_owner
    from fuxiao.org.models import User

    owner = User.objects.filter(username="owner").first() or create_owner(
        username="owner", password=uuid.uuid4().hex, email="", at=now()
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def now_text() -> str:
    """Nine in the morning after the last day of the log."""
    return datetime.fromtimestamp(CUT_OFF + 9 * 3600, UTC).isoformat()


@contextmanager
def served(application: str, port: int, *, workers: int, **environment: str) -> Iterator[int]:
    """granian with this application; stopped at the end."""
    order = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port),
             "--workers", str(workers), "--log-level", "error", application]  # fmt: skip
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    with subprocess.Popen(order, env={**os.environ, "PYTHONPATH": paths, **environment}, cwd=ROOT) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/", process)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the server did not come up")
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
