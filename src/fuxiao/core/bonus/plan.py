"""A plan: the written, versioned promise of how results become amounts, read from plain YAML and fully checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from fuxiao.core.bonus.checks import plan_issues
from fuxiao.core.bonus.component import Component
from fuxiao.core.bonus.factors import Coefficients, Factor
from fuxiao.core.bonus.money import MINOR_UNITS, Currency, Rounding
from fuxiao.core.bonus.reader import (
    AMOUNT,
    DAY,
    LABEL,
    NO_LABEL,
    TEXT,
    Issues,
    Label,
    Named,
    choice,
    list_of,
    map_of,
    number,
    read_record,
    record,
    without_echoes,
)
from fuxiao.core.bonus.registry import COMPONENT
from fuxiao.core.bonus.rules import (
    AttendanceRule,
    Cycle,
    Eligibility,
    Gate,
    HoldBack,
    MinimumWage,
    PoolRule,
    StepText,
)
from fuxiao.core.errors import DefinitionError, Issue
from fuxiao.core.law import ProcedureStatus, Step, procedure_status

ANY_ROLE = "*"
DIGITS = number(low=Decimal(0), high=Decimal(4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role is promised: components in the order of the payslip, and the cap of their sum."""

    components: Annotated[tuple[Component, ...], list_of(COMPONENT)]
    label: Annotated[Label, LABEL] = NO_LABEL
    base: Annotated[Decimal | None, AMOUNT] = None
    cap: Annotated[Decimal | None, AMOUNT] = None

    def check(self, where: str) -> Iterator[Issue]:
        """At least one component, each under its own key."""
        if not self.components:
            yield Issue(f"{where}.components", "definition.empty", {})
        seen: set[str] = set()
        for index, component in enumerate(self.components):
            if component.key in seen:
                yield Issue(f"{where}.components[{index}].key", "definition.twice", {"key": component.key})
            seen.add(component.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What is taken where nothing is known of a person."""

    base: Annotated[Decimal | None, AMOUNT] = None


NO_DEFAULTS = Defaults()
BY_SCHEDULE = AttendanceRule()
EVERYBODY = Eligibility()
BY_GRADE = Coefficients()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as the settlement uses it; see ``read_plan``."""

    plan: Annotated[str, TEXT]
    version: Annotated[str, TEXT]
    label: Annotated[Label, LABEL] = NO_LABEL
    valid_from: Annotated[date, DAY]
    valid_to: Annotated[date | None, DAY] = None
    jurisdiction: Annotated[str, TEXT] = "CN"
    currency_code: Annotated[str, TEXT, Named("currency")]
    minor_units: Annotated[Decimal | None, DIGITS] = None
    rounding: Annotated[Rounding, choice(Rounding)] = Rounding.HALF_UP
    cycle: Annotated[Cycle, choice(Cycle)]
    defaults: Annotated[Defaults, record(Defaults, blank=NO_DEFAULTS)] = NO_DEFAULTS
    attendance: Annotated[AttendanceRule, record(AttendanceRule, blank=BY_SCHEDULE)] = BY_SCHEDULE
    eligibility: Annotated[Eligibility, record(Eligibility, blank=EVERYBODY)] = EVERYBODY
    coefficients: Annotated[Coefficients, record(Coefficients, blank=BY_GRADE)] = BY_GRADE
    factors: Annotated[Mapping[str, Factor], map_of(record(Factor))] = field(default_factory=dict)
    roles: Annotated[Mapping[str, Role], map_of(record(Role))]
    pools: Annotated[Mapping[str, PoolRule], map_of(record(PoolRule))] = field(default_factory=dict)
    gates: Annotated[tuple[Gate, ...], list_of(record(Gate))] = ()
    hold_back: Annotated[HoldBack | None, record(HoldBack)] = None
    minimum_wage: Annotated[MinimumWage | None, record(MinimumWage)] = None
    procedure: Annotated[Mapping[str, StepText], map_of(record(StepText))] = field(default_factory=dict)
    warnings: tuple[Issue, ...] = ()
    currency: Currency = field(init=False)

    def __post_init__(self) -> None:
        """Works out the currency: its smallest unit from the plan, else from the list of known ones."""
        units = MINOR_UNITS.get(self.currency_code, 2) if self.minor_units is None else int(self.minor_units)
        object.__setattr__(self, "currency", Currency(self.currency_code, units, self.rounding))

    def role(self, name: str) -> Role | None:
        """The terms of a role; those of ``*`` for a role that is not named; ``None`` where there are neither."""
        return self.roles.get(name) or self.roles.get(ANY_ROLE)

    def uses(self, factor: str) -> bool:
        """Whether an amount of some role is multiplied by this factor."""
        used = (each.multiplier for role in self.roles.values() for each in role.components)
        return any(each is not None and factor in each.names for each in used)

    def status(self, *, on: date) -> ProcedureStatus:
        """Whether this plan may move pay on a day: blocked until the steps the law asks for are on file."""
        steps = {name: Step(text.day, text.evidence) for name, text in self.procedure.items()}
        return procedure_status(steps, on=on, jurisdiction=self.jurisdiction)


def read_plan(plain: object) -> Plan:
    """A plan out of a plain table (as YAML gives it).

    Raises ``DefinitionError`` with the whole list of issues where one is an error. Warnings (a cliff, hold-back on
    piece work …) do not stop it; they stand in ``Plan.warnings``.
    """
    issues: Issues = []
    plan: Plan | None = read_record(Plan, plain, "", issues)
    if plan is not None:
        issues.extend(plan_issues(plan))
    issues = without_echoes(issues)
    if plan is None or any(issue.severity == "error" for issue in issues):
        raise DefinitionError("plan", issues)
    return replace(plan, warnings=tuple(issues))
