"""A service level policy, and which one holds for a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf

from fuxiao.core import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is promised to the cases it selects, from ``valid_from`` up to, not including, ``valid_to``.

    A selector (``contract``, ``case_type``, ``priority``) that is ``None`` takes every case. Targets are business
    minutes in the calendar ``calendar``; ``None`` promises nothing. From ``warning_share`` of a target on, a running
    clock warns.
    """

    key: str
    calendar: str
    priority: str | None = None
    case_type: str | None = None
    contract: str | None = None
    first_response_minutes: int | None = None
    resolution_minutes: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    warning_share: Decimal = Decimal("0.8")

    @property
    def selectors(self) -> tuple[str | None, str | None, str | None]:
        """What it selects by, the most specific first: contract, case type, priority."""
        return (self.contract, self.case_type, self.priority)


def policy_for(
    policies: Iterable[Policy],
    *,
    on: date,
    priority: str | None = None,
    case_type: str | None = None,
    contract: str | None = None,
) -> Policy | None:
    """The policy for a case as of a day, or ``None``; the most specific wins.

    A policy for the contract comes before any without one, then one for the case type, then one for the priority.
    """
    case = (contract, case_type, priority)
    fitting = [policy for policy in span.as_of(policies, on) if _fits(policy, case)]
    return max(fitting, key=lambda policy: [named is not None for named in policy.selectors], default=None)


def usual_priority(policies: Iterable[Policy], *, on: date) -> str | None:
    """The priority of a case that nobody called urgent or not: of those that promises are made by, the strictest first,
    the one in the middle. ``None`` where a promise holds whatever the priority, or fewer than two are told apart.
    """
    held = [each for each in span.as_of(policies, on) if each.contract is None and each.case_type is None]
    if len(held) < 2 or any(each.priority is None for each in held):
        return None
    strictest = sorted(held, key=lambda each: (each.resolution_minutes or inf, each.first_response_minutes or inf))
    return strictest[len(held) // 2].priority


def _fits(policy: Policy, case: tuple[str | None, ...]) -> bool:
    return all(wanted is None or wanted == has for wanted, has in zip(policy.selectors, case, strict=True))
