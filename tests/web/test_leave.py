"""Leave entered, asked for and granted on the web: who may, what is taken back, and how it counts as attendance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from facts_world import add, make_home
from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Role
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.org.attendance import months_of
from fuxiao.org.models import Leave, Person
from fuxiao.org.publish import publish
from fuxiao.org.shifts import off_on
from fuxiao.performance.roster import read_roster
from web.conftest import NOW, account, days, queries_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WEEK = """\
key: desk
zone: Asia/Shanghai
week: {mon-fri: ["09:00-12:00", "13:00-18:00"]}
holidays: [2026-10-01, 2026-10-02]
"""
DAY = {"kind": "personal", "first": "2026-10-08", "last": "2026-10-08"}
DUE = {"2026-10": 20, "2026-11": 21, "2026-Q4": 64, "2026": 259}
"""Days from Monday to Friday without the two holidays."""


@pytest.fixture
def store(tmp_path, settings):
    settings.HOME = make_home(tmp_path / "home", calendars=[WEEK])
    with Store.open(settings.HOME) as opened:
        yield opened


def entered(client, person: str = "E3", **more: str) -> Leave:
    answer = client.post("/org/leave/enter/", {"person": person} | DAY | more)
    assert answer.status_code == 302, answer.context["form"].errors
    return Leave.objects.order_by("-id").first()


def attended(store: Store, period: str, person: str = "E3") -> tuple[Decimal | None, Decimal | None]:
    """Days attended and scheduled as a review cycle's roster reads them, after the lake was told."""
    publish(store.home, at=NOW)
    store.refresh()
    member = read_roster(store, parse_period(period)).members[person]
    return member.attended, member.scheduled


@pytest.mark.lake
def test_a_day_of_leave_is_one_of_the_days_that_the_calendar_says_were_due(lead, store):
    assert attended(store, "2026-10") == (None, None)
    entered(lead)
    for period, due in DUE.items():
        assert attended(store, period) == (due - (period != "2026-11"), due)
    assert attended(store, "2026-10", "E4") == (None, None)


@pytest.mark.lake
@pytest.mark.parametrize(
    ("more", "there"),
    [
        ({"kind": "annual"}, 20),
        ({"kind": "sick", "paid": "no"}, 19),
        ({"kind": "personal", "paid": "yes"}, 20),
        ({"to_noon": "noon"}, Decimal("19.5")),
        ({"from_noon": "noon", "last": "2026-10-12", "to_noon": "noon"}, 18),
    ],
)
def test_paid_days_count_as_attended_and_halves_count_as_halves(lead, store, more, there):
    entered(lead, **more)
    assert attended(store, "2026-10") == (there, 20)


@pytest.mark.lake
def test_imported_attendance_wins_and_leave_fills_only_what_it_leaves_open(lead, store):
    entered(lead, first="2026-10-08", last="2026-10-09")
    assert attended(store, "2026-10") == (18, 20)
    told = {"person": "E3", "scheduled_min": 480, "paid_min": 480, "available_min": 450}
    add(store, attendance=[told | {"date": days(2026, 10, day)} for day in (8, 15, 16)])
    # Worked on the 8th after all, away on the 9th, the 12th to 14th not assumed; three due days precede, ten follow.
    assert attended(store, "2026-10") == (3 + 3 + 10, 3 + 1 + 3 + 10)


@pytest.mark.lake
def test_leave_taken_back_leaves_no_attendance_behind_and_comes_again_when_put_back(lead, store):
    made = entered(lead)
    assert attended(store, "2026-10") == (19, 20)
    lead.post(f"/org/leave/{made.pk}/withdraw/")
    assert attended(store, "2026-10") == (None, None)
    assert months_of(store, "E3", until=date(2026, 11, 6)) == []
    lead.post(f"/org/leave/{made.pk}/put-back/")
    assert attended(store, "2026-10") == (19, 20)
    [october] = [each for each in months_of(store, "E3", until=date(2026, 11, 1)) if each.month == "2026-10"]
    assert (october.days, october.scheduled, october.paid, october.leave) == (19, 9600, 9120, {"personal": 1})


@pytest.mark.lake
def test_nothing_is_written_twice(lead, store):
    entered(lead)
    publish(store.home, at=NOW)
    generation = store.refresh().generation
    publish(store.home, at=NOW)
    assert store.refresh().generation == generation


def test_an_engineer_asks_the_lead_is_told_and_grants_it(engineer, lead, org):
    account("lina", Role.LEAD, person="E4")
    engineer.post("/org/leave/ask/", DAY | {"kind": "annual", "note": "回老家"})
    [made] = Leave.objects.all()
    assert (made.state, made.person.number, made.paid) == ("asked", "E3", True)
    assert [(note.account.username, note.kind) for note in Notice.objects.select_related("account")] == [
        ("wang", "leave.asked")
    ]
    assert [each.leave.pk for each in lead.get("/org/leave/?month=2026-10").context["waiting"]] == [made.pk]
    lead.post(f"/org/leave/{made.pk}/decide/", {"do": "grant", "version": made.version, "answer": "路上小心"})
    made.refresh_from_db()
    assert (made.state, made.answer) == ("granted", "路上小心")
    assert Notice.objects.get(kind="leave.granted").account.username == "zhang"
    trail = AuditEntry.objects.filter(kind="org.leave").order_by("id").values_list("action", flat=True)
    assert list(trail) == ["org.leave_asked", "org.leave_granted"]
    page = engineer.get(f"/org/leave/{made.pk}/").content.decode()
    assert "路上小心" in page
    assert "批准请假" in page


