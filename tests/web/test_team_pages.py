"""Teams made, renamed, moved and closed on the web; the chart shows leads and heads."""

from __future__ import annotations

import html

import pytest

from fuxiao.base.models import AuditEntry
from fuxiao.org.models import Team

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def form(key: str, **changed: object) -> dict[str, object]:
    team = Team.objects.get(key=key)
    held = {"name": team.name, "kind": team.kind, "version": team.version}
    return (
        held
        | {"parent": team.parent.key if team.parent else "", "lead": team.lead.number if team.lead else ""}
        | changed
    )


def test_the_chart_counts_people_with_those_below(owner):
    [top] = owner.get("/org/teams/").context["tree"]
    assert (top.team.key, top.own, top.whole) == ("D", 1, 4)
    assert [(n.team.key, n.team.lead and n.team.lead.name, n.whole) for n in top.below] == [
        ("T1", "王芳", 2), ("T2", None, 1)
    ]  # fmt: skip


def test_a_team_is_made_below_another(owner):
    assert 'value="D" selected' in text(owner.get("/org/teams/new/?parent=D"))
    owner.post("/org/teams/new/", {"key": "T3", "name": "三组", "parent": "D", "lead": "李娜", "kind": ""})
    team = Team.objects.get(key="T3")
    assert (team.name, team.parent.key, team.lead.number) == ("三组", "D", "E4")
    assert AuditEntry.objects.get(kind="org.team", key="T3").new == {"name": "三组", "parent": "D", "lead": "E4"}


def test_teams_stand_as_their_names_are_spoken_and_move_when_they_are_renamed(owner):
    for key, name in (("A9", "天越组"), ("B9", "客服二组"), ("C9", "客服一组"), ("E9", "调度组")):
        owner.post("/org/teams/new/", {"key": key, "name": name, "parent": "T2", "lead": "", "kind": ""})
    owner.post("/org/teams/E9/", form("E9", name="总调度组"))
    [top] = owner.get("/org/teams/").context["tree"]
    below = next(node for node in top.below if node.team.key == "T2").below
    assert [node.team.name for node in below] == ["客服一组", "客服二组", "天越组", "总调度组"]
    offered = text(owner.get("/desk/?show=all"))
    assert offered.index(">客服一组<") < offered.index(">客服二组<") < offered.index(">天越组<")


def test_a_key_that_is_taken_is_refused_beside_the_field(owner):
    answer = owner.post("/org/teams/new/", {"key": "T1", "name": "三组"})
    assert answer.status_code == 422
    assert "已存在" in answer.context["form"].errors["key"][0]


def test_a_team_is_renamed_and_moved_and_told_old_and_new(owner):
    owner.post("/org/teams/T2/", form("T2", name="二班", parent="T1"))
    entry = AuditEntry.objects.get(action="org.team_changed")
    assert (entry.old, entry.new) == ({"name": "二组", "parent": "D"}, {"name": "二班", "parent": "T1"})
    assert "二班" in text(owner.get("/org/teams/T2/"))


@pytest.mark.parametrize(("key", "parent"), [("D", "T1"), ("T1", "T1")])
def test_the_tree_never_runs_in_a_circle(owner, key, parent):
    answer = owner.post(f"/org/teams/{key}/", form(key, parent=parent))
    assert answer.status_code == 422
    assert "它自己或它的下级" in text(answer)
    assert Team.objects.get(key="D").parent is None


def test_a_change_over_a_newer_one_is_refused_and_shows_it(owner):
    stale = form("T2", name="丙")
    owner.post("/org/teams/T2/", form("T2", name="乙"))
    answer = owner.post("/org/teams/T2/", stale)
    assert answer.status_code == 409
    assert "乙" in text(answer)
    assert Team.objects.get(key="T2").name == "乙"


def test_a_team_is_closed_once_it_is_empty_and_takes_nobody_then(owner):
    answer = owner.post("/org/teams/T2/close/", {"closed_on": "2026-11-06"})
    assert "还有 1 人" in text(answer)
    owner.post("/org/people/E4/transfer/", {"team": "T1", "position": "agent", "since": "2026-11-01"})
    owner.post("/org/teams/T2/close/", {"closed_on": "2026-11-06"})
    assert "二组" not in text(owner.get("/org/teams/"))
    assert "二组" in text(owner.get("/org/teams/?closed=1"))
    move = owner.post("/org/people/E4/transfer/", {"team": "T2", "position": "agent", "since": "2026-11-07"})
    assert move.context["form"].errors["team"]
    owner.post("/org/teams/T2/close/", {"closed_on": ""})
    assert Team.objects.get(key="T2").closed_on is None


def test_a_lead_sees_the_chart_and_changes_no_team(lead):
    assert "修改一组" not in text(lead.get("/org/teams/"))
    for address in ("new/", "T1/", "T1/close/"):
        assert lead.post(f"/org/teams/{address}", {"key": "X", "name": "X"}).status_code == 403


def test_the_chart_asks_the_database_as_often_for_many_teams(owner, django_assert_num_queries):
    owner.get("/org/teams/")
    with django_assert_num_queries(5) as few:
        owner.get("/org/teams/")
    for number in range(3):
        Team.objects.create(key=f"N{number}", name=f"N{number}")
    with django_assert_num_queries(len(few)):
        owner.get("/org/teams/")
