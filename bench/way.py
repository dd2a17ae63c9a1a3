"""One measured way of doing a piece of work: what is timed, how often, in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Work = Callable[[], object]
Prepare = Callable[[Path], Work]


@dataclass(frozen=True, slots=True)
class Timing:
    """Median wall and processor seconds of some runs, the peak memory of the process in GB, and remarks."""

    seconds: float
    cpu: float
    peak: float
    notes: Mapping[str, object]


def run_here(prepare: Prepare, home: Path, *, repeats: int, warm: bool) -> Timing:
    """Prepare, then time the work; ``warm`` runs it once unmeasured before."""
    work = prepare(home)
    if warm:
        work()
    wall: list[float] = []
    used: list[float] = []
    notes: dict[str, object] = {}
    for _ in range(repeats):
        before, clock = _cpu(), time.perf_counter()
        found = work()
        wall.append(time.perf_counter() - clock)
        used.append(_cpu() - before)
        notes |= found if isinstance(found, dict) else {}
        del found
    # A mapping of numbers from the work itself replaces what was measured around it.
    return Timing(median(wall), median(used), _peak(), notes)


def _peak() -> float:
    """The most memory that this process ever had, in GB; the system's own count begins with that of its parent."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    most = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return most[0] / 1e6 if most else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _cpu() -> float:
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime


def run_apart(name: str, home: Path, *, repeats: int, warm: bool) -> Timing:
    """The same in a new process, so that its peak memory is its own; ``RuntimeError`` says why one did not end well."""
    root = Path(__file__).resolve().parents[1]
    order = [sys.executable, "-m", "bench.worker", name, str(home), str(repeats), str(int(warm))]
    paths = os.pathsep.join([str(root), str(root / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        order, cwd=root, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    if done.returncode < 0:
        raise RuntimeError(f"ended by {signal.Signals(-done.returncode).name}")
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:] or f"ended with {done.returncode}")
    return Timing(**json.loads(done.stdout.strip().splitlines()[-1]))
