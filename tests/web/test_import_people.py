"""Who the people of a file are: found by number, name or pinyin, matched by hand, and what is said of the rest."""

from __future__ import annotations

import pytest

from fuxiao.web.datasets.checking import settled
from import_site import begun, checked, post, stored, text_of
from web.test_import_wizard import own_home

__all__ = ["own_home"]
pytestmark = pytest.mark.django_db


def test_a_person_is_matched_by_hand_and_nobody_unknown_is_taken(owner):
    job = begun(owner)
    checked(owner, job)
    wrong = post(owner, job, "people", name="张三", person="E99 某人")
    assert (wrong.status_code, "没有这个人" in text_of(wrong), "E99 某人" in text_of(wrong)) == (400, True, True)
    page = text_of(owner.get(f"/data/import/{job.pk}/check"))
    assert ("未对应 1" in page, "手工对应" in page) == (True, False)
    assert post(owner, job, "people", name="张三", person="E4 李娜").status_code == 302
    page = text_of(owner.get(f"/data/import/{job.pk}/check"))
    assert ("未对应" in page, "手工对应 1" in page) == (False, True)
    post(owner, job, "start")
    assert ("A3", "E4") in stored("cases", "case_id", "owner")


def test_faults_of_people_are_those_that_are_left_once_the_list_of_people_was_asked(owner, org):
    org["people"].filter(number="E3").update(name="张小伟")
    rows = "".join(f"A{n},2026-10-05 09:00,{'张 小伟' if n % 2 else '张小伟'}\n" for n in range(8))
    page = checked(owner, begun(owner, f"工单号,受理时间,责任人\n{rows}"))
    assert "文件里的 2 个人都对上了" in page
    assert ("工号在人员名单里找不到" in page, "几种写法可能是同一个人" in page) == (False, False)
    page = checked(owner, begun(owner, f"工单号,受理时间,责任人\n{rows}B1,2026-10-05 10:00,某某\n"))
    assert ("某某" in page, "留空则保持原样，不计入任何在册人员" in page) == (True, True)


@pytest.mark.parametrize(
    ("name", "number"),
    [("zhang wei", "E3"), ("E3", "E3"), ("张伟", "E3"), ("章伟", "章伟"), ("Ｅ３", "E3"), ("李 娜", "E4")],
)
def test_people_are_found_by_number_name_or_pinyin_but_not_by_sound_alone(owner, name, number):
    job = begun(owner, f"工单号,受理时间,责任人\nA1,2026-10-05 09:00,{name}\nA2,2026-10-06 09:00,某某\n")
    checked(owner, job)
    job.refresh_from_db()
    named = next(each["name"] for each in job.found["people"] if each["name"] != "某某")
    assert settled(job).get(named, named) == number
