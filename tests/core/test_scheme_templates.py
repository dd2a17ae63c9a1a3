"""The three template schemes: sound, complete, and with the numbers that were published for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cases_reader import ExactLoader
from fuxiao.core.indicator import Direction
from fuxiao.core.score import IndicatorInfo, Scheme, read_scheme
from fuxiao.core.score.scheme import Scope

FOLDER = Path(__file__).parents[2] / "src/fuxiao/performance/templates"
LIBRARY = Path(__file__).parents[2] / "src/fuxiao/engine/library"


def known() -> dict[str, IndicatorInfo]:
    """The built-in indicator library, as a scheme sees it."""
    rows = [
        row for file in sorted(LIBRARY.glob("*.yaml")) for row in yaml.safe_load(file.read_text("utf-8"))["indicators"]
    ]
    return {r["code"]: IndicatorInfo(Direction(r["direction"]), r["kind"], tuple(r["counter"])) for r in rows}


def template(name: str) -> Scheme:
    plain = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=ExactLoader)  # noqa: S506
    return read_scheme(plain, indicators=known())


def weights(scheme: Scheme) -> Iterator[tuple[str, dict[str, int]]]:
    for key, role in scheme.roles.items():
        yield key, {item.indicator: int(item.weight) for item in role.items}


@pytest.mark.parametrize("name", ["appliance", "ecommerce", "saas"])
def test_a_template_is_sound_and_says_only_which_counters_it_waives(name: str) -> None:
    scheme = template(name)
    assert {issue.code for issue in scheme.warnings} == {"scheme.counter_waived"}
    assert scheme.bonus.cap == 5
    assert [(veto.event, veto.grade) for veto in scheme.vetoes] == [
        ("SAF", "D"),
        ("CHG", "D"),
        ("data_leak", "D"),
        ("forged_records", "D"),
    ]
    assert [band.lower for band in scheme.grades.bands] == [95, 85, 70, 60, 0]
    assert not scheme.distribution.enabled


def test_the_appliance_roles_weigh_what_was_published() -> None:
    assert dict(weights(template("appliance"))) == {
        "field_engineer": {
            "FTF": 20, "ONT": 15, "A24": 10, "RPR": 15, "CSAT": 20, "VPD": 10, "OPR": 5, "DOC": 5,
        },
        "desk_agent": {"FRT": 20, "TRS": 15, "FCR": 20, "QA": 20, "CSAT": 15, "DOC": 10},
        "dispatcher": {"DSP": 30, "ONT": 25, "RSD": 15, "TPV": 15, "BLA": 15},
        "parts": {"PFR": 30, "PLT": 20, "WPR": 15, "INV": 20, "DOS": 15},
        "complaints": {"CAK": 30, "CCL": 45, "OCP": 15, "QA": 10},
        "qa": {"QCR": 40, "RPR": 25, "CSAT": 25, "TRN": 10},
        "lead": {"TSC": 50, "CPR": 15, "IMP": 10, "ONE": 10, "UPW": 5, "TRN": 10},
        "director": {"FTF": 20, "RPR": 15, "TRS": 20, "CSAT": 20, "CPR": 15, "OCP": 10},
    }  # fmt: skip


def test_the_ecommerce_roles_weigh_what_was_published() -> None:
    assert dict(weights(template("ecommerce"))) == {
        "chat_agent": {"C3M": 20, "FCR": 20, "CSAT": 20, "QA": 20, "WOC": 10, "CEA": 10},
        "refund_desk": {"RFT": 30, "OCP": 20, "PRC": 25, "TRS": 15, "DOC": 10},
        "complaints": {"CAK": 20, "CCL": 30, "CRE": 25, "OCP": 15, "QA": 10},
        "qa": {"QCR": 40, "FCR": 25, "CSAT": 25, "TRN": 10},
        "lead": {"TSC": 50, "DRT": 15, "SIR": 5, "ONE": 10, "TNV": 10, "IMP": 10},
    }


@pytest.mark.parametrize("name", ["appliance", "ecommerce"])
def test_nobody_who_checks_others_is_scored_by_the_scores_they_give(name: str) -> None:
    assert not {"QA", "CEA", "WDA"} & set(dict(weights(template(name)))["qa"])


def test_the_saas_roles_weigh_what_was_published() -> None:
    assert dict(weights(template("saas"))) == {
        "l1": {"FRS": 20, "FCR": 25, "CSAT": 20, "QA": 15, "REO": 10, "KBU": 10},
        "l2": {"TRS": 25, "TTR_P90": 15, "REO": 15, "CSAT": 15, "PNG": 10, "KBU": 10, "PRB": 10},
        "lead": {"TSC": 50, "BLA": 15, "MIR": 10, "ENP": 10, "ONE": 10, "IMP": 5},
    }


@pytest.mark.parametrize(
    ("name", "role", "code", "text"),
    [
        ("appliance", "field_engineer", "FTF", "70 / 80 / 88"),
        ("appliance", "field_engineer", "RPR", "10 / 5 / 2"),
        ("appliance", "field_engineer", "VPD", "0.7 / 1 / 1.2"),
        ("appliance", "desk_agent", "FRT", "120 / 60 / 15"),
        ("appliance", "parts", "INV", "95 / 98 / 99.5"),
        ("ecommerce", "refund_desk", "RFT", "90 / 97 / 99.5"),
        ("ecommerce", "chat_agent", "CEA", "3 / 1 / 0"),
        ("saas", "l1", "FCR", "55 / 66 / 75"),
        ("saas", "l2", "PNG", "10 / 5 / 2"),
    ],
)
def test_the_targets_are_the_published_ones(name: str, role: str, code: str, text: str) -> None:
    items = {item.indicator: item for item in template(name).role(role).items}
    assert items[code].curve.text() == text


def test_what_a_unit_does_together_is_scored_alike_for_every_member() -> None:
    parts = {item.indicator: item.scope for item in template("appliance").role("parts").items}
    assert parts == {"PFR": Scope.TEAM, "PLT": Scope.TEAM, "WPR": Scope.OWN, "INV": Scope.TEAM, "DOS": Scope.TEAM}


def test_saas_is_scored_by_the_quarter_and_on_the_own_score() -> None:
    saas = template("saas")
    assert saas.cycle == "quarter"
    assert {role.team_share for role in saas.roles.values()} == {0}
