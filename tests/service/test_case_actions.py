"""What people do with cases: who may, what it leaves behind, and what happens when two do at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.core.case_life import Verb
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.service.actions.editing import edit
from fuxiao.service.actions.intake import CUSTOMER, Intake, NewCustomer, take_in
from fuxiao.service.actions.life import Act, act
from fuxiao.service.actions.setting_up import save_rule, set_away, set_skills
from fuxiao.service.actions.talk import add_task, comment, finish_task, link
from fuxiao.service.actions.watching import look_at_promises
from fuxiao.service.models import (
    NEVER,
    AssignmentRule,
    Case,
    Category,
    Contract,
    Customer,
    EscalationRule,
    FeedEntry,
    Link,
    Miss,
)
from service.conftest import minutes
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def taken(desk, by="lead", *, at=NOW, **more):
    facts = {"title": "空调不制冷", "priority": "普通", "customer": desk.customer, "device": desk.device} | more
    return take_in(getattr(desk, by), Intake(**facts), at=at)


def given(desk, *, at=NOW):
    """A case in the hands of E3."""
    case = taken(desk, team=desk.teams["T1"], owner=desk.people["E3"], at=at)
    return act(desk.engineer, case.number, Act(verb=Verb.ACCEPT), at=at + timedelta(minutes=1))


def kinds(case):
    return [event.type for event in case.events.order_by("seq")]


def test_a_case_gets_the_next_number_of_its_month_and_what_its_device_says(desk):
    first, second = taken(desk), taken(desk)
    assert [first.number, second.number] == ["2611-00001", "2611-00002"]
    assert (first.product, first.customer, first.region, first.state) == (
        desk.product, desk.customer, "天河区", "new",
    )  # fmt: skip


def test_every_act_is_an_event_an_audit_entry_and_a_note_for_the_lake(desk):
    case = given(desk)
    before = FeedEntry.objects.count()
    act(desk.engineer, case.number, Act(verb=Verb.RESOLVE, resolution_code="repaired"), at=minutes(9))
    case = Case.objects.get(pk=case.pk)
    assert kinds(case) == ["created", "assigned", "accepted", "resolved"]
    assert (case.state, case.resolution_code, case.resolved_at) == ("resolved", "repaired", minutes(9))
    entry = AuditEntry.objects.order_by("-id").first()
    assert (entry.action, entry.key, entry.new["state"]) == ("case.resolve", case.number, "resolved")
    assert list(FeedEntry.objects.values_list("dataset", "key"))[before:] == [
        ("cases", case.number), ("case_events", case.number),
    ]  # fmt: skip


def test_a_second_writer_of_an_old_version_is_refused_and_changes_nothing(desk):
    case = given(desk)
    edit(desk.engineer, case.number, {"title": "主板"}, version=case.version, at=minutes(2))
    with pytest.raises(Conflict):
        edit(desk.lead, case.number, {"title": "风机"}, version=case.version, at=minutes(3))
    with pytest.raises(Conflict):
        act(desk.lead, case.number, Act(verb=Verb.CANCEL, reason="x"), version=case.version, at=minutes(3))
    case.refresh_from_db()
    assert (case.title, case.state) == ("主板", "accepted")


def test_another_class_needs_a_reason_and_is_an_event(desk):
    case = given(desk)
    other = Category.objects.create(key="冰箱", zh="冰箱", en="Fridges")
    with pytest.raises(InputError, match=r"life\.no_reason"):
        edit(desk.engineer, case.number, {"category": other}, version=case.version, at=minutes(2))
    edited = edit(desk.engineer, case.number, {"category": other}, version=case.version, at=minutes(2), reason="说错了")
    assert kinds(edited)[-1] == "recoded"
    assert edited.events.order_by("seq").last().note == "category: 空调 → 冰箱"


def test_work_on_a_case_is_its_owners_or_a_leads(desk):
    case = given(desk)
    pause = Act(verb=Verb.PEND, kind=PauseKind.PARTS, reason="等压缩机")
    for stranger in (desk.other, desk.checker, desk.hr, desk.finance, desk.dispatcher):
        with pytest.raises(NotPermitted):
            act(stranger, case.number, pause, at=minutes(2))
    assert kinds(Case.objects.get(pk=case.pk))[-1] == "accepted"
    assert act(desk.lead, case.number, pause, at=minutes(2)).pause == "parts"


def test_promises_are_due_in_service_hours_and_stand_while_the_customer_is_waited_for(desk):
    case = given(desk)
    assert case.policy
    due = case.resolution_due_at
    assert case.next_due_at == min(case.response_due_at, due)
    paused = act(
        desk.engineer, case.number, Act(verb=Verb.PEND, kind=PauseKind.CUSTOMER, reason="客户出差"), at=minutes(5)
    )
    assert (paused.next_due_at, paused.warn_at) == (NEVER, NEVER)
    later = act(desk.engineer, case.number, Act(verb=Verb.RESUME), at=minutes(35))
    assert later.resolution_due_at == due + timedelta(minutes=30)
    parts = act(desk.engineer, case.number, Act(verb=Verb.PEND, kind=PauseKind.PARTS, reason="缺件"), at=minutes(40))
    assert parts.next_due_at < NEVER


def test_a_contract_promises_more_and_only_while_it_holds(desk):
    Contract.objects.create(number="H1", customer=desk.customer, level="gold", valid_from=NOW.date(), device=None)
    from fuxiao.service.actions.intake import contract_level

    assert contract_level(desk.customer, desk.device, on=NOW.date()) == "gold"
    assert contract_level(desk.customer, desk.device, on=NOW.date() - timedelta(days=1)) is None


def test_a_public_answer_is_the_first_response_and_an_internal_remark_is_not(desk):
    case = given(desk)
    comment(desk.engineer, case.number, "先查查主板", public=False, at=minutes(2))
    assert Case.objects.get(pk=case.pk).first_response_at is None
    comment(desk.engineer, case.number, "明天上午上门", public=True, at=minutes(4))
    assert Case.objects.get(pk=case.pk).first_response_at == minutes(4)


def test_whoever_is_mentioned_is_told_and_a_stranger_to_the_case_is_not(desk):
    case = given(desk)
    _, strangers = comment(desk.engineer, case.number, "@王芳 @E4 请看", public=False, at=minutes(2))
    assert [person.number for person in strangers] == ["E4"]
    told = Notice.objects.filter(kind="case.mentioned")
    assert [notice.account_id for notice in told] == [desk.users["lead"].pk]
    made, _ = comment(desk.engineer, case.number, "@王芳请看一下，@王", public=False, at=minutes(3))
    assert [person.name for person in made.mentions.all()] == ["王芳"], "no space stands after a name"


def test_a_comment_of_nothing_readable_is_refused(desk):
    case = given(desk)
    for text in ("", " \n", "\x00"):
        with pytest.raises(InputError):
            comment(desk.engineer, case.number, text, public=False, at=minutes(2))


def test_tasks_and_links_are_kept_with_the_case(desk):
    case, other = given(desk), taken(desk)
    task = add_task(desk.engineer, case.number, "带压缩机", assignee=desk.people["E3"], due_at=None, at=minutes(2))
    assert finish_task(desk.engineer, case.number, task.pk, finished=True, at=minutes(3)).done_at == minutes(3)
    assert finish_task(desk.engineer, case.number, task.pk, finished=False, at=minutes(3)).done_at is None
    assert link(desk.lead, case.number, other.number, kind=Link.RELATED, at=minutes(4)).other == other
    with pytest.raises(InputError):
        link(desk.engineer, case.number, other.number, kind=Link.RELATED, at=minutes(4))


def test_a_duplicate_is_merged_into_the_case_that_stays(desk):
    case, copy = given(desk), taken(desk)
    merged = act(desk.lead, copy.number, Act(verb=Verb.MERGE, into=case, reason="同一件事"), at=minutes(3))
    assert (merged.state, merged.duplicate_of) == ("merged", case)
    with pytest.raises(InputError):
        act(desk.lead, case.number, Act(verb=Verb.MERGE, into=merged, reason="圈"), at=minutes(4))


def test_what_happened_earlier_can_be_told_but_not_what_is_still_to_come(desk):
    case = given(desk)
    early = Act(verb=Verb.RESOLVE, resolution_code="repaired", happened_at=minutes(5))
    done = act(desk.engineer, case.number, early, at=minutes(90))
    event = done.events.order_by("seq").last()
    assert (event.at, event.recorded_at) == (minutes(5), minutes(90))
    with pytest.raises(InputError):
        act(desk.lead, case.number, Act(verb=Verb.CLOSE, happened_at=minutes(200)), at=minutes(91))


def test_a_rule_gives_the_case_to_whoever_is_there_able_and_has_least_in_hand(desk):
    given(desk)
    rule = AssignmentRule(team=desk.teams["T1"], name="空调")
    save_rule(desk.manager, rule, {"category": desk.category, "skill": "空调"}, version=0, at=NOW)
    for number in ("E2", "E3"):
        set_skills(desk.manager, desk.people[number], frozenset({"空调"}), at=NOW)
    case = taken(desk, category=desk.category)
    assert (case.owner.number, case.team.key, case.state) == ("E2", "T1", "assigned")
    assert (case.assigned_why["rule"], case.assigned_why["fitting"], case.assigned_why["load"]) == ("空调", 2, 0)
    set_away(desk.lead, desk.people["E2"], day=NOW.date(), away=True, at=NOW)
    assert taken(desk, category=desk.category).owner.number == "E3"
    set_away(desk.engineer, desk.people["E3"], day=NOW.date(), away=True, at=NOW)
    queued = taken(desk, category=desk.category)
    assert (queued.owner, queued.team.key, queued.state) == (None, "T1", "new")


def test_a_promise_is_warned_of_once_then_missed_once_and_a_rule_escalates(desk):
    case = given(desk)
    rule = EscalationRule(name="超时升级", clock="first_response", missed=True, escalate_to=desk.teams["D"])
    save_rule(desk.owner, rule, {"name": "超时升级"}, version=0, at=NOW)
    assert look_at_promises(at=case.warn_at - timedelta(seconds=1)) == 0
    assert look_at_promises(at=case.warn_at) == 1
    miss = Miss.objects.get()
    assert (miss.clock, miss.missed_at, miss.owner.number) == ("first_response", None, "E3")
    late = Case.objects.get(pk=case.pk).warn_at
    assert late == case.response_due_at + timedelta(seconds=1)
    assert look_at_promises(at=late) == 1
    miss.refresh_from_db()
    assert (miss.missed_at, miss.escalated) == (late, True)
    moved = Case.objects.get(pk=case.pk)
    assert (moved.team.key, kinds(moved)[-2:]) == ("D", ["escalated", "transferred"])
    look_at_promises(at=late + timedelta(minutes=1))
    assert Miss.objects.count() == 1
    assert {n.kind for n in Notice.objects.filter(account_id=desk.users["engineer"].pk)} >= {
        "case.warned",
        "case.missed",
    }


def test_a_customer_who_asks_again_is_the_same_customer(desk):
    asked = Intake(title="漏水", new_customer=NewCustomer(name="吴先生", phone="139 0000 5678"))
    first, second = take_in(CUSTOMER, asked, at=NOW), take_in(CUSTOMER, asked, at=NOW)
    assert first.customer == second.customer
    assert Customer.objects.filter(name="吴先生").count() == 1
    assert first.opened_by is None


def test_a_request_that_no_rule_takes_is_told_to_whoever_hands_it_out(desk):
    def told() -> list[str]:
        return list(
            Notice.objects.filter(kind="case.waiting").order_by("id").values_list("account__username", flat=True)
        )

    take_in(CUSTOMER, Intake(title="不制冷", new_customer=NewCustomer(name="周女士", phone="13800001234")), at=NOW)
    assert told() == ["dispatcher"]
    take_in(desk.dispatcher, Intake(title="漏水", customer=desk.customer), at=NOW)  # the dispatcher knows
    take_in(CUSTOMER, Intake(title="漏水", customer=desk.customer, team=desk.teams["T1"]), at=NOW)
    assert told() == ["dispatcher", "lead"]
