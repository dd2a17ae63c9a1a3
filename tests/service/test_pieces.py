"""Pieces of a page that are kept for what they are given: the same for the same, and never another's token."""

from __future__ import annotations

import re

import pytest
from django.template import engines

from fuxiao.service.models import Case
from fuxiao.service.queries.lines import lines_of, read
from service.test_case_actions import taken

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'csrfmiddlewaretoken" value="(\w{64})"')
HEADERS = re.compile(r'"X-CSRFToken": "(\w{64})"')


def test_every_form_of_a_page_has_the_token_of_its_own_reader(desk):
    for _ in range(2):
        taken(desk, team=desk.teams["T1"], owner=desk.people["E3"])
    seen = set()
    for client in (desk.clients["lead"], desk.clients["manager"], desk.clients["lead"]):
        text = client.get("/desk/").content.decode()
        tokens = set(TOKEN.findall(text))
        assert tokens == set(HEADERS.findall(text))
        assert len(TOKEN.findall(text)) >= 4
        seen |= tokens
    assert len(seen) == 3


def test_who_may_less_is_not_shown_the_row_of_who_may_more(desk):
    number = taken(desk, team=desk.teams["T1"], owner=desk.people["E3"]).number
    shown = {name: desk.clients[name].get("/desk/").content.decode() for name in ("lead", "engineer", "lead")}
    assert f'action="/desk/{number}/set"' in shown["lead"]
    assert f'action="/desk/{number}/set"' not in shown["engineer"]


def test_a_piece_knows_nothing_but_what_it_is_given(rf, desk):
    line = "{% piece 'desk/card.html' case=case due=due word=word %}"
    template = engines["django"].from_string(line)
    taken(desk, title="<b>漏水</b>")
    (case,) = read(lines_of(Case.objects.all()))
    context = {"case": case, "due": "now", "word": "P1", "viewer": "somebody"}
    text = template.render(context, rf.get("/"))
    assert "&lt;b&gt;漏水&lt;/b&gt;" in text
    assert template.render({**context, "viewer": "another"}, rf.get("/")) == text
    assert "later" in template.render({**context, "due": "later"}, rf.get("/"))
    with pytest.raises(TypeError, match="not the record"):
        template.render({**context, "case": Case.objects.get()}, rf.get("/"))
