"""A plan applied to people: the settlement of a period. Same inputs in any order, same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import TypeVar

from fuxiao.core.bonus.earned import Account, open_account
from fuxiao.core.bonus.earner import Adjustment, Earner, Release
from fuxiao.core.bonus.holdback import hold, release
from fuxiao.core.bonus.minimum import top_up
from fuxiao.core.bonus.money import EXACT, ZERO, money_of, payslip, shown
from fuxiao.core.bonus.payout import Line, LineKind, Payout, Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.bonus.rules import MONTHS
from fuxiao.core.bonus.sharing import Amounts, share_out
from fuxiao.core.bulk import bulk
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace

Row = TypeVar("Row", Release, Adjustment)


@bulk
def settle(
    plan: Plan,
    people: Iterable[Earner],
    *,
    period: str,
    pools: Amounts | None = None,
    company: Decimal | None = None,
    releases: Iterable[Release] = (),
    adjustments: Iterable[Adjustment] = (),
    on: date | None = None,
) -> Settlement:
    """Every person's payout under ``plan`` for ``period``.

    ``pools``: amounts by pool key, for team pools by team. ``company``: the company factor of the period.
    ``releases``: money held back earlier that falls due. ``adjustments``: corrections of earlier periods; a person
    who appears only there (a leaver) gets a payout of these alone. ``on``: the day for the check whether the plan
    may reach the payroll. Order of work: components, gates, cap, pools, hold-back, releases, corrections, carry-over
    of a negative balance, top-up to the minimum wage.
    Raises ``CalculationError`` or ``UnknownName`` where the inputs have no answer.
    """
    with localcontext(EXACT):
        due, corrections = by_person(releases), by_person(adjustments)
        accounts = opened(plan, people, {*due, *corrections}, company)
        summaries = share_out(plan, accounts, pools or {})
        payouts = tuple(
            finished(plan, account, due.get(account.earner.person, ()), corrections.get(account.earner.person, ()))
            for account in accounts
        )
    return Settlement(
        plan=plan.plan,
        version=plan.version,
        period=period,
        currency=plan.currency_code,
        payouts=payouts,
        pools=summaries,
        payroll=None if on is None else plan.status(on=on),
    )


def by_person(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    """Rows of each person, in an order that does not depend on how they were given."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=repr):
        found.setdefault(row.person, []).append(row)
    return found


def opened(plan: Plan, people: Iterable[Earner], also: set[str], company: Decimal | None) -> tuple[Account, ...]:
    """The accounts in order of person; one without lines for those who are only named in corrections."""
    earners: dict[str, Earner] = {}
    for earner in people:
        if earner.person in earners:
            raise CalculationError("bonus.person_twice", person=earner.person)
        earners[earner.person] = earner
    accounts = [open_account(plan, earner, company=company) for earner in earners.values()]
    strangers = also - earners.keys()
    accounts += [Account(Earner(person=who, role=""), (), (), [], ["only_corrections"]) for who in strangers]
    return tuple(sorted(accounts, key=lambda account: account.earner.person))


def finished(plan: Plan, account: Account, due: Sequence[Release], corrections: Sequence[Adjustment]) -> Payout:
    """The account closed: hold-back, releases, corrections, carry-over, top-up."""
    add_hold(plan, account)
    for owed in due:
        trace = release(owed.held, coefficient=owed.coefficient, currency=plan.currency)
        account.lines.append(Line(LineKind.RELEASE, "release", money_of(trace), trace))
    for each in corrections:
        add_correction(plan, account, each)
    add_carry(account)
    add_top_up(plan, account)
    earner = account.earner
    return Payout(
        person=earner.person,
        name=earner.name,
        role=earner.role,
        team=earner.team,
        lines=tuple(account.lines),
        total=account.balance.quantize(plan.currency.step),
        flags=tuple(account.flags),
    )


def minimum_of(plan: Plan) -> Decimal | None:
    """The minimum wage of one cycle of the plan."""
    terms = plan.minimum_wage
    return None if terms is None else terms.monthly * MONTHS[plan.cycle]


def add_hold(plan: Plan, account: Account) -> None:
    """A negative line for the part that is paid later; less of it where the minimum wage would not be reached."""
    terms = plan.hold_back
    if terms is None or not terms.rate:
        return
    reached = [each for each in account.lines if not terms.of or each.component in terms.of]
    earned = sum((each.amount for each in reached), ZERO)
    minimum, wage = minimum_of(plan), account.earner.wage
    room = None if minimum is None or wage is None else wage + account.balance - minimum
    trace = hold(max(ZERO, earned), rate=terms.rate, room=room, currency=plan.currency)
    if "wanted" in trace.params:
        account.flags.append("hold_reduced")
    account.lines.append(Line(LineKind.HOLD, "hold", -money_of(trace), trace))


def add_correction(plan: Plan, account: Account, correction: Adjustment) -> None:
    """A line for a correction of an earlier period, with its reason."""
    amount = payslip(correction.amount, currency=plan.currency)
    on = correction.on.isoformat() if correction.on else None
    params = {"period": correction.period, "reason": correction.reason, "on": on}
    trace = Trace("bonus.adjustment", amount, shown(correction.amount), params)
    account.lines.append(Line(LineKind.ADJUSTMENT, "adjustment", amount, trace))


def add_carry(account: Account) -> None:
    """A negative balance waits for the next period: a bonus goes down to nothing and never into the wage."""
    balance = account.balance
    if balance < 0:
        trace = Trace("bonus.carry", -balance, f"0 − {shown(balance)}")
        account.lines.append(Line(LineKind.CARRY, "carry", -balance, trace))
        account.flags.append("carried")


def add_top_up(plan: Plan, account: Account) -> None:
    """A line up to the minimum wage; a flag where the wage is not known, so that nobody believes it was checked."""
    minimum, wage = minimum_of(plan), account.earner.wage
    if minimum is None:
        return
    if wage is None:
        account.flags.append("wage_unknown")
        return
    trace = top_up(wage=wage, variable=account.balance, minimum=minimum)
    if trace.value:
        account.lines.append(Line(LineKind.TOP_UP, "top_up", money_of(trace), trace))
