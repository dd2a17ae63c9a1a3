"""Targets and events as people write them down, refused as a whole list where something is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fuxiao.core.errors import DefinitionError, UnknownName
from fuxiao.core.target import Target
from fuxiao.performance.decisions import definition_text, read_decisions, templates


def test_a_home_without_these_files_has_no_decisions(tmp_path: Path) -> None:
    found = read_decisions(tmp_path)
    assert (found.events, found.targets.entries) == ({}, ())


def test_a_team_target_holds_from_its_day(tmp_path: Path) -> None:
    (tmp_path / "targets.yaml").write_text(
        "- {indicator: FTF, team: north, floor: 52, target: 64.5, stretch: 74, valid_from: 2026-01-01}\n", "utf-8"
    )
    book = read_decisions(tmp_path).targets
    held = book.targets(["FTF"], on=date(2026, 1, 1), person="E1", team="north")
    assert held == {"FTF": Target(Decimal(52), Decimal("64.5"), Decimal(74))}
    assert book.targets(["FTF"], on=date(2025, 12, 31), person="E1", team="north") == {}


def test_an_event_counts_in_its_own_period_only(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_text(
        "- {person: E1, kind: rescue, on: 2026-10-16, confirmed: true, evidence: minutes 41}\n", "utf-8"
    )
    found = read_decisions(tmp_path)
    assert [e.kind for e in found.of("E1", date(2026, 10, 1), date(2026, 11, 1))] == ["rescue"]
    assert found.of("E1", date(2026, 11, 1), date(2026, 12, 1)) == ()
    assert found.of("E2", date(2026, 10, 1), date(2026, 11, 1)) == ()


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "targets.yaml").write_text(
        "- {indicator: FTF, role: a, team: b, target: 1, valid_from: 2026-01-01}\n"
        "- {indicator: FTF, role: a, target: many, valid_from: 2026-01-01}\n"
        "- {indicator: FTF, role: a, target: 3}\n"
        "- just words\n",
        "utf-8",
    )
    (tmp_path / "events.yaml").write_text("- {persn: E1, kind: rescue, on: soon}\n", "utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_decisions(tmp_path)
    assert {(issue.where, issue.code) for issue in refused.value.issues} >= {
        ("targets.yaml[0]", "target.for_whom"),
        ("targets.yaml[1].target", "field.not_a_number"),
        ("targets.yaml[2].valid_from", "field.missing"),
        ("targets.yaml[3]", "field.not_a_table"),
        ("events.yaml[0].persn", "field.unknown"),
        ("events.yaml[0].person", "field.missing"),
    }


def test_a_scheme_is_found_as_a_file_in_the_home_or_as_a_template(tmp_path: Path) -> None:
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "ours.yaml").write_text("scheme: ours\n", "utf-8")
    find = {"home": tmp_path, "folder": "schemes", "package": "fuxiao.performance"}
    assert definition_text("ours", **find) == "scheme: ours\n"
    assert definition_text(str(tmp_path / "schemes" / "ours.yaml"), **find) == "scheme: ours\n"
    assert "scheme: appliance" in definition_text("appliance", **find)
    assert set(templates("fuxiao.performance")) == {"appliance", "ecommerce", "saas"}
    with pytest.raises(UnknownName) as unknown:
        definition_text("aplliance", **find)
    assert unknown.value.near == ("appliance",)


def test_a_scheme_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "mine.yaml").write_bytes("scheme: mine".encode("utf-16"))
    with pytest.raises(DefinitionError) as refused:
        definition_text("mine", home=tmp_path, folder="schemes", package="fuxiao.performance")
    assert [(issue.where, issue.code) for issue in refused.value.issues] == [("mine.yaml", "yaml.unreadable")]
