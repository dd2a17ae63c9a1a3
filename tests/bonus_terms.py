"""Plans and earners in a few words, and what a settlement makes of them."""

from decimal import Decimal

from fuxiao.core.bonus.earner import Earner
from fuxiao.core.bonus.plan import read_plan
from fuxiao.core.bonus.settle import settle

PERFORMANCE = {"key": "performance", "type": "base_coefficient"}
POT = {"pot": Decimal("100.00")}
CURVE = [{"at": 80, "gives": 50}, {"at": 100, "gives": 100}, {"at": 120, "gives": 150}]


def plan(*components, **more):
    role = {"components": list(components or (PERFORMANCE,)), "cap": more.pop("cap", None)}
    plain = {
        "plan": "p",
        "version": "3",
        "valid_from": "2026-01-01",
        "currency": "CNY",
        "cycle": "month",
        "defaults": {"base": 2000},
        "roles": {"agent": role},
    }
    return read_plan({**plain, **more})


def earner(person="e1", role="agent", **facts):
    exact = {key: Decimal(str(value)) if type(value) in {int, float} else value for key, value in facts.items()}
    return Earner(person=person, role=role, **exact)


def one(terms, who, **inputs):
    return settle(terms, [who], period="2026-10", **inputs).payouts[0]


def amounts(payout):
    return [(line.component, line.amount) for line in payout.lines]
