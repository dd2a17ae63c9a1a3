"""A plan is read from plain YAML: usable, or refused with everything that is wrong and where."""

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import fuxiao.incentives
from fuxiao.core.bonus.earner import Earner
from fuxiao.core.bonus.plan import read_plan
from fuxiao.core.bonus.reader import Label
from fuxiao.core.bonus.settle import settle
from fuxiao.core.errors import DefinitionError

TEMPLATES = Path(fuxiao.incentives.__file__).parent / "templates"

GOOD = {
    "plan": "desk",
    "version": 2026.1,
    "label": "客服奖金",
    "valid_from": date(2026, 1, 1),
    "valid_to": "2027-01-01",
    "currency": "CNY",
    "cycle": "month",
    "defaults": {"base": "2000.00"},
    "coefficients": {"by": "score"},
    "factors": {
        "team": {"low": 0.9, "high": 1.1, "by": {"team_score": [{"at": 60, "gives": 0.9}, {"at": 90, "gives": 1.1}]}}
    },
    "roles": {
        "agent": {
            "components": [
                {
                    "key": "performance",
                    "type": "base_coefficient",
                    "multiply": {"factors": ["own", "team"], "cap": 1.4},
                },
                {"key": "sales", "type": "tiered_commission", "tiers": [{"from": 0, "rate": 0.03}]},
            ]
        }
    },
    "pools": {"team_pool": {"weight": "score", "amount": 9000, "cap": 4000, "label": {"zh": "团队奖金池"}}},
    "gates": [{"indicator": "QA", "below": 75, "applies_to": ["team_pool"], "roles": ["agent"]}],
    "procedure": {
        "draft": {"day": "2025-11-01", "evidence": "draft.pdf"},
        "publication": {"day": "2025-12-01", "evidence": "notice.pdf"},
    },
}


def changed(**paths):
    """The good plan with some places changed: ``roles__agent__cap=1``; numbers are list positions; ... removes."""
    plain = copy.deepcopy(GOOD)
    for path, value in paths.items():
        *way, last = [int(key) if key.isdigit() else key for key in path.split("__")]
        place = plain
        for key in way:
            place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return plain


def refused(plain):
    with pytest.raises(DefinitionError) as error:
        read_plan(plain)
    return {issue.where: issue.code for issue in error.value.issues}


def issue_at(plain, where):
    with pytest.raises(DefinitionError) as error:
        read_plan(plain)
    return next(issue for issue in error.value.issues if issue.where == where)


def test_a_good_plan_is_read_with_exact_numbers_and_no_warning():
    plan = read_plan(GOOD)
    assert plan.warnings == ()
    assert (plan.version, plan.valid_from, plan.valid_to) == ("2026.1", date(2026, 1, 1), date(2027, 1, 1))
    assert plan.factors["team"].low == Decimal("0.9")
    assert plan.label == Label("客服奖金", "客服奖金")
    assert plan.pools["team_pool"].label == Label("团队奖金池", "团队奖金池")
    assert [component.title.zh for component in plan.role("agent").components] == ["绩效奖金", "阶梯提成"]
    assert plan.role("stranger") is None


