"""A help desk's own export has columns called like what is worked out here: Reopens, Visits, Escalated, Cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import fuxiao

HEADER = "Ticket No,Opened,Solved at,Agent,Reopens,Visits,Transfers,Escalated,Cost,Closed,Created at"
BY_HAND = """version = 1
name = "tickets"
shape = "case"
[cases.columns]
case_id = "Ticket No"
opened_at = "Opened"
resolved_at = "Solved at"
owner = "Agent"
[cases.dimensions]
reopens = "Reopens"
visits = "Visits"
transfers = "Transfers"
escalated = "Escalated"
cost = "Cost"
closed = "Closed"
created_at = "Created at"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Forty tickets, each solved after two hours."""
    fuxiao("init", tmp_path / "home", "--zone", "UTC")
    rows = [
        f"T{n:02d},2026-03-{n % 28 + 1:02d} 09:00,2026-03-{n % 28 + 1:02d} 11:00,Lin,{n % 3},{n % 4},{n % 2},"
        f"{'Y' if n % 5 else 'N'},{n % 6}.50,{n % 2},2026-03-01 00:00"
        for n in range(40)
    ]
    (tmp_path / "tickets.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return tmp_path / "home"


def test_the_proposal_gives_them_names_of_their_own_by_which_cases_are_grouped(home: Path) -> None:
    fuxiao("map", home.parent / "tickets.csv", home=home)
    fuxiao("import", home.parent / "tickets.csv", home=home)
    values = fuxiao("values", "-p", "2026-03", "-i", "TTR,VOL", "--clock", "calendar", "-f", "json", home=home).data
    assert "2.0" in str(values)
    grouped = fuxiao("values", "-p", "2026-03", "-i", "VOL", "--by", "reopens_2", "-f", "csv", home=home).rows
    assert len(grouped) == 3


def test_a_mapping_by_hand_that_keeps_these_names_hides_them_behind_the_figures(home: Path) -> None:
    (home / "mappings").mkdir(exist_ok=True)
    (home / "mappings/tickets.toml").write_text(BY_HAND, "utf-8")
    fuxiao("import", home.parent / "tickets.csv", home=home)
    values = fuxiao("values", "-p", "2026-03", "-i", "TTR,VOL,REO", "--clock", "calendar", home=home)
    assert "2.00 h" in values.out
    assert "REO was not computed" in values.out + values.err


def test_columns_called_like_what_is_worked_out_on_the_way_keep_their_values(home: Path) -> None:
    own = ("policy", "is_open", "cut_off_at", "w_opened", "event_owner", "due_stop")
    kept = "\n".join(f'{name} = "Visits"' for name in own)
    (home / "mappings").mkdir(exist_ok=True)
    mapping = BY_HAND[: BY_HAND.index("[cases.dimensions]")] + f"[cases.dimensions]\n{kept}\n"
    (home / "mappings/tickets.toml").write_text(mapping, "utf-8")
    fuxiao("import", home.parent / "tickets.csv", home=home)
    for name in own:
        grouped = fuxiao("values", "-p", "2026-03", "-i", "VOL", "--by", name, "-f", "csv", home=home).rows
        assert len(grouped) == 4, name
