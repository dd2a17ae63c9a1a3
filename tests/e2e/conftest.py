"""A simulated company served for real, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fuxiao.cli.server.processes import hindrance
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.importing.mapping_read import read_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.store import Store
from fuxiao.simulate import simulate, write_home
from fuxiao.simulate.layout import FILES
from kept_tables import put_tables

NOW = "2026-11-06T09:00:00+08:00"
PASSWORD = "fuxiao-demo"
PATIENCE = 180_000
"""Milliseconds for whatever is waited for: it comes at once, or late on a machine that has other things to do."""
PORTS = range(8700, 9700)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN"]  # fmt: skip
HOMES: dict[str, Path] = {}
"""The home folders of the addresses served."""
PREPARE = """
import os
from pathlib import Path
from fuxiao.base.clock import now
from fuxiao.cli.server.prepare import prepare
prepare(Path(os.environ["FUXIAO_HOME"]), at=now())
from fuxiao.cli.server.demo_accounts import make_accounts
make_accounts(at=now(), on=now().date())
from fuxiao.org.models import RoleGrant, User
reader = User.objects.create_user(username="reader", password="fuxiao-demo")
RoleGrant.objects.create(user=reader, role="auditor", granted_at=now())
"""
"""Beside one account a role somebody who chooses a language, which the account keeps."""
SOURCE = Path(__file__).parents[2] / "src"


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without windows: a visitor costs it a quarter of what the others take."""


def chromium(own: str) -> str:
    """The browser to drive: one that is named, this machine's, Playwright's ``own``; skipped where there is none."""
    named = (os.environ.get("FUXIAO_CHROMIUM"), *map(shutil.which, BROWSERS))
    found = next((path for path in (*named, own) if path and Path(path).exists()), None)
    if not found:
        pytest.skip("no Chromium on this machine: install it or name it in FUXIAO_CHROMIUM")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


def environment(home: Path, now: str = NOW) -> dict[str, str]:
    """What a process of the product needs: the home, the day, no settings of the tests."""
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "FUXIAO_HOME": str(home), "FUXIAO_NOW": now, "PYTHONPATH": str(SOURCE), "FUXIAO_LANG": "zh"}


@contextmanager
def own_port() -> Iterator[int]:
    """A port that no other run of the tests takes: from the look for a free one until a server listens take seconds,
    and two servers that came to the same would answer in turn."""
    for port in PORTS:
        lock = FileLock(Path(tempfile.gettempdir()) / f"fuxiao-port-{port}.lock", timeout=0)
        try:
            lock.acquire()
        except (Timeout, PermissionError):
            continue
        try:
            if hindrance("127.0.0.1", port) is None:
                yield port
                return
        finally:
            lock.release()
    pytest.fail("every port is taken")


@contextmanager
def served(home: Path, now: str = NOW) -> Iterator[str]:
    """The pages of this home on a port of this machine, web and worker, at this moment; stopped afterwards."""
    with own_port() as port, (home.parent / "serve.log").open("wb") as log:
        order = [sys.executable, "-m", "fuxiao", "serve", "--home", str(home), "--port", str(port), "--workers", "1",
                 "--hours", "4"]  # fmt: skip
        process = subprocess.Popen(order, env=environment(home, now), stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process, home.parent / "serve.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE / 1_000)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1_200):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small appliance maker's service department with a sign-in for each role."""
    folder = tmp_path_factory.mktemp("company")
    home = folder / "home"
    truths = simulate(folder / "raw", seed=5, people=14, start=date(2026, 7, 1), months=4, cases_per_person_month=15)
    templates = {
        f"{kind}/appliance.yaml": resources.files(package).joinpath("templates/appliance.yaml").read_text("utf-8")
        for kind, package in (("schemes", "fuxiao.performance"), ("plans", "fuxiao.incentives"))
    }
    write_home(home, truths=truths, templates=templates)
    at = datetime.fromisoformat(NOW).astimezone(UTC)
    with Store.open(home) as store:
        for file in FILES:
            mapping = read_mapping(home / "mappings" / f"{file.stem}.toml")
            import_file(store, folder / "raw" / file.name, mapping, at=at)
        build_facts(store, cut_off=datetime(2026, 11, 5, 16, tzinfo=UTC))
    put_tables(home)
    subprocess.run([sys.executable, "-c", PREPARE], env=environment(home), check=True)
    with served(home) as address:
        HOMES[address] = home
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)
        yield launched
        launched.close()


@dataclass
class Visitor:
    """Somebody at a browser: a page, and everything the browser complained about."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str]

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.open("/account/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(self.address + "/")


@pytest.fixture
def visit(browser: Browser) -> Iterator[object]:
    """``visit(address, width=…, theme=…, lang=…)``: a new visitor with a clean browser."""
    contexts = []

    def new(address: str, *, width: int = 1440, theme: str = "light", lang: str = "zh-hans") -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 844}, locale="zh-CN", has_touch=width < 500
        )
        context.add_cookies([
            {"name": "theme", "value": theme, "url": address}, {"name": "language", "value": lang, "url": address},
        ])  # fmt: skip
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        return Visitor(address, context, page, complaints)

    yield new
    for context in contexts:
        context.close()
