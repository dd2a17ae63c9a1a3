"""Targets proposed from a company's own months, with the reasons, ready for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from fuxiao.core.indicator import Direction
from fuxiao.core.period import parse_period
from fuxiao.core.proposal.history import Month, Previous, Rules
from fuxiao.metrics.library import built_in
from fuxiao.performance.decisions import read_decisions
from fuxiao.performance.proposing import House, propose_targets, step_for
from fuxiao.performance.roster import Member, Roster
from hand_facts import HandStore, case

LIBRARY = built_in()
FTF = LIBRARY.get("FTF")
QUARTER = parse_period("2027-Q1")
AS_OF = date(2027, 1, 31)
EXAMPLE = (78, 80, 79, 82, 81, 83, 80, 84, 82, 85, 83, 84)
"""First-time fix in per cent, January to December 2026."""
BENCHMARK_88 = House(benchmarks={"FTF": Decimal(88)})


def months(rates: tuple[int, ...], *, person: str = "li", team: str = "field") -> Iterator[dict[str, Any]]:
    """A hundred visited cases each month of 2026, so many of them fixed at the first visit."""
    for at, rate in enumerate(rates):
        when = {"resolved_month": 2026 * 12 + at, "resolved_day": (date(2026, at + 1, 15) - date(1970, 1, 1)).days}
        for number in range(100):
            yield case(
                0, case_id=f"{person}-{at}-{number}", av=person, av_team=team, visits=1,
                first_visit_fixed=number < rate, **when,
            )  # fmt: skip


STORE = HandStore(cases=[*months(EXAMPLE), *months(EXAMPLE, person="wu", team="other")])
ROSTER = Roster(QUARTER, {p: Member(p, p, "engineer", "field") for p in ("li", "wu")})


def test_the_target_follows_from_history_and_benchmark() -> None:
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=AS_OF, house=BENCHMARK_88)
    assert made.proposal is not None
    assert (made.by, made.subject, made.months) == ("company", "company", 12)
    assert (made.proposal.floor, made.proposal.target, made.proposal.stretch) == (
        Decimal("83.5"), Decimal("86.0"), Decimal("87.0"),
    )  # fmt: skip
    assert made.warnings == ()


def test_every_step_can_be_read_in_the_trace() -> None:
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=AS_OF, house=BENCHMARK_88)
    assert made.trace is not None
    level, limit = made.trace.find("proposal.level"), made.trace.find("proposal.step_limit")
    assert level is not None
    assert limit is not None
    assert level.value == Decimal("84.75")
    assert limit.formula == "max(86, 84 + 0.25 × (88 − 84))"


def test_a_role_is_the_sum_over_its_people() -> None:
    [made] = propose_targets(STORE, [FTF], QUARTER, by="role", roster=ROSTER, as_of=AS_OF, house=BENCHMARK_88)
    assert (made.subject, made.months) == ("engineer", 12)
    assert made.proposal is not None
    assert made.proposal.target == 86


def test_the_rows_can_be_read_back_as_targets(tmp_path: Path) -> None:
    made = propose_targets(STORE, [FTF], QUARTER, by="team", as_of=AS_OF, house=BENCHMARK_88)
    rows = [each.row(decided_on=date(2026, 12, 20), reason="agreed") for each in made]
    plain = [{k: str(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows if row]
    (tmp_path / "targets.yaml").write_text(yaml.safe_dump(plain), encoding="utf-8")
    book = read_decisions(tmp_path).targets
    entry = book.entry("FTF", on=date(2027, 2, 1), person="li", team="field")
    assert [each.subject for each in made] == ["field", "other"]
    assert entry is not None
    assert (entry.target.floor, entry.target.target, entry.target.stretch) == (Decimal("83.5"), 86, 87)
    assert book.entry("FTF", on=date(2027, 4, 1), person="li", team="field") is None


def test_the_company_figure_has_no_row_of_its_own() -> None:
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=AS_OF)
    assert made.row() is None


def test_too_few_months_are_refused_with_the_reason() -> None:
    few = HandStore(cases=list(months(EXAMPLE[:5])))
    [made] = propose_targets(few, [FTF], QUARTER, as_of=AS_OF)
    assert made.refused is not None
    assert (made.proposal, made.refused.code, made.row(), made.trace) == (None, "proposal.too_few_months", None, None)
    assert made.warnings == ()


def test_a_figure_that_is_best_inside_a_range_gets_no_proposal() -> None:
    [made] = propose_targets(STORE, [replace(FTF, direction=Direction.RANGE)], QUARTER, as_of=AS_OF)
    assert made.refused is not None
    assert made.refused.code == "proposal.range_has_no_better"


def test_months_that_are_not_firm_do_not_count() -> None:
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=date(2027, 1, 5))
    assert made.months == 11


def test_a_good_period_raises_the_next_target_by_half_of_the_excess_at_most() -> None:
    last = {("FTF", "company"): Previous(Decimal(80), Decimal(84))}
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=AS_OF, house=BENCHMARK_88, previous=last)
    assert made.proposal is not None
    assert made.proposal.target == 82


def test_no_target_is_worse_than_a_contract_asks() -> None:
    house = House(limits={"FTF": Decimal(90)}, rules=Rules(snap=Decimal(1)))
    [made] = propose_targets(STORE, [FTF], QUARTER, as_of=AS_OF, house=house)
    assert made.proposal is not None
    assert (made.proposal.floor, made.proposal.target) == (90, 90)


def test_nothing_is_proposed_where_nothing_is_asked() -> None:
    sums = [each for each in LIBRARY if each.by(("person",)).denominator is None][:1]
    assert propose_targets(STORE, sums, QUARTER, by="role", roster=ROSTER, as_of=AS_OF) == []


def test_steps_are_round_and_fit_the_size_of_the_figure() -> None:
    def step(value: str) -> Decimal:
        return step_for([Month(2026, 1, Decimal(value), 30)])

    assert [step(v) for v in ("37.2", "3.9", "812", "0", "150")] == [
        Decimal("0.5"), Decimal("0.05"), Decimal(10), Decimal(1), Decimal(2),
    ]  # fmt: skip
    assert step_for([]) == 1
