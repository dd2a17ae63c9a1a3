"""A promise changed from a day on leaves what was promised before, and what is planned for later."""

from __future__ import annotations

from datetime import date

from fuxiao.core.service_level import Policy, amended, policy_for

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
USUAL = Policy(key="usual", calendar="desk", resolution_minutes=600)
URGENT = Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=240, valid_from=MAY)
LATER = Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=60, valid_from=JULY)
STRICTER = Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=120)


def minutes(policies: tuple[Policy, ...], on: date, priority: str = "P1") -> int | None:
    found = policy_for(policies, on=on, priority=priority)
    return found.resolution_minutes if found else None


def test_from_its_day_on_the_new_promise_holds_and_before_it_the_old_one() -> None:
    found = amended((USUAL, URGENT), STRICTER, since=JUNE)
    assert [minutes(found, day) for day in (date(2026, 4, 30), date(2026, 5, 31), JUNE, JULY)] == [600, 240, 120, 120]
    assert minutes(found, JUNE, "P2") == 600
    again = amended(found, Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=90), since=JULY)
    assert [minutes(again, day) for day in (date(2026, 5, 31), JUNE, JULY)] == [240, 120, 90]


def test_what_begins_later_stays_and_what_begins_the_same_day_gives_way() -> None:
    found = amended((URGENT, LATER), STRICTER, since=JUNE)
    assert [minutes(found, day) for day in (MAY, JUNE, JULY)] == [240, 120, 60]
    assert [minutes(amended(found, STRICTER, since=MAY), day) for day in (MAY, JUNE, JULY)] == [120, 120, 60]
    ended = Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=30, valid_to=date(2026, 6, 15))
    assert [minutes(amended((LATER,), ended, since=JUNE), day) for day in (JUNE, date(2026, 6, 15), JULY)] == [
        30,
        None,
        60,
    ]


def test_what_ended_before_is_left_alone() -> None:
    old = Policy(key="urgent", calendar="desk", priority="P1", resolution_minutes=480, valid_to=MAY)
    assert old in amended((old,), STRICTER, since=JUNE)