def test_whoever_asked_changes_it_while_it_waits_and_no_longer(engineer, lead, org):
    engineer.post("/org/leave/ask/", DAY)
    [made] = Leave.objects.all()
    engineer.post(f"/org/leave/{made.pk}/", DAY | {"last": "2026-10-09", "version": 1})
    lead.post(f"/org/leave/{made.pk}/decide/", {"do": "grant", "version": 2})
    made.refresh_from_db()
    assert (made.last, made.state) == (date(2026, 10, 9), "granted")
    assert engineer.post(f"/org/leave/{made.pk}/withdraw/").status_code == 403
    assert lead.post(f"/org/leave/{made.pk}/", DAY | {"version": 3}).status_code == 302
    made.refresh_from_db()
    assert made.last == date(2026, 10, 8)


def test_a_decision_on_what_was_changed_meanwhile_is_not_taken(engineer, lead, org):
    engineer.post("/org/leave/ask/", DAY)
    [made] = Leave.objects.all()
    engineer.post(f"/org/leave/{made.pk}/", DAY | {"last": "2026-10-30", "version": 1})
    lead.post(f"/org/leave/{made.pk}/decide/", {"do": "grant", "version": 1})
    made.refresh_from_db()
    assert made.state == "asked"


def test_leads_enter_leave_of_their_people_only_and_never_their_own(lead, org):
    for person in ("E2", "E4", "E1"):
        assert lead.post("/org/leave/enter/", {"person": person} | DAY).status_code == 422
    assert not Leave.objects.exists()


def test_a_lead_who_keeps_the_books_as_well_grants_leave_of_the_own_team_and_of_no_other(org):
    both = signed_in(account("both", Role.LEAD, Role.FINANCE, person="E2"))
    entered(both)
    assert both.post("/org/leave/enter/", {"person": "E4"} | DAY).status_code in (403, 404, 422)
    assert [leave.person.number for leave in Leave.objects.all()] == ["E3"]


def test_others_neither_see_nor_touch_it(owner, lead, org):
    made = entered(owner, "E4")
    other = signed_in(account("zw", Role.ENGINEER, person="E3"))
    for client in (lead, other):
        assert client.get(f"/org/leave/{made.pk}/").status_code == 404
        for act in ("decide", "withdraw", "put-back"):
            assert client.post(f"/org/leave/{made.pk}/{act}/", {"do": "grant"}).status_code in {403, 404}
    made.refresh_from_db()
    assert (made.state, made.version) == ("granted", 1)


def test_why_somebody_is_away_is_not_for_everybody(owner, store):
    made = entered(owner, kind="sick", note="手术")
    Leave.objects.update(answer="好好养伤")
    finance = signed_in(account("money", Role.FINANCE, language="en"))
    books = signed_in(account("books", Role.FINANCE, Role.LEAD, person="E4", language="en"))
    for address in ("/org/leave/?month=2026-10", f"/org/leave/{made.pk}/", "/org/people/E3/"):
        for reader in (finance, books):
            page = reader.get(address).content.decode()
            assert "2026-10-08" in page
            assert not [word for word in ("Sick", "手术", "好好养伤") if word in page]
        assert "病假" in owner.get(address).content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"last": "2026-10-07"}, "一点时间都没有请到"),
        ({"from_noon": "noon", "to_noon": "noon"}, "一点时间都没有请到"),
        ({"last": "2028-10-08"}, "最多 366 天"),
        ({"first": "2021-12-31", "last": "2022-01-03"}, "入职日是 2022-01-01"),
        ({"first": "2026-09-01"}, "已有请假"),
        ({"kind": "party"}, "party"),
    ],
)
def test_impossible_leave_is_refused_with_the_reason(lead, org, more, said):
    entered(lead)
    answer = lead.post("/org/leave/enter/", {"person": "E3"} | DAY | more)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors)
    assert Leave.objects.count() == 1


def test_two_halves_of_a_day_may_be_two_leaves_and_nobody_is_there_on_it(lead, store):
    entered(lead, to_noon="noon")
    person = Person.objects.get(number="E3")
    assert off_on([person], date(2026, 10, 8), {}) == set()
    entered(lead, from_noon="noon", kind="annual")
    assert off_on([person], date(2026, 10, 8), {}) == {person.pk}
    rows = {person.number: cells for person, cells in lead.get("/org/leave/?month=2026-10").context["rows"]}
    assert [(cell.day.day, cell.part) for cell in rows["E3"] if cell.leave] == [(8, "")]


def test_planning_and_assignment_pass_over_people_on_leave(lead, org):
    entered(lead)
    entered(lead, first="2026-10-09", last="2026-10-09", to_noon="noon")
    person = Person.objects.get(number="E3")
    assert off_on([person], date(2026, 10, 8), {}) == {person.pk}
    assert off_on([person], date(2026, 10, 9), {}) == set()


def test_the_month_shows_days_off_leave_and_what_waits(owner, store):
    entered(owner, to_noon="noon")
    rows = {person.number: cells for person, cells in owner.get("/org/leave/?month=2026-10").context["rows"]}
    assert [cell.day.day for cell in rows["E3"] if not cell.due][:4] == [1, 2, 3, 4]
    assert [(cell.day.day, cell.part) for cell in rows["E3"] if cell.leave] == [(8, "am")]
    for nonsense in ("2026-13", "x", "0001-01"):
        assert owner.get(f"/org/leave/?month={nonsense}").context["first"] == date(2026, 11, 1)


def test_the_month_takes_as_many_queries_for_three_as_for_one(owner, store):
    entered(owner)
    one = queries_of(owner, "/org/leave/?month=2026-10")
    for person in ("E1", "E4"):
        entered(owner, person)
    assert queries_of(owner, "/org/leave/?month=2026-10") == one
