"""The day that a command stands on is the company's own, east and west of Greenwich alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.test_office_in_yen import CASES, MEMBERSHIPS, write
from command_line import fuxiao

ZONES = {"Asia/Shanghai": "+08:00", "UTC": "+00:00", "America/Los_Angeles": "-07:00"}
STEPS = ("draft", "discussion", "agreement", "publication", "receipts")
TRIAL = "A trial only, not to be paid yet"


@pytest.fixture(scope="module", params=ZONES)
def office(request, tmp_path_factory) -> tuple[Path, str]:
    """One agent answered a case a day in October; the plan's procedure was done on 6 November."""
    home = tmp_path_factory.mktemp("zone") / "home"
    fuxiao("init", home, "--pack", "saas", "--zone", request.param)
    days = [f"2026-10-{day:02d}" for day in range(1, 31)]
    cases = [f"C{n},{day} 10:00,{day} 10:30,{day} 15:00,wang" for n, day in enumerate(days)]
    staff = ["person,team,role,since,base", "wang,desk,l1,2026-01-01,5000"]
    files = (
        write(home, "cases", CASES, ["id,opened,answered,resolved,owner", *cases]),
        write(home, "staff", MEMBERSHIPS, staff),
    )
    fuxiao("import", *files, "--strict", home=home)
    plan = home / "plans" / "saas.yaml"
    done = "".join(f'  {step}: {{day: 2026-11-06, evidence: "{step}.pdf"}}\n' for step in STEPS)
    text = plan.read_text("utf-8")
    assert "procedure: {}\n" in text
    plan.write_text(text.replace("procedure: {}\n", f"procedure:\n{done}"), "utf-8")
    return home, ZONES[request.param]


def test_a_month_that_is_over_is_firm_from_the_first_minute_of_the_next(office) -> None:
    home, offset = office
    for moment, firm in (("2026-10-31T23:59", False), ("2026-11-01T00:01", True)):
        answer = fuxiao("values", "-p", "2026-10", "-i", "FRT", home=home, now=f"{moment}:00{offset}")
        assert ("not firm yet" not in answer.out) == firm, answer.out
    whole = fuxiao("values", "-p", "2026-10", "-i", "FRT", "--as-of", "2026-10-31", home=home)
    assert "not firm yet" not in whole.out, "the last day of the month is counted whole"


def test_the_procedure_of_a_plan_counts_up_to_the_day_that_was_asked_for(office) -> None:
    home, _ = office
    for day, trial in (("2026-11-05", True), ("2026-11-06", False)):
        answer = fuxiao("settle", "-p", "2026-10", "--as-of", day, home=home)
        assert (TRIAL in answer.out + answer.err) == trial, (day, answer)
