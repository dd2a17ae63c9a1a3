"""Targets as of a day: the most specific wins, spans are half-open, late changes need a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fuxiao.core.target import Level, Target, TargetBook, TargetEntry

OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def target(number: int) -> Target:
    return Target(Decimal(number - 10), Decimal(number), Decimal(number + 5))


ROLE = TargetEntry("FTF", Level.ROLE, "field_engineer", target(80), OCT)
TEAM = TargetEntry("FTF", Level.TEAM, "east", target(82), OCT, DEC)
OWN = TargetEntry("FTF", Level.PERSON, "p1", target(84), OCT, NOV, reason="two certificates")
BOOK = TargetBook((ROLE, TEAM, OWN))
WHO = {"person": "p1", "team": "east", "role": "field_engineer"}


def test_the_most_specific_target_that_holds_on_the_day_wins() -> None:
    on = [BOOK.find("FTF", on=day, **WHO) for day in (date(2026, 9, 30), OCT, date(2026, 10, 31), NOV, DEC)]
    assert [found and (found.level, found.target.target) for found in on] == [
        None,
        (Level.PERSON, 84),
        (Level.PERSON, 84),
        (Level.TEAM, 82),
        (Level.ROLE, 80),
    ]


def test_the_scheme_default_is_last_and_the_trace_says_whose_target_it_is() -> None:
    found = BOOK.find("CSAT", on=OCT, person="p1", default=target(90))
    assert found is not None
    assert (found.level, found.trace.params) == (None, {"level": "scheme"})
    own = BOOK.find("FTF", on=OCT, **WHO)
    assert own is not None
    assert own.trace.formula == "74 / 84 / 89"
    assert own.trace.params == {
        "level": "person",
        "subject": "p1",
        "valid_from": "2026-10-01",
        "reason": "two certificates",
    }
    team = BOOK.find("FTF", on=NOV, **WHO)
    assert team is not None
    assert "reason" not in team.trace.params


def test_all_targets_of_a_person_leave_out_what_the_scheme_decides() -> None:
    assert BOOK.targets(["FTF", "CSAT"], on=OCT, **WHO) == {"FTF": target(84)}


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert TargetBook((OWN, TEAM, ROLE)).find("FTF", on=NOV, **WHO) == BOOK.find("FTF", on=NOV, **WHO)


def test_rows_that_follow_each_other_are_no_issue() -> None:
    first = TargetEntry("FTF", Level.ROLE, "field_engineer", target(80), OCT, NOV)
    second = TargetEntry("FTF", Level.ROLE, "field_engineer", target(81), NOV)
    assert TargetBook((second, first)).issues() == ()


def test_overlapping_rows_are_an_issue_and_the_later_start_wins() -> None:
    later = TargetEntry("FTF", Level.ROLE, "field_engineer", target(81), NOV)
    book = TargetBook((later, ROLE))
    found = book.find("FTF", on=NOV, person="x", role="field_engineer")
    assert found is not None
    assert found.target.target == 81
    assert [(issue.where, issue.code) for issue in book.issues()] == [
        ("targets.role.field_engineer.FTF[2026-11-01]", "target.overlap")
    ]


def test_a_row_that_says_nothing_or_ends_before_it_starts_is_an_issue() -> None:
    empty = TargetEntry("FTF", Level.TEAM, "east", Target(), NOV, OCT)
    mixed = TargetEntry("FTF", Level.TEAM, "west", Target(Decimal(1), Decimal(3), Decimal(2)), OCT)
    norm = TargetEntry("VPD", Level.PERSON, "p1", Target(norm=Decimal(5)), OCT)
    assert [issue.code for issue in TargetBook((empty, mixed, norm)).issues()] == [
        "target.empty",
        "target.span_empty",
        "target.order",
    ]
    assert not Target(norm=Decimal(5)).given


def test_a_change_after_the_start_of_the_period_needs_a_reason() -> None:
    inside = TargetEntry("FTF", Level.TEAM, "east", target(82), date(2026, 10, 15))
    backdated = TargetEntry("FTF", Level.TEAM, "west", target(82), OCT, decided_on=date(2026, 10, 20))
    explained = TargetEntry("FTF", Level.TEAM, "north", target(82), date(2026, 10, 15), reason="new territory")
    before = TargetEntry("FTF", Level.TEAM, "south", target(82), OCT, decided_on=date(2026, 9, 20))
    ended = TargetEntry("CSAT", Level.TEAM, "east", target(82), date(2026, 8, 1), OCT, decided_on=NOV)
    next_month = TargetEntry("CSAT", Level.TEAM, "west", target(82), NOV)
    book = TargetBook((inside, backdated, explained, before, ended, next_month))
    assert [(i.where, i.code, i.params["day"]) for i in book.issues(period=(OCT, NOV))] == [
        ("targets.team.east.FTF[2026-10-15]", "target.late_without_reason", "2026-10-15"),
        ("targets.team.west.FTF[2026-10-01]", "target.late_without_reason", "2026-10-20"),
    ]
