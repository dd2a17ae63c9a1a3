"""What a person's result earns before any pool: components, gates and the role's cap."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.bonus.base import joined
from fuxiao.core.bonus.component import PayoutCurve, Whose
from fuxiao.core.bonus.earner import Earner
from fuxiao.core.bonus.money import ONE, ZERO, line, money_of, shown
from fuxiao.core.bonus.payout import Line, LineKind
from fuxiao.core.bonus.plan import Plan, Role
from fuxiao.core.bonus.rules import Gate
from fuxiao.core.bonus.stint import NO_TERMS, Stretch, stretches
from fuxiao.core.explain import Trace


@dataclass(slots=True)
class Account:
    """A person's account while a settlement is worked out."""

    earner: Earner
    stretches: tuple[Stretch, ...]
    shut: tuple[Gate, ...]
    lines: list[Line]
    flags: list[str]

    def open_for(self, part: str) -> Decimal:
        """The factor that shut gates leave of a part: 1 where none is shut."""
        factor = ONE
        for gate in self.shut:
            if not gate.applies_to or part in gate.applies_to:
                factor *= gate.factor
        return factor

    @property
    def balance(self) -> Decimal:
        """The sum of the lines so far."""
        return sum((each.amount for each in self.lines), ZERO)


def open_account(plan: Plan, earner: Earner, *, company: Decimal | None) -> Account:
    """A person's account with all component lines; without lines (and flagged) where the plan has nothing for them."""
    if not plan.eligibility.admits(earner):
        return Account(earner, (), (), [], ["not_eligible"])
    parts = stretches(plan, earner, company)
    known = tuple(part for part in parts if part.terms is not NO_TERMS)
    shut = tuple(gate for gate in plan.gates if gate.shut(earner))
    account = Account(earner, known, shut, [], [])
    if len(known) < len(parts):
        account.flags.append("role_not_in_plan")
    account.flags.extend(f"gate:{gate.veto or gate.indicator}" for gate in shut)
    add_components(plan, account)
    return account


def add_components(plan: Plan, account: Account) -> None:
    """One line a component key, in the order of the plan; several stretches of one key are one line."""
    exact: dict[str, list[Trace]] = {}
    for part in account.stretches:
        note(part.terms, part, account)
        for component in part.terms.components:
            exact.setdefault(component.key, []).append(component.pay(part))
    for key, traces in exact.items():
        trace = gated(joined(traces, code="bonus.stretches"), account.open_for(key))
        rounded = line(trace, currency=plan.currency)
        account.lines.append(Line(LineKind.COMPONENT, key, money_of(rounded), rounded))
    if account.stretches:
        add_cap(account.stretches[-1].terms, account)


def note(role: Role, part: Stretch, account: Account) -> None:
    """Flags what a reader of the payslip must know about this stretch."""
    flags: list[str] = []
    if not part.rated:
        flags.append("not_rated")
    if not part.base and any(component.needs_base() for component in role.components):
        flags.append("no_base")
    of_team = any(isinstance(each, PayoutCurve) and each.of is Whose.TEAM for each in role.components)
    if of_team and part.earner.team_score is None:
        flags.append("team_score_missing")
    account.flags.extend(flag for flag in flags if flag not in account.flags)


def gated(amount: Trace, factor: Decimal) -> Trace:
    """An amount after the gates: unchanged where none is shut."""
    if factor == ONE:
        return amount
    value = money_of(amount)
    return Trace("bonus.gate", value * factor, f"{shown(value)} × {shown(factor)}", inputs=(amount,))


def add_cap(role: Role, account: Account) -> None:
    """A negative line for what the components exceed the role's cap by."""
    earned = account.balance
    if role.cap is None or earned <= role.cap:
        return
    trace = Trace("bonus.cap", role.cap - earned, f"{shown(role.cap)} − {shown(earned)}", {"cap": role.cap})
    account.lines.append(Line(LineKind.CAP, "cap", role.cap - earned, trace))
    account.flags.append("capped")
