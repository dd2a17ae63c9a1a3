"""Who is meant by what a person types."""

from __future__ import annotations

import pytest

from fuxiao.core.period import parse_period
from fuxiao.performance.roster import Member, Roster

NAMES = {"E1": "王强", "E2": "Li Na", "E3": "张伟", "E4": "张伟"}
ROSTER = Roster(parse_period("2026-10"), {p: Member(p, name, "engineer", "north") for p, name in NAMES.items()})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("E1", ["E1"]),
        ("王强", ["E1"]),
        ("王　强", ["E1"]),
        ("li na", ["E2"]),
        ("ＬｉＮａ", ["E2"]),
        ("张伟", ["E3", "E4"]),
        ("E4", ["E4"]),
        ("王", []),
    ],
)
def test_a_person_is_found_by_number_or_by_name_however_it_is_spaced(typed: str, meant: list[str]) -> None:
    assert [member.person for member in ROSTER.find(typed)] == meant
