"""A home folder with one month of ten engineers, for pages of the fair comparison and of the time of cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from facts_world import add
from fuxiao.datasets.store import Store
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.studio.packs import make_home
from hand_facts import case, table_of

HOUR = 3600
NAMES = {
    "E1": "赵强", "E2": "王芳", "E3": "张伟", "E4": "李娜", "H1": "何一", "H2": "何二", "H3": "何三", "S1": "周调",
    "S2": "孙二", "S3": "孙三", "W1": "吴慢", "N1": "钱新",
}  # fmt: skip
HARD, EASY = ("E3", "H1", "H2", "H3"), ("E4", "S1", "S2", "S3")
"""张伟 and three others of 一组 get the hard cases, 李娜 and three others of 二组 the easy ones."""
TEAM_OF = {"E1": "D", "E2": "T1", **dict.fromkeys((*HARD, "W1", "N1"), "T1"), **dict.fromkeys(EASY, "T2")}
MOVED = (date(2026, 11, 1) - date(1970, 1, 1)).days
"""On that day 周调 came from 二组 to 一组."""


def people() -> dict[str, list[dict[str, Any]]]:
    """Everybody with their teams, as datasets of the lake and for the organisation."""
    return {
        "people": [{"person": key, "name": name, "hired_on": 18_000, "left_on": None} for key, name in NAMES.items()],
        "teams": [
            {"team": "D", "parent": None, "name": "服务部", "kind": "", "lead": "E1"},
            {"team": "T1", "parent": "D", "name": "一组", "kind": "field", "lead": "E2"},
            {"team": "T2", "parent": "D", "name": "二组", "kind": "field", "lead": None},
        ],
        "memberships": list(_memberships()),
    }


def _memberships() -> Iterator[dict[str, Any]]:
    for person, team in TEAM_OF.items():
        role = "lead" if person in ("E1", "E2") else "field_engineer"
        row = {"person": person, "team": team, "role": role, "valid_from": 18_000, "valid_to": None}
        if person == "S1":
            yield {**row, "valid_to": MOVED}
            yield {**row, "team": "T1", "valid_from": MOVED}
        else:
            yield row


def _jobs(person: str, difficulty: int, fixed: int, of: int) -> Iterator[dict[str, Any]]:
    team = TEAM_OF[person]
    for number in range(of):
        yield case(
            0, case_id=f"{person}-{difficulty}-{number:03d}", av=person, av_team=team, ao=person, ao_team=team,
            difficulty=difficulty, case_type="维修", in_warranty=True, region="华东", visits=1, assigned_at=1,
            first_visit_fixed=number < fixed, **_times(first=number == 0),
        )  # fmt: skip


def _times(*, first: bool) -> dict[str, int]:
    """Ten hours each. Of a person's first case of a kind the customer took three and the parts two."""
    stopped = 5 if first else 0
    return {
        "lead_business": 10 * HOUR, "own_resolution_business": (10 - stopped) * HOUR,
        "pause_customer": 3 * HOUR if first else 0, "pause_parts": 2 * HOUR if first else 0, "pause_third_party": 0,
    }  # fmt: skip


def cases() -> Iterator[dict[str, Any]]:
    """Easy cases are fixed nine times in ten, hard ones six in ten. 吴慢 is slow at both; 钱新 is new and unlucky."""
    for person in (*HARD, *EASY, "W1"):
        easy, hard = (20, 180) if person in HARD else (180, 20)
        skill = Decimal("0.6") if person == "W1" else Decimal(1)
        yield from _jobs(person, 1, int(easy * Decimal("0.9") * skill), easy)
        yield from _jobs(person, 2, int(hard * Decimal("0.6") * skill), hard)
    yield from _jobs("N1", 1, 1, 6)


def shares() -> Iterator[dict[str, Any]]:
    """Of each case its owner had two hours, and 李娜 of 二组 one hour of each of 张伟's."""
    month = {"resolved_month": 2026 * 12 + 9, "resolved_day": 20_736}
    for row in cases():
        person, total = row["ao"], 3 * HOUR if row["ao"] == "E3" else 2 * HOUR
        held = {"case_id": row["case_id"], "total": total, **month}
        yield {**held, "person": person, "person_team": TEAM_OF[person], "held": 2 * HOUR}
        if person == "E3":
            yield {**held, "person": "E4", "person_team": "T2", "held": HOUR}


def fair_home(folder: Path) -> Path:
    make_home(folder, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    rows = {"cases": cases(), "shares": shares()}
    paths = [(team, up) for team, ups in (("D", "D"), ("T1", ("T1", "D")), ("T2", ("T2", "D"))) for up in ups]
    with Store.open(folder, threads=1) as store:
        add(store, **people())
        with store.change() as change:
            for name in FACT_TABLES:
                change.put_facts(name, table_of(name, rows.get(name, ())))
            change.put_facts("team_paths", table_of("team_paths", [{"team": t, "ancestor": a} for t, a in paths]))
    return folder
