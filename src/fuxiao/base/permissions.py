"""Roles, the permissions they grant, and how far each reaches: the one table of who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    OWNER = "owner"
    HR = "hr"
    MANAGER = "manager"
    LEAD = "lead"
    ENGINEER = "engineer"
    AGENT = "agent"
    DISPATCHER = "dispatcher"
    CHECKER = "checker"
    PARTS = "parts"
    FINANCE = "finance"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"


class Permission(StrEnum):
    ORG_READ = "org.read"
    ORG_WRITE = "org.write"
    LEAVE_GRANT = "leave.grant"
    ACCOUNTS_WRITE = "accounts.write"
    SETTINGS_WRITE = "settings.write"
    VALUES_READ = "values.read"
    ROWS_READ = "rows.read"
    RULES_READ = "rules.read"
    RULES_WRITE = "rules.write"
    DATA_READ = "data.read"
    DATA_WRITE = "data.write"
    PAY_READ = "pay.read"
    PERSONAL_READ = "personal.read"
    AUDIT_READ = "audit.read"
    VIEW_AS = "view_as"
    CASE_READ = "case.read"
    CASE_WRITE = "case.write"
    CASE_ASSIGN = "case.assign"
    CASE_CLOSE = "case.close"
    DESK_WRITE = "desk.write"
    CUSTOMERS_READ = "customers.read"
    CUSTOMERS_WRITE = "customers.write"
    VISITS_PLAN = "visits.plan"
    PARTS_READ = "parts.read"
    PARTS_WRITE = "parts.write"
    COSTS_READ = "costs.read"
    COSTS_APPROVE = "costs.approve"
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_WRITE = "complaints.write"
    COMPLAINTS_DECIDE = "complaints.decide"
    CHECKS_READ = "checks.read"
    CHECKS_WRITE = "checks.write"
    SCORES_READ = "scores.read"
    SCORES_REVIEW = "scores.review"
    CYCLES_READ = "cycles.read"
    CYCLES_WRITE = "cycles.write"
    APPEALS_DECIDE = "appeals.decide"
    SIGNALS_READ = "signals.read"
    SIGNALS_REVIEW = "signals.review"
    EVENTS_READ = "events.read"
    EVENTS_WRITE = "events.write"


NOBODY: Final = "\x1f"
"""A name that no record has, in look-ups of any database."""


class Reach(StrEnum):
    """Whose records a role sees: everybody's, those of the teams below, or only the own."""

    ALL = "all"
    TEAMS = "teams"
    OWN = "own"


