"""The public help-desk log of an Italian software company (21,348 events, 4,580 tickets, 2010 to 2014), end to end.

The proposed mapping needs no correction. Every published figure is reproduced but for these definitions:

- ``OPEN_AGAIN``: one ticket was taken in charge again 33 days after its automatic closing, and never resolved since.
  The publication counts it as resolved; here it is open. 4,568 tickets are resolved, not 4,569. The figures of the
  groups it belongs to differ by this ticket and nothing else.
- ``TTR``: the product's time to resolve leaves out what lies between a resolve and the reopening that follows; the
  published one runs from opening to the last resolve, whatever lay between (here the desk's own ``HD_LAST``).
- ``HD_HANDOVER``: the published "handover" counts any second pair of hands, the automatic closing too (99.96 %). The
  product's transfer rate counts assignments from one holder to another; the log has none.
- ``REO``: the product's reopen rate belongs to the month and agent of the *first* resolve and ends after 14 days;
  the published one has no limit and belongs to the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from command_line import fuxiao
from public_logs import EXACT, NEEDED, Figures, explained, figures, home_of, paid_as_scored, reference

pytestmark = NEEDED

SPANS = {
    "first_response_hours": ("HD_RESPONSE", "first_response_calendar"),
    "first_resolve_hours": ("HD_FIRST", "first_resolution_calendar"),
    "last_resolve_hours": ("HD_LAST", "last_resolve"),
    "close_hours": ("HD_CLOSE", "closing"),
}
STATISTICS = {"": "mean", "_P50": "median", "_P90": "p90"}
CODES = [f"{code}{tail}" for code, _ in SPANS.values() for tail in STATISTICS]
CODES += ["RES", "HD_REOPENED", "HD_HANDOVER", "TRF"]
GROUPS = {"month": "company", "agent_month": "person"}
WHOLE = {"overall": None, "agent": "ao", "service_level": "service_level", "workgroup": "unit"}
OPEN_AGAIN = "Case 2436"
OF_ITS_OWN = {"last_resolve": 3_298, "closing": 1_299_312}
"""Seconds from its opening to its only resolve and to its closing, as the raw file has them."""
DIFFERENT = {
    ("", "2013-10"): {
        "HD_RESPONSE": 91.381860, "HD_RESPONSE_P50": 3.216944, "HD_RESPONSE_P90": 309.609389,
        "HD_FIRST": 571.077203, "HD_FIRST_P50": 551.676944, "HD_FIRST_P90": 831.037333,
        "HD_LAST": 591.325840, "HD_LAST_P50": 567.578611, "HD_LAST_P90": 878.562611,
        "HD_CLOSE": 951.958275, "HD_CLOSE_P50": 927.583333, "HD_CLOSE_P90": 1238.568000,
    },
    ("Value 1", "2013-10"): {
        "HD_RESPONSE": 62.511713, "HD_RESPONSE_P50": 0.018056, "HD_RESPONSE_P90": 251.621056,
        "HD_FIRST": 678.360718, "HD_FIRST_P50": 602.913750, "HD_FIRST_P90": 909.753222,
        "HD_LAST": 680.524653, "HD_LAST_P50": 602.913750, "HD_LAST_P90": 909.753222,
        "HD_CLOSE": 1040.945856, "HD_CLOSE_P50": 963.419306, "HD_CLOSE_P90": 1269.757000,
    },
}  # fmt: skip
"""What the product says where the publication counts ``OPEN_AGAIN``."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_of(tmp_path_factory.mktemp("italy"), "help_desk", "helpdesk-italy/helpdesk.csv")


@pytest.fixture(scope="module")
def by(home: Path) -> dict[str, Figures]:
    return {level: figures(home, kind, CODES, "2010-01", "--to", "2014-01") for level, kind in GROUPS.items()}


@pytest.fixture(scope="module")
def facts(home: Path) -> pa.Table:
    fuxiao("export", "facts.cases", "-o", home / "facts.parquet", home=home)
    table = pq.read_table(home / "facts.parquet")
    return table.append_column("last_resolve", pc.subtract(table["resolved_at"], table["opened_at"]))


def rows_of(level: str) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    for row in reference("helpdesk-italy"):
        if row["level"] == level:
            yield (row["agent"], row["month"]), row


@pytest.mark.parametrize("level", GROUPS)
def test_every_published_count_of_a_month_is_reproduced(by: dict[str, Figures], level: str) -> None:
    seen = 0
    for key, row in rows_of(level):
        mine, less = by[level][key], int(key in DIFFERENT)
        assert int(mine["RES"]["n"]) == int(row["resolved_cases"]) - less, key
        assert int(mine["HD_REOPENED"]["numerator"]) == int(row["reopened_cases"]) - less, key
        for column, (code, _) in SPANS.items():
            assert int(mine[code]["n"] if code in mine else 0) == int(row[f"{column}_n"]) - less, (key, code)
        share = int(mine["HD_REOPENED"]["numerator"]) / int(mine["HD_REOPENED"]["denominator"])
        assert abs(float(mine["HD_REOPENED"]["value"]) / 100 - share) <= EXACT
        assert less or abs(share - float(row["reopen_rate"])) <= EXACT
        seen += 1
    assert seen == len(by[level]) == {"month": 48, "agent_month": 449}[level]


