"""Visits: planned, moved, called off; arrival and leaving and what they mean for the case; nothing is done twice."""

from __future__ import annotations

import base64
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from fuxiao.base.models import AuditEntry
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.org.shifts import put_on_shift
from fuxiao.service.actions import visits as actions
from fuxiao.service.actions.files import Sent
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.actions.setting_up import save_rule
from fuxiao.service.actions.visits import Came, Here, Moved, Slot
from fuxiao.service.models import AssignmentRule, Case, CaseEvent, FeedEntry, Place, Visit, VisitMove
from fuxiao.service.publish import records_of
from fuxiao.service.queries import visits as queries
from fuxiao.service.records.field import visit_rows
from service.conftest import minutes
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 11, 6)
ONE = UUID(int=1)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def local(hour: int, minute: int = 0) -> datetime:
    """A moment of the day in Shanghai."""
    return datetime(2026, 11, 6, hour - 8, minute, tzinfo=UTC)


@pytest.fixture
def case(desk):
    return take_in(desk.lead, Intake(
        title="不制冷", customer=desk.customer, device=desk.device, owner=desk.people["E3"]
    ), at=NOW)  # fmt: skip


@pytest.fixture
def visit(desk, case):
    return actions.plan(desk.dispatcher, case.number, Slot(desk.people["E3"], local(10), local(12)), at=minutes(1))


def types(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("type", flat=True))


def test_a_fixed_visit_resolves_the_case_and_each_step_is_an_event(desk, case, visit):
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    came = Came(outcome="fixed", resolution_code="repaired", note="加氟", travel_min=Decimal(25), signed_by="周女士")
    left = actions.leave(desk.engineer, visit.key, came, at=minutes(115))
    assert (left.work_min, left.travel_min, left.signed_by) == (45, 25, "周女士")
    assert types(case) == ["created", "assigned", "visit_start", "visit_end", "resolved"]
    case.refresh_from_db()
    assert (case.state, case.resolution_code) == ("resolved", "repaired")
    assert FeedEntry.objects.filter(dataset="visits", key=case.number).count() == 3


def test_a_misdiagnosis_counts_for_whoever_made_it_as_told_when_the_visit_was_planned(desk, case):
    planner = desk.clients["dispatcher"]
    slot = {"engineer": "E3", "day": "2026-11-06", "start": "10:00", "end": "12:00"}
    address = f"/visits/new/{case.number}/"
    page = planner.get(address).content.decode()
    assert '<option value="E4 李娜">' in page
    assert 'name="diagnosed_by" list="people-known"' in page
    assert planner.post(address, slot | {"diagnosed_by": "无此人"}).status_code == 422
    assert planner.post(address, slot | {"diagnosed_by": "E4 李娜"}).status_code == 302
    visit = Visit.objects.get()
    assert "李娜诊断" in planner.get(f"/visits/{case.number}/{visit.number}/").content.decode()
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    actions.leave(desk.engineer, visit.key, Came(outcome="wrong_diagnosis", reason="不是压缩机"), at=minutes(80))
    [row] = visit_rows([case.number])
    assert (row["engineer"], row["diagnosed_by"], row["outcome"]) == ("E3", "E4", "wrong_diagnosis")


def test_of_a_visit_that_was_dragged_onto_the_board_the_diagnosis_is_told_until_somebody_arrived(desk, case):
    planner = desk.clients["dispatcher"]
    slot = {"engineer": "E3", "day": "2026-11-06", "start": "10:00", "end": "12:00", "why": "planning"}
    planner.post("/visits/put/", slot | {"case": case.number})
    visit = Visit.objects.get()
    address = f"/visits/{visit.key}/diagnosed/"
    assert address in planner.get("/visits/board/?day=2026-11-06").content.decode()
    assert planner.post(address, {"diagnosed_by": "李娜", "version": visit.version}).status_code == 302
    assert planner.post(address, {"diagnosed_by": "", "version": visit.version}).status_code == 409
    planner.post("/visits/put/", slot | {"visit": visit.key, "version": "2", "start": "14:00", "end": "16:00"})
    visit.refresh_from_db()
    assert (visit.version, visit.diagnosed_by.number) == (3, "E4"), "moving it leaves that as it is"
    assert desk.clients["other"].post(address, {"diagnosed_by": ""}).status_code == 404
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    assert planner.post(address, {"diagnosed_by": "E3"}).status_code == 422
    entry = AuditEntry.objects.get(action="visit.diagnosed")
    assert (entry.old, entry.new) == ({"diagnosed_by": None}, {"diagnosed_by": "E4"})


@pytest.mark.parametrize(
    ("outcome", "pause"), [("parts_needed", "parts"), ("no_access", "customer"), ("customer_refused", "customer")]
)
def test_what_could_not_be_done_leaves_the_case_waiting_for_the_right_one(desk, case, visit, outcome, pause):
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    actions.leave(desk.engineer, visit.key, Came(outcome=outcome, reason="说明"), at=minutes(80))
    case.refresh_from_db()
    assert (case.state, case.pause) == ("pending", pause)


