"""A period sealed through the command line: what is changed afterwards is named, what comes late corrects the next."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path

import pytest

from command_line import Answer, fuxiao
from fuxiao.datasets.manifest import read_manifest
from fuxiao.metrics import library

SEAL = ("seal", "-p", "2026-09", "--by", "李敏", "--as-of", "2026-10-12")
PAID = ("settle", "-p", "2026-10", "-f", "json")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    folder = Path(shutil.copytree(home, tmp_path_factory.mktemp("sealed") / "home"))
    made = fuxiao(*SEAL, home=folder)
    assert "2026-09 is sealed" in made.err
    assert len(made.out.strip()) == 64
    return folder


@pytest.fixture(scope="module")
def paid(sealed: Path) -> list[dict[str, str]]:
    """What October pays right after September was sealed."""
    return fuxiao(*PAID, home=sealed).data["payouts"]


@pytest.fixture
def company(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "home"))


def differences(home: Path, code: int = 1) -> tuple[dict[str, str], list[dict[str, str]]]:
    answer: Answer = fuxiao("verify", "-f", "json", home=home, code=code)
    [period] = answer.data["periods"]
    return period, answer.data.get("differences", [])


def seal_of(home: Path) -> Path:
    return home / "lake/seals/2026-09/seal.json"


def test_a_sealed_period_verifies_to_the_last_figure_and_is_sealed_once(company: Path) -> None:
    period, found = differences(company, code=0)
    assert (period["result"], period["differences"]) == ("whole", 0)
    assert int(period["figures"]) > 1_000
    assert found == []
    assert "is sealed already" in fuxiao(*SEAL, home=company, code=1).err


def test_a_period_in_which_nothing_counts_is_not_sealed(company: Path) -> None:
    empty = ("seal", "-p", "2025-03", "--by", "李敏", "--as-of", "2026-10-12")
    assert "no record counts and nobody has a score" in fuxiao(*empty, home=company, code=1).err
    assert not (company / "lake/seals/2025-03").exists()


@pytest.mark.parametrize("stored", ["records", "facts"])
def test_one_flipped_byte_of_a_stored_file_is_named(company: Path, stored: str) -> None:
    held = read_manifest(company / "lake").files()  # beside them lie files of before, which no reader opens
    victim = company / "lake" / min(file.path for file in held if file.path.startswith(stored))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    _, found = differences(company)
    assert [(d["kind"], d["where"]) for d in found] == [
        ("file was changed", victim.relative_to(company / "lake").as_posix())
    ]


def test_a_figure_edited_in_the_seal_is_named_even_where_the_digest_was_made_to_fit(company: Path) -> None:
    seal = json.loads(seal_of(company).read_text("utf-8"))
    path = next(name for name in seal["rows"] if name.endswith("/total") and name.startswith("score/"))
    was, seal["rows"][path] = seal["rows"][path], "99.99"
    content = json.dumps(seal, ensure_ascii=False).encode()
    seal_of(company).write_bytes(content)
    _, found = differences(company)
    assert [d["kind"] for d in found] == ["the seal was changed", "figure differs"]
    assert (found[1]["where"], found[1]["sealed"], found[1]["now"]) == (path, "99.99", was)
    manifest = company / "lake/manifest.json"
    old = json.loads(manifest.read_text("utf-8"))["seals"]["seals/2026-09/seal.json"]["sha256"]
    manifest.write_text(manifest.read_text("utf-8").replace(old, hashlib.sha256(content).hexdigest()), "utf-8")
    _, found = differences(company, code=None)  # type: ignore[arg-type]
    assert "figure differs" in [d["kind"] for d in found]


def as_sealed_by_another_program(home: Path, score: str = "") -> str:
    """The seal as another program would have made it, with a score of its own; the path of that score."""
    seal = json.loads(seal_of(home).read_text("utf-8"))
    path = next(name for name in seal["rows"] if name.endswith("/total") and name.startswith("score/"))
    seal["code"] = "0.0.9+0123456789ab"
    seal["rows"][path] = score or seal["rows"][path]
    manifest, was = home / "lake/manifest.json", hashlib.sha256(seal_of(home).read_bytes()).hexdigest()
    seal_of(home).write_text(json.dumps(seal, ensure_ascii=False), "utf-8")
    now = hashlib.sha256(seal_of(home).read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace(was, now), "utf-8")
    return path


def test_another_program_that_finds_the_same_figures_is_a_remark(company: Path) -> None:
    as_sealed_by_another_program(company)
    period, [found] = differences(company, code=0)
    assert (period["result"], found["kind"], found["sealed"]) == (
        "whole", "sealed by another program", "0.0.9+0123456789ab",
    )  # fmt: skip


def test_another_program_is_named_as_the_likely_reason_of_other_figures(company: Path) -> None:
    path = as_sealed_by_another_program(company, "99.99")
    period, found = differences(company)
    assert (period["result"], [(d["kind"], d["where"]) for d in found]) == (
        "differs",
        [
            ("sealed by another program: likely why figures differ", "fuxiao 0.0.9+0123456789ab"),
            ("figure differs", path),
        ],
    )


def test_a_seal_that_is_gone_or_no_seal_any_more_is_named(company: Path) -> None:
    seal_of(company).write_text("{}")
    assert [d["kind"] for d in differences(company)[1]] == ["the seal was changed"]
    seal_of(company).unlink()
    assert [d["kind"] for d in differences(company)[1]] == ["the seal is gone"]


def test_a_seal_taken_out_of_the_list_is_named(company: Path) -> None:
    manifest = company / "lake/manifest.json"
    listed = json.loads(manifest.read_text("utf-8"))
    listed["seals"] = {}
    manifest.write_text(json.dumps(listed), "utf-8")
    period, [found] = differences(company)
    assert (period["period"], found["kind"]) == ("2026-09", "a seal that no list names: taken out, or never finished")
    assert found["where"] == "seals/2026-09/seal.json"


def test_definitions_changed_after_the_seal_are_named_and_the_sealed_figures_stand(company: Path) -> None:
    for name, old, new in (
        ("schemes/appliance.yaml", "weight: 45", "weight: 45.0"),
        ("calendars/service.yaml", "08:00-22:00", "09:00-21:00"),
    ):
        path = company / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    period, found = differences(company, code=0)
    assert period["result"] == "whole"
    assert [d["where"] for d in found] == ["calendars/service.yaml", "schemes/appliance.yaml"]


def test_a_newer_program_that_counts_an_indicator_otherwise_takes_no_money_back(
    company: Path, paid: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = resources.files("fuxiao.engine") / "library"
    newer = Path(shutil.copytree(str(shipped), tmp_path / "newer/library"))
    for path in newer.glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("visits = 1 and", "visits = 9 and"), "utf-8")
    monkeypatch.setattr(library.resources, "files", lambda package: newer.parent)
    library.built_in.cache_clear()
    try:
        period, found = differences(company, code=0)
        after = fuxiao(*PAID, home=company).data["payouts"]
    finally:
        library.built_in.cache_clear()
    assert (period["result"], [d["where"] for d in found]) == ("whole", [".library/field.yaml"])
    assert [row["score"] for row in after] != [row["score"] for row in paid]
    assert {row["adjusted"] for row in after} == {row["adjusted"] for row in paid}


def test_late_data_corrects_the_next_period_and_the_sealed_one_still_verifies(  # type: ignore[no-untyped-def]
    department, company: Path, paid: list[dict[str, str]]
) -> None:
    assert all(float(row["adjusted"]) == 0 for row in paid)
    late = sorted(department.raw.glob("*补录.csv"))
    fuxiao("import", *late, home=company)
    assert differences(company, code=0)[0]["result"] == "whole"
    after = fuxiao(*PAID, home=company).data["payouts"]
    assert any(float(row["adjusted"]) for row in after)
