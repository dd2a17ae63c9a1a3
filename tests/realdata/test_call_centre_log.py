"""The public call list of an appliance call centre (1,772 calls, January 2016, eight agents), end to end.

The proposed mapping needs no correction; every published figure is reproduced, and none is defined differently.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import fuxiao
from public_logs import EXACT, NEEDED, Figures, explained, figures, home_of, paid_as_scored, reference

pytestmark = NEEDED

MONTH = "2016-01"
COUNTS = {"calls": "CC_CALLS", "answered": "CC_ANSWERED", "resolved": "CC_RESOLVED", "csat_n": "CSAT_MEAN"}
SHARES = {
    "answer_rate": "CC_ANSWERED", "resolved_rate_all": "CC_RESOLVED", "resolved_rate_answered": "CC_SOLVED",
    "within_60s_rate": "CC_WITHIN_60", "csat_top2_rate": "CSAT", "csat_low_rate": "CC_LOW",
}  # fmt: skip
MEANS = {
    "speed_s_mean": "CC_SPEED", "speed_s_median": "CC_SPEED_P50", "speed_s_p90": "CC_SPEED_P90",
    "talk_s_mean": "CC_TALK", "talk_s_median": "CC_TALK_P50", "talk_s_p90": "CC_TALK_P90", "csat_avg": "CSAT_MEAN",
}  # fmt: skip
LEVELS = {"overall": "company", "month": "company", "agent": "person", "agent_month": "person", "topic": "unit"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_of(tmp_path_factory.mktemp("calls"), "call_centre", "callcenter-appliance/Call_Center.csv")


@pytest.fixture(scope="module")
def by(home: Path) -> dict[str, Figures]:
    codes = dict.fromkeys((*COUNTS.values(), *SHARES.values(), *MEANS.values()))
    return {kind: figures(home, kind, codes, MONTH) for kind in set(LEVELS.values())}


@pytest.mark.parametrize("level", LEVELS)
def test_every_published_figure_is_reproduced(by: dict[str, Figures], level: str) -> None:
    rows = [row for row in reference("callcenter-appliance") if row["level"] == level]
    assert len(rows) == {"company": 1, "person": 8, "unit": 5}[LEVELS[level]] == len(by[LEVELS[level]])
    for row in rows:
        mine = by[LEVELS[level]][row["agent"] or row["topic"], MONTH]
        for column, code in COUNTS.items():
            figure = mine[code]["n" if code in {"CC_CALLS", "CSAT_MEAN"} else "numerator"]
            assert int(figure) == int(row[column]), (row["agent"], code)
        for column, code in SHARES.items():
            assert abs(float(mine[code]["value"]) / 100 - float(row[column])) <= EXACT, (row["agent"], code)
        for column, code in MEANS.items():
            assert abs(float(mine[code]["value"]) - float(row[column])) <= EXACT, (row["agent"], code)


def test_from_the_call_list_to_the_bonus_and_back(home: Path) -> None:
    asked = ("-p", MONTH, "--clock", "calendar")
    paid = paid_as_scored(home, *asked)
    assert (paid["Becky"]["score"], paid["Becky"]["total"]) == ("92.03", "2400.00")
    told = explained(home, "Becky", *asked).out
    assert "Paid in total to Becky: 2400.00" in told
    assert "Actual value (n = 216, usable): 81.94%   = 177 ÷ 216" in told
    assert "Actual value (n = 177, usable): 64.35 s   = 11390 ÷ 177" in told


def test_the_rows_under_a_figure_add_up_to_it(home: Path) -> None:
    rows = fuxiao("rows", "CC_ANSWERED", "-p", MONTH, "--subject", "Becky", "--limit", 500, "-f", "csv", home=home).rows
    assert (sum(int(row["numerator"]) for row in rows), len(rows)) == (177, 216)