def test_a_second_visit_ends_the_wait_by_itself(desk, case, visit):
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    actions.leave(desk.engineer, visit.key, Came(outcome="parts_needed", reason="压缩机"), at=minutes(80))
    slot = Slot(desk.people["E3"], local(15), local(17))
    again = actions.plan(desk.engineer, case.number, slot, at=minutes(90))
    assert again.number == 2
    actions.arrive(desk.engineer, again.key, at=minutes(300))
    case.refresh_from_db()
    assert (case.state, case.pause, case.on_visit) == ("assigned", "", True)


def test_what_a_phone_sends_again_is_done_once(desk, case, visit):
    for _ in range(3):
        actions.arrive(desk.engineer, visit.key, at=minutes(70), sending=ONE)
    came = Came(outcome="fixed", resolution_code="repaired", photos=(Sent("a.png", [PIXEL]),), signature=PIXEL)
    for _ in range(3):
        actions.leave(desk.engineer, visit.key, came, at=minutes(80), sending=UUID(int=2))
    assert types(case) == ["created", "assigned", "visit_start", "visit_end", "resolved"]
    assert case.attachments.count() == 2
    assert Visit.objects.get().photos.count() == 1


def test_what_was_sent_late_counts_when_it_happened(desk, case, visit):
    actions.arrive(desk.engineer, visit.key, at=minutes(400), happened_at=minutes(70))
    event = CaseEvent.objects.get(type="visit_start")
    assert (event.at, event.recorded_at) == (minutes(70), minutes(400))
    assert Visit.objects.get().arrived_at == minutes(70)


def test_a_phone_whose_clock_is_wrong_neither_breaks_the_order_nor_reaches_into_the_future(desk, case, visit):
    actions.arrive(desk.engineer, visit.key, at=minutes(70), happened_at=minutes(-900))
    assert Visit.objects.get().arrived_at == NOW
    came = Came(outcome="fixed", resolution_code="repaired")
    actions.leave(desk.engineer, visit.key, came, at=minutes(80), happened_at=minutes(9000))
    assert Visit.objects.get().left_at == minutes(80)


def test_the_distance_is_known_where_the_place_is_and_a_place_is_only_noted_when_told_to(desk, case, visit):
    here = Here(Decimal("23.13000"), Decimal("113.32000"))
    assert actions.arrive(desk.engineer, visit.key, at=minutes(70), here=here).distance_m is None
    assert Place.objects.count() == 0
    Place.objects.create(customer=desk.customer, latitude=Decimal("23.13100"), longitude=Decimal("113.32000"))
    actions.leave(desk.engineer, visit.key, Came(outcome="parts_needed"), at=minutes(80))
    again = actions.plan(desk.lead, case.number, Slot(desk.people["E3"], local(15), local(17)), at=minutes(90))
    assert actions.arrive(desk.engineer, again.key, at=minutes(100), here=here).distance_m == Decimal("111.2")


def test_a_visit_that_is_moved_keeps_when_and_whose_it_was_and_for_whose_sake(desk, case, visit):
    slot = Slot(desk.people["E4"], local(14), local(16))
    moved = actions.move(desk.dispatcher, visit.key, slot, Moved("customer", "下午在家"), version=1, at=minutes(5))
    assert (moved.engineer, moved.window_start, moved.version) == (desk.people["E4"], local(14), 2)
    before = VisitMove.objects.get()
    assert (before.engineer, before.window_start, before.why) == (desk.people["E3"], local(10), "customer")
    with pytest.raises(Conflict):
        actions.move(desk.lead, visit.key, slot, Moved(), version=1, at=minutes(6))


def test_whoever_is_sent_sees_the_case_and_nobody_else_does(desk, case, visit):
    slot = Slot(desk.people["E4"], local(14), local(16))
    with pytest.raises(NotPermitted):
        actions.arrive(desk.other, visit.key, at=minutes(70))
    actions.move(desk.dispatcher, visit.key, slot, Moved(), version=None, at=minutes(5))
    assert actions.arrive(desk.other, visit.key, at=minutes(70)).arrived_at == minutes(70)
    with pytest.raises(NotPermitted):
        actions.leave(desk.engineer, visit.key, Came(outcome="parts_needed"), at=minutes(80))


@pytest.mark.parametrize("name", ["checker", "parts", "auditor", "other", "finance"])
def test_others_plan_no_visits(desk, case, name):
    slot = Slot(desk.people["E3"], local(10), local(12))
    with pytest.raises(NotPermitted):
        actions.plan(getattr(desk, name), case.number, slot, at=NOW)
    assert Visit.objects.count() == 0


def refused(code: str):
    return pytest.raises(InputError, match=code.replace(".", r"\."))