@pytest.mark.parametrize("name", ["appliance", "ecommerce", "saas"])
def test_a_template_reads_without_a_warning_and_pays_somebody_of_whom_only_the_score_is_known(name):
    plan = read_plan(yaml.safe_load((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")))
    assert plan.warnings == ()
    payout = settle(plan, [Earner(person="e1", role="", score=Decimal("91.57"))], period="2026-10").payouts[0]
    assert payout.total > 0
    assert plan.status(on=date(2026, 10, 31)).blocked


def test_the_whole_list_of_issues_comes_at_once():
    plain = changed(
        versoin="1",
        currency="CNZ",
        cycle="monthly",
        valid_to="2025-12-31",
        roles__agent__components__0__share=1.5,
        roles__agent__components__1__tiers__0__rate=-0.03,
        roles__agent__components__1__type="tiered_comission",
        pools__team_pool__weight=...,
        gates__0__roles=["agnet"],
    )
    assert refused(plain) == {
        "versoin": "definition.unknown_key",
        "currency": "definition.unknown_name",
        "cycle": "definition.not_a_choice",
        "valid_to": "plan.ends_before_start",
        "roles.agent.components[0].share": "definition.out_of_range",
        "roles.agent.components[1].type": "definition.not_a_choice",
        "pools.team_pool.weight": "definition.missing",
        "gates[0].roles": "definition.unknown_name",
    }


@pytest.mark.parametrize(
    ("plain", "where", "near"),
    [
        (changed(versoin="1"), "versoin", ("version",)),
        (changed(cycle="mounth"), "cycle", ("month",)),
        (
            changed(roles__agent__components__0__type="base_coeficient"),
            "roles.agent.components[0].type",
            ("base_coefficient",),
        ),
        (
            changed(roles__agent__components__0__multiply__factors=["tema"]),
            "roles.agent.components[0].multiply",
            ("team",),
        ),
        (changed(pools__team_pool__roles=["agnet"]), "pools.team_pool.roles", ("agent",)),
        (changed(gates__0__applies_to=["team_poll"]), "gates[0].applies_to", ("team_pool",)),
        (changed(procedure__agreemnt={"day": "2025-11-05"}), "procedure", ("agreement",)),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_one(plain, where, near):
    assert issue_at(plain, where).params["near"] == near


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"valid_from": "tomorrow"}, "valid_from", "definition.not_a_day"),
        ({"plan": "  "}, "plan", "definition.not_text"),
        ({"plan": ["x"]}, "plan", "definition.not_text"),
        ({"label": {"zh": "x", "de": "y"}}, "label.de", "definition.unknown_key"),
        ({"roles": []}, "roles", "definition.not_a_table"),
        ({"roles": {}}, "roles", "definition.empty"),
        ({"roles": {"agent": 5}}, "roles.agent", "definition.not_a_table"),
        ({"roles": {"agent": {"components": []}}}, "roles.agent.components", "definition.empty"),
        ({"roles": {"agent": {"components": "all"}}}, "roles.agent.components", "definition.not_a_list"),
        ({"roles": {"agent": {"components": ["all"]}}}, "roles.agent.components[0]", "definition.not_a_table"),
        ({"roles": {"agent": {"components": [{"key": "x"}]}}}, "roles.agent.components[0].type", "definition.missing"),
        ({"defaults": 5}, "defaults", "definition.not_a_table"),
        ({"defaults__base": True}, "defaults.base", "definition.not_a_number"),
        ({"defaults__base": "a lot"}, "defaults.base", "definition.not_a_number"),
        ({"defaults__base": float("nan")}, "defaults.base", "definition.not_a_number"),
        ({"defaults__base": -1}, "defaults.base", "definition.out_of_range"),
        ({"minor_units": "1.5"}, "minor_units", "definition.not_whole"),
        ({"roles__agent__components__1__key": "performance"}, "roles.agent.components[1].key", "definition.twice"),
        ({"roles__agent__components__1__key": "team_pool"}, "roles.agent.components[1].key", "definition.twice"),
        ({"roles__agent__components__1__tiers": []}, "roles.agent.components[1].tiers", "definition.empty"),
        (
            {"roles__agent__components__1__tiers": [{"from": 5, "rate": 0}, {"from": 5, "rate": 1}]},
            "roles.agent.components[1].tiers[1].from",
            "plan.not_rising",
        ),
        (
            {"roles__agent__components__0__multiply__floor": 1.5},
            "roles.agent.components[0].multiply.floor",
            "plan.floor_over_cap",
        ),
        (
            {"roles__agent__components__0__multiply__weights": {"own": 1}},
            "roles.agent.components[0].multiply.weights",
            "plan.weights_without_effect",
        ),
        (
            {"roles__agent__components__0__multiply__mode": "additive"},
            "roles.agent.components[0].multiply.factors",
            "plan.factors_without_effect",
        ),
        (
            {"roles__agent__components__0__multiply": {"mode": "additive", "weights": {"own": 0.7, "team": 0.2}}},
            "roles.agent.components[0].multiply.weights",
            "plan.weights_not_one",
        ),
        ({"factors__team__low": 1.2}, "factors.team.low", "plan.floor_over_cap"),
        ({"factors__team__default": 1.2}, "factors.team.default", "plan.default_outside_limits"),
        ({"factors__team__by__score": [{"at": 1, "gives": 1}]}, "factors.team.by.score", "plan.curve_too_short"),
        (
            {"factors__team__by__score": [{"at": 1, "gives": 1}, {"at": 1, "gives": 2}]},
            "factors.team.by.score[1].at",
            "plan.not_rising",
        ),
        ({"coefficients__bands": {"X": 50}}, "coefficients.table", "plan.grade_without_coefficient"),
        ({"gates__0__veto": "SAF"}, "gates[0]", "plan.gate_needs_one_condition"),
        ({"gates__0__below": ...}, "gates[0]", "plan.gate_needs_one_bar"),
        ({"gates__0__above": 99}, "gates[0]", "plan.gate_needs_one_bar"),
        ({"gates__0__factor": -0.5}, "gates[0].factor", "definition.out_of_range"),
        ({"pools__team_pool__optional": "perhaps"}, "pools.team_pool.optional", "definition.not_yes_or_no"),
        ({"pools__team_pool__scope": "team"}, "pools.team_pool.amount", "plan.amount_for_every_team"),
        ({"pools__team_pool__difficulty": {"x": 2}}, "pools.team_pool.difficulty", "plan.difficulty_without_effect"),
        ({"hold_back": {"rate": 20}}, "hold_back.rate", "definition.out_of_range"),
        ({"hold_back": {"rate": 0.2, "of": ["bonus"]}}, "hold_back.of", "definition.unknown_name"),
        ({"hold_back": {"rate": 0.2, "release": "month"}}, "hold_back.release", "plan.release_not_after_cycle"),
        (
            {"minimum_wage": {"monthly": 2500, "place": "X"}, "cycle": "week"},
            "minimum_wage",
            "plan.minimum_wage_needs_months",
        ),
        ({"procedure__publication__day": "2025-10-01"}, "procedure.publication.day", "plan.step_before"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(change, where, code):
    assert refused(changed(**change))[where] == code


def test_something_that_is_no_table_is_no_plan():
    assert refused("pay everybody") == {"": "definition.not_a_table"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"roles__agent__components__0__key": "late_fine"}, "roles.agent.components[0]"),
        ({"roles__agent__components__0__label": "迟到罚款"}, "roles.agent.components[0]"),
        ({"gates__0__label": {"zh": "扣工资", "en": "gate"}}, "gates[0]"),
        ({"pools__team_pool__label": {"zh": "池", "en": "Penalty pot"}}, "pools.team_pool"),
        ({"label": {"zh": "罚金方案"}}, "label"),
        ({"roles__agent__label": "Fines desk"}, "roles.agent.label"),
    ],
)
def test_a_plan_cannot_hold_a_fine_under_any_name(change, where):
    assert refused(changed(**change)) == {where: "law.no_fines"}


def test_where_the_law_knows_no_such_rule_words_are_free():
    assert read_plan(changed(label="fines", jurisdiction="DE")).label.en == "fines"


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        (
            {
                "roles__agent__components__1__mode": "whole",
                "roles__agent__components__1__tiers": [{"from": 0, "rate": 0.05}, {"from": 15000, "rate": 0.08}],
            },
            "roles.agent.components[1].tiers[1]",
            "plan.cliff",
        ),
        ({"defaults": {}}, "roles.agent.components[0]", "plan.base_only_from_people"),
        ({"pools__team_pool__cap": 10000}, "pools.team_pool.cap", "plan.cap_without_effect"),
        ({"hold_back": {"rate": 0.2}}, "hold_back.of", "plan.hold_back_on_piece_work"),
        ({"procedure__publication__day": "2026-01-02"}, "procedure.publication.day", "plan.published_after_start"),
    ],
)
def test_what_is_allowed_but_unwise_is_a_warning(change, where, code):
    (warning,) = read_plan(changed(**change)).warnings
    assert (warning.where, warning.code, warning.severity) == (where, code, "warning")


