"""What the demonstration's desk promised: two service contracts, and what happens when time runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from fuxiao.cli.server.prepare import SYSTEM

SHOPS = "小微商户"
CONTRACTS = (("HT-2026-001", "金牌", 200, 165), ("HT-2026-002", "标准", 345, 20))
"""Number, level, since how many days, for how many more: the second has to be renewed soon."""
ESCALATIONS = (
    {"name": "紧急单首次响应快超时，提醒班组长", "clock": "first_response", "missed": False},
    {"name": "紧急单超时未解决，升级到调度", "clock": "resolution", "missed": True},
)
DISPATCH = "dispatcher"


def fill_promises(*, at: datetime) -> None:
    """Contracts of the first shops that have a device, and rules of escalation; nothing where there are any."""
    from fuxiao.service.models import Contract, EscalationRule

    if not Contract.objects.exists():
        _contracts(at)
    if not EscalationRule.objects.exists():
        _escalations(at)


def _contracts(at: datetime) -> None:
    from fuxiao.service.actions.customers import add_contract
    from fuxiao.service.models import Customer

    shops = Customer.objects.filter(segment=SHOPS, devices__isnull=False).distinct().order_by("number")
    for customer, (number, level, since, left) in zip(shops[: len(CONTRACTS)], CONTRACTS, strict=False):
        days = {"valid_from": at.date() - timedelta(days=since), "valid_to": at.date() + timedelta(days=left)}
        add_contract(SYSTEM, customer, number, {"level": level, "device": None, **days}, at=at)


def _escalations(at: datetime) -> None:
    """Urgent cases: whoever leads hears before an answer is late, and those who dispatch get what is not solved."""
    from fuxiao.org.models import Team
    from fuxiao.service.actions.setting_up import save_rule
    from fuxiao.service.models import EscalationRule

    dispatch = Team.objects.filter(kind=DISPATCH).order_by("key").first()
    for place, facts in enumerate(ESCALATIONS, 1):
        to = dispatch if facts["missed"] else None
        given = {**facts, "order": 10 * place, "priority": "紧急", "tell_lead": True, "escalate_to": to}
        save_rule(SYSTEM, EscalationRule(), given, version=0, at=at)
