"""The way of the README, command by command: every figure leads to the one below it, and they agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from command_line import Answer, fuxiao

Ask = Callable[..., Answer]
SETTLE = "settle -p 2026-10 --pool department=20000 -f json"


def amount(text: str | None) -> Decimal:
    return Decimal(text or "0")


def test_a_new_home_is_ready_for_every_command_that_needs_no_records(tmp_path: Path) -> None:
    made = fuxiao("init", tmp_path / "home", "--name", "澜川", "--pack", "saas")
    assert {Path(line).name for line in made.out.splitlines()} >= {"fuxiao.toml", "standard.yaml", "saas.yaml"}
    assert "Next" in made.err
    assert fuxiao("indicators", home=tmp_path / "home").out
    assert "No period is sealed yet" in fuxiao("verify", home=tmp_path / "home").err
    assert "more indicators were not computed" in fuxiao("values", "-p", "2026-10", home=tmp_path / "home").out


def test_a_home_is_never_made_over_another(home: Path) -> None:
    before = (home / "fuxiao.toml").read_bytes()
    refused = fuxiao("init", home, "--pack", "saas", code=5)
    assert "nothing was changed" in refused.err
    assert (home / "fuxiao.toml").read_bytes() == before
    assert not (home / "schemes" / "saas.yaml").exists()


def test_a_proposed_mapping_imports_the_file_it_was_made_for(tmp_path: Path) -> None:
    fuxiao("init", tmp_path / "home")
    log = tmp_path / "tickets.csv"
    log.write_text(
        "ticket,opened,resolved,owner\nT1,2026-10-05 09:00,2026-10-05 17:00,wang\nT2,2026-10-06 10:00,,li\n", "utf-8"
    )
    proposed = fuxiao("map", log, home=tmp_path / "home")
    assert (tmp_path / "home/mappings/tickets.toml").read_text("utf-8").strip() == proposed.out.strip()
    again = fuxiao("map", log, home=tmp_path / "home", code=2)
    assert "was not replaced" in again.err
    imported = fuxiao("import", log, "-f", "csv", home=tmp_path / "home")
    assert {row["dataset"]: row["new"] for row in imported.rows}["cases"] == "2"


def test_a_workbook_is_imported_sheet_by_sheet_with_one_command(ask: Ask) -> None:
    assert len(ask("score -p 2026-10 -f csv").rows) == 40


def test_the_library_lists_each_indicator_and_explains_it_whole(ask: Ask) -> None:
    listed = ask("indicators -f csv").rows
    assert len(listed) == len({row["code"] for row in listed}) > 80
    whole = {row["field"]: row["value"] for row in ask("indicators QCR -f csv").rows}
    assert whole["name"] == "Quality check coverage"
    assert whole["gaming"]
    assert whole["counter"] == "CEA"
    held = {row["field"]: row["value"] for row in ask("indicators TTR -f csv").rows}
    assert (held["numerator"], held["person_numerator"]) == ("resolution", "owner_held")
    assert (held["credit"], held["person_credit"]) == ("AU", "AO")
    assert "person_plain" not in held
    assert ask("indicators --search 投诉 -f csv", lang="zh").rows[0]["name"]


@pytest.mark.parametrize("code", ["FTF", "FRT", "CSAT", "RPR", "OCP"])
def test_the_rows_under_a_figure_add_up_to_it(ask: Ask, code: str) -> None:
    [figure] = ask(f"values -p 2026-10 -i {code} -f csv").rows
    rows = ask(f"rows {code} -p 2026-10 --limit 100000 -f csv").rows
    assert sum(amount(row["numerator"]) for row in rows) == amount(figure["numerator"])
    assert sum(amount(row["denominator"]) for row in rows) == amount(figure["denominator"])
    assert sum(int(row["n"] or 0) for row in rows) == int(figure["n"])


def test_the_rows_of_each_person_add_up_to_that_persons_figure(ask: Ask) -> None:
    figures = {row["person"]: row for row in ask("values -p 2026-10 -i FTF -b person -f csv").rows}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in ask("rows FTF -p 2026-10 -b person --limit 100000 -f csv").rows:
        sums[row["person"]] += amount(row["numerator"])
    assert {person: amount(row["numerator"]) for person, row in figures.items() if row["numerator"]} == {
        person: sums[person] for person, row in figures.items() if row["numerator"]
    }
    who, name = next((row["person"], row["subject_name"]) for row in figures.values())
    by_name = ask(f"rows FTF -p 2026-10 --subject {name} --limit 100000 -f csv")
    assert {row["person"] for row in by_name.rows} == {who}


def test_pages_of_rows_are_the_whole_in_pieces(ask: Ask) -> None:
    whole = ask("rows FTF -p 2026-10 --limit 100000 -f csv").rows
    pieces = [
        *ask("rows FTF -p 2026-10 --limit 7 -f csv").rows,
        *ask("rows FTF -p 2026-10 --offset 7 --limit 5 -f csv").rows,
    ]
    assert pieces == whole[:12]


def test_months_weeks_and_days_count_the_same_cases(ask: Ask) -> None:
    """Cases opened in October, whichever way they are cut."""
    [month] = ask("values -p 2026-10 -i VOL -f csv").rows
    days = ask("values -p 2026-10-01 --to 2026-10-31 -i VOL -f csv").rows
    assert sum(amount(day["numerator"]) for day in days) == amount(month["numerator"])
    [quarter], [year] = ask("values -p 2026-Q4 -i VOL -f csv").rows, ask("values -p 2026 -i VOL -f csv").rows
    [september] = ask("values -p 2026-09 -i VOL -f csv").rows
    assert quarter["numerator"] == month["numerator"]
    assert amount(year["numerator"]) == amount(september["numerator"]) + amount(month["numerator"])
    week = ask("values -p 2026-W42 -i VOL -f csv").rows
    in_week = [day for day in days if "2026-10-12" <= day["period"] <= "2026-10-18"]
    assert amount(week[0]["numerator"]) == sum(amount(day["numerator"]) for day in in_week)


def test_groups_of_any_kind_add_up_to_the_company(ask: Ask) -> None:
    [company] = ask("values -p 2026-10 -i VOL -f csv").rows
    for column in ("category", "region", "category,priority"):
        parts = ask(f"values -p 2026-10 -i VOL -b {column} -f csv").rows
        assert parts
        assert set(column.split(",")) <= set(parts[0])
        assert sum(amount(row["numerator"]) for row in parts) == amount(company["numerator"]), column


def test_cases_that_do_not_say_what_they_are_grouped_by_are_called_so_and_not_the_company(ask: Ask) -> None:
    rows = ask("values -p 2026-10 -i VOL -b fault_code --lang en -f csv").rows
    assert {row["subject_name"] for row in rows if not row["fault_code"]} == {"(not given)"}


def test_business_time_is_never_longer_than_calendar_time(ask: Ask) -> None:
    [business] = ask("values -p 2026-10 -i FRT --clock business -f csv").rows
    [calendar] = ask("values -p 2026-10 -i FRT --clock calendar -f csv").rows
    assert amount(business["numerator"]) < amount(calendar["numerator"])
    assert business["denominator"] == calendar["denominator"]


def test_everybody_on_the_roster_has_a_scorecard_in_a_role_with_words(ask: Ask) -> None:
    cards = ask("score -p 2026-10 -f csv", lang="zh").rows
    roles = {row["role"] for row in cards}
    assert roles == {"上门工程师", "客服专员", "调度员", "配件仓管", "投诉专员", "质检员", "班组长", "服务总监"}
    assert not [row for row in cards if not row["score"] and "未评级" not in row["note"]]
    assert "没有这些岗位" not in ask("score -p 2026-10 -f csv", lang="zh").err


@pytest.mark.parametrize("role", ["Complaint handler", "QA checker", "Director"])
def test_complaints_checks_and_the_department_are_scored_by_what_the_log_can_show(ask: Ask, role: str) -> None:
    rated = [row for row in ask("score -p 2026 -f csv").rows if row["role"] == role]
    assert rated
    assert all(row["score"] for row in rated)


def test_the_weighted_points_of_a_card_add_up_to_its_score(ask: Ask) -> None:
    card = next(row for row in ask("score -p 2026-10 -f csv").rows if row["role"] == "Director")
    whole = ask(f"score -p 2026-10 --person {card['person']} -f csv")
    assert sum(amount(row["weighted"]) for row in whole.rows) == amount(card["score"])
    assert sum(amount(row["effective"]) for row in whole.rows) == 100
    assert f"Score {card['score']}, grade {card['grade']}" in whole.err


def test_the_payouts_add_up_to_the_total_and_the_pool_is_divided_to_the_cent(ask: Ask) -> None:
    settled = ask(SETTLE).data
    total = sum(amount(row["total"]) for row in settled["payouts"])
    assert f"{total:,} CNY paid in total" in ask(SETTLE).err
    [pool] = settled["pools"]
    assert (pool["pool"], pool["name"], pool["amount"]) == ("department", "Department pool", "20000.00")
    assert amount(pool["shared"]) + amount(pool["undistributed"]) == 20_000
    for row in settled["payouts"]:
        assert amount(row["earned"]) - amount(row["held"]) + amount(row["adjusted"]) == amount(row["total"])


def test_a_payslip_adds_up_and_the_explanation_ends_at_the_same_figures(ask: Ask) -> None:
    engineer = next(row for row in ask(SETTLE).data["payouts"] if row["role"] == "Field engineer" and row["score"])
    who = engineer["person"]
    slip = ask(f"settle -p 2026-10 --pool department=20000 --person {who} -f csv").rows
    *lines, last = slip
    assert sum(amount(line["amount"]) for line in lines) == amount(last["amount"]) == amount(engineer["total"])
    told = ask(f"explain {who} -p 2026-10 --pool department=20000").out
    assert told.startswith(f"Score of {engineer['name']}, 2026-10: {engineer['score'].rstrip('0').rstrip('.')}")
    assert engineer["total"] in told
    assert "FTF First-time fix rate" in told


def test_the_clocks_of_a_case_are_told_interval_by_interval(ask: Ask) -> None:
    case = ask("rows FRT -p 2026-10 --limit 1 -f csv").rows[0]["case_id"]
    told = ask(f"explain --case {case}").out
    assert "First response · " in told
    assert "counted" in told
    assert "工作分钟" in ask(f"explain --case {case}", lang="zh").out


def test_a_signal_asks_for_a_review_and_says_so(ask: Ask) -> None:
    found = ask("signals -p 2026-10 -f csv")
    assert "changes no score and no amount" in found.err
    assert set(found.rows[0]) == {"code", "signal", "subject", "strength", "p", "evidence", "cases"}


def test_hand_offs_ways_and_cost_are_one_answer_of_four_tables(ask: Ask) -> None:
    told = ask("process -p 2026-10 -f json").data
    assert set(told) == {"hand_offs", "ping_pong", "ways", "poor_quality"}
    assert all(edge["count"] > 0 for edge in told["hand_offs"])
    assert sum(amount(row["amount"]) for row in told["poor_quality"]) > 0


def test_targets_are_only_proposed_from_enough_history(ask: Ask) -> None:
    [row] = ask("targets propose -i FTF -p 2026-11 -f csv").rows
    assert row["target"] == ""
    assert "6" in row["why"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json"])
@pytest.mark.parametrize("what", ["cases", "history.teams", "facts.visits"])
def test_records_history_and_facts_leave_in_every_form(home: Path, tmp_path: Path, what: str, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    written = fuxiao("export", what, "-o", target, home=home)
    assert target.stat().st_size > 0
    assert int(written.err.split(" ", 1)[0]) > 0
