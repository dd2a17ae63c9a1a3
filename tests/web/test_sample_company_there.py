"""The demonstration company once it is there: taken out without a trace, and never with anything of one's own.

Its rows stay in the database until the file ends.
"""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings as ours

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.org.models import Membership, Person, Team
from fuxiao.studio import sample
from import_site import imported, stored
from web.conftest import NOW, account, signed_in, signed_in_as
from web.test_sample_company import _small, made, said

__all__ = ["_small"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]


@pytest.fixture(scope="module")
def filled(standing, tmp_path_factory):
    """The owner of an installation without people has it brought in, once for all tests; its home folder."""
    home = made(tmp_path_factory.mktemp("sample") / "home")
    standing.setattr(ours, "HOME", home)
    client = signed_in(account("boss", Role.OWNER))
    assert "填入示例公司" in said(client)
    assert client.post("/start/sample/fill").status_code == 302
    return home


@pytest.fixture
def boss(filled, db, tmp_path, settings):
    """The owner, with a copy of the lake for this test alone."""
    settings.HOME = shutil.copytree(filled, tmp_path / "home")
    return signed_in_as("boss")["boss"]


def test_it_is_marked_and_goes_without_a_trace(boss):
    found = sample.sample(ours.HOME)
    assert (found.state, found.done) == (sample.IN, found.total)
    assert len(found.people) >= 8
    assert len(stored("cases", "case_id")) > 100
    page = said(boss)
    assert ("不是您的" in page, "首次响应" in page or "解决时长" in page) == (True, True)
    assert "不是您的" in said(signed_in(account("agent", Role.AGENT)), "/values/")
    assert boss.post("/start/sample/remove").status_code == 302
    assert (sample.sample(ours.HOME), stored("cases", "case_id"), stored("people", "person")) == (None, [], [])
    assert [each.objects.count() for each in (Person, Team, Membership)] == [0, 0, 0]
    page = said(boss)
    assert ("不是您的" in page, "填入示例公司" in page) == (False, True)
    done = list(AuditEntry.objects.filter(kind="sample").values_list("action", flat=True))
    assert done == ["sample.begun", "sample.removed"]


def test_own_data_that_came_later_stays_when_it_goes(boss):
    imported(boss)
    imported(boss, "工号,姓名,入职日\nE901,欧阳娜,2026-01-05\n", name="人员.csv")
    assert boss.post("/start/sample/remove").status_code == 302
    assert [row[0] for row in stored("cases", "case_id")] == ["A1", "A2", "A3"]
    assert list(Person.objects.values_list("number", flat=True)) == ["E901"]
    assert stored("people", "person") == [("E901",)]


def test_what_hangs_on_it_is_named_and_nothing_is_removed(boss):
    someone = Person.objects.create(number="E901", name="欧阳娜", sort="o", plain="o", initials="o")
    Membership.objects.create(person=someone, team=Team.objects.first(), position="agent", valid_from=NOW.date())
    people = Person.objects.count()
    answer = boss.post("/start/sample/remove")
    assert (answer.status_code, "欧阳娜" in answer.content.decode()) == (400, True)
    Membership.objects.filter(person=someone).delete()
    linked = account("zhang", Role.AGENT, person=sample.sample(ours.HOME).people[0])
    answer = boss.post("/start/sample/remove")
    assert (answer.status_code, linked.person.name in answer.content.decode()) == (400, True)
    assert Person.objects.count() == people
    assert len(stored("cases", "case_id")) > 100
