"""The template packs fit together: items that somebody can be credited with, and one name for each veto."""

from __future__ import annotations

from importlib import resources

import pytest

from fuxiao.base.wording import catalogue, say_issue
from fuxiao.core.bonus.plan import ANY_ROLE
from fuxiao.core.score import TEAM_SCORE, Scheme
from fuxiao.core.score.scheme import Scope
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.incentives.settling import read_plan_text
from fuxiao.metrics.library import read_library
from fuxiao.performance.decisions import read_scheme_text, templates
from fuxiao.performance.scoring import indicator_infos

PACKS = templates("fuxiao.performance")
LIBRARY = read_library().indicators


def text(package: str, pack: str) -> str:
    return resources.files(package).joinpath("templates", f"{pack}.yaml").read_text(encoding="utf-8")


def scheme(pack: str) -> Scheme:
    return read_scheme_text(text("fuxiao.performance", pack), indicator_infos(LIBRARY))


def credited_to_persons(indicator: Indicator) -> bool:
    """Whether every part of the definition that holds for persons names a person's column."""
    own = indicator.by(("person",))
    parts = [own.numerator, *([own.denominator] if own.denominator else [])]
    return all(FACT_TABLES[part.dataset].credits[part.credit].person is not None for part in parts)


def test_each_scheme_has_its_plan() -> None:
    assert PACKS == templates("fuxiao.incentives") == ("appliance", "ecommerce", "saas")


@pytest.mark.parametrize("pack", PACKS)
def test_everybody_a_plan_pays_has_items_in_the_scheme_and_a_role_in_words(pack: str) -> None:
    paid = set(read_plan_text(text("fuxiao.incentives", pack)).roles) - {ANY_ROLE}
    assert paid == set(scheme(pack).roles)
    assert {f"role.{role}" for role in paid} <= set(catalogue())


@pytest.mark.parametrize("pack", PACKS)
def test_no_item_asks_of_a_person_what_only_a_unit_is_credited_with(pack: str) -> None:
    mistaken = {
        (role.key, item.indicator)
        for role in scheme(pack).roles.values()
        for item in role.items
        if item.scope is Scope.OWN and item.indicator != TEAM_SCORE and not credited_to_persons(LIBRARY[item.indicator])
    }
    assert mistaken == set()


def test_a_unit_figure_is_told_from_one_of_a_person() -> None:
    assert not credited_to_persons(LIBRARY["DOS"])
    assert not credited_to_persons(LIBRARY["CPR"])
    assert credited_to_persons(LIBRARY["IMP"])
    assert credited_to_persons(LIBRARY["TRS"])


@pytest.mark.parametrize("pack", PACKS)
def test_why_an_item_goes_without_a_counter_indicator_is_said_in_one_language_only(pack: str) -> None:
    waived = [issue for issue in scheme(pack).warnings if issue.code == "scheme.counter_waived"]
    assert waived
    for issue in waived:
        reason = issue.params["reason"]
        for lang, other in (("zh", "en"), ("en", "zh")):
            said = say_issue(issue, lang)
            assert (reason[lang] in said, reason[other] in said) == (True, False)


@pytest.mark.parametrize("pack", PACKS)
def test_a_plan_closes_its_gates_on_the_events_that_the_scheme_vetoes(pack: str) -> None:
    vetoed = {veto.event for veto in scheme(pack).vetoes}
    gates = [gate.veto for gate in read_plan_text(text("fuxiao.incentives", pack)).gates if gate.veto]
    assert len(gates) == len(set(gates))
    assert set(gates) == vetoed


@pytest.mark.parametrize("pack", PACKS)
def test_a_template_plan_has_been_through_no_procedure(pack: str) -> None:
    assert read_plan_text(text("fuxiao.incentives", pack)).procedure == {}
