"""``python -m bench.live``: seconds from something done at the desk to the fresh figure on an open page, in Chromium.

One engineer has the running month open; a dispatcher takes in cases for them, and they resolve them, over the same
server. With ``--score`` they have their live scorecard open, and it is the score that is waited for. Each act is timed
from before it is sent until the figure on the page has changed. Nothing fails on a time: the
table says how far it is from its goal, and where the time went.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from bench.table import machine, put_into
from bench.web.site import ROOT, wait_for

NOW = "2026-11-06T09:00:00+08:00"
GOAL = "p95 < 3 s"
WATCH = """
const times = (window.times = {});
const source = EventSource;
window.EventSource = function (address) {
  const made = new source(address);
  made.addEventListener("changed", () => (times.heard ??= Date.now()));
  return made;
};
document.addEventListener("htmx:beforeRequest", () => (times.asked ??= Date.now()));
document.addEventListener("htmx:afterSettle", () => (times.shown = Date.now()));
"""
TILE = "[data-code={}] .tile-figure"
SCORE = "#scorecard .ring b"
SCHEME = """scheme: live
version: "1"
cycle: month
limits: {missing_share: 100}
grades: {A: 60, B: 0}
coefficients: {A: 1.0, B: 1.0}
roles:
  field_engineer:
    items:
      - {indicator: RES, weight: 50, curve: {type: range, zero_low: 0, low: 90, high: 95, zero_high: 200},
         counter_waived: every case moves the score here}
      - {indicator: BKL, weight: 50, floor: 90, target: 1, stretch: 0, counter_waived: so does every open one}
"""
"""Every case taken in and every one resolved moves the score."""
STEPS = ("answered", "heard", "asked", "shown")
"""The act was answered, the page heard of it, asked again, and shows the new figure."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds from sending an act to each step; ``shown`` is the whole."""

    what: str
    answered: float
    heard: float
    asked: float
    shown: float


def make_home(folder: Path, people: int) -> Path:
    """A simulated company with its facts, a desk and a sign-in for each role."""
    from fuxiao.datasets.build import build_facts
    from fuxiao.datasets.importing.mapping_read import read_mapping
    from fuxiao.datasets.importing.run import import_file
    from fuxiao.datasets.store import Store
    from fuxiao.simulate import simulate, write_home
    from fuxiao.simulate.layout import FILES

    home = folder / f"live-{people}"
    if (home / "lake").exists():
        return home
    os.environ["FUXIAO_NOW"] = NOW
    truths = simulate(folder / "raw", seed=5, people=people, start=date(2026, 7, 1), months=4)
    packages = {"schemes": "fuxiao.performance", "plans": "fuxiao.incentives"}
    texts = {
        f"{kind}/appliance.yaml": resources.files(package).joinpath("templates/appliance.yaml").read_text("utf-8")
        for kind, package in packages.items()
    }
    write_home(home, truths=truths, templates=texts)
    from fuxiao.base.clock import day_start, now

    with Store.open(home) as store:
        for file in FILES:
            mapping = read_mapping(home / "mappings" / f"{file.stem}.toml")
            import_file(store, folder / "raw" / file.name, mapping, at=now())
        build_facts(store, cut_off=day_start(store.settings.zone))
    os.environ["FUXIAO_HOME"] = str(home)
    from fuxiao.cli.server.prepare import prepare

    prepare(home, at=now())
    from fuxiao.cli.server.demo_accounts import make_accounts
    from fuxiao.cli.server.demo_desk import fill_desk

    fill_desk(home, at=now())
    make_accounts(at=now(), on=now().date())
    open_cycle(home)
    return home


