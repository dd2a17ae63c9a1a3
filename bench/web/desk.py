"""``python -m bench.web.desk``: the service desk over many cases: its list, searches, board, a case, and a step of one.

Nothing fails on a figure: the table says how far each page is from its goal.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.table import machine, put_into
from bench.web.beside import HEAD, compared, our_site
from bench.web.site import make_ready, now_text

LAKE = 2_000
"""Cases of the lake: the desk's pages do not read it."""
BATCH = 5_000
OPEN = 3_000
"""So many of the newest cases are open."""
EVENTS = 200
"""So many of the newest cases have their events, to be worked on."""
STEPS = 40
"""So many of them are paused and resumed."""
TOKEN = "b" * 32


def fill(cases: int) -> list[str]:
    """A desk of so many cases, where it is not there yet; the numbers of some open ones, with their events."""
    from fuxiao.service.models import Case, CaseTitle
    from fuxiao.service.signs import index

    if not Case.objects.exists():
        customers = _customers(max(1, cases // 3))
        at = datetime.fromisoformat(now_text())
        _all(Case, (_case(n, cases, customers, at) for n in range(cases)))
        index(CaseTitle, Case.objects.order_by("pk").values_list("pk", "title").iterator())
        _lives(at)
    found = Case.objects.filter(state="accepted", events_seen__gt=0).order_by("-id")
    return list(found.values_list("number", flat=True)[:EVENTS])


def _customers(count: int) -> int:
    from fuxiao.service.models import Customer

    phones = (f"138{n * 7919 % 10**8:08d}" for n in range(count))
    _all(Customer, (
        Customer(number=f"K{n}", name=f"客户{n}", plain=f"kehu{n}", initials="kh", phone=phone, phone_digits=phone[::-1])
        for n, phone in enumerate(phones)
    ))  # fmt: skip
    return int(Customer.objects.order_by("pk").values_list("pk", flat=True)[0])


def _case(n: int, cases: int, first: int, at: datetime) -> Any:
    """The nth case, of one of the customers; the newest ones are open."""
    from fuxiao.service.models import NEVER, Case

    opened = at - timedelta(minutes=10 * (cases - n))
    state = "closed" if n < cases - OPEN else ("new", "accepted", "accepted", "pending", "resolved")[n % 5]
    return Case(
        number=f"{2000 + n // 50_000}-{n % 50_000:05d}", title=f"空调不制冷 {n}", state=state, opened_at=opened,
        last_at=opened, customer_id=first + n % max(1, cases // 3), pause="customer" if state == "pending" else "",
        next_due_at=NEVER if state == "closed" else opened + timedelta(days=2), priority=("urgent", "normal")[n % 2], case_type="repair",
    )  # fmt: skip


def _lives(at: datetime) -> None:
    """Some of the accepted cases are made by the desk's own steps, so that they can be worked on."""
    from fuxiao.cli.server.prepare import SYSTEM
    from fuxiao.core.case_life import Verb
    from fuxiao.org.models import Person
    from fuxiao.service.actions.intake import Intake, take_in
    from fuxiao.service.actions.life import Act, act

    person = Person.objects.earliest("pk")
    for n in range(EVENTS):
        case = take_in(SYSTEM, Intake(title=f"冰箱异响 {n}", owner=person), at=at)
        act(replace(SYSTEM, person=person.number), case.number, Act(verb=Verb.ACCEPT), at=at)


def _all(model: Any, rows: Iterable[Any]) -> None:
    from django.db import transaction

    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            model.objects.bulk_create(batch)


def pages(number: str) -> Iterator[tuple[str, str, str]]:
    """What is measured: a title, an address and headers each."""
    yield "list of open cases", "/desk/?n={n}", ""
    yield "list of all cases", "/desk/?show=all&n={n}", ""
    for name, text in (("a telephone's last digits", "7919"), ("a number", number), ("a word of the title", "异响")):
        yield f"search: {name}", f"/desk/?show=all&q={urllib.parse.quote(text)}&n={{n}}", ""
    yield "search: what there is none of", "/desk/?show=all&q=zzqq&n={n}", ""
    yield "board", "/desk/board?n={n}", ""
    yield "today", "/desk/today?n={n}", ""
    yield "a case", f"/desk/{number}/?n={{n}}", ""


def steps(port: int, cookie: str, numbers: list[str]) -> list[float]:
    """Milliseconds of a pause or a resume of each of these cases, one after the other."""
    from fuxiao.service.models import Case

    found = []
    for number in numbers:
        for verb, form in (("pend", {"kind": "customer", "reason": "客户出差"}), ("resume", {})):
            version = Case.objects.values_list("version", flat=True).get(number=number)
            began = time.perf_counter()
            _post(port, cookie, f"/desk/{number}/do/{verb}", {**form, "version": str(version)})
            found.append(1000 * (time.perf_counter() - began))
    return sorted(found)


def _post(port: int, cookie: str, path: str, form: dict[str, str]) -> None:
    headers = {
        "Cookie": f"{cookie}; csrf={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Referer": f"http://127.0.0.1:{port}{path}",
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=urllib.parse.urlencode(form).encode(), headers=headers
    )
    opener = urllib.request.build_opener(_Stay)
    answer = opener.open(request, timeout=120)
    if answer.status != 302:
        raise RuntimeError(f"{path}: {answer.status}")
    answer.close()


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer; where it leads is another request."""

    def http_error_302(self, _request: Any, answer: Any, *_rest: Any) -> Any:
        return answer


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.web.desk", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases the desk has")
    parser.add_argument("--readers", type=int, default=10, help="how many ask at once")
    parser.add_argument("--seconds", type=float, default=5, help="how long each page is asked for")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--port", type=int, default=8213, help="this port and the next are used, on this machine only")
    parser.add_argument("--keep", type=Path, help="keep the home in this folder, and use one that is there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the table from now on")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-") as passing:
        home = (asked.keep or Path(passing)) / f"desk-{asked.cases}"
        os.environ["FUXIAO_HOME"] = str(home)
        cookie = make_ready(home, LAKE)
        lines = list(_measured(asked, home, cookie, fill(asked.cases)))
    command = f"    python -m bench.web.desk {shlex.join(arguments)}"
    facts = f"{machine(asked.cases)} · {asked.readers} readers at once, {asked.workers} workers"
    made = "\n".join([command, "", facts, "", HEAD, *lines])
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


def _measured(asked: argparse.Namespace, home: Path, cookie: str, numbers: list[str]) -> Iterator[str]:
    yield from compared(asked, home, cookie, list(pages(numbers[0])))
    with our_site(asked, home) as port:
        took = steps(port, cookie, numbers[:STEPS])
    times = f"{took[len(took) // 2]:.0f} | {took[int(0.95 * len(took))]:.0f} | {took[-1]:.0f} | {took[0]:.0f}"
    yield f"| a pause or a resume of a case, one after the other | {1000 * len(took) / sum(took):.0f} | | | {times} | | |"


if __name__ == "__main__":
    main(sys.argv[1:])
