"""A file is looked at all at once where it is small and column by column where it is large, with the same result."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from facts_world import make_home
from fuxiao.datasets.importing import profile
from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.store import Store

KINDS = (
    lambda chance, row: f"A{row}", lambda chance, row: chance.choice(["高", "中", "低", "", "-"]),
    lambda chance, row: f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2026 09:{row % 60:02d}",
    lambda chance, row: str(chance.randint(-50, 5_000)), lambda chance, row: chance.choice(["是", "否"]),
    lambda chance, row: f"{chance.randint(0, 23)}:{chance.randint(10, 59)}", lambda chance, row: "",
    lambda chance, row: f"{chance.randint(1, 9)}小时{chance.randint(1, 59)}分",
    lambda chance, row: "备注 " * chance.randint(1, 40),
    lambda chance, row: f"1,2{row % 10}0.5" if row % 3 else "N/A",
)  # fmt: skip


def table(folder: Path, columns: int, rows: int) -> Path:
    chance, path = random.Random(7), folder / "工单.csv"
    kinds = [KINDS[at % len(KINDS)] for at in range(columns)]
    lines = [",".join('"' + kind(chance, row) + '"' for kind in kinds) for row in range(rows)]
    path.write_text("\n".join([",".join(f"列{at}" for at in range(columns)), *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize("rows", [1, 5, 400])
def test_looked_at_together_or_apart_the_columns_are_the_same(tmp_path, monkeypatch, rows):
    path = table(tmp_path, 2 * len(KINDS), rows)
    with Store.open(make_home(tmp_path), threads=1) as store:
        together = propose(store.scratch(), path)
        monkeypatch.setattr(profile, "TOGETHER", 0)
        apart = propose(store.scratch(), path)
    assert together.columns == apart.columns
    assert together.text == apart.text


def test_a_thousand_columns_are_a_proposal_like_any(tmp_path):
    path = table(tmp_path, 1_000, 5)
    with Store.open(make_home(tmp_path), threads=1) as store:
        found = propose(store.scratch(), path)
    assert len(found.columns) == 1_000
