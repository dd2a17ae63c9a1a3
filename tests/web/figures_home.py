"""A home folder with three months of cases of two engineers, for pages of figures."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from facts_world import add, at, built
from fuxiao.datasets.store import Store
from fuxiao.studio.packs import make_home

MONDAYS = {8: date(2026, 8, 10), 9: date(2026, 9, 7), 10: date(2026, 10, 12)}
ROSTER = {
    "people": [("E1", "赵强"), ("E2", "王芳"), ("E3", "张伟"), ("E4", "李娜")],
    "teams": [("D", None, "服务部"), ("T1", "D", "一组"), ("T2", "D", "二组")],
    "memberships": [("E1", "D"), ("E2", "T1"), ("E3", "T1"), ("E4", "T2")],
}
KEPT: list[Path] = []
"""As it was made first in this process, before anybody wrote into it."""


def figures_home(folder: Path) -> Path:
    """A copy of the one that a process makes once, in a folder that may hold a secret already."""
    if not KEPT:
        KEPT.append(_made(folder.with_name("figures-as-made")))
    return Path(shutil.copytree(KEPT[0], folder, dirs_exist_ok=True))


def _made(folder: Path) -> Path:
    """30 cases a month and engineer from August to October 2026: 张伟 answers in 10 minutes, 李娜 in 20.

    One of 张伟's October cases is a test. The first case of a month was paused for the customer for an hour.
    """
    make_home(folder, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    with Store.open(folder, threads=1) as store:
        add(store, **_people(), **_cases())
        built(store, cut_off=at("2026-11-06 09:00"))
    return folder


def _people() -> dict[str, list[dict[str, object]]]:
    return {
        "people": [{"person": key, "name": name} for key, name in ROSTER["people"]],
        "teams": [{"team": key, "parent": parent, "name": name} for key, parent, name in ROSTER["teams"]],
        "memberships": [
            {"person": key, "team": team, "role": "field_engineer", "valid_from": 0}
            for key, team in ROSTER["memberships"]
        ],
        "customers": [{"customer_id": "K1", "name": "钟女士", "phone": "13812344408"}],
    }


def _cases() -> dict[str, list[dict[str, object]]]:
    cases: list[dict[str, object]] = []
    events: list[dict[str, object]] = []
    for month in (8, 9, 10):
        for person, team, minutes in (("E3", "T1", 10), ("E4", "T2", 20)):
            for number in range(30):
                case = f"{person}-{month}-{number:02d}"
                opened = _opened(month, number)
                cases.append({
                    "case_id": case, "opened_at": opened, "unit_id": team, "owner": person, "customer_id": "K1",
                    "product": "空调" if number % 2 else "=热水器", "case_type": "维修", "title": f"故障 {number}",
                    "is_test": (person, month, number) == ("E3", 10, 0),
                })  # fmt: skip
                events += _events(case, opened, person, minutes, paused=number == 1)
    return {"cases": cases, "case_events": events}


def _opened(month: int, number: int) -> int:
    """Ten in the morning of one of ten working days, three cases a day."""
    week, weekday = divmod(number % 10, 5)
    monday = MONDAYS[month] + timedelta(days=7 * week)
    return at(f"{(monday + timedelta(days=weekday)).isoformat()} 10:00") + number


def _events(case: str, opened: int, person: str, minutes: int, *, paused: bool) -> list[dict[str, object]]:
    steps: list[tuple[int, str, str | None]] = [
        (0, "created", None),
        (60, "assigned", None),
        (minutes * 60, "responded", None),
    ]
    steps += [(3600, "pend_start", "customer"), (7200, "pend_end", "customer")] if paused else []
    steps += [(4 * 3600, "resolved", None)]
    return [
        {
            "case_id": case, "seq": seq, "at": opened + after, "type": kind, "kind": pause,
            "actor": None if kind == "created" else person, "to_person": person if kind == "assigned" else None,
        }
        for seq, (after, kind, pause) in enumerate(steps)
    ]  # fmt: skip
