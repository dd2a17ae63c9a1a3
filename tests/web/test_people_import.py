"""A list of people from a file: shown first, all of it or nothing; a download reads back the same."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.org.models import Membership, Person, Team
from web.conftest import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ADDRESS = "/org/people/import/"


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def uploaded(client, content: bytes, name: str = "名单.xlsx"):
    """The preview of an uploaded file."""
    assert client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)}).status_code == 302
    return client.get(ADDRESS)


def counts(answer) -> dict[str, int]:
    return {kind: count for kind, count in answer.context["counts"] if count}


def applied(client, answer):
    return client.post(ADDRESS, {"do": "apply"} | dict(answer.context["chosen"]))


HEADINGS = ("工号", "姓名", "部门", "岗位", "任职日期", "入职日期", "直属上级", "基本工资", "手机号")


def test_the_download_of_all_people_reads_back_as_unchanged(owner):
    Person.objects.filter(number="E3").update(
        phone="138", email="z@example.com", manager=Person.objects.get(number="E2")
    )
    owner.post("/org/people/E4/transfer/", {"team": "T1", "position": "夜班", "since": "2026-10-01"})
    for kind in ("xlsx", "csv"):
        content = owner.get(f"/org/people/?as={kind}").content
        answer = uploaded(owner, content, f"people.{kind}")
        assert counts(answer) == {"unchanged": 4}
        assert len(answer.context["chosen"]) == 12


def test_what_is_set_for_somebody_new_and_which_columns_are_not_taken_is_shown_first(owner):
    content = workbook(
        ("工号", "姓名", "部门", "岗位", "入职日期", "直接上级", "血型"),
        ("E9", "曾敏", "二组", "上门工程师", "2026-11-02", "王芳", "A"),
    )
    answer = uploaded(owner, content)
    assert answer.context["unused"] == ["血型"]
    [(_, wrong, told)] = answer.context["lines"]
    assert (wrong, [new for _, _, new in told]) == ([], ["二组", "上门工程师", "2026-11-02", "E2"])


def test_new_changed_and_unchanged_lines_are_shown_and_then_taken(owner):
    content = workbook(
        HEADINGS,
        ("E3", "张炜", None, None, None, None, "王芳", "5,200.00", None),
        ("E4", "李娜", "一组", "班组长", "2026/11/1", None, None, None, None),
        ("E9", "曾\u200b敏\u202e", "二组", "上门工程师", "2026年11月2日", "20261102", "E10", 6500, "13900000000"),
        ("E10", "单雄", "T2", "field_engineer", None, "2026-11-02", None, None, None),
        ("E2", "王芳", "一组", "lead", "2021-01-01", "2021-01-01", None, 7000, None),
    )
    answer = uploaded(owner, content)
    assert counts(answer) == {"new": 2, "changed": 2, "unchanged": 1}
    assert Person.objects.count() == 4
    assert applied(owner, answer)["Location"] == "/org/people/"
    held = Person.objects.in_bulk(field_name="number")
    assert (held["E3"].name, held["E3"].wage, held["E3"].manager) == ("张炜", 520000, held["E2"])
    assert held["E9"].name == "曾敏"  # without the signs that nobody sees
    assert (held["E9"].manager, held["E9"].wage, held["E9"].phone) == (held["E10"], 650000, "13900000000")
    posts = Membership.objects.filter(valid_to__isnull=True).values_list("person__number", "team__key", "position")
    assert sorted(posts) == [
        ("E1", "D", "lead"), ("E10", "T2", "field_engineer"), ("E2", "T1", "lead"), ("E3", "T1", "field_engineer"),
        ("E4", "T1", "lead"), ("E9", "T2", "field_engineer"),
    ]  # fmt: skip
    told = AuditEntry.objects.get(action="org.people_imported")
    assert (told.label, told.new) == ("名单.xlsx", {"new": 2, "changed": 2, "unchanged": 1})
    assert applied(owner, answer).status_code == 302
    assert Person.objects.count() == 6


@pytest.mark.parametrize(("cells", "said"), [
    (("E3", "张伟", "三组", "x", "2026-11-01"), "没有班组“三组”"),
    (("E3", "张伟", "二组", "lead", "2022-01-01"), "须晚于这一天"),
    (("E3", "张伟", "二组", "lead", None), "任职开始日"),
    (("E3", "张伟", None, None, None, "2026-02-30"), "不是日期"),
    (("E3", "张伟", None, None, None, None, "某人"), "没有这个人"),
    (("E3", "张伟", None, None, None, None, None, "很多"), "不是金额"),
    ((None, "张伟"), "缺少工号"),
    (("E8", None), "缺少这一项"),
])  # fmt: skip
def test_a_line_that_cannot_be_taken_stops_the_whole_list_and_can_be_downloaded(owner, cells, said):
    answer = uploaded(owner, workbook(HEADINGS, cells, ("E9", "曾敏", "一组", "lead", "2026-11-01", "2026-11-01")))
    assert counts(answer) == {"refused": 1, "new": 1}
    assert said in answer.content.decode()
    assert applied(owner, answer).status_code == 400
    assert Person.objects.count() == 4
    rejected = owner.get(ADDRESS, {"as": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rejected[0].startswith("行,原因,工号,姓名")
    assert len(rejected) == 2
    assert rejected[1].startswith("2,")
    assert said in rejected[1]


def test_a_number_that_stands_twice_is_refused_on_both_lines(owner):
    answer = uploaded(owner, workbook(("工号", "姓名"), ("E3", "张伟"), ("E3", "张炜")))
    assert counts(answer) == {"refused": 2}


def test_columns_that_nobody_recognises_are_chosen_by_hand(owner):
    answer = uploaded(owner, workbook(("甲", "乙"), ("E3", "张炜"), ("E4", "李娜")))
    assert answer.context["chosen"] == {}
    chosen = owner.get(ADDRESS, {"number": "甲", "name": "乙"})
    assert counts(chosen) == {"changed": 1, "unchanged": 1}
    applied(owner, chosen)
    assert Person.objects.get(number="E3").name == "张炜"


def test_english_headings_are_understood_and_formulas_are_only_text(owner):
    answer = uploaded(owner, b'Employee number,Full name,Hire date\nE9,"=cmd()",2026-11-01\n', "people.csv")
    assert counts(answer) == {"new": 1}
    applied(owner, answer)
    assert Person.objects.get(number="E9").name == "=cmd()"
    assert "'=cmd()" in owner.get("/org/people/?as=csv").content.decode()


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.xlsx", b"no workbook"), ("a.csv", b"")])
def test_a_file_that_is_no_list_is_refused_in_words(owner, name, content):
    answer = owner.post(ADDRESS, {"file": SimpleUploadedFile(name, content)}, follow=True)
    assert answer.status_code == 422
    assert answer.context["lines"]
    assert owner.get(ADDRESS).status_code == 200


def test_whoever_may_not_change_people_may_not_import_them(lead):
    assert lead.get(ADDRESS).status_code == 403
    assert lead.post(ADDRESS, {"file": SimpleUploadedFile("a.csv", b"number,name\nE9,x\n")}).status_code == 403


STARTERS = (
    ("工号", "姓名", "班组", "岗位", "任职开始日"),
    ("N1", "周洋", "冰箱组", "上门工程师", "2026-01-05"), ("N2", "吴敏", "空调组", "上门工程师", "2026-01-05"),
)  # fmt: skip


def test_the_first_list_of_an_organisation_brings_its_teams(home):
    first = signed_in(account("owner", Role.OWNER))
    answer = uploaded(first, workbook(*STARTERS))
    assert (counts(answer), answer.context["unknown_teams"]) == ({"new": 2}, ["冰箱组", "空调组"])
    first.post(ADDRESS, {"do": "apply", "make": "1"} | dict(answer.context["chosen"]))
    assert dict(Membership.objects.values_list("person__name", "team__name")) == {"周洋": "冰箱组", "吴敏": "空调组"}
    assert AuditEntry.objects.filter(action="org.team_added").count() == 2


def test_later_a_team_that_there_is_not_is_made_only_when_somebody_says_so(owner):
    answer = uploaded(owner, workbook(*STARTERS))
    assert counts(answer) == {"refused": 2}
    assert "没有班组“冰箱组”" in answer.content.decode()
    chosen = dict(answer.context["chosen"])
    answer = owner.get(ADDRESS, chosen | {"make": "1"})
    assert counts(answer) == {"new": 2}
    assert not Team.objects.filter(key="冰箱组").exists()
    owner.post(ADDRESS, chosen | {"do": "apply", "make": "1"})
    assert Membership.objects.get(person__number="N2").team.key == "空调组"


def test_a_name_that_can_be_no_team_is_refused_all_the_same(owner):
    rows = (STARTERS[0], ("N1", "周洋", "冰箱/空调", "上门工程师", "2026-01-05"))
    answer = uploaded(owner, workbook(*rows))
    assert counts(owner.get(ADDRESS, dict(answer.context["chosen"]) | {"make": "1"})) == {"refused": 1}
