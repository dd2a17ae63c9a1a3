"""``python -m bench.live``: seconds from something done at the desk to the fresh figure on an open page, in Chromium.

One engineer has the running month open; a dispatcher takes in cases for them, and they resolve them, over the same
server. Each act is timed from before it is sent until the figure on the page has changed. Nothing fails on a time: the
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
    return home


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

    def figure(self, code: str) -> str:
        tile = self.page.query_selector(f"[data-code={code}] .tile-figure")
        return " ".join(tile.inner_text().split()) if tile else ""


def timed(watcher: Person, code: str, what: str, act: Any) -> tuple[Timed, Any]:
    """Do something and wait until the figure of the open page is another one."""
    before = watcher.figure(code)
    watcher.page.evaluate("() => { for (const name in times) delete times[name]; }")
    began = time.time()
    given = act()
    answered = time.time() - began
    watcher.page.wait_for_function(
        """([code, before]) => {
          const tile = document.querySelector(`[data-code=${code}] .tile-figure`);
          return times.shown && (tile ? tile.innerText.split(/\\s+/).filter(Boolean).join(" ") : "") !== before;
        }""",
        arg=[code, before],
        timeout=60_000,
    )
    found = watcher.page.evaluate("() => times")
    steps = {name: found[name] / 1000 - began for name in ("heard", "asked", "shown")}
    return Timed(what, answered, **steps), given


def measure(address: str, rounds: int) -> list[Timed]:
    """So many cases taken in and resolved."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        dispatcher, engineer = Person(browser, address, "dispatcher"), Person(browser, address, "engineer")
        engineer.page.goto(f"{address}/now/")
        engineer.page.wait_for_selector("#month-now p[role=status]", timeout=300_000)
        number = person_of(engineer)
        found = []
        for round_ in range(rounds + 1):
            taken, case = timed(engineer, "BKL", "a case taken in", lambda: take(dispatcher, number))
            done, _ = timed(engineer, "RES", "a case resolved", lambda: resolve(engineer, case))  # noqa: B023 - at once
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
    parser.add_argument("--port", type=int, default=8213)
    parser.add_argument("--keep", type=Path, help="keep the home in this folder, and use one that is there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the table from now on")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-") as passing:
        home = make_home(asked.keep or Path(passing), asked.people)
        with served(home, asked.port) as address:
            found = measure(address, asked.rounds)
    made = "\n".join([f"    python -m bench.live {shlex.join(arguments)}", "", machine(), "", *lines(found)])
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


if __name__ == "__main__":
    main(sys.argv[1:])