@pytest.mark.parametrize("level", GROUPS)
def test_every_published_mean_and_percentile_of_a_month_is_reproduced(by: dict[str, Figures], level: str) -> None:
    compared = 0
    for key, row in rows_of(level):
        for code, figure in published(row).items():
            mine = by[level][key].get(code)
            if key in DIFFERENT:
                assert mine
                assert float(mine["value"]) == DIFFERENT[key][code], (key, code)
            elif not figure:
                assert mine is None
            else:
                assert mine
                assert abs(float(mine["value"]) - float(figure)) <= EXACT, (key, code)
                compared += 1
    assert compared > {"month": 560, "agent_month": 4_000}[level]


def published(row: dict[str, str]) -> dict[str, str]:
    """The published figures by the code of ours."""
    spans = ((column, code, tail, name) for column, (code, _) in SPANS.items() for tail, name in STATISTICS.items())
    return {f"{code}{tail}": row[f"{column}_{name}"] for column, code, tail, name in spans}


@pytest.mark.parametrize("level", WHOLE)
def test_with_the_one_ticket_that_is_open_again_the_whole_log_is_the_published_one(facts: pa.Table, level: str) -> None:
    """Four years are no period of the product, so this is its facts, with the one ticket put back as resolved."""
    solved, column = facts.filter(pc.or_(facts["resolved"], pc.equal(facts["case_id"], OPEN_AGAIN))), WHOLE[level]
    assert len(facts.filter(facts["resolved"])) == 4_568
    names = np.array(solved[column].to_pylist() if column else [""] * len(solved))
    compared = 0
    for row in reference("helpdesk-italy"):
        if row["level"] == level:
            chosen = solved.filter(pa.array(names == (row["agent"] or row["service_level"] or row["workgroup"])))
            assert_published(chosen, row)
            compared += 1
    assert compared == len(set(names))


def assert_published(chosen: pa.Table, row: dict[str, str]) -> None:
    assert len(chosen) == int(row["resolved_cases"])
    assert pc.sum(pc.greater(chosen["reopens"], 0)).as_py() == int(row["reopened_cases"])
    for name, (_, fact) in SPANS.items():
        hours = chosen[fact].drop_null().to_numpy() / 3600
        if fact in OF_ITS_OWN and OPEN_AGAIN in chosen["case_id"].to_pylist():
            hours = np.append(hours, OF_ITS_OWN[fact] / 3600)
        assert len(hours) == int(row[f"{name}_n"])
        mine = (hours.mean(), np.median(hours), np.quantile(hours, 0.9)) if len(hours) else ()
        theirs = [float(row[f"{name}_{each}"]) for each in ("mean", "median", "p90")] if len(hours) else []
        assert mine == pytest.approx(theirs, abs=EXACT)


def test_time_to_resolve_leaves_out_what_lies_between_a_resolve_and_a_reopening(home: Path) -> None:
    years = figures(home, "company", ["TTR", "HD_LAST"], "2010", "--to", "2013")
    seconds = {
        key[1]: tuple(int(mine[code]["numerator"]) for code in ("TTR", "HD_LAST")) for key, mine in years.items()
    }
    assert seconds == {
        "2010": (829_082_477, 851_273_777), "2011": (1_116_837_959, 1_151_698_896),
        "2012": (1_037_445_750, 1_040_319_939), "2013": (1_503_215_017, 1_511_470_380),
    }  # fmt: skip


def test_handing_over_means_something_else_here(by: dict[str, Figures]) -> None:
    for key, row in rows_of("month"):
        mine = by["month"][key]
        assert abs(float(mine["HD_HANDOVER"]["value"]) / 100 - float(row["handover_rate"])) <= EXACT
        assert float(mine["TRF"]["value"] or 0) == 0


def test_reopening_within_two_weeks_is_charged_to_the_first_solver(home: Path) -> None:
    """134 of the 152 tickets worked on after a resolve were so within 14 days; a month is that of the first resolve."""
    years = fuxiao("values", "-p", "2010", "--to", "2014", "-i", "REO,HD_REOPENED", "-f", "csv", home=home).rows
    total = {code: sum(int(r["numerator"]) for r in years if r["indicator"] == code) for code in ("REO", "HD_REOPENED")}
    assert total == {"REO": 134, "HD_REOPENED": 151}


def test_from_the_log_to_the_bonus_and_back(home: Path) -> None:
    asked = ("-p", "2012-Q2", "--clock", "calendar", "--as-of", "2012-08-31")
    paid = paid_as_scored(home, *asked)
    assert {row["grade"] for row in paid.values()} == {"S", "A", ""}
    assert (paid["Value 9"]["score"], paid["Value 9"]["total"]) == ("108.22", "3000.00")
    told = explained(home, "Value 9", *asked).out
    assert "Paid in total to Value 9: 3000.00" in told
    assert "Actual value (n = 73, usable): 95.84 h   = 25186872 ÷ 73" in told


def test_the_pages_of_everybody_are_made(home: Path, tmp_path: Path) -> None:
    asked = ("-p", "2012-Q2", "--clock", "calendar", "--as-of", "2012-08-31")
    made = fuxiao("report", *asked, "-o", tmp_path / "report", home=home)
    assert Path(made.out.strip()).is_file()
    people = fuxiao("score", *asked, "-f", "csv", home=home).rows
    assert len(list((tmp_path / "report").glob("scorecard-*.html"))) == len(people) == 13
