"""Pages kept for their reader: given again only to them, and only until anything they are made of changes."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from fuxiao.base.permissions import Role
from fuxiao.org.accounts import grant_roles
from fuxiao.org.models import Person
from fuxiao.org.queries import viewer_of
from web.conftest import NOW, account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PAGE = "/org/people/"
TOKEN = re.compile(r'csrfmiddlewaretoken" value="(\w+)"')


def page(client: Client, address: str = PAGE, **more: object) -> str:
    return client.get(address, **more).content.decode()


def without_token(text: str) -> str:
    return TOKEN.sub("", text).replace(TOKEN.search(text)[1], "")


def test_a_page_that_nothing_changed_is_the_same_again_but_for_its_token(owner, django_assert_max_num_queries):
    first = page(owner)
    with django_assert_max_num_queries(3):
        again = page(owner)
    assert without_token(first) == without_token(again)
    assert TOKEN.search(first)[1] != TOKEN.search(again)[1]


def test_the_token_of_a_kept_page_is_taken(org):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("owner", Role.OWNER), backend=settings.AUTHENTICATION_BACKENDS[0])
    page(client)
    token = TOKEN.search(page(client))[1]
    sent = {"of": "people", "name": "一组", "query": "team=T1", "csrfmiddlewaretoken": token}
    assert client.post("/views/save", sent).status_code == 302
    assert "一组" in page(client)
    assert client.post("/views/save", sent | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_everybody_has_pages_of_their_own(owner, lead, engineer):
    assert [("李娜" in page(who), "张伟" in page(who)) for who in (owner, lead, engineer) for _ in range(2)] == [
        (True, True), (True, True), (False, True), (False, True), (False, True), (False, True),
    ]  # fmt: skip


def test_a_change_shows_at_once(owner):
    page(owner)
    owner.post("/org/people/E4/leave/", {"left_on": "2026-11-06"})
    page(owner, "/org/people/E4/")  # what was said of it is shown
    assert "李娜" not in page(owner)


def test_a_right_that_is_taken_is_gone_with_the_next_request(org):
    hr = account("hr", Role.HR)
    client, boss = signed_in(hr), viewer_of(account("owner", Role.OWNER), on=NOW.date())
    assert "李娜" in page(client)
    grant_roles(boss, hr, [Role.ENGINEER], at=NOW)
    client = signed_in(hr)
    assert "李娜" not in page(client)


def test_language_theme_and_fragments_are_told_apart(owner):
    assert "人员" in page(owner)
    owner.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in page(owner)
    owner.post("/language", {"language": "en", "next": PAGE})
    assert "People" in page(owner)
    assert "<html" not in page(owner, headers={"HX-Request": "true"})


def test_what_is_to_be_said_once_is_not_kept(owner):
    page(owner)
    owner.post("/org/people/E4/leave/", {"left_on": "2026-11-30"})
    assert "已保存" in page(owner)
    assert "已保存" not in page(owner)


def test_the_settings_of_the_organisation_show_at_once(owner, home):
    before = (home / "fuxiao.toml").read_text(encoding="utf-8")
    assert "澜川电器" in page(owner)
    try:
        (home / "fuxiao.toml").write_text(before.replace("澜川电器", "远山电器"), encoding="utf-8")
        assert "远山电器" in page(owner)
    finally:
        (home / "fuxiao.toml").write_text(before, encoding="utf-8")
    assert Person.objects.count() == 4
