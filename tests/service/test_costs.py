"""Costs: what passes by itself, what somebody else decides, and that nobody decides their own."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.service.actions import costs as actions
from fuxiao.service.actions.costs import Asked, NewLimit
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Cost, CostLimit, FeedEntry
from fuxiao.service.queries import costs as queries
from service.conftest import minutes
from web.conftest import NOW, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 11, 6)


@pytest.fixture
def case(desk):
    """A case of 张伟; compensation up to 200.00 a case."""
    actions.add_limit(desk.finance, NewLimit("compensation", 20000, date(2026, 1, 1)), at=NOW)
    return take_in(
        desk.lead, Intake(title="不制冷", owner=desk.people["E3"], team=desk.teams["T1"], device=desk.device), at=NOW
    )


def propose(viewer, case, amount: int, kind: str = "compensation") -> Cost:
    return actions.propose(viewer, case.number, Asked(kind, amount, "安抚"), at=minutes(1))


def test_within_the_limit_a_cost_passes_and_above_it_waits(desk, case):
    passed, above = propose(desk.engineer, case, 20000), propose(desk.engineer, case, 1)
    assert (passed.state, passed.policy_limit, passed.exception) == ("approved", 20000, False)
    assert above.state == "waiting", "a sum that is split counts whole"
    assert set(FeedEntry.objects.filter(dataset="costs").values_list("key", flat=True)) == {passed.number, above.number}


def test_without_a_limit_a_refund_is_asked_about_and_travel_is_not(desk, case):
    assert propose(desk.engineer, case, 1, "refund").state == "waiting"
    assert propose(desk.engineer, case, 99999, "travel").state == "approved"


def test_whoever_may_approve_is_told_and_the_proposer_hears_the_decision(desk, case):
    cost = propose(desk.engineer, case, 30000)
    told = set(Notice.objects.filter(kind="cost.waiting").values_list("account__username", flat=True))
    assert told == {"owner", "manager", "finance"}
    actions.approve(desk.finance, cost.number, reason="停水三天", at=minutes(5))
    assert Notice.objects.get(kind="cost.decided").account.username == "engineer"
    cost.refresh_from_db()
    assert (cost.state, cost.exception, cost.approver_name, cost.decision) == ("approved", True, "finance", "停水三天")
    assert AuditEntry.objects.get(action="cost.approved").old == {"state": "waiting"}


def test_nobody_approves_their_own_not_even_the_owner_and_not_the_database(desk, case):
    cost = propose(desk.owner, case, 30000)
    with pytest.raises(NotPermitted):
        actions.approve(desk.owner, cost.number, reason="x", at=minutes(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        Cost.objects.filter(pk=cost.pk).update(approver=desk.owner.account)
    assert actions.refuse(desk.manager, cost.number, reason="过高", at=minutes(6)).state == "refused"


@pytest.mark.parametrize("name", ["engineer", "lead", "dispatcher", "parts", "auditor", "hr", "checker"])
def test_others_do_not_decide(desk, case, name):
    cost = propose(desk.engineer, case, 30000)
    with pytest.raises(NotPermitted):
        actions.approve(getattr(desk, name), cost.number, reason="x", at=minutes(5))
    assert Cost.objects.get().state == "waiting"


def test_costs_are_seen_within_reach_only(desk, case):
    propose(desk.engineer, case, 30000)
    seen = {name for name in desk.users if queries.waiting(getattr(desk, name), on=TODAY).exists()}
    assert seen == {"owner", "manager", "lead", "finance", "auditor"}


def test_a_decision_needs_a_reason_and_is_made_once(desk, case):
    cost = propose(desk.engineer, case, 30000)
    for decide in (actions.approve, actions.refuse):
        with pytest.raises(InputError, match=r"cost\.no_reason"):
            decide(desk.finance, cost.number, reason=" ", at=minutes(5))
    actions.refuse(desk.finance, cost.number, reason="过高", at=minutes(5))
    with pytest.raises(InputError, match=r"cost\.decided_already"):
        actions.approve(desk.manager, cost.number, reason="可以", at=minutes(6))
    with pytest.raises(InputError, match=r"cost\.not_payable"):
        actions.paid(desk.finance, cost.number, at=minutes(7))


def test_the_proposer_withdraws_and_nobody_else(desk, case):
    cost = propose(desk.engineer, case, 30000)
    with pytest.raises(NotPermitted):
        actions.withdraw(desk.lead, cost.number, at=minutes(5))
    assert actions.withdraw(desk.engineer, cost.number, at=minutes(5)).state == "withdrawn"
    assert propose(desk.engineer, case, 20000).state == "approved", "what was withdrawn does not count"


def test_a_new_limit_ends_the_one_before(desk, case):
    actions.add_limit(desk.manager, NewLimit("compensation", 50000, TODAY), at=NOW)
    assert list(CostLimit.objects.order_by("id").values_list("amount", "valid_to")) == [(20000, TODAY), (50000, None)]
    assert propose(desk.engineer, case, 40000).state == "approved"
    with pytest.raises(InputError, match=r"cost\.limit_later"):
        actions.add_limit(desk.manager, NewLimit("compensation", 1, TODAY), at=NOW)
    with pytest.raises(NotPermitted):
        actions.add_limit(desk.lead, NewLimit("refund", 1, TODAY), at=NOW)


def test_the_pages_lead_from_the_proposal_to_the_payment(desk, case):
    engineer, finance = desk.clients["engineer"], desk.clients["finance"]
    given = {"kind": "compensation", "amount": "300.00", "note": "停机"}
    assert engineer.post(f"/costs/new/{case.number}/", given).status_code == 302
    assert engineer.get("/costs/").status_code == 403
    cost = Cost.objects.get()
    assert cost.amount == 30000
    page = finance.get("/costs/").content.decode()
    assert "300.00" in page
    assert "停机" in page
    finance.post(f"/costs/{cost.number}/approve/", {"reason": "同意"})
    finance.post(f"/costs/{cost.number}/paid/")
    cost.refresh_from_db()
    assert (cost.state, cost.done_at) == ("approved", NOW)
    assert "特批" in finance.get("/costs/all/").content.decode()
    limits = finance.get("/costs/limits/").content.decode()
    assert "¥200.00" in limits
    assert "2026-01-01 起" in limits
    limit = {"kind": "refund", "amount": "99", "valid_from": "2026-11-06"}
    assert finance.post("/costs/limits/new/", limit).status_code == 302


def test_lists_take_as_many_queries_for_three_rows_as_for_one(desk, case):
    client = desk.clients["manager"]
    propose(desk.engineer, case, 30000)
    one = queries_of(client, "/costs/")
    for _ in range(2):
        propose(desk.engineer, case, 30000)
    assert client.get("/costs/").content.decode().count("300.00") == 3
    assert queries_of(client, "/costs/") == one
