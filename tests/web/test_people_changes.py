"""People taken on, changed, moved and let go on the web; each write told in the audit trail."""

from __future__ import annotations

import html
from datetime import date
from pathlib import Path

import pytest

from fuxiao.base.models import Announcement, AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.org.models import Membership, Person
from web.conftest import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def posts(number: str) -> list[tuple[str, str, str, str | None]]:
    rows = Membership.objects.filter(person__number=number).order_by("valid_from")
    return [(m.team.key, m.position, str(m.valid_from), str(m.valid_to) if m.valid_to else None) for m in rows]


def particulars(number: str, **changed: object) -> dict[str, object]:
    person = Person.objects.get(number=number)
    held = {"name": person.name, "hired_on": str(person.hired_on or ""), "version": person.version}
    return held | {"manager": "", "phone": "", "email": "", "wage": "", "bonus_base": ""} | changed


MOVE = {"team": "T2", "position": "field_engineer", "since": "2026-11-01"}


def test_a_new_person_has_a_first_post_and_is_told_of(owner):
    sent = {
        "number": "E9",
        "name": "曾敏",
        "hired_on": "2026-11-02",
        "team": "T1",
        "position": "上门工程师",
        "wage": "6500.50",
    }
    assert owner.post("/org/people/new/", sent)["Location"] == "/org/people/E9/"
    person = Person.objects.get(number="E9")
    assert (person.name, person.initials, person.wage) == ("曾敏", "zm", 650050)
    assert posts("E9") == [("T1", "field_engineer", "2026-11-02", None)]
    told = AuditEntry.objects.filter(kind="org.person", key="E9").order_by("id")
    assert [entry.action for entry in told] == ["org.person_added", "org.person_transferred"]
    assert told[0].new == {"name": "曾敏", "hired_on": "2026-11-02", "wage": 650050}
    assert Announcement.objects.filter(topic="org.people").exists()


def test_amounts_are_read_as_people_type_them(owner):
    for typed, cents in (
        ("６５００", 650000),
        ("6,500.50", 650050),
        ("￥6,501", 650100),
        ("0", 0),
        ("6502 元", 650200),
    ):
        owner.post("/org/people/E3/edit/", particulars("E3", wage=typed))
        assert Person.objects.get(number="E3").wage == cents, typed
    for typed in ("65,00", "$6500", "-1", "¥", "元", "1e3", "6_500"):
        assert owner.post("/org/people/E3/edit/", particulars("E3", wage=typed)).status_code == 422, typed


@pytest.mark.parametrize(("field", "value", "said"), [
    ("number", "E3", "工号已有人使用"), ("number", "a/b", "不能含"), ("name", "", "这个字段是必填项"),
    ("hired_on", "yesterday", "请写成 2026-01-31"), ("wage", "1.005", "最多 2 位小数"),
    ("manager", "nobody", "没有这个人"),
])  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_the_input_is_kept(owner, field, value, said):
    sent = {"number": "E9", "name": "曾敏", "hired_on": "2026-11-02", "team": "T1", "position": "agent"} | {
        field: value
    }
    answer = owner.post("/org/people/new/", sent)
    assert answer.status_code == 422
    assert said in "".join(answer.context["form"].errors[field])
    assert 'value="agent"' in text(answer)
    assert not Person.objects.filter(number="E9").exists()


def test_a_change_is_told_old_and_new(owner):
    owner.post("/org/people/E3/edit/", particulars("E3", name="张炜", wage="5200", manager="E2", phone="138"))
    person = Person.objects.get(number="E3")
    assert (person.name, person.wage, person.manager.number, person.version) == ("张炜", 520000, "E2", 2)
    page = text(owner.get("/org/people/E3/"))
    assert "5,200.00" in page
    entry = AuditEntry.objects.get(action="org.person_changed")
    assert entry.old == {"name": "张伟", "manager": None, "phone": "", "wage": 500000}
    assert entry.new == {"name": "张炜", "manager": "E2", "phone": "138", "wage": 520000}


def test_a_change_over_a_newer_one_shows_both_versions_and_writes_nothing(owner):
    stale = particulars("E3", name="张为")
    owner.post("/org/people/E3/edit/", particulars("E3", name="张炜"))
    answer = owner.post("/org/people/E3/edit/", stale)
    assert answer.status_code == 409
    assert "张炜" in text(answer)
    assert "张为" in text(answer)
    told = {str(label): (saved, differs) for label, _mine, saved, differs in answer.context["fields"]}
    assert [label for label, (_, differs) in told.items() if differs] == ["姓名"]
    assert told["入职日"][0] == str(Person.objects.get(number="E3").hired_on or "")
    assert Person.objects.get(number="E3").name == "张炜"
    again = {field.name: field.value() for field in answer.context["form"]}
    assert owner.post("/org/people/E3/edit/", {k: v for k, v in again.items() if v is not None}).status_code == 302
    assert Person.objects.get(number="E3").name == "张为"


def test_nobody_becomes_their_own_manager_round_a_circle(owner):
    owner.post("/org/people/E3/edit/", particulars("E3", manager="E2"))
    answer = owner.post("/org/people/E2/edit/", particulars("E2", manager="张伟"))
    assert "绕成一圈" in text(answer)
    assert Person.objects.get(number="E2").manager is None


