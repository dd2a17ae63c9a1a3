"""Where the public logs are, and a home folder for each, made by commands alone and by the proposed mapping."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from command_line import Answer, fuxiao

FOLDER = Path(os.environ.get("FUXIAO_DATASETS", "/nonexistent"))
OWN = Path(__file__).parent / "realdata"
NEEDED = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="FUXIAO_DATASETS does not name the folder of the public logs"),
]
EXACT = 1e-6 + 1e-9
"""The published figures have six places, and so have ours: the last one may be off by one."""

Figures = dict[tuple[str, str], dict[str, dict[str, str]]]
"""By (subject, period) and indicator: the row that ``values`` gives to programs."""


def home_of(folder: Path, name: str, file: str) -> Path:
    """From nothing to imported records: ``init``, ``map`` as proposed, ``import``. The log's zone is not known: UTC,
    so that no hour is lost or doubled by summer time."""
    home = folder / name
    fuxiao("init", home, "--pack", "saas", "--zone", "UTC", "--currency", "EUR", "--name", name)
    for kind in ("scheme", "plan"):
        shutil.rmtree(home / f"{kind}s")
        (home / f"{kind}s").mkdir()
        shutil.copy(OWN / name / f"{kind}.yaml", home / f"{kind}s" / f"{name}.yaml")
    (home / "indicators").mkdir()
    shutil.copy(OWN / name / "indicators.yaml", home / "indicators" / f"{name}.yaml")
    fuxiao("map", FOLDER / file, "-o", home / "mappings" / "log.toml", home=home)
    fuxiao("import", FOLDER / file, "--map", home / "mappings" / "log.toml", home=home)
    return home


def figures(home: Path, by: str, codes: Iterable[str], *period: str) -> Figures:
    """What ``values`` says in calendar time, by subject and period."""
    asked = ("-p", *period, "--by", by, "-i", ",".join(codes), "--clock", "calendar", "-f", "csv")
    found: Figures = {}
    for row in fuxiao("values", *asked, home=home).rows:
        subject = "" if by == "company" else row["subject_name"]
        found.setdefault((subject, row["period"]), {})[row["indicator"]] = row
    return found


def reference(file: str) -> Iterator[dict[str, str]]:
    """The figures that were worked out from the raw file by other means."""
    with (FOLDER / file / "reference.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def paid_as_scored(home: Path, *asked: str) -> dict[str, dict[str, str]]:
    """The settlement by person, after a look that everybody gets 2000 times the coefficient of the own scorecard."""
    scores = {row["person"]: row for row in fuxiao("score", *asked, "-f", "csv", home=home).rows}
    paid = {row["person"]: row for row in fuxiao("settle", *asked, "-f", "csv", home=home).rows}
    assert paid.keys() == scores.keys()
    for person, row in paid.items():
        assert float(row["total"]) == 2000 * float(scores[person]["coefficient"])
        assert (row["grade"] or "") == scores[person]["grade"]
    return paid


def explained(home: Path, person: str, *asked: str) -> Answer:
    return fuxiao("explain", person, *asked, home=home)
