"""What accounts are told, who hears of it, and what they do not want to hear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fuxiao.base.actions import choose_notices, mark_read, notify
from fuxiao.base.models import Announcement
from fuxiao.base.permissions import Role
from fuxiao.base.queries import heard_by, notices, unread_notices
from fuxiao.org import accounts
from fuxiao.org.queries import viewer_of
from web.conftest import NOW, account

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(org):
    return account("li", Role.HR).pk, account("zhang", Role.ENGINEER, person="E3").pk


def kinds(number: int) -> list[str]:
    return [each.kind for each in notices(number)]


def test_each_account_is_told_once_and_the_system_is_passed_over(pair):
    li, zhang = pair
    notify([li, li, None], "data.import_failed", at=NOW, link="/data/", name="工单.csv")
    told = notices(li).get()
    assert (told.kind, told.facts, told.link, told.read_at) == (
        "data.import_failed",
        {"name": "工单.csv"},
        "/data/",
        None,
    )
    assert kinds(zhang) == []


def test_only_the_account_itself_hears_that_there_is_something_new(pair):
    li, zhang = pair
    notify([li], "data.import_failed", at=NOW, name="a")
    topic = Announcement.objects.latest("id").topic
    assert (heard_by(topic, li), heard_by(topic, zhang)) == ("notices", "")
    assert heard_by("values", zhang) == "values"


def test_a_kind_that_an_account_does_not_want_is_not_told(pair):
    li, zhang = pair
    choose_notices(li, {"data.imported": (False, False), "no.such": (False, False)})
    notify(pair, "data.imported", at=NOW, name="a", rows="1", rejected="0")
    notify(pair, "data.import_failed", at=NOW, name="a")
    assert kinds(li) == ["data.import_failed"]
    assert kinds(zhang) == ["data.import_failed", "data.imported"]


def test_reading_one_or_all_touches_nobody_elses(pair):
    li, zhang = pair
    for _ in range(3):
        notify(pair, "data.import_failed", at=NOW, name="a")
    first = notices(li).first()
    assert mark_read(zhang, at=NOW, notice=first.pk) == 0
    assert mark_read(li, at=NOW, notice=first.pk) == 1
    assert (unread_notices(li).count(), unread_notices(zhang).count()) == (2, 3)
    assert mark_read(li, at=NOW) == 2
    assert (unread_notices(li).count(), unread_notices(zhang).count()) == (0, 3)


def test_what_is_half_a_year_old_is_forgotten(pair):
    notify([pair[0]], "data.import_failed", at=NOW - timedelta(days=181), name="old")
    notify([pair[0]], "data.import_failed", at=NOW, name="new")
    assert [each.facts["name"] for each in notices(pair[0])] == ["new"]


@pytest.mark.parametrize("link", ["//elsewhere.example", "https://elsewhere.example", "data/", "/\\elsewhere"])
def test_a_notice_leads_nowhere_but_into_this_site(pair, link):
    with pytest.raises(RuntimeError):
        notify([pair[0]], "data.imported", at=NOW, link=link)
    with pytest.raises(RuntimeError):
        notify([pair[0]], "no.such", at=NOW)
    assert kinds(pair[0]) == []


def test_whoever_gets_other_roles_is_told_and_whoever_invited_hears_of_the_answer(org):
    hr = viewer_of(account("hr", Role.HR), on=NOW.date())
    made = accounts.open_account(
        hr, username="new", email="", person=None, roles=[Role.AGENT], token="t", at=NOW
    )  # fmt: skip
    accounts.grant_roles(hr, made, [Role.LEAD, Role.AGENT], at=NOW)
    assert notices(made.pk).get().facts == {"by": "hr", "roles": "agent, lead"}
    accounts.accept("t", password="a long enough one", at=NOW)
    assert kinds(hr.account) == ["org.invitation_accepted"]
