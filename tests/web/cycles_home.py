"""A small home folder whose October can be scored: two engineers with cases, under a scheme of two indicators."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from fuxiao.datasets.store import Store
from fuxiao.incentives.aside import closed_home, thawed
from fuxiao.report.closing import frozen
from web.figures_home import figures_home

SCHEME = """scheme: small
version: "1"
names: {zh: 小方案, en: Small scheme}
cycle: month
limits: {missing_share: 40, unrated_coefficient: 1.0, lowest: 0, highest: 120}
grades: {S: 110, A: 85, B: 70, C: 60, D: 0}
coefficients: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
roles:
  field_engineer:
    names: {zh: 上门工程师, en: Field engineer}
    items:
      - {indicator: FRT, weight: 60, floor: 30, target: 15, stretch: 5, dimension: speed,
         counter_waived: 重开率已在方案里 / reopens are in the scheme}
      - {indicator: REO, weight: 40, floor: 20, target: 10, stretch: 0, dimension: quality}
"""
PLAN = """plan: small
version: "1"
valid_from: 2026-01-01
currency: CNY
cycle: month
defaults: {base: 1000.00}
roles:
  field_engineer:
    components: [{type: base_coefficient, key: base}]
"""


TODAY = datetime(2026, 11, 5, 16, tzinfo=UTC)
"""When the sixth of November begins in Shanghai: a cycle whose button is pressed on that day is closed as of it."""
KEPT: list[Path] = []
"""As it was made first in this process, before anybody wrote into it."""


def cycles_home(folder: Path) -> Path:
    """A copy of the one that a process makes once, where the data of October was closed before, so that no test
    makes its facts again."""
    if not KEPT:
        KEPT.append(closed(unclosed_home(folder.with_name("cycles-as-made"))))
    return Path(shutil.copytree(KEPT[0], folder, dirs_exist_ok=True))


def unclosed_home(folder: Path) -> Path:
    """The home of the figures' tests with a scheme of its own; the packs' are taken out."""
    home = figures_home(folder)
    for old in (*(home / "schemes").glob("*.yaml"), *(home / "plans").glob("*.yaml")):
        old.unlink()
    (home / "schemes" / "small.yaml").write_text(SCHEME, encoding="utf-8")
    (home / "plans" / "small.yaml").write_text(PLAN, encoding="utf-8")
    return home


def closed(home: Path) -> Path:
    """The same with what a cycle of October with these definitions is computed over once its button was pressed."""
    with Store.open(home, threads=1) as store:
        assert store.manifest.facts_key
        definitions, records = thawed(frozen(store))
        closed_home(store, definitions, records, cut_off=TODAY)
    return home
