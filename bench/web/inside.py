"""``python -m bench.web.inside``: what a page of the desk costs, without a server and without others: milliseconds of a
processor and the statements of the database behind it, by page and reader.

Over a home that ``python -m bench.web.desk --keep`` left. ``--statements`` shows what each page asks, slowest first.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from bench.web.desk import pages
from bench.web.site import now_text

NUMBERS = count()
WARM = 5
HEAD = "| reader | page | ms of a processor | statements | ms of them | kB |\n|---|---|--:|--:|--:|--:|"


class Inside:
    """The product's own way through a request, called by hand."""

    def __init__(self) -> None:
        from fuxiao.web.shell.serving import Pages

        self.site: Any = Pages(1)

    def ask(self, page: str, cookie: str) -> bytes:
        """The page; another number each time, so that none is kept."""
        path, _, query = page.replace("{n}", str(next(NUMBERS))).partition("?")
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "client": ["127.0.0.1", 1],
            "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
        }  # fmt: skip
        response = self.site._answer(scope, io.BytesIO())  # noqa: SLF001 - what the server calls
        if response.status_code != 200:
            raise RuntimeError(f"{page}: {response.status_code}")
        return bytes(response.content)

    def cost(self, page: str, cookie: str, times: int) -> float:
        """Milliseconds of a processor, the least of so many times: others on the machine only ever add."""
        found = []
        for _ in range(times):
            began = time.process_time()
            self.ask(page, cookie)
            found.append(1000 * (time.process_time() - began))
        return min(found)


@contextmanager
def noted() -> Iterator[list[tuple[float, str]]]:
    """The statements that are asked meanwhile, with the milliseconds of each."""
    from django.db import connection

    found: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            found.append((1000 * (time.perf_counter() - began), sql))

    with connection.execute_wrapper(note):
        yield found


def readers() -> Iterator[tuple[str, str]]:
    """Who asks: the owner, and whoever has the cases that are worked on, as an engineer and as a lead of the own team."""
    from django.conf import settings
    from django.test import Client

    from fuxiao.base.clock import now
    from fuxiao.base.permissions import Role
    from fuxiao.org.models import RoleGrant, User
    from fuxiao.service.models import Case

    person = Case.objects.filter(state="accepted", owner__isnull=False).latest("id").owner
    owner = User.objects.get(username="owner")
    handler = User.objects.filter(person=person).first() or User.objects.create_user(username="handler", person=person)
    for role, user in ((Role.OWNER, owner), (Role.ENGINEER, handler), (Role.LEAD, handler)):
        if user is handler:
            user.grants.all().delete()
            RoleGrant.objects.create(user=user, role=role, granted_at=now())
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        yield role.value, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.web.inside", description=__doc__)
    parser.add_argument("home", type=Path, help="the home that was kept")
    parser.add_argument("--times", type=int, default=60, help="how often each page is asked for")
    parser.add_argument("--statements", action="store_true", help="show what is asked")
    parser.add_argument("--only", default="", help="pages whose title has this")
    asked = parser.parse_args(arguments)
    os.environ |= {
        "FUXIAO_HOME": str(asked.home),
        "FUXIAO_NOW": now_text(),
        "DJANGO_SETTINGS_MODULE": "fuxiao.config.settings",
    }
    import django

    django.setup()
    from fuxiao.service.models import Case

    number = Case.objects.filter(state="accepted", events_seen__gt=0).latest("id").number
    print(HEAD)
    for role, cookie in readers():
        for title, page, _ in [("an empty page", "/notices/?n={n}", ""), *pages(number)]:
            if asked.only in title:
                _measured(asked, role, title, page, cookie)


def _measured(asked: argparse.Namespace, role: str, title: str, page: str, cookie: str) -> None:
    site = Inside()
    for _ in range(WARM):
        site.ask(page, cookie)
    with noted() as statements:
        size = len(site.ask(page, cookie))
    gc.collect()
    cost = site.cost(page, cookie, asked.times)
    spent = sum(each for each, _ in statements)
    print(f"| {role} | {title} | {cost:.1f} | {len(statements)} | {spent:.1f} | {size / 1000:.0f} |", flush=True)
    if asked.statements:
        for each, sql in sorted(statements, reverse=True):
            print(f"    {each:6.2f}  {sql}")


if __name__ == "__main__":
    main(sys.argv[1:])
