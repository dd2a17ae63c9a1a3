"""Forms of cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from fuxiao.core.bonus.factors import Factor
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.bonus.sharing import Amounts
from fuxiao.core.cycle import OPTIONAL, Step
from fuxiao.core.errors import FuxiaoError
from fuxiao.core.period import Period, PeriodKind, parse_period, period_of
from fuxiao.org import queries as org
from fuxiao.web.metrics.periods import title
from fuxiao.web.org.amounts import AmountField, NumberField
from fuxiao.web.performance.named import Titles
from fuxiao.web.performance.presenters import KINDS, RANKS, STEPS
from fuxiao.web.shell.days import workday_after
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

MOST = 13
"""Periods of a kind to choose from: a year of months and the running one."""


def periods_of(kind: PeriodKind, today: date, days: tuple[date, date] | None) -> list[Period]:
    """The running period and the one before, then the latest in which cases came in (``days``: the first, the last)."""
    now = period_of(kind, today)
    found = {now.key: now, now.previous().key: now.previous()}
    if days:
        each, first = period_of(kind, min(days[1], today)), period_of(kind, days[0])
        while len(found) < MOST and each.start >= first.start:
            found[each.key] = each
            each = each.previous()
    return sorted(found.values(), key=lambda period: period.start, reverse=True)


def first_choice(today: date, days: tuple[date, date] | None, taken: frozenset[str] = frozenset()) -> Period:
    """The running month; the month of the last case where that is further back than the month before.

    Where the company has a cycle of it already (``taken``), the latest month before that has none.
    """
    now = period_of(PeriodKind.MONTH, today)
    last = period_of(PeriodKind.MONTH, days[1]) if days else now
    wanted = last if last.start < now.previous().start else now
    months = periods_of(PeriodKind.MONTH, today, days)
    return next((each for each in months if each.key not in taken and each.start <= wanted.start), wanted)


REFUSED = {
    "cycle.cut_off_early": "cut_off_on", "cycle.other_scheme": "scheme", "cycle.other_plan": "plan",
    "settle.currency": "plan", "scheme": "scheme", "plan": "plan",
}  # fmt: skip
"""The field that a refusal, or a definition that was refused, is about; else the period."""


class ReasonForm(forms.Form):
    """Why something is done that others will ask about."""

    reason = forms.CharField(
        label=later("理由", "Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=later("会告诉有关的人，并记入审计", "Told to those concerned and kept in the audit trail"),
    )  # fmt: skip


class ReviewerForm(ReasonForm):
    """Who reviews somebody in the place of their lead, and why."""

    reviewer = forms.ChoiceField(label=later("由谁评价", "Who reviews"))
    field_order = ("reviewer", "reason")

    def __init__(self, data: Mapping[str, Any] | None, choices: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["reviewer"]
        field.choices = [("", ""), *choices]


class CycleForm(forms.Form):
    """Everything HR decides when a cycle is opened; only the period and the scheme must be chosen."""

    period = forms.ChoiceField(label=later("考核期间", "Period"))
    scheme = forms.ChoiceField(label=later("考核方案", "Scheme"))
    plan = forms.ChoiceField(label=later("奖金方案", "Bonus plan"), required=False)
    teams = forms.MultipleChoiceField(
        label=later("参加的班组", "Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stages = forms.MultipleChoiceField(
        label=later("可选步骤", "Optional steps"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cut_off_on = forms.DateField(
        label=later("数据截止日", "Data closes on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    appeal_days = forms.IntegerField(
        label=later("申诉期（工作日）", "Days to appeal (working days)"), min_value=1, max_value=30
    )
    rank_shown = forms.ChoiceField(label=later("本人看到的排名", "Rank shown to the person"))

    repeats = forms.BooleanField(
        label=later("以后每期到日子自动开始", "Open the next periods by themselves"), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, schemes: Titles, plans: Titles, today: date,
        days: tuple[date, date] | None = None, taken: frozenset[str] = frozenset(), asked: str = "",
    ) -> None:  # fmt: skip
        super().__init__(
            data, initial={"period": first_choice(today, days, taken).key, "scheme": asked if asked in schemes else next(iter(schemes), ""), "plan": next(iter(plans), ""),
                           "stages": [Step.SELF_REVIEW.value, Step.LEAD_REVIEW.value], "appeal_days": 7, "rank_shown": "percentile"},
        )  # fmt: skip
        self._choose(
            "period",
            [
                (
                    each.key,
                    f"{t(*words)} · {title(each)}{t('（已有周期）', ' (has a cycle)') if each.key in taken else ''}",
                )
                for kind, words in KINDS.items()
                for each in periods_of(kind, today, days)
            ],
        )
        self._choose("scheme", list(schemes.items()))
        self._choose("plan", [("", t("不关联", "none")), *plans.items()])
        self._choose("teams", [(team.key, team.name) for team in org.open_teams()])
        self._choose("stages", [(step.value, t(*STEPS[step])) for step in OPTIONAL])
        self._choose("rank_shown", [(key, t(*words)) for key, words in RANKS.items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def chosen(self) -> Period:
        return parse_period(self.cleaned_data["period"])

    @property
    def stages_chosen(self) -> tuple[Step, ...]:
        return tuple(step for step in OPTIONAL if step.value in self.cleaned_data["stages"])

    @property
    def cut_off(self) -> date:
        day: date | None = self.cleaned_data["cut_off_on"]
        return day or workday_after(self.chosen.end - timedelta(days=1), self.cut_off_workdays)

    @property
    def cut_off_workdays(self) -> int:
        """So many working days after the period's end the data closes, where nobody says another day."""
        return organisation().windows.cut_off_workdays

    def refuse(self, lines: list[str], error: FuxiaoError) -> None:
        """Say what was refused at the field it is about."""
        field = REFUSED.get(str(error.params.get("what", error.code)), "period")
        for line in lines:
            self.add_error(field, line)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool whose amount is asked for, of one team or of the company (``team`` empty); what was given so far."""

    key: str
    team: str
    label: str
    held: Decimal | None

    @property
    def field(self) -> str:
        return f"pool/{self.key}/{self.team}"


class AmountsForm(forms.Form):
    """The amounts that a bonus plan leaves open; an empty one is not decided yet. See ``amounts_form``."""

    asked: ClassVar[Sequence[Pool]] = ()
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def pools(self) -> Amounts:
        """What was given, by pool; by team for a pool of each team."""
        found: dict[str, Any] = {}
        for each in self.asked:
            amount = self.cleaned_data[each.field]
            if amount is None:
                continue
            if each.team:
                found.setdefault(each.key, {})[each.team] = amount
            else:
                found[each.key] = amount
        return found


def _hint(factor: Factor) -> str:
    """What is taken where no factor is given: the plan's own."""
    if factor.by:
        return t("留空按方案由指标得出", "Where empty, by indicators as the plan says")
    return t("留空按方案的 {n}", "Where empty, {n} by the plan", n=f"{factor.default:f}")


def amounts_form(pools: Sequence[Pool], company: Decimal | None, *, version: int, plan: Plan) -> type[AmountsForm]:
    """The form for the open pools of a plan, and for the company's factor where the plan multiplies by one."""
    fields: dict[str, Any] = {
        each.field: AmountField(
            label=each.label, required=False, min_value=0, max_digits=15, initial=each.held,
            decimal_places=plan.currency.minor_units,
        )
        for each in pools
    }  # fmt: skip
    if plan.uses("company"):
        factor = plan.factors["company"]
        fields["company"] = NumberField(
            label=t("公司系数", "Company factor"), required=False, min_value=factor.low or 0, max_value=factor.high or 10,
            max_digits=8, decimal_places=4, initial=company, help_text=_hint(factor),
        )  # fmt: skip
    fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)
    return type("AmountsOfPlan", (AmountsForm,), {"asked": tuple(pools), **fields})
