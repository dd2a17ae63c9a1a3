"""Checks across a whole plan: names that must exist, promises that contradict one another, limits of the law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from fuxiao.core.bonus.money import MINOR_UNITS, currency_meant
from fuxiao.core.bonus.reader import Label
from fuxiao.core.bonus.rules import MONTHS, Weight
from fuxiao.core.errors import Issue, did_you_mean
from fuxiao.core.law import STEPS, Action, forbids

if TYPE_CHECKING:
    from fuxiao.core.bonus.plan import Plan, Role

UNREAD = date.min
"""What stands in for a day that could not be read; that is said where it was read."""

# Words for taking money away: a plan promises variable pay and never a fine.
FINE_WORDS = re.compile(r"罚款|罚金|扣罚|处罚金|扣工资|\bfines?\b|\bpenalt(?:y|ies)\b|\bfined\b", re.IGNORECASE)


def plan_issues(plan: Plan) -> Iterator[Issue]:
    """Everything wrong with a plan beyond its single fields."""
    yield from frame_issues(plan)
    for name, role in plan.roles.items():
        yield from role_issues(plan, role, f"roles.{name}")
    yield from pool_issues(plan)
    yield from gate_issues(plan)
    yield from money_flow_issues(plan)
    yield from procedure_issues(plan)
    yield from fine_issues(plan)


def frame_issues(plan: Plan) -> Iterator[Issue]:
    """Dates, currency, roles."""
    if plan.valid_to is not None and plan.valid_to <= plan.valid_from:
        yield Issue("valid_to", "plan.ends_before_start", {"from": plan.valid_from, "to": plan.valid_to})
    if plan.minor_units is None and plan.currency_code not in MINOR_UNITS:
        said = {"kind": "currency", "name": plan.currency_code, "near": currency_meant(plan.currency_code)}
        yield Issue("currency", "definition.unknown_name", said)
    if plan.minor_units is not None and plan.minor_units != int(plan.minor_units):
        yield Issue("minor_units", "definition.not_whole", {"value": plan.minor_units})
    if not plan.roles:
        yield Issue("roles", "definition.empty", {})


def role_issues(plan: Plan, role: Role, where: str) -> Iterator[Issue]:
    """Factors that exist, a base to start from, keys apart from those of pools."""
    for index, component in enumerate(role.components):
        place = f"{where}.components[{index}]"
        names = component.multiplier.names if component.multiplier else ()
        for name in names:
            if name not in {"own", *plan.factors}:
                yield unknown(f"{place}.multiply", "factor", name, ["own", *plan.factors])
        if component.needs_base() and role.base is None and plan.defaults.base is None:
            yield Issue(place, "plan.base_only_from_people", {"component": component.key}, severity="warning")
        if component.key in plan.pools:
            yield Issue(f"{place}.key", "definition.twice", {"key": component.key})


def pool_issues(plan: Plan) -> Iterator[Issue]:
    """Roles that exist; an amount or the permission to have none."""
    for key, pool in plan.pools.items():
        where = f"pools.{key}"
        yield from unknown_each(f"{where}.roles", "role", pool.roles, plan.roles)
        if pool.cap is not None and pool.amount is not None and pool.cap > pool.amount:
            params = {"cap": pool.cap, "amount": pool.amount}
            yield Issue(f"{where}.cap", "plan.cap_without_effect", params, severity="warning")
        if pool.difficulty and pool.weight is not Weight.OUTPUT:
            yield Issue(f"{where}.difficulty", "plan.difficulty_without_effect", {"weight": pool.weight.value})


def gate_issues(plan: Plan) -> Iterator[Issue]:
    """Gates name parts and roles that exist."""
    parts = part_keys(plan)
    for index, gate in enumerate(plan.gates):
        yield from unknown_each(f"gates[{index}].applies_to", "part", gate.applies_to, parts)
        yield from unknown_each(f"gates[{index}].roles", "role", gate.roles, plan.roles)


def money_flow_issues(plan: Plan) -> Iterator[Issue]:
    """Hold-back names existing parts and spares piece work, which is earned wage; a minimum wage needs months."""
    hold = plan.hold_back
    if hold is not None:
        yield from unknown_each("hold_back.of", "part", hold.of, part_keys(plan))
        for key in sorted({c.key for role in plan.roles.values() for c in role.components if c.PIECE_WORK}):
            if not hold.of or key in hold.of:
                yield Issue("hold_back.of", "plan.hold_back_on_piece_work", {"part": key}, severity="warning")
        if MONTHS.get(hold.release, 0) <= MONTHS.get(plan.cycle, 0):
            params = {"release": hold.release.value, "cycle": plan.cycle.value}
            yield Issue("hold_back.release", "plan.release_not_after_cycle", params)
    if plan.minimum_wage is not None and plan.cycle not in MONTHS:
        yield Issue("minimum_wage", "plan.minimum_wage_needs_months", {"cycle": plan.cycle.value})


def procedure_issues(plan: Plan) -> Iterator[Issue]:
    """Steps that the law knows, in their order, finished before the plan starts."""
    yield from unknown_each("procedure", "step", plan.procedure, STEPS)
    dated = [(name, plan.procedure[name].day) for name in STEPS if name in plan.procedure]
    days = [(name, on) for name, on in dated if on is not None]
    for (before, earlier), (name, later) in pairwise(days):
        if later < earlier:
            yield Issue(f"procedure.{name}.day", "plan.step_before", {"before": before, "day": later})
    start = plan.valid_from
    late = [(name, on) for name, on in days if name == "publication" and on > start > UNREAD]
    for name, on in late:
        params = {"day": on, "valid_from": start}
        yield Issue(f"procedure.{name}.day", "plan.published_after_start", params, severity="warning")


def fine_issues(plan: Plan) -> Iterator[Issue]:
    """No part of a plan may be called a fine, where the law of the place knows none."""
    rule = forbids(Action.FINE, on=plan.valid_from, jurisdiction=plan.jurisdiction)
    for where, words in wordings(plan) if rule else ():
        found = FINE_WORDS.search(words.replace("_", " "))
        if found:
            yield Issue(where, "law.no_fines", {"word": found.group(), "rule": rule.key if rule else ""})


def wordings(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every name that people read, with its place."""
    yield "label", words_of(plan.plan, plan.label)
    for name, role in plan.roles.items():
        yield f"roles.{name}.label", words_of("", role.label)
        for index, component in enumerate(role.components):
            yield f"roles.{name}.components[{index}]", words_of(component.key, component.label)
    for key, pool in plan.pools.items():
        yield f"pools.{key}", words_of(key, pool.label)
    for index, gate in enumerate(plan.gates):
        yield f"gates[{index}]", words_of("", gate.label)


def words_of(key: str, label: Label) -> str:
    """Key and both labels as one text."""
    return f"{key} {label.zh} {label.en}"


def part_keys(plan: Plan) -> tuple[str, ...]:
    """The keys of all components and pools."""
    components = {component.key for role in plan.roles.values() for component in role.components}
    return (*sorted(components), *sorted(plan.pools))


def unknown_each(where: str, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Issue]:
    """An issue for each name nobody declared."""
    existing = tuple(known)
    for name in names:
        if name not in existing:
            yield unknown(where, kind, name, existing)


def unknown(where: str, kind: str, name: str, known: Iterable[str]) -> Issue:
    """A name that nobody declared, with the nearest that somebody did."""
    return Issue(
        where, "definition.unknown_name", {"kind": kind, "name": name, "near": tuple(did_you_mean(name, known))}
    )
