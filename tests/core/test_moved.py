"""The parts of a move add up to it, and each is only what it says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.moved import Cell, End, Move, Part, shown, split, together, walked

F = Fraction
KINDS = ("easy", "hard", "odd")
numbers = st.fractions(min_value=0, max_value=100, max_denominator=50)
ends = st.builds(End, numbers, numbers, numbers)


@st.composite
def sides(draw: st.DrawFn) -> list[Cell]:
    made = []
    for member in draw(st.lists(st.sampled_from(["a", "b", "c", ""]), unique=True)):
        for kind in KINDS:
            n = draw(st.integers(0, 12))
            made.append(Cell(member, (kind,), F(draw(st.integers(0, 12))), F(n)))
    return made


def value(cells: list[Cell]) -> F:
    below = sum((cell.below or F(0) for cell in cells), F(0))
    return sum((cell.above for cell in cells), F(0)) / below if below else F(0)


def counted(rates: dict[str, F], cases: dict[str, int], member: str = "a") -> list[Cell]:
    return [Cell(member, (kind,), rates[kind] * n, F(n)) for kind, n in cases.items()]


def moved(before: list[Cell], after: list[Cell], **more: object) -> Move:
    return split(End.open(value(before)), End.open(value(after)), (before, after), **more)  # type: ignore[arg-type]


@given(ends, ends, st.tuples(sides(), sides()), st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")))
def test_whatever_happened_the_parts_add_up_to_the_change(before, after, cells, left, joined):
    move = split(before, after, cells, left=left, joined=joined, scale=F(100))

    assert sum(move.parts.values()) == move.total


@given(sides())
def test_where_nothing_moved_every_part_is_nought(cells):
    assert set(moved(cells, cells).parts.values()) == {0}


@given(
    st.dictionaries(st.sampled_from(KINDS), st.integers(5, 40), min_size=3),
    st.dictionaries(st.sampled_from(KINDS), st.integers(5, 40), min_size=3),
    st.fixed_dictionaries(dict.fromkeys(KINDS, numbers)),
)
def test_where_only_the_kinds_of_cases_moved_the_work_did_not(cases, later, rates):
    move = moved(counted(rates, cases), counted(rates, later))

    assert move.parts[Part.PERFORMANCE] == 0
    assert move.parts[Part.MIX] == move.total


@given(st.dictionaries(st.sampled_from(KINDS), st.integers(5, 40), min_size=3), numbers)
def test_where_the_same_cases_were_done_better_the_mix_did_not_move(cases, better):
    before = dict.fromkeys(KINDS, F(1, 2))
    move = moved(counted(before, cases), counted({**before, "hard": better}, cases))

    assert move.parts[Part.MIX] == 0
    assert move.parts[Part.PERFORMANCE] == move.total


def test_the_worked_example_of_kitagawa():
    """Easy 90 % of 80, hard 50 % of 20 becomes easy 90 % of 50, hard 60 % of 50: from 82 % to 75 %."""
    before = counted({"easy": F(9, 10), "hard": F(1, 2)}, {"easy": 80, "hard": 20})
    after = counted({"easy": F(9, 10), "hard": F(3, 5)}, {"easy": 50, "hard": 50})
    move = moved(before, after)

    assert move.total == F(-7, 100)
    assert move.parts[Part.MIX] == F(-3, 10) * F(9, 10) + F(3, 10) * F(11, 20)
    assert move.parts[Part.PERFORMANCE] == F(1, 10) * F(7, 20)


def test_who_joined_and_left_moves_the_roster_and_nothing_else():
    rates = {"easy": F(9, 10)}
    stays, weak, strong = (
        counted(r, {"easy": 50}, who) for r, who in ((rates, "a"), ({"easy": F(1, 2)}, "b"), (rates, "c"))
    )
    move = moved(stays + weak, stays + strong, left={"b"}, joined={"c"})

    assert move.parts[Part.ROSTER] == move.total == F(1, 5)
    assert move.parts[Part.PERFORMANCE] == move.parts[Part.MIX] == 0


def test_a_team_of_all_new_people_moved_by_its_roster():
    move = moved(
        counted({"easy": F(1)}, {"easy": 9}, "b"), counted({"easy": F(0)}, {"easy": 9}, "c"), left={"b"}, joined={"c"}
    )

    assert move.parts[Part.ROSTER] == move.total == -1


def test_a_kind_of_case_that_comes_new_is_mix_and_one_nobody_had_is_nothing():
    before = counted({"easy": F(1, 2), "odd": F(0)}, {"easy": 20, "odd": 0})
    after = counted({"easy": F(1, 2), "hard": F(1, 4), "odd": F(0)}, {"easy": 20, "hard": 20, "odd": 0})
    move = moved(before, after)

    assert move.parts[Part.PERFORMANCE] + move.parts[Part.MIX] == move.total == F(-1, 8)


def test_a_count_has_no_mix_but_a_roster():
    before, after = [Cell("a", (), F(10)), Cell("b", (), F(4))], [Cell("a", (), F(12))]
    move = split(End.open(F(14)), End.open(F(12)), (before, after), left={"b"})

    assert move.parts[Part.ROSTER] == -4
    assert move.parts[Part.PERFORMANCE] == 2
    assert move.unsplit == {Part.MIX}


def test_what_is_no_sum_over_cases_says_what_cannot_be_told_apart():
    move = split(End.open(F(14)), End.open(F(12)), None)

    assert move.parts[Part.PERFORMANCE] == -2
    assert move.unsplit == {Part.MIX, Part.ROSTER}


def test_late_data_and_a_new_rule_are_told_apart_on_both_sides():
    move = split(End(F(90), F(88), F(80)), End(F(85), F(86), F(83)), None)

    assert move.parts[Part.LATE] == -2 - 1
    assert move.parts[Part.DEFINITION] == -8 + 3
    assert move.parts[Part.PERFORMANCE] == 3


@given(ends, ends, sides(), sides())
def test_points_follow_the_curve_at_every_station_and_add_up(before, after, cells, later):
    move = split(before, after, (cells, later), left="b", joined="c")
    capped = walked(lambda at: min(at * at, F(100)), move)

    assert sum(capped.values()) == min(after.kept**2, F(100)) - min(before.kept**2, F(100))


def test_the_moves_of_several_lines_are_added_up_part_by_part():
    found = together([{Part.MIX: F(1)}, {Part.MIX: F(2), Part.LATE: F(3)}])

    assert found == {Part.MIX: 3, Part.LATE: 3}


@given(
    st.dictionaries(st.sampled_from(Part), st.fractions(-50, 50, max_denominator=999)),
    st.integers(-1, 1),
    st.integers(0, 3),
)
def test_shown_parts_add_up_to_the_shown_change_and_nought_stays_nought(parts, off, places):
    exact = sum(parts.values(), F(0))
    change = (Decimal(round(exact * 10**places)) + off) * Decimal(1).scaleb(-places)
    found = shown(parts, change, places=places)

    assert all(found[part] == 0 for part, amount in parts.items() if amount == 0)
    if any(parts.values()):
        assert sum(found.values()) == change
