"""A small service department in records: everybody works alike, but for the people who are told to play the system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from facts_world import add, at, built, make_home
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.store import Store
from fuxiao.performance.roster import Roster, read_roster

OCTOBER = parse_period("2026-10")
CUT_OFF = at("2026-11-20 20:00")
ENGINEERS = tuple(f"e{number:02d}" for number in range(1, 15))
AGENTS = {"a1": "desk1", "a2": "desk1", "a3": "desk2", "a4": "desk2"}
CASES_EACH = 60
DIFFICULTIES = ("1.0", "1.0", "1.5", "2.0")


def workdays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


DAYS = workdays(date(2026, 8, 3), date(2026, 10, 28))
MONTH_ENDS = [date(2026, 8, 28), date(2026, 8, 31), date(2026, 9, 29), date(2026, 9, 30)]


@dataclass
class Books:
    """Rows of the datasets, as they are written."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, dataset: str, **row: Any) -> None:
        self.rows.setdefault(dataset, []).append(row)


def moment(day: date, clock: str) -> int:
    return at(f"{day.isoformat()} {clock}")


def write_people(books: Books) -> None:
    units = {
        "field": ENGINEERS,
        "desk1": ("a1", "a2"),
        "desk2": ("a3", "a4"),
        "dispatch": ("d1",),
        "care": ("c1", "c2"),
    }
    roles = {"field": "engineer", "desk1": "agent", "desk2": "agent", "dispatch": "dispatcher", "care": "care"}
    for unit, people in units.items():
        books.add("teams", team=unit, parent=None, name=unit)
        for person in people:
            books.add("people", person=person, name=person)
            books.add("memberships", person=person, team=unit, role=roles[unit], valid_from=0)


