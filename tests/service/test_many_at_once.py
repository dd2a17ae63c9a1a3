"""Many cases changed at once from the list, and taken back as long as that counts against nobody."""

from __future__ import annotations

import re

import pytest

from fuxiao.core.case_life import Verb
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Case
from service.conftest import minutes
from service.test_case_actions import given, taken

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_many_are_changed_at_once_and_what_was_refused_is_listed(desk):
    first, second = given(desk), taken(desk, team=desk.teams["T1"])
    act(desk.engineer, first.number, Act(verb=Verb.RESOLVE, resolution_code="repaired"), at=minutes(3))
    text = (
        desk.clients["lead"]
        .post("/desk/bulk", {"case": [first.number, second.number], "what": "close"})
        .content.decode()
    )
    assert "完成 1 张" in text
    assert f'/desk/{second.number}/"' in text
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("closed", "new")
    given_out = {"case": [second.number], "what": "assign", "person": "E3 张伟", "back": "/desk/?show=waiting"}
    assert desk.clients["lead"].post("/desk/bulk", given_out)["Location"] == "/desk/?show=waiting"
    desk.clients["lead"].post("/desk/bulk", {"case": [second.number], "what": "priority", "priority": "紧急"})
    second.refresh_from_db()
    assert (second.owner.number, second.priority) == ("E3", "紧急")


def offered_back(answer) -> tuple[str, dict[str, list[str]]] | None:
    """The form of the toast that takes back what was done: where it goes and what it sends."""
    found = re.search(
        r'<div class="toast">.*?<form method="post" action="([^"]+)">(.*?)</form>', answer.content.decode(), re.DOTALL
    )
    if found is None:
        return None
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', found[2]):
        sent.setdefault(name, []).append(value)
    return found[1], {name: values for name, values in sent.items() if name != "csrfmiddlewaretoken"}


def test_what_was_changed_of_many_at_once_is_taken_back_by_the_toast(desk):
    lead = desk.clients["lead"]
    cases = [taken(desk, team=desk.teams["T1"], owner=desk.people[owner], priority=priority)
             for owner, priority in (("E3", "普通"), ("E4", "紧急"))]  # fmt: skip
    numbers = [case.number for case in cases]

    def stand() -> list[tuple[str, str]]:
        return list(Case.objects.order_by("id").values_list("owner__number", "priority"))

    for sent, changed in (
        ({"what": "priority", "priority": "紧急"}, [("E3", "紧急"), ("E4", "紧急")]),
        ({"what": "assign", "person": "E2"}, [("E2", "普通"), ("E2", "紧急")]),
    ):
        answer = lead.post("/desk/bulk", {"case": numbers, "back": "/desk/?show=all", **sent}, follow=True)
        assert stand() == changed
        address, fields = offered_back(answer)
        back = lead.post(address, fields, follow=True)
        assert (back.redirect_chain, stand()) == ([("/desk/?show=all", 302)], [("E3", "普通"), ("E4", "紧急")])
        assert offered_back(back) is None


def test_a_case_that_changed_since_is_not_taken_back_and_what_would_count_against_somebody_is_not_offered(desk):
    lead = desk.clients["lead"]
    held, waits = taken(desk, team=desk.teams["T1"], owner=desk.people["E3"]), taken(desk, team=desk.teams["T1"])
    numbers = [held.number, waits.number]
    answer = lead.post("/desk/bulk", {"case": numbers, "what": "assign", "person": "E4"}, follow=True)
    assert "完成 2 张，其中 1 张可以撤销。 从队列派出的不能撤销：退回队列要记一次转派" in answer.content.decode()
    address, fields = offered_back(answer)
    assert fields["case"] == [held.number]
    act(desk.other, held.number, Act(verb=Verb.ACCEPT), at=minutes(2))
    refused = lead.post(address, fields)
    assert refused.status_code == 422
    assert f'/desk/{held.number}/"' in refused.content.decode()
    answer = lead.post("/desk/bulk", {"case": [held.number], "what": "assign", "person": "E3"}, follow=True)
    assert "完成 1 张。 已接单的工单是转派，不能撤销" in answer.content.decode()
    assert offered_back(answer) is None
    act(desk.engineer, held.number, Act(verb=Verb.ACCEPT), at=minutes(4))
    act(desk.engineer, held.number, Act(verb=Verb.RESOLVE, resolution_code="repaired"), at=minutes(5))
    answer = lead.post("/desk/bulk", {"case": [held.number], "what": "close"}, follow=True)
    assert "完成 1 张。 结案不能撤销：再打开要记一次重开" in answer.content.decode()
