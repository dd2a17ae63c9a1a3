"""Looking through somebody else's eyes shows what they see, changes nothing, and is on the audit trail."""

from __future__ import annotations

import pytest

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.org.models import User
from web.conftest import account, signed_in

pytestmark = pytest.mark.django_db


def look_as(client, user: User) -> int:
    return client.post(f"/accounts/{user.pk}/view-as").status_code


@pytest.mark.parametrize("address", ["/org/people/", "/org/people/E3/", "/org/people/E4/", "/accounts/", "/audit/"])
def test_it_shows_exactly_what_that_account_gets(owner, engineer, address):
    assert look_as(owner, User.objects.get(username="zhang")) == 302
    borrowed, theirs = owner.get(address), engineer.get(address)
    assert borrowed.status_code == theirs.status_code
    assert ("李娜" in borrowed.content.decode()) == ("李娜" in theirs.content.decode())


def test_the_page_says_whose_eyes_they_are(owner, engineer):
    look_as(owner, User.objects.get(username="zhang"))
    assert "正以「张伟」的身份查看" in owner.get("/").content.decode()


def test_start_and_end_are_on_the_audit_trail_under_the_own_name(owner, engineer):
    user = User.objects.get(username="zhang")
    look_as(owner, user)
    owner.post("/view-as/end")
    entries = AuditEntry.objects.filter(action__startswith="org.view_as").values_list("action", "actor_name", "key")
    assert list(entries) == [
        ("org.view_as_started", "owner", str(user.pk)), ("org.view_as_ended", "owner", str(user.pk)),
    ]  # fmt: skip
    assert owner.get("/accounts/").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/language", "/accounts/new", "/account/password/change/", "/account/logout/"])
def test_nothing_is_written_with_borrowed_eyes(owner, engineer, method, address):
    look_as(owner, User.objects.get(username="zhang"))
    before = AuditEntry.objects.count()
    assert getattr(owner, method)(address).status_code == 403
    assert AuditEntry.objects.count() == before


def test_the_own_account_pages_are_closed_meanwhile(owner, engineer):
    look_as(owner, User.objects.get(username="zhang"))
    for address in ("/account/2fa/", "/account/password/change/", "/account/sessions/", "/account/email/"):
        assert owner.get(address).status_code == 403


def test_borrowed_eyes_do_not_borrow_others(owner, org):
    hr, lead = account("hr", Role.HR), account("wang", Role.LEAD, person="E2")
    look_as(owner, hr)
    assert look_as(owner, lead) == 403


def test_hr_does_not_look_through_an_owner_nor_an_engineer_through_anybody(org):
    boss, hr, zhang = account("boss", Role.OWNER), account("hr", Role.HR), account("zhang", Role.ENGINEER)
    assert look_as(signed_in(hr), boss) == 403
    assert look_as(signed_in(zhang), hr) == 403
    assert look_as(signed_in(hr), zhang) == 302
    assert look_as(signed_in(hr), hr) == 400


def test_it_ends_when_the_right_is_gone_or_the_account_becomes_an_owner(org):
    from fuxiao.org.models import RoleGrant

    hr, zhang = account("hr", Role.HR), account("zhang", Role.ENGINEER, person="E3")
    client = signed_in(hr)
    look_as(client, zhang)
    RoleGrant.objects.filter(user=zhang).update(role=Role.OWNER)
    assert "正以" not in client.get("/org/people/").content.decode()


def test_a_role_that_demands_a_second_factor_sees_nothing_before_it_is_set_up(owner, home, org):
    from allauth.mfa.models import Authenticator

    settings_file = home / "fuxiao.toml"
    before = settings_file.read_text(encoding="utf-8")
    try:
        settings_file.write_text(before + '\n[security]\nsecond_factor_roles = ["owner"]\n', encoding="utf-8")
        for address in ("/", "/org/people/", "/accounts/", "/account/password/change/"):
            answer = owner.get(address)
            assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/"), address
        assert "必须使用两步验证" in owner.get("/account/2fa/").content.decode()
        assert signed_in(account("zhang", Role.ENGINEER)).get("/org/people/").status_code == 200
        Authenticator.objects.create(user=User.objects.get(username="owner"), type="totp", data={"secret": "x"})
        assert owner.get("/org/people/").status_code == 200
    finally:
        settings_file.write_text(before, encoding="utf-8")
