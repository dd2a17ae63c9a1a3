"""The legal limits: looked up by day and place, forbidding by name, blocking a plan until its procedure is on file."""

from datetime import date
from decimal import Decimal

import pytest

from fuxiao.core.bonus.lawbook import read_rules
from fuxiao.core.errors import DefinitionError
from fuxiao.core.law import LAW, STEPS, Action, LegalRule, Step, forbids, keep_until, procedure_status, rule_as_of

TODAY = date(2026, 10, 31)
OWN_RULE = {
    "key": "damage_deduction",
    "jurisdiction": "CN-SH",
    "valid_from": "2026-01-01",
    "valid_to": "2027-01-01",
    "zh": "集体合同约定每月不超过10%",
    "en": "The collective agreement allows 10 % a month",
    "source": "集体合同第八条",
    "figures": {"share": "0.10"},
}


def test_every_rule_says_in_both_languages_what_it_means_and_where_it_is_written():
    assert all(rule.zh and rule.en and rule.source and rule.valid_from for rule in LAW)


def test_deductions_for_damage_are_limited_to_a_fifth_of_the_wage():
    assert rule_as_of("damage_deduction", on=TODAY).figures == {"share": Decimal("0.20")}


def test_before_a_rule_was_in_force_there_is_none():
    assert rule_as_of("no_fines", on=date(2008, 1, 14)) is None
    assert forbids(Action.FINE, on=date(2008, 1, 14)) is None


def test_fines_are_forbidden_with_the_source_to_show():
    assert forbids(Action.FINE, on=TODAY).source == "国务院令第516号（废止《企业职工奖惩条例》）"


def test_a_province_is_asked_before_the_nation():
    rule = rule_as_of("no_fines", on=TODAY, jurisdiction="CN-GD-SZ")
    assert rule.jurisdiction == "CN-GD"
    assert rule.figures == {"per_person_low": 2000, "per_person_high": 5000}
    assert rule_as_of("no_fines", on=date(2013, 4, 30), jurisdiction="CN-GD").jurisdiction == "CN"


@pytest.mark.parametrize("action", list(Action))
def test_every_action_of_concern_is_forbidden_in_china_today(action):
    assert forbids(action, on=TODAY) is not None


def test_another_country_has_no_rules_until_somebody_writes_them():
    assert forbids(Action.FINE, on=TODAY, jurisdiction="DE") is None
    assert not procedure_status({}, on=TODAY, jurisdiction="DE").blocked


def test_a_companys_own_rule_holds_in_its_place_and_time():
    rules = read_rules([OWN_RULE])
    share = {"share": Decimal("0.10")}
    assert rule_as_of("damage_deduction", on=TODAY, jurisdiction="CN-SH", rules=rules).figures == share
    assert rule_as_of("damage_deduction", on=TODAY, rules=rules).jurisdiction == "CN"
    after = rule_as_of("damage_deduction", on=date(2027, 1, 1), jurisdiction="CN-SH", rules=rules)
    assert after.jurisdiction == "CN"


def test_a_rule_that_cannot_be_read_is_refused_with_all_its_issues():
    with pytest.raises(DefinitionError) as refused:
        read_rules([{**OWN_RULE, "forbids": ["fien"], "valid_from": "soon", "sauce": "x"}])
    assert [(issue.where, issue.code) for issue in refused.value.issues] == [
        ("rules[0].sauce", "definition.unknown_key"),
        ("rules[0].valid_from", "definition.not_a_day"),
        ("rules[0].forbids[0]", "definition.not_a_choice"),
    ]


def test_a_record_is_kept_for_the_years_of_its_rule():
    rule = rule_as_of("pay_record", on=TODAY)
    assert keep_until(rule, since=date(2026, 10, 31)) == date(2028, 10, 31)
    assert keep_until(rule, since=date(2024, 2, 29)) == date(2026, 3, 1)


def steps(**days):
    return {name: Step(days.get(name, date(2025, 12, 1)), f"{name}.pdf") for name in STEPS}


def test_a_plan_pays_once_all_steps_are_on_file():
    status = procedure_status(steps(), on=TODAY)
    assert (status.blocked, status.missing, status.rule.key) == (False, (), "plan_procedure")


def test_a_plan_without_steps_is_blocked_and_says_what_is_missing():
    status = procedure_status({}, on=TODAY)
    assert (status.blocked, status.missing) == (True, STEPS)


def test_a_step_counts_from_its_day_on_and_only_with_its_proof():
    half = {**steps(receipts=date(2026, 11, 1)), "agreement": Step(date(2025, 12, 1), " ")}
    assert procedure_status(half, on=TODAY).missing == ("agreement", "receipts")


def test_a_rule_with_no_end_holds_on():
    rule = LegalRule(key="k", jurisdiction="X", valid_from=TODAY, zh="z", en="e", source="s")
    assert rule_as_of("k", on=date(2999, 1, 1), jurisdiction="X", rules=[rule]) is rule
