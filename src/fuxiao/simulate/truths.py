"""What was planted in a simulated company, so that a test can ask whether it is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad row put into a file on purpose: file, line (the header is line 1), column, and what is wrong."""

    file: str
    line: int
    column: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Truths:
    """The planted behaviours (employee numbers and unit names; nothing where the company is too small) and bad rows.

    ``honest`` are all others who handle cases: no signal may name them for what was planted.
    ``deciders`` are a team lead (or the first employee) and the director, who confirm bonus events.
    ``cases`` counts the distinct case numbers written, ``late_cases`` those that stand only in the late file.
    """

    seed: int
    people: int
    first_day: str
    last_day: str
    exported_at: str
    cases: int = 0
    late_cases: int = 0
    cherry_picker: str = ""
    reopen_gamer: str = ""
    survey_skipper: str = ""
    over_compensator: str = ""
    better_engineer: str = ""
    worse_engineer: str = ""
    hard_team: str = ""
    slow_handoff: tuple[str, str] | None = None
    ping_pong: tuple[str, str] | None = None
    joiner: str = ""
    leaver: str = ""
    movers: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    honest: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    rows: Mapping[str, int] | None = None

    def write(self, path: Path) -> None:
        """Write the truths as JSON, readable by people."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
