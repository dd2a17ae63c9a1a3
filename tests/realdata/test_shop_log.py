"""The public contact list of an online shop (8,243 contacts, July and August 2023, 661 agents), end to end.

The proposed mapping needs no correction; the headline figures are reproduced, and the ratings of every supervisor and
agent are those of the raw file.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from command_line import fuxiao
from public_logs import EXACT, FOLDER, NEEDED, explained, figures, home_of, paid_as_scored

pytestmark = NEEDED

FILE = "shopzilla-csat/dev.csv"
HEADLINE = {
    "VOL": (8_243, None), "CSAT": (8_243, 82.1546), "CSAT_MEAN": (8_243, 4.234502), "SH_LOW": (8_243, 14.5942),
    "SH_RESPONSE": (7_922, 172.880), "SH_RESPONSE_P50": (7_922, 6), "SH_RESPONSE_P90": (7_922, 410.9),
    "FRT_OPEN": (321, 321),
}  # fmt: skip
"""n, and the figure to as many places as it was published with."""
HIDDEN_BELOW = 5
"""The product's own indicators show no figure of fewer ratings; the shop's own one does."""
PLACES = {"CSAT": 4, "SH_LOW": 4, "CSAT_MEAN": 6, "SH_RESPONSE": 3}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_of(tmp_path_factory.mktemp("contacts"), "shop", FILE)


def test_the_headline_figures_are_reproduced(home: Path) -> None:
    mine = figures(home, "company", HEADLINE, "2023")["", "2023"]
    for code, (n, figure) in HEADLINE.items():
        assert int(mine[code]["n"]) == n, code
        assert figure is None or round(float(mine[code]["value"]), PLACES.get(code, 6)) == figure, code


@pytest.mark.parametrize(
    ("by", "header", "subjects"), [("supervisor", "Supervisor", 20), ("person", "Agent_name", 661)]
)
def test_the_ratings_of_everybody_are_those_of_the_raw_file(home: Path, by: str, header: str, subjects: int) -> None:
    ratings: dict[str, list[int]] = defaultdict(list)
    with (FOLDER / FILE).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            ratings[row[header]].append(int(row["CSAT Score"]))
    mine = figures(home, by, ["CSAT_MEAN", "CSAT", "SH_LOW"], "2023")
    assert len(mine) == len(ratings) == subjects
    for name, given in ratings.items():
        found = mine[name, "2023"]
        if len(given) < HIDDEN_BELOW:
            assert [found[code]["value"] for code in ("CSAT_MEAN", "CSAT")] == ["", ""]
        else:
            assert (int(found["CSAT_MEAN"]["n"]), int(found["CSAT_MEAN"]["numerator"])) == (len(given), sum(given))
            assert int(found["CSAT"]["numerator"]) == sum(each >= 4 for each in given)
        assert abs(float(found["SH_LOW"]["value"]) - 100 * sum(each <= 2 for each in given) / len(given)) <= EXACT


def test_an_answer_before_the_question_is_reported_and_left_out(home: Path) -> None:
    map_ = home / "mappings" / "log.toml"
    (found,) = fuxiao("import", FOLDER / FILE, "--map", map_, "--check", "-f", "json", home=home).data["sheet_2"]
    assert list(found.values())[:5] == [
        "earlier than what it must follow",
        "cases",
        "issue_responded",
        "value left out",
        "321",
    ]


def test_from_the_contact_list_to_the_bonus_and_back(home: Path) -> None:
    asked = ("-p", "2023-08", "--clock", "calendar")
    paid = paid_as_scored(home, *asked)
    assert len(paid) == 661
    assert (paid["Alexa Mcpherson"]["score"], paid["Alexa Mcpherson"]["total"]) == ("67.25", "1600.00")
    told = explained(home, "Alexa Mcpherson", *asked).out
    assert "Paid in total to Alexa Mcpherson: 1600.00" in told