def open_cycle(home: Path) -> None:
    """A running cycle of the month, whose score follows the desk."""
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import SYSTEM
    from fuxiao.core.period import parse_period
    from fuxiao.datasets.store import Store
    from fuxiao.performance.cycles.actions.opening import Opening
    from fuxiao.report.by_calendar import open_with

    month = parse_period(NOW[:7])
    (home / "schemes" / "live.yaml").write_text(SCHEME, encoding="utf-8")
    with Store.open(home) as store:
        open_with(SYSTEM, store, Opening(period=month, scheme="live", cut_off_on=month.end), at=now())


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """The product over this home, web server and worker; stopped at the end."""
    order = [sys.executable, "-m", "fuxiao", "serve", "--home", str(home), "--port", str(port), "--workers", "1"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    env = {**os.environ, "PYTHONPATH": paths, "FUXIAO_NOW": NOW, "FUXIAO_HOME": str(home)}
    with subprocess.Popen(order, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(120)


class Person:
    """Somebody signed in, with one page and requests beside it."""

    def __init__(self, browser: Any, address: str, name: str) -> None:
        from fuxiao.cli.server.demo_accounts import PASSWORD

        self.address = address
        self.context = browser.new_context(viewport={"width": 1440, "height": 900})
        self.page = self.context.new_page()
        self.page.add_init_script(WATCH)
        self.page.goto(f"{address}/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(f"{address}/")

    def field(self, path: str, name: str) -> str:
        """The value of a hidden field of a page."""
        text = self.context.request.get(self.address + path).text()
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
        return found[1] if found else ""

    def post(self, path: str, **form: str) -> str:
        """Send a form as the page would; the address it leads to."""
        token = next(each["value"] for each in self.context.cookies() if each["name"] == "csrf")
        answer = self.context.request.post(
            self.address + path, form=form, headers={"X-CSRFToken": token, "Referer": self.address + path}
        )
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status}")
        return str(answer.url)

    def figure(self, selector: str) -> str:
        found = self.page.query_selector(selector)
        return " ".join(found.inner_text().split()) if found else ""


def timed(watcher: Person, selector: str, what: str, act: Any) -> tuple[Timed, Any]:
    """Do something and wait until the figure of the open page is another one."""
    before = watcher.figure(selector)
    watcher.page.evaluate("() => { for (const name in times) delete times[name]; }")
    began = time.time()
    given = act()
    answered = time.time() - began
    watcher.page.wait_for_function(
        """([selector, before]) => {
          const tile = document.querySelector(selector);
          return times.shown && (tile ? tile.innerText.split(/\\s+/).filter(Boolean).join(" ") : "") !== before;
        }""",
        arg=[selector, before],
        timeout=60_000,
    )
    found = watcher.page.evaluate("() => times")
    steps = {name: found[name] / 1000 - began for name in ("heard", "asked", "shown")}
    return Timed(what, answered, **steps), given


def measure(address: str, rounds: int, *, score: bool) -> list[Timed]:
    """So many cases taken in and resolved."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        dispatcher, engineer = Person(browser, address, "dispatcher"), Person(browser, address, "engineer")
        engineer.page.goto(f"{address}/now/")
        engineer.page.wait_for_selector("#month-now p[role=status]", timeout=300_000)
        number = person_of(engineer)
        if score:
            engineer.page.goto(f"{address}/performance/")
            engineer.page.wait_for_selector(SCORE, timeout=300_000)
        taking, resolving = (SCORE, SCORE) if score else (TILE.format("BKL"), TILE.format("RES"))
        found = []
        for round_ in range(rounds + 1):
            taken, case = timed(engineer, taking, "a case taken in", lambda: take(dispatcher, number))
            done, _ = timed(engineer, resolving, "a case resolved", lambda: resolve(engineer, case))  # noqa: B023 - at once
            found += [taken, done] if round_ else []  # the first opens what later ones find open
        browser.close()
    return found


def person_of(engineer: Person) -> str:
    """The number of the engineer, as the links of their figures name it."""
    href = engineer.page.get_attribute("[data-code]", "href") or ""
    return re.search(r"person:([^&]+)", href)[1]  # type: ignore[index]


def take(dispatcher: Person, owner: str) -> str:
    once = dispatcher.field("/desk/new", "once")
    at = dispatcher.post("/desk/new", title="不制冷", person=owner, once=once, channel="电话", priority="普通")
    return at.rstrip("/").rsplit("/", 1)[1]


def resolve(engineer: Person, case: str) -> None:
    engineer.post(f"/desk/{case}/accept")
    version = engineer.field(f"/desk/{case}/do/resolve", "version")
    engineer.post(f"/desk/{case}/do/resolve", version=version, resolution_code="现场维修")


def lines(found: list[Timed]) -> list[str]:
    """A line for each kind of act and one for all: the middle and the 95th of a hundred, then the steps' middles."""
    made = [
        "| act | n | p50 s | p95 s | answered | heard | asked | shown | goal |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    kinds = list(dict.fromkeys(each.what for each in found))
    for title, some in [*((kind, [each for each in found if each.what == kind]) for kind in kinds), ("all", found)]:
        whole = sorted(each.shown for each in some)
        p50, p95 = whole[len(whole) // 2], whole[min(len(whole) - 1, int(0.95 * len(whole)))]
        steps = [sorted(getattr(each, name) for each in some)[len(some) // 2] for name in STEPS]
        parts = " | ".join(f"{step:.2f}" for step in steps)
        made.append(f"| {title} | {len(some)} | {p50:.2f} | {p95:.2f} | {parts} | {GOAL} |")
    return made


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--people", type=int, default=60, help="people of the simulated company")
    parser.add_argument("--rounds", type=int, default=20, help="cases taken in and resolved")
    parser.add_argument("--score", action="store_true", help="wait for the score of a live scorecard")
    parser.add_argument("--port", type=int, default=8213)
    parser.add_argument("--keep", type=Path, help="keep the home in this folder, and use one that is there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the table from now on")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-") as passing:
        home = make_home(asked.keep or Path(passing), asked.people)
        with served(home, asked.port) as address:
            found = measure(address, asked.rounds, score=asked.score)
    made = "\n".join([f"    python -m bench.live {shlex.join(arguments)}", "", machine(), "", *lines(found)])
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


if __name__ == "__main__":
    main(sys.argv[1:])
