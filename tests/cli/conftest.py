"""One simulated department for all tests of the command line: built once, read by many, copied by those that write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from command_line import Answer, fuxiao
from fuxiao.simulate import Truths, simulate, write_home

TEMPLATES = {"schemes": "fuxiao.performance", "plans": "fuxiao.incentives"}


@dataclass(frozen=True, slots=True)
class Department:
    """The raw files, what was planted in them, the home folder they were imported into, and what the import said."""

    raw: Path
    home: Path
    truths: Truths
    imported: Answer


@pytest.fixture(scope="session")
def department(tmp_path_factory: pytest.TempPathFactory) -> Department:
    """Forty people, September and October 2026; the files that came late are not imported yet."""
    folder = tmp_path_factory.mktemp("department")
    truths = simulate(folder / "raw", seed=7, people=40, start=date(2026, 9, 1), months=2)
    packs = {
        f"{kind}/appliance.yaml": resources.files(package).joinpath("templates/appliance.yaml").read_text("utf-8")
        for kind, package in TEMPLATES.items()
    }
    write_home(folder / "home", truths=truths, templates=packs)
    files = [file for file in sorted((folder / "raw").glob("*.*")) if file.suffix in (".csv", ".xlsx")]
    on_time = [file for file in files if not file.stem.endswith("补录")]
    imported = fuxiao("import", *on_time, "-f", "json", home=folder / "home")
    fuxiao("values", "-p", "2026-10", "-i", "VOL", home=folder / "home")  # the facts, once for all
    return Department(folder / "raw", folder / "home", truths, imported)


@pytest.fixture(scope="session")
def home(department: Department) -> Path:
    """The home folder, for reading only."""
    return department.home


@pytest.fixture(scope="session")
def ask(home: Path) -> Callable[..., Answer]:
    """Ask the shared home something; the same question is worked out once."""

    @cache
    def answer(words: str, lang: str = "en", code: int | None = 0, terminal: int = 0) -> Answer:
        return fuxiao(*words.split(), home=home, lang=lang, code=code, terminal=terminal)

    return answer


@pytest.fixture
def own(department: Department, tmp_path: Path) -> Path:
    """A copy of the home folder, to write into."""
    return Path(shutil.copytree(department.home, tmp_path / "home"))