def test_a_transfer_ends_the_post_before_on_that_day(owner):
    assert owner.post("/org/people/E3/transfer/", MOVE).status_code == 302
    assert posts("E3") == [
        ("T1", "field_engineer", "2022-01-01", "2026-11-01"), ("T2", "field_engineer", "2026-11-01", None),
    ]  # fmt: skip
    assert "二组" in text(owner.get("/org/people/?q=E3"))


@pytest.mark.parametrize(("since", "said"), [("2022-01-01", "须晚于这一天"), ("2019-05-01", "须晚于这一天")])
def test_two_posts_at_once_are_refused_in_words(owner, since, said):
    answer = owner.post("/org/people/E3/transfer/", MOVE | {"since": since})
    assert answer.status_code == 422
    assert said in "".join(answer.context["form"].errors["since"])
    assert posts("E3") == [("T1", "field_engineer", "2022-01-01", None)]


def test_the_last_transfer_can_be_undone_and_made_again(owner):
    owner.post("/org/people/E3/transfer/", MOVE)
    owner.post("/org/people/E3/transfer/undo/")
    assert posts("E3") == [
        ("T1", "field_engineer", "2022-01-01", None), ("T2", "field_engineer", "2026-11-01", "2026-11-01"),
    ]  # fmt: skip
    assert owner.post("/org/people/E3/transfer/undo/").status_code == 400
    owner.post("/org/people/E3/transfer/", MOVE)
    assert posts("E3")[-1] == ("T2", "field_engineer", "2026-11-01", None)


def test_leaving_ends_the_post_and_moves_the_person_to_those_who_left(owner):
    owner.post("/org/people/E3/leave/", {"left_on": "2026-11-06"})
    assert posts("E3") == [("T1", "field_engineer", "2022-01-01", "2026-11-06")]
    assert "张伟" not in text(owner.get("/org/people/"))
    assert "张伟" in text(owner.get("/org/people/?gone=1"))
    owner.post("/org/people/E3/leave/", {"left_on": ""})
    assert posts("E3") == [("T1", "field_engineer", "2022-01-01", None)]
    assert Person.objects.get(number="E3").left_on is None


def test_nobody_leaves_before_being_hired(owner):
    answer = owner.post("/org/people/E3/leave/", {"left_on": "2021-01-01"})
    assert "早于入职日" in text(answer)
    assert Person.objects.get(number="E3").left_on is None


@pytest.mark.parametrize("address", ["new/", "E3/edit/", "E3/transfer/", "E3/transfer/undo/", "E3/leave/"])
def test_a_lead_changes_nobody(lead, address):
    assert lead.post(f"/org/people/{address}", {"left_on": "2026-11-06"} | MOVE).status_code == 403
    assert posts("E3") == [("T1", "field_engineer", "2022-01-01", None)]
    assert not AuditEntry.objects.exclude(action="org.adopted").exists()


def test_contacts_are_for_oneself_and_those_who_may_see_them(org, engineer, lead):
    Person.objects.filter(number="E3").update(phone="13800000000")
    assert "13800000000" in text(engineer.get("/org/people/E3/"))
    assert "13800000000" not in text(lead.get("/org/people/E3/"))
    assert "13800000000" in text(signed_in(account("m", Role.MANAGER, person="E1")).get("/org/people/E3/"))


def test_pay_is_in_no_form_download_or_history_of_those_who_may_not_see_it(owner, lead):
    owner.post("/org/people/E3/edit/", particulars("E3", wage="5200"))
    assert "固定工资" in text(owner.get("/org/people/?as=csv"))
    sheet = lead.get("/org/people/?as=csv")
    assert sheet["Content-Type"].startswith("text/csv")
    assert sheet.content.decode("utf-8-sig").splitlines() == [
        "工号,姓名,班组,岗位,任职开始日,入职日,离职日,直属主管,电话,邮箱",
        "E2,王芳,一组,班组长,2021-01-01,2021-01-01,,,,", "E3,张伟,一组,上门工程师,2022-01-01,2022-01-01,,,,",
    ]  # fmt: skip


def test_positions_are_shown_as_words_and_own_ones_as_they_are(owner):
    Membership.objects.filter(person__number="E4").update(position="夜班值守")
    page = text(owner.get("/org/people/"))
    assert "上门工程师" in page
    assert "夜班值守" in page
    assert "field_engineer" not in page


def test_the_files_that_name_positions_are_looked_at_once_a_page_and_anew_by_the_next(owner, settings, monkeypatch):
    looked, glob = [], Path.glob
    schemes = settings.HOME / "schemes"
    monkeypatch.setattr(Path, "glob", lambda at, *asked: (at == schemes and looked.append(at)) or glob(at, *asked))
    Membership.objects.filter(person__number="E4").update(position="night_watch")
    assert "night_watch" in text(owner.get("/org/people/"))
    assert looked == [schemes] * 2  # what tells whether a kept page still holds, and the names
    own = schemes / "own.yaml"
    own.write_text("roles: {night_watch: {names: {zh: 夜班值守, en: Night watch}}}", encoding="utf-8")
    try:
        assert "夜班值守" in text(owner.get("/org/people/"))
    finally:
        own.unlink()


def test_the_day_of_a_post_is_compared_with_today_in_the_zone(owner):
    owner.post("/org/people/E3/transfer/", MOVE | {"since": "2026-11-07"})
    assert Person.objects.get(number="E3").memberships.get(valid_from=date(2026, 11, 7)).team.key == "T2"
    assert "一组" in text(owner.get("/org/people/?q=E3")).split("<tbody>")[1]
