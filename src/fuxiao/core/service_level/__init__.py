"""Service levels: what was promised to whom, since when, and whether it was kept."""

from fuxiao.core.service_level.amending import amended
from fuxiao.core.service_level.definition import parse_policies
from fuxiao.core.service_level.outcome import Outcome, Status, outcome
from fuxiao.core.service_level.policy import Policy, policy_for, usual_priority
from fuxiao.core.service_level.promise import Promise, promises

__all__ = [
    "Outcome",
    "Policy",
    "Promise",
    "Status",
    "amended",
    "outcome",
    "parse_policies",
    "policy_for",
    "promises",
    "usual_priority",
]
