"""The desk under many hands: writers in processes of their own on one database, and no update may be lost.

    python -m bench.desk [--processes 8] [--seconds 300] [--cases 50] [--database postgresql://…]

Each writer reads a case, changes its description by one entry of its own and saves at the version it read; where
somebody was faster it reads again. At the end every entry that was acknowledged must be there, and versions must
have gone up by exactly the acknowledged writes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

NAME = "FUXIAO_DATABASE"


def load() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuxiao.config.settings")
    django.setup()


def prepare(cases: int) -> list[str]:
    """Tables, and so many cases to write on."""
    from django.core.management import call_command

    from fuxiao.cli.server.prepare import SYSTEM
    from fuxiao.service.actions.intake import Intake, take_in

    call_command("migrate", interactive=False, verbosity=0)
    return [take_in(SYSTEM, Intake(title=f"case {n}"), at=datetime.now(UTC)).number for n in range(cases)]


def write(name: str, numbers: list[str], *, seconds: float, most: int) -> dict[str, object]:
    """Edit cases in turn until the time is over or ``most`` edits are done; what was acknowledged, and how it went."""
    from django.db import OperationalError

    from fuxiao.cli.server.prepare import SYSTEM
    from fuxiao.core.errors import Conflict
    from fuxiao.service.actions.editing import edit
    from fuxiao.service.models import Case

    done: list[tuple[str, str]] = []
    conflicts, locked, slowest = 0, 0, 0.0
    place, until = sum(map(ord, name)), time.time() + seconds
    while time.time() < until and len(done) < most:
        number, entry = numbers[place % len(numbers)], f"{name}.{len(done)}"
        place += 7
        while True:
            case = Case.objects.get(number=number)
            began = time.perf_counter()
            try:
                text = f"{case.description}{entry};"
                edit(SYSTEM, number, {"description": text}, version=case.version, at=datetime.now(UTC))
            except Conflict:
                conflicts += 1
                continue
            except OperationalError as error:
                locked += "locked" in str(error)
                continue
            slowest = max(slowest, time.perf_counter() - began)
            done.append((number, entry))
            break
    return {"done": done, "conflicts": conflicts, "locked": locked, "slowest": slowest}


def judge(numbers: list[str], reports: list[dict[str, object]]) -> dict[str, int]:
    """What was acknowledged and is not there, and versions that do not add up."""
    from fuxiao.service.models import Case

    kept = {case.number: case for case in Case.objects.filter(number__in=numbers)}
    wanted = [tuple(pair) for report in reports for pair in report["done"]]  # type: ignore[attr-defined]
    lost = sum(f"{entry};" not in kept[number].description for number, entry in wanted)
    counted = Counter(number for number, _ in wanted)
    odd = sum(kept[number].version - 2 != counted[number] for number in numbers)
    return {
        "edits": len(wanted), "lost": lost, "versions wrong": odd,
        "conflicts": sum(int(str(r["conflicts"])) for r in reports), "locked": sum(int(str(r["locked"])) for r in reports),
    }  # fmt: skip


def run(processes: int, *, seconds: float, cases: int, most: int) -> dict[str, object]:
    """Start the writers, wait, and judge."""
    load()
    numbers = prepare(cases)
    orders = [
        [sys.executable, "-m", "bench.desk", "--write", f"w{n}", "--seconds", str(seconds), "--most", str(most), *numbers]
        for n in range(processes)
    ]  # fmt: skip
    began = time.time()
    running = [subprocess.Popen(order, stdout=subprocess.PIPE, env=os.environ) for order in orders]
    answers = [process.communicate()[0] for process in running]
    failed = sum(process.returncode != 0 for process in running)
    reports = [json.loads(answer) for answer in answers if answer]
    slowest = max((float(str(report["slowest"])) for report in reports), default=0.0)
    taken = time.time() - began
    return {**judge(numbers, reports), "failed": failed, "seconds": round(taken, 1), "slowest": round(slowest, 2)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.desk")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--most", type=int, default=10**9, help="edits of each writer")
    parser.add_argument("--database", default="")
    parser.add_argument("--write", default="")
    parser.add_argument("numbers", nargs="*")
    given = parser.parse_args()
    if given.database:
        os.environ[NAME] = given.database
    if given.write:
        load()
        print(json.dumps(write(given.write, given.numbers, seconds=given.seconds, most=given.most)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FUXIAO_HOME", str(Path(folder) / "home"))
        Path(os.environ["FUXIAO_HOME"]).mkdir(parents=True, exist_ok=True)
        found = run(given.processes, seconds=given.seconds, cases=given.cases, most=given.most)
    print(json.dumps(found, indent=1))
    return 1 if found["lost"] or found["locked"] or found["failed"] or found["versions wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
