"""Runs one way in this process and prints its timing as JSON; started by ``bench.way.run_apart``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.way import run_here
from bench.ways import WAYS


def main(name: str, home: str, repeats: str, warm: str) -> None:
    first_to_go()
    timing = run_here(WAYS[name], Path(home), repeats=int(repeats), warm=warm == "1")
    print(json.dumps(asdict(timing)))


def first_to_go() -> None:
    """Where a way asks for more memory than there is, it shall end, and nothing else of the machine."""
    score = Path("/proc/self/oom_score_adj")
    if score.is_file():
        score.write_text("1000")


if __name__ == "__main__":
    main(*sys.argv[1:])
