"""Whoever plays the system is found by the right signal; whoever does not is left in peace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fuxiao.core.errors import DefinitionError
from fuxiao.performance.signals import SignalReport, find_signals, read_limits
from small_company import CUT_OFF, OCTOBER, Company, found_company

TRICKS = {
    "cherry_picking": "e01",
    "close_and_reopen": "e02",
    "survey_selection": "e03",
    "mass_closing": "e04",
    "deadline_bunching": "e05",
    "back_dating": "e06",
    "far_check_ins": "e06",
    "order_splitting": "e07",
    "part_padding": "e08",
    "difficulty_inflation": "e09",
    "rating_bursts": "e10",
    "clock_stopping": "e11",
    "hollow_first_reply": "a1",
    "over_compensation": "a2",
    "complaint_hiding": "c1",
}
AS_OF = datetime.fromtimestamp(CUT_OFF, UTC)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = found_company(tmp_path_factory.mktemp("players") / "home", TRICKS)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def report(company: Company) -> SignalReport:
    return find_signals(company.store, OCTOBER, roster=company.roster, as_of=AS_OF)


def test_every_player_is_found_and_nobody_else(report: SignalReport) -> None:
    found = {(finding.detector, finding.signal.subject) for finding in report.findings}
    expected = {*TRICKS.items(), ("ping_pong", "desk2 → dispatch")}
    assert found == expected


def test_what_the_records_cannot_support_is_named_with_the_columns(report: SignalReport) -> None:
    assert dict(report.missing) == {
        "over_compensation_proposed": ("costs.proposer",),
        "unlogged_complaints": ("records.checks.unlogged_complaint",),
    }


def test_each_signal_only_opens_a_review_and_shows_the_cases(report: SignalReport) -> None:
    for finding in report.findings:
        assert finding.consequence == "review"
        assert finding.trace.params["consequence"] == "review"
        assert 0 < len(finding.cases) <= 20 or finding.detector == "over_compensation"


def test_the_cases_behind_are_the_players_own(report: SignalReport) -> None:
    [finding] = [each for each in report.of("e05") if each.detector == "deadline_bunching"]
    assert all(case.startswith("e05-") for case in finding.cases)
    assert finding.signal.evidence["stretch_before"] == 0
    assert finding.looked_at == 1


def test_close_and_reopen_shows_the_rate_that_the_reopening_rate_hides(report: SignalReport) -> None:
    [finding] = report.of("e02")
    assert finding.signal.evidence == {
        "closed": 60, "reopened": 0, "new_same_device": 15, "shown": 0.0, "real": 0.25, "gap": 0.25,
    }  # fmt: skip


def test_the_report_says_the_same_twice(company: Company, report: SignalReport) -> None:
    again = find_signals(company.store, OCTOBER, roster=company.roster, as_of=AS_OF)
    assert again.findings == report.findings
    assert again.trace.as_dict() == report.trace.as_dict()


def test_a_month_alone_is_a_smaller_sample(company: Company) -> None:
    alone = find_signals(company.store, OCTOBER, roster=company.roster, as_of=AS_OF, months=0)
    assert alone.window.start == OCTOBER.start
    assert {"over_compensation"} >= {f.detector for f in alone.findings if f.signal.subject == "a2"}


def test_honest_people_raise_nothing(tmp_path: Path) -> None:
    quiet = found_company(tmp_path / "home", {})
    report = find_signals(quiet.store, OCTOBER, roster=quiet.roster, as_of=AS_OF)
    quiet.store.close()
    assert {finding.signal.subject for finding in report.findings} == {"desk2 → dispatch"}


def test_a_company_sets_its_own_thresholds(company: Company) -> None:
    strict = read_limits({"rating_bursts": {"same_source": 6}, "over_compensation": {"excess_above": 9}})
    report = find_signals(company.store, OCTOBER, roster=company.roster, as_of=AS_OF, thresholds=strict)
    gone = {"rating_bursts", "over_compensation"}
    assert not gone & {finding.detector for finding in report.findings}
    assert report.thresholds["over_compensation"].numbers()["excess_above"] == 9


def test_wrong_thresholds_are_refused_with_every_issue() -> None:
    with pytest.raises(DefinitionError) as refused:
        read_limits(
            {
                "over_compensation": {"exces_above": 1, "fewest": -1},
                "cherry_piking": {},
                "ping_pong": {"share_above": -1},
            }
        )
    assert [(issue.where, issue.code) for issue in refused.value.issues] == [
        ("signals.over_compensation.exces_above", "signal.unknown_threshold"),
        ("signals.over_compensation.fewest", "signal.threshold_negative"),
        ("signals.cherry_piking", "signal.unknown"),
        ("signals.ping_pong.share_above", "signal.threshold_negative"),
    ]


def test_over_compensation_is_measured_against_the_others(report: SignalReport) -> None:
    [finding] = report.of("a2")
    assert finding.signal.code == "P3"
    assert Decimal(str(finding.signal.evidence["expected"])) < finding.signal.evidence["paid"]