def write_case(
    books: Books, person: str, number: int, tricks: Mapping[str, str], *, on: date | None = None, **changed: Any
) -> dict[str, Any]:
    """One case of an engineer from the call to the survey; ``tricks`` says who plays which one."""
    playing = {trick for trick, who in tricks.items() if who == person}
    agent = list(AGENTS)[number % 4]
    day = on or DAYS[(number * 7 + int(person[1:]) * 5) % len(DAYS)]
    if "mass_closing" in playing and number % 2:
        day = MONTH_ENDS[number // 2 % 4]
    late_reply = tricks.get("hollow_first_reply") == agent
    accepted = "14:00" if late_reply else "10:00"
    resolved = "16:00" if late_reply else "13:30"
    if "deadline_bunching" in playing and number % 2:
        resolved = "17:20"
    bad = number % 8 == 3 or ("clock_stopping" in playing and number % 4 == 0)
    end = DAYS[min(DAYS.index(day) + 2, len(DAYS) - 1)] if bad and day in DAYS else day
    picked = "cherry_picking" in playing or number % 3 == 0
    difficulty = "1.0" if "cherry_picking" in playing else DIFFICULTIES[number % 4]
    case = {
        "case_id": f"{person}-{number:03d}", "case_type": "repair", "category": "fridge",
        "difficulty": Decimal(difficulty),
        "customer_id": f"K-{person}-{number}", "device_id": f"D-{person}-{number}", "unit_id": "field",
        "opened_at": moment(day, "09:30"), "fault_code": "F1", "first_response_limit": Decimal(60),
        "resolution_limit": Decimal(480), "resolved_at": moment(end, resolved), "region": "south",
        **changed,
    }  # fmt: skip
    books.add("cases", **case)
    write_events(
        books, case, person=person, agent=agent, day=day, end=end, accepted=accepted, resolved=resolved,
        picked=picked, playing=playing, number=number,
    )  # fmt: skip
    write_visit(books, case, person=person, begun=moment(day, accepted) + 1800, playing=playing, number=number)
    write_survey(books, case, person, end, bad=bad, playing=playing, number=number)
    return case


def write_events(
    books: Books, case: Mapping[str, Any], *, person: str, agent: str, day: date, end: date, accepted: str,
    resolved: str, picked: bool, playing: set[str], number: int,
) -> None:  # fmt: skip
    desk, hour = AGENTS[agent], int(accepted[:2])
    slow = hour > 10
    steps: list[tuple[int, str, str, dict[str, Any]]] = [
        (moment(day, "09:30"), "created", agent, {}),
        (moment(day, "09:40"), "responded", agent, {}),
        (moment(day, "13:45" if slow else "09:45"), "transferred", agent, {"from_unit": desk, "to_unit": "dispatch"}),
    ]
    if desk == "desk2" and number % 20 < 8:
        steps.append((moment(day, "09:47"), "transferred", "d1", {"from_unit": "dispatch", "to_unit": desk}))
        steps.append((moment(day, "09:50"), "transferred", agent, {"from_unit": desk, "to_unit": "dispatch"}))
    steps.append((moment(day, "13:55" if slow else "09:55"), "assigned", "d1",
                  {"from_unit": "dispatch", "to_unit": "field", "to_person": person}))  # fmt: skip
    steps.append((moment(day, accepted), "accepted", person, {"to_unit": "field", "self_picked": picked}))
    if number % 2 == 0:
        steps += _pause(day, end, accepted, person, stopping="clock_stopping" in playing)
    steps.append((moment(end, resolved), "resolved", person, {}))
    for seq, (when, kind, actor, more) in enumerate(sorted(steps, key=lambda step: step[0])):
        delay = 6 * 3600 if "back_dating" in playing and number % 3 == 0 else 30
        books.add("case_events", case_id=case["case_id"], seq=seq, at=when, recorded_at=when + delay, type=kind,
                  actor=actor, **more)  # fmt: skip


def _pause(day: date, end: date, accepted: str, person: str, *, stopping: bool) -> Iterator[Any]:
    """Waiting for the customer: usually soon after the visit, by the player just before the limit."""
    begin = moment(day, "16:55") if stopping and end != day else moment(day, accepted) + 3600
    yield begin, "pend_start", person, {"kind": "customer"}
    yield begin + 1800, "pend_end", person, {"kind": "customer"}


def write_visit(
    books: Books, case: Mapping[str, Any], *, person: str, begun: int, playing: set[str], number: int
) -> None:
    far = 900 if "far_check_ins" in playing and number % 4 == 0 else 40
    books.add("visits", case_id=case["case_id"], visit_no=1, engineer=person, arrived_at=begun, left_at=begun + 1800,
              outcome="fixed", distance_m=Decimal(str(far)))  # fmt: skip
    for line in range(3 if "part_padding" in playing else 1):
        books.add("part_lines", line_id=f"{case['case_id']}/{line}", case_id=case["case_id"], part_no="P",
                  requested_at=begun, requested_by=person, correct=True)  # fmt: skip


def write_survey(
    books: Books, case: Mapping[str, Any], person: str, end: date, *, bad: bool, playing: set[str], number: int
) -> None:
    if "survey_selection" in playing and bad:
        return
    burst = "rating_bursts" in playing and number < 5
    books.add("surveys", survey_id=f"S-{case['case_id']}", case_id=case["case_id"], invited_at=moment(end, "18:30"),
              delivered=True, answered_at=moment(end, "19:30"), csat=5, solved=True, about_person=person,
              source_ip="10.0.0.1" if burst else f"ip-{case['case_id']}")  # fmt: skip


def write_repeats(books: Books, gamer: str, tricks: Mapping[str, str]) -> None:
    """Customers of the gamer call again three days later and get a new case instead of a re-opened one."""
    for number in range(0, CASES_EACH, 4):
        first = next(row for row in books.rows["cases"] if row["case_id"] == f"{gamer}-{number:03d}")
        helper = ENGINEERS[8 + number % 4]
        write_case(books, helper, 500 + number, tricks, device_id=first["device_id"], customer_id=first["customer_id"],
                   case_id=f"again-{number}", on=_workday_after(first["resolved_at"]))  # fmt: skip


def _workday_after(resolved_at: int) -> date:
    """The first working day three days later or more."""
    day = datetime.fromtimestamp(resolved_at, UTC).date() + timedelta(days=3)
    return next(each for each in workdays(day, day + timedelta(days=3)))


def write_costs(books: Books, payer: str) -> None:
    """Goodwill that agents granted in the last fifteen months: around fifty yuan, of the payer around a hundred."""
    for agent in AGENTS:
        for number in range(150):
            amount = 5000 + number % 5 * 500 + (5500 if agent == payer else 0)
            spent = moment(date(2025, 8, 4) + timedelta(days=number * 3), "15:00")
            books.add("costs", cost_id=f"{agent}-{number}", case_id=None, spent_at=spent, kind="compensation",
                      amount=amount, approved_by=agent, value_band="low")  # fmt: skip


def write_complaints(books: Books, hider: str) -> None:
    for owner in ("c1", "c2"):
        for number in range(40):
            books.add("complaints", complaint_id=f"{owner}-{number}", case_id=f"e09-{number:03d}", owner=owner,
                      received_at=moment(DAYS[number], "11:00"), recoded=owner == hider and number % 4 == 0,
                      validity="invalid", channel="internal")  # fmt: skip


@dataclass(frozen=True)
class Company:
    """The store of the department, its people, and who plays which trick."""

    store: Store
    roster: Roster
    tricks: Mapping[str, str]
    period: Period = OCTOBER


def found_company(folder: Any, tricks: Mapping[str, str]) -> Company:
    """Write, import and build the department."""
    books = Books()
    write_people(books)
    for person in ENGINEERS:
        for number in range(CASES_EACH):
            write_case(books, person, number, tricks)
    if "close_and_reopen" in tricks:
        write_repeats(books, tricks["close_and_reopen"], tricks)
    if "order_splitting" in tricks:
        who = tricks["order_splitting"]
        for number in range(0, CASES_EACH, 6):
            same = {"device_id": f"D-{who}-{number}", "customer_id": f"K-{who}-{number}"}
            write_case(books, who, number, tricks, case_id=f"split-{number}", **same)
    write_costs(books, tricks.get("over_compensation", ""))
    write_complaints(books, tricks.get("complaint_hiding", ""))
    inflator = tricks.get("difficulty_inflation", "")
    for number in range(0, CASES_EACH, 5) if inflator else ():
        case_id = f"{inflator}-{number:03d}"
        opened = next(row["opened_at"] for row in books.rows["cases"] if row["case_id"] == case_id)
        books.add("case_events", case_id=case_id, seq=90, at=opened + 3600, recorded_at=opened + 3600, type="recoded",
                  actor=inflator)  # fmt: skip
    store = Store.open(make_home(folder), threads=1)
    add(store, **books.rows)
    if inflator:
        add(store, cases=[_harder(row) for row in books.rows["cases"] if _re_coded(row["case_id"], inflator)])
    built(store, cut_off=CUT_OFF)
    return Company(store, read_roster(store, OCTOBER), tricks)


def _re_coded(case_id: str, person: str) -> bool:
    owner, _dash, number = case_id.partition("-")
    return owner == person and int(number) % 5 == 0


def _harder(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "difficulty": row["difficulty"] + 1}
