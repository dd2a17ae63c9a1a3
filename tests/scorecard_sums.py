"""``python scorecard_sums.py HOME MONTH SCHEME``: every figure on every scorecard of a cycle, clicked through to rows.

From each row of a page one click leads to what stands behind it and a second one to all its cases; what these add,
summed up from the file that the page offers, has to be what the scorecard says, to the last digit.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

SIDES = {"分子": "numerator", "取值": "numerator", "分母": "denominator", "n": "n"}


def faults(client, cycle, people=None, *, told: Counter | None = None) -> Iterator[str]:
    """What does not add up or cannot be reached, for these people or for all; ``told`` counts what was looked at."""
    told = Counter() if told is None else told
    members = cycle.members.exclude(scorecard=None).select_related("scorecard").order_by("person")
    for member in members if people is None else members.filter(person__in=people):
        address = f"/performance/cycles/{cycle.pk}/{member.person}/"
        page = client.get(address).content.decode()
        for row in member.scorecard.result["pages"]["zh"]["rows"]:
            code = row["anchor"].removeprefix("i-")
            told["figures"] += 1
            if f'href="{address}item/{code}/"' not in page:
                yield f"{member.person} {code}: no way to what stands behind it"
            yield from (f"{member.person} {code}: {fault}" for fault in of_row(client, member, code, told))


def of_row(client, member, code: str, told: Counter) -> Iterator[str]:
    sums = {
        name: Decimal(member.scorecard.result["figures"][path])
        for name in ("numerator", "denominator", "n")
        if (path := f"value/{code}/{name}") in member.scorecard.result["figures"]
    }
    behind = f"/performance/cycles/{member.cycle_id}/{member.person}/item/{code}/"
    if not sums:
        told["without a figure"] += 1
        return
    if f'href="{behind}rows/"' not in client.get(behind).content.decode():
        yield "no way to its rows"
        return
    found = summed(client.get(f"{behind}rows/?form=csv").content.decode("utf-8-sig"))
    told["rows"] += found.pop("rows")
    for name in sums.keys() & found.keys():
        told["sums"] += 1
        if sums[name] != found[name]:
            yield f"{name} is {sums[name]} on the scorecard, its rows add up to {found[name]}"


def summed(text: str) -> dict[str, Decimal]:
    """The sums of a downloaded file of rows, and how many there are."""
    table = list(csv.reader(io.StringIO(re.split(r"\r?\n\r?\n", text, maxsplit=1)[1])))
    headings, rows = table[0], table[1:]
    places = {SIDES[heading]: at for at, heading in enumerate(headings) if heading in SIDES}
    sums = {name: sum((Decimal(row[at]) for row in rows if row[at]), Decimal(0)) for name, at in places.items()}
    return {**sums, "rows": len(rows)}


def main(home: Path, month: str, scheme: str) -> int:
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import load_django, prepare

    load_django(home)
    prepare(home, at=now())
    from django.test import Client

    from fuxiao.cli.server.demo_cycles import fill_cycles
    from fuxiao.org.accounts import create_owner
    from fuxiao.org.models import User
    from fuxiao.performance.cycles.models import Cycle

    if not User.objects.exists():
        create_owner(username="owner", password="sturdy-harbour-42", email="", at=now())
    fill_cycles.call(month, scheme)
    client, told = Client(SERVER_NAME="localhost"), Counter()
    client.force_login(User.objects.get(username="owner"))
    found = list(faults(client, Cycle.objects.get(period=month), told=told))
    print(*found, dict(told), f"{len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
