"""A small office in Tokyo: a currency without cents, from the file to the payslip and the report."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from command_line import fuxiao
from fuxiao.base.settings import read_settings

CASES = """shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
first_response_at = "answered"
resolved_at = "resolved"
owner = "owner"
"""
COSTS = """shape = "case"
[costs.columns]
cost_id = "id"
case_id = "case"
spent_at = "spent"
kind = "kind"
amount = "amount"
"""
MEMBERSHIPS = """shape = "case"
[memberships.columns]
person = "person"
team = "team"
role = "role"
valid_from = "since"
bonus_base = "base"
"""
NUMBER = 40
WORDS = ("-p", "2026-10", "--as-of", "2026-11-05")


def write(home: Path, name: str, mapping: str, lines: list[str]) -> Path:
    (home / "mappings").mkdir(exist_ok=True)
    (home / f"mappings/{name}.toml").write_text(mapping, "utf-8")
    file = home / f"{name}.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty cases of one agent, each with labour of 1,234 yen; a bonus base of 150,000 yen."""
    home = tmp_path_factory.mktemp("tokyo") / "home"
    fuxiao("init", home, "--pack", "saas", "--currency", "JPY", "--zone", "Asia/Tokyo")
    days = [f"2026-10-{n % 28 + 1:02d}" for n in range(NUMBER)]
    cases = [f"C{n},{day} 10:00,{day} 10:30,{day} 15:00,sato" for n, day in enumerate(days)]
    costs = [f'K{n},C{n},{day} 15:00,labour,"1,234"' for n, day in enumerate(days)]
    files = (
        write(home, "cases", CASES, ["id,opened,answered,resolved,owner", *cases]),
        write(home, "costs", COSTS, ["id,case,spent,kind,amount", *costs]),
        write(home, "staff", MEMBERSHIPS, ["person,team,role,since,base", 'sato,desk,l1,2026-01-01,"150,000"']),
    )
    fuxiao("import", *files, "--strict", home=home)
    return home


def test_the_plan_of_a_new_home_pays_in_its_currency(office: Path) -> None:
    assert read_settings(office).currency == "JPY"
    assert "currency: JPY" in (office / "plans/saas.yaml").read_text("utf-8")


def test_a_cost_per_case_is_whole_yen(office: Path) -> None:
    [row] = fuxiao("values", *WORDS, "-i", "CPC", "-f", "json", home=office).data
    assert (row["value"], row["numerator"], row["n"]) == ("1234.000000", str(1234 * NUMBER), NUMBER)
    assert " 1234 " in fuxiao("values", *WORDS, "-i", "CPC", home=office).out


def test_a_bonus_is_paid_in_whole_yen(office: Path) -> None:
    [row] = fuxiao("settle", *WORDS, "-f", "json", home=office).data["payouts"]
    assert Decimal(row["total"]) >= 100_000
    assert "." not in row["total"] + row["held"] + row["earned"] + row["adjusted"]
    assert f"{int(row['total']):,} JPY paid" in fuxiao("settle", *WORDS, home=office).out


def test_the_report_shows_the_same_yen(office: Path, tmp_path: Path) -> None:
    [row] = fuxiao("settle", *WORDS, "-f", "json", home=office).data["payouts"]
    made = fuxiao("report", *WORDS, "-o", tmp_path / "report", home=office)
    index = Path(made.out.strip())
    assert index == tmp_path.resolve() / "report" / "index.html"
    assert "1 scorecard and the overview" in made.err
    pages = {path.name: path for path in (tmp_path / "report").rglob("*") if path.is_file()}
    assert {".html", ".xlsx"} <= {path.suffix for path in pages.values()}
    text = "".join(path.read_text("utf-8") for path in pages.values() if path.suffix == ".html")
    assert f"{int(row['total']):,}" in text
    assert not re.search(r"¥[\d,]+\.\d", text)
    assert not re.search(r'(src|href)="https?:', text)


def test_a_plan_in_another_currency_is_refused(office: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.yaml"
    foreign.write_text(
        (office / "plans/saas.yaml").read_text("utf-8").replace("currency: JPY", "currency: CNY"), "utf-8"
    )
    refused = fuxiao("settle", *WORDS, "--plan", foreign, home=office, code=4)
    assert "CNY" in refused.err
    assert "JPY" in refused.err
    assert len(refused.err.splitlines()) == 1


def test_nothing_that_happens_after_the_cut_off_is_counted(office: Path) -> None:
    [row] = fuxiao("values", "-p", "2026-10", "--as-of", "2026-10-07", "-i", "VOL", "-f", "csv", home=office).rows
    assert row["numerator"] == "14"  # two cases on each of seven days
