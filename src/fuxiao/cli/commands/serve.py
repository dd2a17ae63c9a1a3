"""serve: the web application of a home folder, on this machine or for a whole company."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from fuxiao.base.clock import demonstrated, now, ticking, today
from fuxiao.base.settings import FILE, read_settings
from fuxiao.cli import options
from fuxiao.cli.context import Context, errors_in_words, make_context
from fuxiao.cli.options import t
from fuxiao.cli.output import Column, Format, Sheet, emit, print_line
from fuxiao.cli.server import prepare as preparing
from fuxiao.cli.server.backup import back_up
from fuxiao.cli.server.backup import restore as restoring
from fuxiao.cli.server.processes import Family, free_port, hindrance, web_server, worker
from fuxiao.core.errors import InputError

PARTS = ("all", "web", "worker")
MOST_HOURS = 8784
WAIT = 90.0
LOOK = 30.0
"""Seconds between two looks for imports whose worker died."""

Host = Annotated[str, typer.Option("--host", help=t("监听地址", "address to listen on"))]
Port = Annotated[int, typer.Option("--port", help=t("端口", "port"), min=1, max=65535)]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option("--workers", help=t("网页进程数", "web processes"), min=1)] = 2,
    part: Annotated[
        str,
        typer.Option("--only", metavar="all|web|worker", help=t("只启动网页或后台任务", "start web or worker only")),
    ] = "all",
    hours: Annotated[
        float,
        typer.Option(
            "--hours",
            help=t("几小时后自动停止（0：一直运行）", "stop by itself after so many hours (0: never)"),
            min=0,
            max=MOST_HOURS,
        ),
    ] = 0.0,
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Serve the pages: prepares the database, then web server and worker together. Ctrl-C stops both.

    fuxiao serve --home fuxiao-home --port 8000
    """
    context = make_context(home, lang)
    with errors_in_words(context.home):
        if part not in PARTS:
            raise InputError("serve.part_unknown", part=part, parts=PARTS)
        if part != "worker":
            _must_listen(host, port)
        context.tell("serve.preparing")
        preparing.prepare(context.home, at=context.now)
        commands = [web_server(host, port, workers)] if part != "worker" else []
        commands += [worker()] if part != "web" else []
        if part != "worker":
            context.tell("serve.at", address=f"http://{host}:{port}/")
        ends = time.monotonic() + hours * 3600 if hours else float("inf")
        clock = Clock(context) if part != "web" else lambda: None
        code = Family(commands, each_tick=clock, ends_at=ends).run()
    raise typer.Exit(code)


def _must_listen(host: str, port: int) -> None:
    """Refuse an address that another program answers at, or that is not this machine's."""
    found = hindrance(host, port)
    if found is None:
        return
    if found.errno == errno.EADDRINUSE:
        raise InputError("serve.port_taken", address=f"{host}:{port}", port=free_port(host, port + 1))
    raise InputError("serve.cannot_listen", address=f"{host}:{port}", reason=found.strerror or str(found))


