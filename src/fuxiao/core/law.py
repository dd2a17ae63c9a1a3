"""The legal limits, as dated rules with their source: data that a company's counsel checks and adds to, not code.

A rule is looked up *as of* a day and for a place; ``CN-GD`` (a province) is asked first, then ``CN``. Nothing here is
legal advice. What the rules do: they cap deductions, forbid actions by name, and block the payroll effect of a
plan until the steps that the law asks for are on file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Action(StrEnum):
    """What somebody may want the system to do, and a rule may forbid."""

    FINE = "fine"
    DEDUCT_FROM_WAGE = "deduct_from_wage"
    DISMISS_FOR_RANK = "dismiss_for_rank"
    PAY_UNDER_UNPUBLISHED_PLAN = "pay_under_unpublished_plan"
    DECIDE_WITHOUT_A_PERSON = "decide_without_a_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRule:
    """One rule: what it says in two languages, where and from when it holds, and where it is written.

    ``figures`` hold its numbers (shares of 1, years), ``steps`` what must be on file, ``forbids`` what is refused.
    """

    key: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None = None
    zh: str
    en: str
    source: str
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    forbids: frozenset[Action] = frozenset()


STEPS = ("draft", "discussion", "agreement", "publication", "receipts")

LAW: tuple[LegalRule, ...] = (
    LegalRule(
        key="damage_deduction",
        jurisdiction="CN",
        valid_from=date(1995, 1, 1),
        zh="因劳动者本人原因给用人单位造成经济损失的，可按劳动合同约定要求赔偿；每月扣除部分不得超过当月工资的20%，"
        "扣除后的剩余工资不得低于当地月最低工资标准。",
        en="Damage caused by the employee may be recovered where the labour contract says so: at most 20 % of the "
        "month's wage, and what remains may not be below the local monthly minimum wage.",
        source="《工资支付暂行规定》（劳部发〔1994〕489号）第十六条",
        figures={"share": Decimal("0.20")},
    ),
    LegalRule(
        key="wage_deduction",
        jurisdiction="CN",
        valid_from=date(1995, 1, 1),
        zh="用人单位不得克扣劳动者工资；仅可代扣个人所得税、个人负担的社会保险费、法院判决裁定的费用及法律法规规定的其他费用。",
        en="Wages may not be docked; only tax, the employee's social insurance, sums ordered by a court and others "
        "named by law may be withheld.",
        source="《工资支付暂行规定》（劳部发〔1994〕489号）第十五条",
        forbids=frozenset({Action.DEDUCT_FROM_WAGE}),
    ),
    LegalRule(
        key="no_fines",
        jurisdiction="CN",
        valid_from=date(2008, 1, 15),
        zh="《企业职工奖惩条例》已于2008年1月15日废止，用人单位罚款不再有全国性法律依据；绩效只能影响事先约定的浮动部分。",
        en="The 1982 regulation that allowed fines was repealed on 2008-01-15; no national law gives employers a "
        "right to fine. A score may move only a promised variable component.",
        source="国务院令第516号（废止《企业职工奖惩条例》）",
        forbids=frozenset({Action.FINE}),
    ),
    LegalRule(
        key="no_fines",
        jurisdiction="CN-GD",
        valid_from=date(2013, 5, 1),
        zh="规章制度规定罚款内容或者没有法律依据扣减工资的，责令改正、给予警告；已扣减的，按每人二千元以上五千元以下处以罚款。",
        en="Rules that contain fines or baseless deductions are ordered corrected, with a warning; wrongful "
        "deductions cost 2000 to 5000 for each person affected.",
        source="《广东省劳动保障监察条例》第五十一条",
        figures={"per_person_low": Decimal(2000), "per_person_high": Decimal(5000)},
        forbids=frozenset({Action.FINE}),
    ),
    LegalRule(
        key="plan_procedure",
        jurisdiction="CN",
        valid_from=date(2008, 1, 1),
        zh="直接涉及劳动者切身利益的规章制度（薪酬、考核、奖惩、定额）应经职工代表大会或全体职工讨论，提出方案和意见，"
        "与工会或职工代表平等协商确定，并公示或告知劳动者。",
        en="Rules on pay, appraisal, discipline and quotas must be discussed with the staff congress or all staff, "
        "agreed with the union or staff representatives, and published or told to the staff.",
        source="《中华人民共和国劳动合同法》第四条",
        steps=STEPS,
        forbids=frozenset({Action.PAY_UNDER_UNPUBLISHED_PLAN}),
    ),
    LegalRule(
        key="bottom_rank",
        jurisdiction="CN",
        valid_from=date(2013, 11, 8),
        zh="劳动者在考核中居于末位，不等同于“不能胜任工作”，不得据此单方解除劳动合同；须证明不能胜任，经培训或调岗后仍不能胜任，"
        "并事先通知工会。",
        en="Being last in an appraisal is not incompetence and no ground for dismissal; needed are proof, then "
        "training or another job, then proof again, and notice to the union.",
        source="最高人民法院指导案例18号；《第八次全国法院民事商事审判工作会议（民事部分）纪要》第29条；《劳动合同法》第四十条、第四十三条",
        forbids=frozenset({Action.DISMISS_FOR_RANK}),
    ),
    LegalRule(
        key="pay_record",
        jurisdiction="CN",
        valid_from=date(1995, 1, 1),
        zh="用人单位必须书面记录支付劳动者工资的数额、时间、领取者姓名及签字，保存两年以上备查，并向劳动者提供工资清单。",
        en="Amount, date, name and signature of wages are recorded and kept two years at least; everyone gets a "
        "payslip.",
        source="《工资支付暂行规定》（劳部发〔1994〕489号）第六条",
        figures={"years": Decimal(2)},
    ),
    LegalRule(
        key="migrant_wage_ledger",
        jurisdiction="CN",
        valid_from=date(2020, 5, 1),
        zh="用人单位应当按照工资支付周期编制书面工资支付台账，并至少保存3年（农民工）。",
        en="The wage ledger of rural migrant workers is kept three years at least.",
        source="《保障农民工工资支付条例》第十五条",
        figures={"years": Decimal(3)},
    ),
    LegalRule(
        key="retention",
        jurisdiction="CN",
        valid_from=date(2008, 5, 1),
        zh="劳动争议仲裁时效一年，拖欠工资争议自劳动关系终止之日起算；减少报酬由用人单位举证。默认保存至离职后三年。",
        en="Claims lapse after one year, for unpaid wages counted from the end of employment, and the employer must "
        "prove why pay was cut. Kept for three years after leaving by default.",
        source="《劳动争议调解仲裁法》第二十七条；最高人民法院关于审理劳动争议案件适用法律的解释（举证责任）；三年为默认设置",
        figures={"years": Decimal(3)},
    ),
    LegalRule(
        key="human_decision",
        jurisdiction="CN",
        valid_from=date(2021, 11, 1),
        zh="通过自动化决策作出对个人权益有重大影响的决定，个人有权要求说明，并有权拒绝仅通过自动化决策的方式作出决定。",
        en="Where an automated decision weighs on a person's rights, that person may ask for an explanation and "
        "refuse a decision made by automation alone.",
        source="《中华人民共和国个人信息保护法》第二十四条",
        forbids=frozenset({Action.DECIDE_WITHOUT_A_PERSON}),
    ),
)


def rules_as_of(on: date, *, jurisdiction: str, rules: Sequence[LegalRule] = LAW) -> tuple[LegalRule, ...]:
    """The rules in force on a day at a place, one a key: a province's own before the nation's, newest first."""
    places = {place: depth for depth, place in enumerate(places_above(jurisdiction))}
    in_force = [
        rule
        for rule in rules
        if rule.jurisdiction in places and rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)
    ]
    in_force.sort(key=lambda rule: (-places[rule.jurisdiction], rule.valid_from))
    return tuple({rule.key: rule for rule in in_force}.values())


def places_above(jurisdiction: str) -> tuple[str, ...]:
    """A place and those around it, nearest first: ``CN-GD-SZ``, ``CN-GD``, ``CN``."""
    parts = jurisdiction.split("-")
    return tuple("-".join(parts[:size]) for size in range(len(parts), 0, -1))


def rule_as_of(key: str, *, on: date, jurisdiction: str = "CN", rules: Sequence[LegalRule] = LAW) -> LegalRule | None:
    """One rule as of a day and place; ``None`` where there is none."""
    found = rules_as_of(on, jurisdiction=jurisdiction, rules=rules)
    return next((rule for rule in found if rule.key == key), None)


def forbids(
    action: Action, *, on: date, jurisdiction: str = "CN", rules: Sequence[LegalRule] = LAW
) -> LegalRule | None:
    """The rule that forbids an action at that day and place, to be shown with its source; ``None`` where none does."""
    found = rules_as_of(on, jurisdiction=jurisdiction, rules=rules)
    return next((rule for rule in found if action in rule.forbids), None)


def keep_until(rule: LegalRule, *, since: date) -> date:
    """The first day on which a record may go: ``since`` (payment, or the day of leaving) plus the rule's years."""
    year = since.year + int(rule.figures["years"])
    try:
        return since.replace(year=year)
    except ValueError:  # 29 February in a year that has none
        return date(year, 3, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure: the day it was done and the file that proves it."""

    on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureStatus:
    """Whether a plan may move pay on a day. ``missing`` names the steps that are not on file by then."""

    blocked: bool
    missing: tuple[str, ...]
    rule: LegalRule | None


def procedure_status(
    steps: Mapping[str, Step], *, on: date, jurisdiction: str = "CN", rules: Sequence[LegalRule] = LAW
) -> ProcedureStatus:
    """A plan's payroll effect on a day: blocked until every step that the law of the place asks for is on file."""
    rule = rule_as_of("plan_procedure", on=on, jurisdiction=jurisdiction, rules=rules)
    wanted = rule.steps if rule else ()
    missing = tuple(name for name in wanted if not done(steps.get(name, Step()), on))
    return ProcedureStatus(bool(missing), missing, rule)


def done(step: Step, on: date) -> bool:
    """A step counts from its day on, and only with its proof."""
    return step.on is not None and step.on <= on and bool(step.evidence.strip())
