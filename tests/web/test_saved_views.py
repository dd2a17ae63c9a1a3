"""Filters of a list kept as a view: one's own or a team's, and the one that a page opens with."""

from __future__ import annotations

import pytest

from fuxiao.base.permissions import Role
from fuxiao.org.models import SavedView
from web.conftest import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def keep(client, name="一组", query="?team=T1", of="people", **more):
    return client.post("/views/save", {"of": of, "name": name, "query": query, **more})


def said(client, address="/org/people/") -> str:
    return client.get(address).content.decode()


@pytest.fixture
def page(owner) -> str:
    return owner.get("/org/people/").request["PATH_INFO"]


def test_a_view_is_kept_found_again_and_marked_while_it_is_shown(owner, page):
    answer = keep(owner, query="?team=T1&page=3&as=xlsx&q=")
    assert answer["Location"] == f"{page}?team=T1", "what belongs to the moment is no part of it"
    shown = said(owner, f"{page}?team=T1")
    assert '?team=T1" aria-current="true"' in shown
    assert '?team=T1" aria-current="true"' not in said(owner, page)


def test_a_page_opens_with_its_default_and_with_everything_when_asked(owner, page):
    keep(owner, default="1")
    assert owner.get(page)["Location"] == f"{page}?team=T1"
    assert owner.get(f"{page}?all=1").status_code == 200
    assert owner.get(f"{page}?q=x").status_code == 200
    keep(owner, name="另一个", query="gone=1", default="1")
    assert owner.get(page)["Location"] == f"{page}?gone=1"
    owner.post(f"/views/{SavedView.objects.get(is_default=True).pk}/delete")
    assert owner.get(page).status_code == 200


def test_a_shared_view_reaches_the_team_and_those_below_and_nobody_else(owner, lead, engineer, page):
    keep(owner, name="一组的", team="T1")
    keep(owner, name="全部门的", query="?gone=1", team="D")
    keep(owner, name="别人不知道的", query="?q=a")
    nina = signed_in(account("li", Role.ENGINEER, person="E4"))
    for client, seen in ((lead, (True, True)), (engineer, (True, True)), (nina, (False, True))):
        shown = said(client, page)
        assert ("一组的" in shown, "全部门的" in shown) == seen
        assert "别人不知道的" not in shown
    assert engineer.post(f"/views/{SavedView.objects.first().pk}/delete").status_code == 404
    assert SavedView.objects.count() == 3


def test_one_shares_with_ones_own_team_only(engineer, page):
    assert keep(engineer, team="T2").status_code == 400
    assert keep(engineer, team="T1").status_code == 302
    assert SavedView.objects.get().team.key == "T1"


def test_the_same_name_replaces_and_nonsense_is_refused(owner):
    keep(owner)
    keep(owner, query="?team=T2")
    assert SavedView.objects.get().query == "team=T2"
    assert keep(owner, name="  ").status_code == 400
    assert keep(owner, query="q=" + "x" * 2000).status_code == 400
    assert keep(owner, of="nowhere").status_code == 404
    assert SavedView.objects.count() == 1


def test_a_query_beyond_all_measure_does_not_break_the_page(owner, page):
    answer = owner.get(page + "?" + "&".join(f"a{n}=1" for n in range(200)))
    assert (answer.status_code, "把现在的筛选存为视图" in answer.content.decode()) == (200, False)


def test_who_looks_through_anothers_eyes_keeps_nothing(org, page):
    zhang, client = account("zhang2", Role.ENGINEER, person="E4"), signed_in(account("boss", Role.OWNER))
    client.post(f"/accounts/{zhang.pk}/view-as")
    assert keep(client).status_code == 403
    assert "把现在的筛选存为视图" not in said(client, page)


def test_the_values_page_keeps_filters_but_not_the_month(owner):
    answer = keep(owner, name="响应", of="values", query="?period=2026-09&section=time&of=team:T1", default="1")
    assert answer["Location"] == "/values/?section=time&of=team%3AT1"
    assert owner.get("/values/")["Location"] == "/values/?section=time&of=team%3AT1"