def backup(
    target: Annotated[Path, typer.Argument(help=t("写入这个文件（.tar.gz）", "the file to write (.tar.gz)"))],
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Write the whole installation into one file, while people go on working. Keep the digest it prints elsewhere."""
    context = make_context(home, lang)
    with errors_in_words(target):
        kept = back_up(context.home, target)
        context.tell(
            "backup.done", path=str(target), files=kept.files, rows=kept.rows, audit_entries=kept.audit_entries,
            audit_head=kept.audit_head,
        )  # fmt: skip


def restore(
    source: Annotated[Path, typer.Argument(help=t("备份文件", "the backup"))],
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Make an installation again from its backup, in a new folder; every file and the audit trail are checked."""
    context = make_context(home, lang)
    with errors_in_words(context.home):
        kept = restoring(source, context.home)
        context.tell(
            "backup.restored", path=str(context.home), files=kept.files, rows=kept.rows, audit_entries=kept.audit_entries,
            audit_head=kept.audit_head,
        )  # fmt: skip


class Clock:
    """Has the figures brought up to the new day when the local day changes, and once at the start; hands what a
    worker that died left to the next one; asks for what is due from other databases."""

    def __init__(self, context: Context) -> None:
        self.home = context.home
        self.day: date | None = None
        self.looked = 0.0

    def __call__(self) -> None:
        if not (self.home / FILE).exists():
            return
        zone = read_settings(self.home).zone
        if (day := today(zone)) != self.day:
            self.day, self.looked = day, 0.0
            self.refresh()
        if time.monotonic() - self.looked > LOOK:
            self.looked = time.monotonic()
            self.take_up_lost()
            self.ask_due()
            self.watch()

    def refresh(self) -> None:
        """Ask the worker; it does nothing where rules and figures are of today already."""
        from fuxiao.datasets.tasks import refresh_facts
        from fuxiao.metrics.tasks import put_rules_in_force
        from fuxiao.performance.reviews.tasks import signals_of_the_month
        from fuxiao.report.tasks import cycles_of_the_day

        put_rules_in_force.enqueue()
        refresh_facts.enqueue()
        cycles_of_the_day.enqueue()
        signals_of_the_month.enqueue()
        if demonstrated(self.home) is not None:
            from fuxiao.cli.server.demo_filling import take_up_filling

            take_up_filling()

    def take_up_lost(self) -> None:
        from fuxiao.datasets.actions import queue_lost
        from fuxiao.report.running import waiting
        from fuxiao.report.tasks import take_up_cycles
        from fuxiao.service.carrying import take_up_waiting

        queue_lost(at=ticking())
        take_up_waiting()
        if any(waiting(at=now())):
            take_up_cycles.enqueue()

    def watch(self) -> None:
        """Have promises of the desk looked after: warned of, put on record, escalated."""
        from fuxiao.service.tasks import watch_soon

        watch_soon()

    def ask_due(self) -> None:
        """Have what is due read from other databases, and customers asked."""
        from fuxiao.datasets.pull_actions import queue_due
        from fuxiao.service.tasks import send_soon

        queue_due(at=now(), tick=ticking())
        send_soon()


def serve_in_background(home: Path, *, port: int, hours: float) -> str:
    """Start ``serve`` apart from this process and wait until it answers; the address.

    ``InputError`` with the path of its log where it does not come up.
    """
    port = free_port("127.0.0.1", port)
    log = home / "serve.log"
    order = [sys.executable, "-m", "fuxiao", "serve", "--home", str(home), "--port", str(port), "--hours", str(hours),
             "--workers", "1"]  # fmt: skip
    unpinned = {name: value for name, value in os.environ.items() if name != "FUXIAO_NOW"}
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603
            order, stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, start_new_session=True, env=unpinned
        )  # fmt: skip
    (home / "serve.pid").write_text(str(process.pid), encoding="ascii")
    address = f"http://127.0.0.1:{port}/"
    until = time.monotonic() + WAIT
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=2):  # noqa: S310 - our own server
                return address
        except OSError:
            time.sleep(0.3)
    raise InputError("serve.not_up", path=str(log))


def show_sign_ins(home: Path, address: str, *, context: Context) -> None:
    """Print the address of the demonstration and who can sign in."""
    from fuxiao.cli.server.demo_accounts import PASSWORD, make_accounts

    on = context.now.astimezone(ZoneInfo(read_settings(home).zone)).date()
    accounts = make_accounts(at=context.now, on=on)
    columns = [
        Column("username", t("登录名", "user name")), Column("role", t("角色", "role")), Column("person", t("人员", "person")),
    ]  # fmt: skip
    rows = [[each.username, context.say(f"account_role.{each.role.value}"), each.person] for each in accounts]
    emit([Sheet(t("登录账号", "Sign-ins"), columns, rows)], Format.table, None)
    context.tell("serve.demo", password=PASSWORD, home=str(home))
    print_line(address)
