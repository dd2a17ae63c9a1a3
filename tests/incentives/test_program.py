"""Which program sealed a period: its version and a fingerprint of what calculates."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import fuxiao
from fuxiao.incentives.program import CALCULATING, fingerprint, program, same_program

INSTALLED = Path(fuxiao.__file__).parent


def copied(to: Path) -> Path:
    for package in CALCULATING:
        shutil.copytree(INSTALLED / package, to / package, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def test_a_copy_of_the_program_is_the_same_one_whatever_its_line_ends(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    for path in (copy / "core").rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert program() == f"{version('fuxiao')}+{fingerprint(copy)}"


def test_one_changed_sign_of_what_calculates_makes_another_program(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    path = copy / "core/score/exact.py"
    path.write_text(path.read_text("utf-8").replace("+", "-", 1), "utf-8")
    assert fingerprint(copy) != fingerprint(INSTALLED)


def test_a_seal_that_tells_only_the_version_is_compared_by_it() -> None:
    assert same_program(program())
    assert same_program(version("fuxiao"))
    assert not same_program("0.0.9")
    assert not same_program(f"{version('fuxiao')}+000000000000")