def test_a_first_day_that_cannot_be_read_is_said_once():
    assert refused(changed(valid_from="2026-13-01", procedure__publication__day="2026-01-02")) == {
        "valid_from": "definition.not_a_day",
    }


def test_the_warning_of_a_cliff_names_the_jump():
    tiers = [{"from": 0, "rate": 0.05}, {"from": 15000, "rate": 0.08}, {"from": 20000, "rate": 0.08}]
    change = {"roles__agent__components__1__mode": "whole", "roles__agent__components__1__tiers": tiers}
    (warning,) = read_plan(changed(**change)).warnings
    assert warning.params == {"at": 15000, "before": Decimal("750.00"), "after": Decimal("1200.00")}


def test_hold_back_that_spares_piece_work_is_no_warning():
    assert read_plan(changed(hold_back={"rate": 0.2, "of": ["performance"]})).warnings == ()


@pytest.mark.parametrize(("written", "meant"), [("RMB", "CNY"), ("rmb", "CNY"), ("NTD", "TWD"), ("EUO", "EUR")])
def test_a_currency_that_is_none_is_answered_with_the_one_that_is_meant(written, meant):
    assert issue_at(changed(currency=written), "currency").params["near"][0] == meant


@pytest.mark.parametrize(("change", "units"), [({"currency": "JPY"}, 0), ({"currency": "XTS", "minor_units": 3}, 3)])
def test_the_smallest_unit_comes_with_the_currency_or_from_the_plan(change, units):
    assert read_plan(changed(**change)).currency.minor_units == units


def test_a_plan_without_dates_in_its_procedure_is_readable_and_blocked():
    plan = read_plan(changed(procedure={"draft": {}}))
    assert plan.status(on=date(2026, 1, 1)).missing == ("draft", "discussion", "agreement", "publication", "receipts")