def test_what_cannot_be_is_refused_and_changes_nothing(desk, case, visit):
    three = desk.people["E3"]
    with refused("visit.window_ends_before_start"):
        actions.plan(desk.lead, case.number, Slot(three, local(12), local(12)), at=NOW)
    with refused("visit.not_under_way"):
        actions.leave(desk.engineer, visit.key, Came(outcome="fixed", resolution_code="repaired"), at=minutes(5))
    with refused("visit.no_reason"):
        actions.call_off(desk.lead, visit.key, " ", version=None, at=NOW)
    actions.arrive(desk.engineer, visit.key, at=minutes(10))
    for came, code in (
        (Came(outcome="no_access"), "visit.no_reason"), (Came(outcome="fixed"), "case.no_result"),
    ):  # fmt: skip
        with refused(code):
            actions.leave(desk.engineer, visit.key, came, at=minutes(20))
    with refused("visit.not_planned"):
        actions.call_off(desk.lead, visit.key, "客户取消", version=None, at=minutes(20))
    other = actions.plan(desk.lead, case.number, Slot(three, local(15), local(16)), at=minutes(20))
    with refused("visit.elsewhere"):
        actions.arrive(desk.engineer, other.key, at=minutes(30))
    assert types(case) == ["created", "assigned", "visit_start"]


def test_a_case_that_is_over_gets_no_visit(desk, case, visit):
    actions.arrive(desk.engineer, visit.key, at=minutes(70))
    actions.leave(desk.engineer, visit.key, Came(outcome="fixed", resolution_code="repaired"), at=minutes(80))
    with refused("visit.case_over"):
        actions.plan(desk.lead, case.number, Slot(desk.people["E3"], local(15), local(16)), at=minutes(90))


def test_the_board_shows_the_day_by_engineer_what_overlaps_and_what_nobody_goes_to(desk, case, visit):
    open_case = take_in(desk.lead, Intake(title="漏水", owner=desk.people["E3"]), at=NOW)
    second = actions.plan(desk.lead, case.number, Slot(desk.people["E3"], local(11), local(13)), at=minutes(2))
    board = queries.board(desk.dispatcher, TODAY)
    row = next(each for each in board.rows if each.engineer == desk.people["E3"])
    assert [[each.number for each in cell] for cell in row.cells] == [[], [1, 2], [], [], [], []]
    assert row.clashes == {visit.pk, second.pk}
    assert board.waiting == [open_case]
    assert [each.engineer.number for each in queries.board(desk.lead, TODAY).rows] == ["E3"]
    assert not queries.windows_of(date(2026, 11, 8))[1].working or queries.windows_of(TODAY)[1].working


def test_whoever_has_no_hours_that_day_by_their_shift_is_planned_for_and_given_cases_by_nobody(
    desk, tmp_path, settings
):
    settings.HOME = shutil.copytree(settings.HOME, tmp_path / "home")
    week_end = 'key: weekend\nzone: Asia/Shanghai\nweek: {sat-sun: ["09:00-18:00"]}\n'
    (settings.HOME / "calendars/weekend.yaml").write_text(week_end, encoding="utf-8")
    rule = AssignmentRule(team=desk.teams["T2"], name="二组")
    save_rule(desk.manager, rule, {"category": desk.category}, version=0, at=NOW)
    take = Intake(title="漏水", category=desk.category)
    assert take_in(desk.lead, take, at=NOW).owner == desk.people["E4"]
    put_on_shift(desk.hr, "E4", "weekend", TODAY, known=["weekend"], at=NOW)
    assert take_in(desk.lead, take, at=NOW).owner is None, "today is a Friday"

    def away(day: date) -> bool:
        return {row.engineer.number: row.away for row in queries.board(desk.dispatcher, day).rows}["E4"]

    assert (away(TODAY), away(TODAY + timedelta(days=1))) == (True, False)


def test_an_appointment_that_was_called_off_is_none_in_the_records(desk, case, visit):
    def appointed() -> tuple[int | None, int | None]:
        [row] = records_of([("cases", case.number)])["cases"]
        return row["appt_start"], row["appt_end"]

    assert appointed() == (int(local(10).timestamp()), int(local(12).timestamp()))
    actions.call_off(desk.dispatcher, visit.key, "客户自己修好了", version=None, at=minutes(2))
    assert appointed() == (None, None)


def test_an_engineer_sees_the_own_day_in_order_and_what_was_left_from_before(desk, case, visit):
    actions.plan(desk.lead, case.number, Slot(desk.people["E3"], local(8), local(9)), at=minutes(2))
    yesterday = visit.window_start - timedelta(days=1)
    actions.plan(
        desk.lead, case.number, Slot(desk.people["E3"], yesterday, yesterday + timedelta(hours=2)), at=minutes(3)
    )
    assert [each.number for each in queries.own_visits(desk.engineer, TODAY)] == [3, 2, 1]
    assert queries.own_visits(desk.other, TODAY) == []
