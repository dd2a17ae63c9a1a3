"""Files that know people by their names: without a list of people, and beside one that has employee numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Answer, fuxiao

CASES = """shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
first_response_at = "answered"
resolved_at = "resolved"
owner = "owner"
"""
PEOPLE = """shape = "case"
[people.columns]
person = "number"
name = "name"
[memberships.columns]
person = "number"
team = "team"
role = "role"
valid_from = "since"
"""
ROWS = ["id,opened,answered,resolved,owner", "A1,2026-10-05 09:00,2026-10-05 09:10,2026-10-05 10:00,林芳",
        "A2,2026-09-07 09:00,2026-09-07 09:20,2026-09-07 10:00,朴明"]  # fmt: skip
STAFF = ["number,name,team,role,since", "Y1,林 芳,一组,一线支持,2026-01-01"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two cases of two people, by name."""
    fuxiao("init", tmp_path / "home", "--pack", "saas")
    bring(tmp_path / "home", "cases", CASES, ROWS)
    return tmp_path / "home"


def bring(home: Path, name: str, mapping: str, lines: list[str]) -> Answer:
    (home / "mappings").mkdir(exist_ok=True)
    (home / f"mappings/{name}.toml").write_text(mapping, "utf-8")
    (home / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return fuxiao("import", home / f"{name}.csv", home=home)


def test_rows_of_a_misspelled_name_are_refused_without_a_list_of_people_too(home: Path) -> None:
    assert (
        fuxiao("rows", "TTR", "-p", "2026-10", "--subject", "林芳", "-f", "csv", home=home).rows[0]["case_id"] == "A1"
    )
    away = fuxiao("rows", "TTR", "-p", "2026-10", "--subject", "朴明", "-f", "csv", home=home)
    assert away.rows == []
    refused = fuxiao("rows", "TTR", "-p", "2026-10", "--subject", "林芬", home=home, code=2)
    assert ("There is no subject called 林芬" in refused.err, "林芳" in refused.err) == (True, True)


def test_whoever_the_records_name_and_the_list_numbers_is_told_of_instead_of_going_without_a_score(home: Path) -> None:
    bring(home, "staff", PEOPLE, STAFF)
    said = fuxiao("score", "-p", "2026-10", home=home).err
    assert "The records name 1 person whom the list of people has under a number" in said
    assert '{"林芳" = "Y1"}' in said
    assert "has no such roles" not in said
    text = CASES.replace('owner = "owner"', 'owner = {column = "owner", values = {"林芳" = "Y1"}}')
    bring(home, "again", text, ROWS)
    assert "under a number" not in fuxiao("score", "-p", "2026-10", home=home).err
