"""A stand-alone Spark cluster on loopback to try things out: a master, some workers, gone with whoever began it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TypeVar

from fuxiao.core.errors import StoreError

HOST = "127.0.0.1"
WATCH = '"$@" & child=$!; trap "kill $child" TERM; read -r _; kill $child; wait $child'
"""The process ends when its input does, so that it dies with its parent whatever that dies of."""
STARTED = re.compile(r"Starting Spark master at (spark://\S+)\s")
"""What the master says once it listens on a port that the system chose: nobody can take it in between."""
PATIENCE = 180.0
Found = TypeVar("Found")


@contextmanager
def local_cluster(*, workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Start a cluster from the pyspark package and give its address; workers have one core and ``memory`` each.

    Everything is stopped at the end, whatever happens. Raises ``StoreError``: ``spark.missing`` without pyspark or
    Java, ``spark.unreachable`` where the cluster is not ready after three minutes.
    """
    home = _spark_home()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fuxiao-spark-")))
        log = folder / "master.log"
        options = ["--host", HOST, "--port", "0", "--webui-port", "0"]
        stack.enter_context(_daemon(home, "org.apache.spark.deploy.master.Master", options, log))
        master = _await(lambda: _address(log), HOST)
        for number in range(workers):
            options = ["--host", HOST, "--cores", "1", "--memory", memory, "--webui-port", "0",
                       "--work-dir", str(folder / f"worker-{number}"), master]  # fmt: skip
            worker_log = folder / f"worker-{number}.log"
            stack.enter_context(_daemon(home, "org.apache.spark.deploy.worker.Worker", options, worker_log))
        _await(lambda: log.read_text(errors="replace").count("Registering worker") >= workers, master)
        yield master


@contextmanager
def _daemon(home: Path, name: str, options: Sequence[str], log: Path) -> Iterator[None]:
    """A process of the cluster in a group of its own, for as long as the block lasts."""
    order = ["/bin/sh", "-c", WATCH, "sh", str(home / "bin" / "spark-class"), name, *options]
    around = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "512m"}
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 -- our own order, from a package that is installed
            order, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, env=around, start_new_session=True
        )
    try:
        yield
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end; what has not ended after a while is ended."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _spark_home() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise StoreError("spark.missing", reason="pyspark")
    if which("java") is None and "JAVA_HOME" not in os.environ:
        raise StoreError("spark.missing", reason="Java")
    return Path(found.origin).parent


def _address(log: Path) -> str:
    found = STARTED.search(log.read_text(errors="replace"))
    return found[1] if found else ""


def _await(ready: Callable[[], Found], master: str) -> Found:
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        if time.monotonic() > end:
            raise StoreError("spark.unreachable", master=master)
        time.sleep(0.2)
    return found