READ = frozenset({Permission.ORG_READ, Permission.VALUES_READ, Permission.ROWS_READ})
ALL_READ = READ | {
    Permission.RULES_READ, Permission.DATA_READ, Permission.PAY_READ, Permission.PERSONAL_READ, Permission.AUDIT_READ,
    Permission.SCORES_READ, Permission.CYCLES_READ, Permission.SIGNALS_READ, Permission.EVENTS_READ,
}  # fmt: skip
HANDLE = READ | {Permission.CASE_READ, Permission.CASE_WRITE, Permission.SCORES_READ, Permission.CHECKS_READ}
COMPLAINTS = frozenset({Permission.COMPLAINTS_READ, Permission.COMPLAINTS_WRITE})
CUSTOMERS = frozenset({Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE})
LEAD = HANDLE | CUSTOMERS | COMPLAINTS | {
    Permission.CASE_ASSIGN, Permission.CASE_CLOSE, Permission.VISITS_PLAN, Permission.PARTS_READ, Permission.COSTS_READ,
    Permission.SCORES_REVIEW, Permission.CYCLES_READ, Permission.SIGNALS_READ, Permission.SIGNALS_REVIEW,
    Permission.EVENTS_READ, Permission.EVENTS_WRITE, Permission.LEAVE_GRANT,
}  # fmt: skip
GRANTS: dict[Role, tuple[Reach, frozenset[Permission]]] = {
    Role.OWNER: (Reach.ALL, frozenset(Permission)),
    Role.HR: (Reach.ALL, ALL_READ | {
        Permission.ORG_WRITE, Permission.LEAVE_GRANT, Permission.ACCOUNTS_WRITE, Permission.DATA_WRITE,
        Permission.SETTINGS_WRITE,
        Permission.RULES_WRITE, Permission.VIEW_AS, Permission.SCORES_REVIEW, Permission.CYCLES_WRITE,
        Permission.APPEALS_DECIDE, Permission.SIGNALS_REVIEW, Permission.EVENTS_WRITE,
    }),
    Role.MANAGER: (Reach.TEAMS, LEAD | {
        Permission.RULES_READ, Permission.PERSONAL_READ, Permission.DATA_READ, Permission.DATA_WRITE,
        Permission.DESK_WRITE, Permission.COSTS_APPROVE, Permission.APPEALS_DECIDE, Permission.COMPLAINTS_DECIDE,
    }),
    Role.LEAD: (Reach.TEAMS, LEAD | {Permission.RULES_READ}),
    Role.ENGINEER: (Reach.OWN, HANDLE),
    Role.AGENT: (Reach.OWN, HANDLE | CUSTOMERS | COMPLAINTS | {Permission.CASE_CLOSE}),
    Role.DISPATCHER: (Reach.OWN, HANDLE | CUSTOMERS | COMPLAINTS | {
        Permission.CASE_ASSIGN, Permission.VISITS_PLAN, Permission.PARTS_READ,
    }),
    Role.CHECKER: (Reach.OWN, READ | COMPLAINTS | {
        Permission.CASE_READ, Permission.SCORES_READ, Permission.COMPLAINTS_DECIDE, Permission.CHECKS_READ,
        Permission.CHECKS_WRITE, Permission.SIGNALS_READ, Permission.SIGNALS_REVIEW,
    }),
    Role.PARTS: (Reach.OWN, READ | {
        Permission.CASE_READ, Permission.PARTS_READ, Permission.PARTS_WRITE, Permission.SCORES_READ,
    }),
    Role.FINANCE: (Reach.ALL, READ | {
        Permission.RULES_READ, Permission.PAY_READ, Permission.COSTS_READ, Permission.COSTS_APPROVE,
    }),
    Role.AUDITOR: (Reach.ALL, ALL_READ | {
        Permission.CASE_READ, Permission.CUSTOMERS_READ, Permission.PARTS_READ, Permission.COSTS_READ,
        Permission.COMPLAINTS_READ, Permission.CHECKS_READ,
    }),
    Role.INTEGRATOR: (Reach.ALL, READ | {Permission.DATA_READ, Permission.DATA_WRITE}),
}  # fmt: skip
"""Permissions of a role and their reach. Nobody but the owner and HR reads or writes pay outside finance and audit."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks or acts: the account, the person behind it, what is permitted and whose records are in reach.

    ``teams`` are the keys of the teams in reach, those below included; empty where no role reaches teams.
    ``read_only`` is set while an administrator looks through somebody else's eyes.
    """

    account: int | None
    name: str
    person: str | None = None
    roles: frozenset[Role] = frozenset()
    reach: Reach = Reach.OWN
    permissions: frozenset[Permission] = frozenset()
    teams: frozenset[str] = field(default_factory=frozenset)
    read_only: bool = False

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def own_number(self) -> str:
        """The number of the person behind the account for look-ups; without one, a name that nobody has."""
        return self.person or NOBODY

    @property
    def signature(self) -> str:
        """How a record names whoever wrote it: by number, or by account where nobody stands behind it."""
        return self.person or ("" if self.account is None else f"@{self.account}")

    @property
    def sees_all(self) -> bool:
        return self.reach is Reach.ALL


def reach_of(roles: Iterable[Role]) -> Reach:
    """The widest reach of these roles."""
    reaches = {GRANTS[role][0] for role in roles}
    return next((reach for reach in Reach if reach in reaches), Reach.OWN)


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset().union(*(GRANTS[role][1] for role in roles))


def reach_for(viewer: Viewer, permission: Permission) -> Reach | None:
    """How far this one permission reaches: the widest of the roles that grant it, whatever else the viewer may do.

    ``None`` without the permission. Somebody who reads data of everybody as an integrator and is an engineer as well
    sees no more scorecards than an engineer does.
    """
    if not viewer.may(permission):
        return None
    granting = [role for role in viewer.roles if permission in GRANTS[role][1]]
    return reach_of(granting) if granting else viewer.reach
