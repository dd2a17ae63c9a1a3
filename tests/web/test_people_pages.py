"""People as each reader sees them."""

from __future__ import annotations

import re

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def names(page: str) -> list[str]:
    return re.findall(r'data-row href="[^"]+"><span[^>]*>[^<]*</span>([^<]+)</a>', page)


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_owner_sees_everybody_in_the_order_of_pinyin(owner):
    assert names(shown(owner, "/org/people/")) == ["李娜", "王芳", "张伟", "赵强"]


def test_a_lead_sees_the_own_team_only(lead):
    assert names(shown(lead, "/org/people/")) == ["王芳", "张伟"]


def test_an_engineer_sees_nobody_else(engineer):
    assert names(shown(engineer, "/org/people/")) == ["张伟"]
    assert engineer.get("/org/people/E4/").status_code == 404


@pytest.mark.parametrize("word", ["张伟", "zw", "ZW", "zhangwei", "zhang wei", "E3", "Ｅ3"])
def test_a_person_is_found_by_name_pinyin_initials_or_number(owner, word):
    assert names(shown(owner, f"/org/people/?q={word}")) == ["张伟"]


def test_pay_is_for_those_who_may_see_it(owner, lead):
    assert "5,000.00" in shown(owner, "/org/people/E3/")
    assert "5,000.00" not in shown(lead, "/org/people/E3/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_database_as_often_for_three_people_as_for_one(owner, org, django_assert_num_queries, rows):
    org["people"].filter(number__in=["E2", "E3", "E4"][rows:]).delete()
    owner.get("/org/people/")
    with django_assert_num_queries(6):
        owner.get("/org/people/?all=1")
