"""The bell, the list of notices, and how one wants to hear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fuxiao.base.actions import notify
from fuxiao.base.models import Notice
from fuxiao.base.permissions import Role
from fuxiao.base.queries import notice_kinds, unread_notices
from fuxiao.web.notices.views import AREAS
from web.conftest import NOW, account, queries_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FRAGMENT = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def zhang(org):
    return account("zhang", Role.ENGINEER, person="E3")


@pytest.fixture
def client(zhang):
    return signed_in(zhang)


def tell(user, name="工单.csv", kind="data.import_failed", link="/values/") -> Notice | None:
    notify([user.pk], kind, at=NOW, link=link, name=name)
    return Notice.objects.order_by("id").last()


def said(client, address: str, **more) -> str:
    return client.get(address, **more).content.decode()


def test_the_bell_counts_what_is_unread_and_shows_the_latest(client, zhang):
    assert "条未读" not in said(client, "/")
    tell(zhang, "a.csv")
    tell(zhang, "b.csv")
    assert "通知，2 条未读" in said(client, "/")
    assert "通知，2 条未读" in said(client, "/notices/unread", **FRAGMENT)
    panel = said(client, "/notices/latest", **FRAGMENT)
    assert panel.index("b.csv 没有导入成功") < panel.index("a.csv 没有导入成功")
    assert client.get("/notices/latest")["Location"] == "/notices/", "without script the whole list"


def test_what_was_told_earlier_stands_below_however_late_it_was_written(client, zhang):
    tell(zhang, "今天.csv")
    notify([zhang.pk], "data.import_failed", at=NOW - timedelta(days=3), link="/values/", name="三天前.csv")
    page = client.get("/notices/").content.decode()
    assert page.index("今天.csv") < page.index("三天前.csv")


def test_opening_a_notice_goes_where_it_leads_and_it_is_read(client, zhang):
    first = tell(zhang)
    assert client.get(f"/notices/{first.pk}/")["Location"] == "/values/"
    assert unread_notices(zhang.pk).count() == 0
    assert "条未读" not in said(client, "/")


def test_nobody_opens_or_sees_anothers(client, zhang):
    other = account("li", Role.HR)
    theirs = tell(other, "geheim.csv")
    assert client.get(f"/notices/{theirs.pk}/").status_code == 404
    assert "geheim" not in said(client, "/notices/") + said(client, "/notices/latest", **FRAGMENT)
    client.post("/notices/read")
    assert unread_notices(other.pk).count() == 1


def test_looking_through_anothers_eyes_the_bell_stays_the_own(org, zhang):
    owner = account("owner", Role.OWNER)
    client = signed_in(owner)
    tell(zhang, "theirs.csv")
    mine = tell(owner, "mine.csv")
    client.post(f"/accounts/{zhang.pk}/view-as")
    page = said(client, "/notices/")
    assert ("mine.csv" in page, "theirs.csv" in page) == (True, False)
    client.get(f"/notices/{mine.pk}/")
    assert unread_notices(owner.pk).count() == 1, "who only looks changes nothing"


def test_the_list_is_narrowed_paged_and_taken_for_read(client, zhang):
    for n in range(31):
        tell(zhang, f"{n}.csv")
    notify([zhang.pk], "org.roles_changed", at=NOW, by="赵强", roles="lead, agent")
    page = said(client, "/notices/")
    assert "赵强修改了您的权限，现在是：班组长、客服" in page
    assert (">1.csv" in page, ">2.csv" in page, "共 32 条" in page) == (False, True, True)
    narrowed = said(client, "/notices/?area=数据")
    assert ("赵强" in narrowed, "共 31 条" in narrowed) == (False, True)
    client.post("/notices/read")
    assert "没有这样的通知" in said(client, "/notices/?unread=1")


def test_the_list_asks_the_same_number_of_questions_for_one_and_three(client, zhang):
    tell(zhang)
    one = queries_of(client, "/notices/")
    tell(zhang)
    tell(zhang)
    assert queries_of(client, "/notices/") == one


def test_what_is_not_wanted_here_comes_by_mail_alone(client, zhang, settings, mailoutbox):
    settings.EMAIL_HOST, settings.ADDRESS = "mail.example", "https://fuxiao.example"
    zhang.email = "zhang@example.com"
    zhang.save()
    page = said(client, "/notices/choices")
    assert 'value="data.import_failed" aria-label="导入没有成功' in page
    client.post("/notices/choices", {"here": ["data.imported"], "mail": ["data.import_failed"]})
    tell(zhang)
    assert Notice.objects.count() == 0
    assert [(each.subject, each.to) for each in mailoutbox] == [
        ("工单.csv 没有导入成功。打开看原因。", ["zhang@example.com"])
    ]
    assert "https://fuxiao.example/values/" in mailoutbox[0].body
    settings.EMAIL_HOST = ""
    tell(zhang)
    assert len(mailoutbox) == 1, "without a mail server nothing is sent"


def test_each_kind_is_chosen_by_what_it_is_about_with_nothing_left_open(client, zhang):
    page = said(client, "/notices/choices")
    assert "工单派给我" in page
    assert "…" not in page[page.index("<main") : page.index("</main")]


def test_every_kind_belongs_to_an_area_with_a_name():
    assert {kind.partition(".")[0] for kind in notice_kinds()} <= set(AREAS)


def test_english_reads_english(org):
    user = account("smith", Role.HR, language="en")
    tell(user)
    assert "could not be imported" in said(signed_in(user), "/notices/")
