"""The processes of an installation: web server, worker and clock, started together and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

GRACE: Final = 10.0
"""Seconds that a process has to end by itself before it is ended."""
TICK: Final = 1.0
TRIES: Final = 20


@dataclass
class Family:
    """Processes that live and die together; ``each_tick`` is called about once a second while they run."""

    commands: Sequence[Sequence[str]]
    each_tick: Callable[[], None] = lambda: None
    ends_at: float = float("inf")
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    told_to_stop: bool = False

    def run(self) -> int:
        """Run until told to stop, until the time is over, or until one of them ends; its exit code, else 0."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.running = [subprocess.Popen(command, env=os.environ) for command in self.commands]  # noqa: S603
        try:
            while not self.told_to_stop and time.monotonic() < self.ends_at:
                ended = [process.returncode for process in self.running if process.poll() is not None]
                if ended:
                    return ended[0] or 1
                self.each_tick()
                time.sleep(TICK)
            return 0
        finally:
            self.end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def end(self) -> None:
        """Ask every process to end, wait, and end those that do not."""
        for process in self.running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + GRACE
        for process in self.running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def web_server(host: str, port: int, workers: int) -> list[str]:
    """granian with the pages."""
    return [
        sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port),
        "--workers", str(workers), "--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning",
        "fuxiao.config.asgi:application",
    ]  # fmt: skip


def worker() -> list[str]:
    """The worker that takes imports and other long work from the database, one at a time."""
    return [sys.executable, "-m", "django", "db_worker", "--interval", "0.5", "--no-startup-delay", "--queue-name", "*"]


def hindrance(host: str, port: int) -> OSError | None:
    """Why nobody can listen there. The web server would not tell that somebody else does: both would answer in turn."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error
    return None


def free_port(host: str, wanted: int) -> int:
    """The port wanted, or the next one that nobody listens on."""
    return next((port for port in range(wanted, wanted + TRIES) if hindrance(host, port) is None), wanted)
