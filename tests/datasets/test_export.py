"""Exports: readable values, the same bytes each time, and nothing that a spreadsheet would run."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from facts_world import add, at, make_home
from fuxiao.core.errors import InputError
from fuxiao.datasets import export
from fuxiao.datasets.export import defused, export_table, write_workbook
from fuxiao.datasets.store import Store


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(make_home(tmp_path / "home"), threads=1) as store:
        add(
            store,
            costs=[
                {"cost_id": "2", "spent_at": at("2026-10-05 09:00"), "kind": "parts", "amount": 12345, "memo": "=1+1"},
                {"cost_id": "1", "spent_at": at("2026-10-05 10:00"), "kind": "parts", "amount": -50, "exception": True},
            ],
            attendance=[{"person": "li", "date": 20_000, "paid_min": Decimal("480.5")}],
        )
        yield store


def test_a_csv_shows_local_time_and_money_and_defuses_formulas(store: Store, tmp_path: Path) -> None:
    assert export_table(store, store.records("costs"), tmp_path / "costs.csv") == 2
    lines = (tmp_path / "costs.csv").read_text(encoding="utf-8-sig").splitlines()
    head = lines[0].split(",")
    first, second = (dict(zip(head, line.split(","), strict=True)) for line in lines[1:])
    assert (first["cost_id"], first["spent_at"], first["amount"], first["exception"]) == (
        "1", "2026-10-05T10:00:00+08:00", "-0.50", "true",
    )  # fmt: skip
    assert (second["amount"], second["memo"], second["exception"]) == ("123.45", "'=1+1", "")


def test_json_keeps_every_digit_and_days_are_dates(store: Store, tmp_path: Path) -> None:
    assert export_table(store, store.records("attendance"), tmp_path / "days.json") == 1
    [row] = json.loads((tmp_path / "days.json").read_text(encoding="utf-8"))
    assert (row["person"], row["date"], row["paid_min"], row["leave"]) == ("li", "2024-10-04", "480.5000", None)


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(store: Store, tmp_path: Path) -> None:
    assert export_table(store, store.records("costs"), tmp_path / "costs.xlsx") == 2
    sheet = openpyxl.load_workbook(tmp_path / "costs.xlsx").active
    rows = [dict(zip([cell.value for cell in sheet[1]], [c.value for c in row], strict=True)) for row in sheet["2:3"]]
    assert (rows[0]["amount"], rows[0]["exception"], rows[0]["memo"]) == (-0.5, True, None)
    assert (rows[1]["amount"], rows[1]["memo"]) == (123.45, "=1+1")
    assert sheet["A2"].data_type == "s"


def test_parquet_keeps_the_stored_numbers(store: Store, tmp_path: Path) -> None:
    assert export_table(store, store.history("costs"), tmp_path / "costs.parquet") == 2
    table = pq.read_table(tmp_path / "costs.parquet")
    assert table.column("amount").to_pylist() == [-50, 12345]
    assert table.column("_load").to_pylist() == [1, 1]


def test_the_same_rows_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        export_table(store, store.records("costs"), tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_an_unknown_ending_is_refused_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        export_table(store, store.records("costs"), tmp_path / "costs.doc")
    assert refused.value.code == "export.form_unknown"
    assert not (tmp_path / "costs.doc").exists()


def test_a_worksheet_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 3)
    write_workbook(tmp_path / "fits.xlsx", {"a": (["n"], [[1], [2]])})
    with pytest.raises(InputError) as refused:
        write_workbook(tmp_path / "wide.xlsx", {"a": (["n"], [[1], [2], [3]])})
    assert refused.value.params == {"most": 2}


def test_sheet_names_that_a_workbook_cannot_have_are_mended(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "names.xlsx", {"a/b [c]" + "x" * 40: (["n"], []), "Sum": (["n"], []), "sum/": (["n"], [])}
    )
    assert openpyxl.load_workbook(tmp_path / "names.xlsx").sheetnames == ["a b  c " + "x" * 24, "Sum", "sum 2"]


def test_columns_are_as_wide_as_what_stands_in_them_and_no_wider_than_can_be_read(tmp_path: Path) -> None:
    write_workbook(tmp_path / "wide.xlsx", {"a": (["n", "首次响应及时率", "text"], [[1, "x", "y" * 500]])})
    widths = openpyxl.load_workbook(tmp_path / "wide.xlsx")["a"].column_dimensions
    assert [round(widths[column].width) for column in "ABC"] == [4, 17, 49]


@pytest.mark.parametrize("text", ["=cmd()", "+A1", "-A1", "@sum", "\tx", "\rx", "\nx", "-", "＝1", "＠sum", "=5"])
def test_texts_that_would_run_are_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "-3.5", "+86", "中文"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text
