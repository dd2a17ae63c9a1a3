"""Accounts: opened by invitation, closed at once, and never a way to more rights than one's own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.org.models import Invitation, User
from web.conftest import NOW, PASSWORD, account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GOOD = "sturdy-harbour-42"


@pytest.fixture
def hr(org):
    return signed_in(account("hr", Role.HR))


def invite(client, **given) -> str:
    """The address in the link that is shown after opening an account."""
    answer = client.post("/accounts/new", {"username": "zhang", "person": "E3", "roles": ["engineer"], **given})
    assert answer.status_code == 201, answer.content.decode()
    return re.search(r'value="http://testserver(/invitation/[^"]+)"', answer.content.decode()).group(1)


def test_somebody_invited_sets_a_password_and_is_inside(owner):
    guest = Client()
    answer = guest.post(invite(owner), {"password": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert guest.get("/org/people/E3/").status_code == 200
    user = User.objects.get(username="zhang")
    assert user.person.number == "E3"
    assert [grant.role for grant in user.grants.all()] == ["engineer"]


def test_an_invitation_works_once(owner):
    address = invite(owner)
    Client().post(address, {"password": GOOD})
    assert Client().get(address).status_code == 403
    assert Client().post(address, {"password": "another-harbour-43"}).status_code == 403
    assert User.objects.get(username="zhang").check_password(GOOD)


def test_an_invitation_ends_after_seven_days(owner, monkeypatch):
    address = invite(owner)
    monkeypatch.setenv("FUXIAO_NOW", (NOW + timedelta(days=7)).isoformat())
    assert Client().get(address).status_code == 403


def test_a_newer_link_voids_the_older(owner):
    address = invite(owner)
    number = User.objects.get(username="zhang").pk
    assert owner.post(f"/accounts/{number}/link").status_code == 201
    assert Client().get(address).status_code == 403


def test_the_link_is_nowhere_in_the_database_nor_on_the_audit_trail(owner):
    token = invite(owner).rsplit("/", 1)[1]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))


def test_a_weak_password_is_refused_beside_its_field_and_the_link_still_holds(owner):
    address = invite(owner)
    answer = Client().post(address, {"password": "zhang"})
    assert "密码太短，至少要 10 位。" in answer.content.decode()
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Client().get(address).status_code == 200


def test_the_link_is_mailed_where_mail_is_configured(owner, settings):
    settings.EMAIL_HOST = "mail.example.com"
    address = invite(owner, email="zhang@example.com")
    assert [message.to for message in mail.outbox] == [["zhang@example.com"]]
    assert address in mail.outbox[0].body


def test_a_person_is_found_by_pinyin_and_the_unclear_is_asked_back(owner):
    invite(owner, person="zw")
    answer = owner.post("/accounts/new", {"username": "other", "person": "E", "roles": []})
    assert "不止一位" in answer.content.decode()
    assert not User.objects.filter(username="other").exists()


def test_nobody_gets_two_accounts(owner):
    invite(owner)
    answer = owner.post("/accounts/new", {"username": "zhang2", "person": "E3", "roles": []})
    assert "已经有账号" in answer.content.decode()
    answer = owner.post("/accounts/new", {"username": "ZHANG", "roles": []})
    assert "已被使用" in answer.content.decode()
    assert User.objects.count() == 2


def test_a_disabled_account_is_out_at_the_next_request(owner, engineer):
    number = User.objects.get(username="zhang").pk
    assert engineer.get("/org/people/").status_code == 200
    owner.post(f"/accounts/{number}/state", {"active": "0"})
    assert engineer.get("/org/people/").status_code == 302
    answer = Client().post("/account/login/", {"login": "zhang", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/account/inactive/"
    owner.post(f"/accounts/{number}/state", {"active": "1"})
    assert engineer.get("/org/people/").status_code == 302, "an old session does not come back to life"


def test_changed_roles_end_the_sessions(owner, engineer):
    number = User.objects.get(username="zhang").pk
    owner.post(f"/accounts/{number}/roles", {"roles": ["lead"]})
    assert engineer.get("/org/people/").status_code == 302
    entry = AuditEntry.objects.get(action="org.roles_granted")
    assert (entry.old, entry.new) == ({"roles": ["engineer"]}, {"roles": ["lead"]})


def test_a_changed_password_ends_the_other_sessions(org):
    user = account("zhang", Role.ENGINEER)
    here, there = signed_in(user), signed_in(user)
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": GOOD, "password2": GOOD})
    assert answer.status_code == 302
    assert there.get("/org/people/").status_code == 302
    assert AuditEntry.objects.get(action="org.password_changed").actor == user.pk


def test_the_owner_who_changes_the_own_roles_stays_inside(owner):
    number = User.objects.get(username="owner").pk
    owner.post(f"/accounts/{number}/roles", {"roles": ["owner", "finance"]})
    assert owner.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("address", "given"),
    [("roles", {"roles": []}), ("state", {"active": "0"}), ("roles", {"roles": ["hr"]})],
)
def test_the_last_owner_stays(owner, address, given):
    number = User.objects.get(username="owner").pk
    answer = owner.post(f"/accounts/{number}/{address}", given)
    assert answer.status_code == 400
    user = User.objects.get(pk=number)
    assert user.is_active
    assert [grant.role for grant in user.grants.all()] == ["owner"]


def test_an_owner_who_never_set_a_password_does_not_count_as_another(owner):
    invite(owner, roles=["owner"])
    number = User.objects.get(username="owner").pk
    assert owner.post(f"/accounts/{number}/state", {"active": "0"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "given"),
    [("roles", {"roles": ["owner", "hr"]}), ("roles", {"roles": []}), ("state", {"active": "0"}), ("link", {}),
     ("second-factor", {})],
)  # fmt: skip
def test_hr_does_not_touch_an_owner(hr, address, given):
    boss = account("boss", Role.OWNER)
    account("second", Role.OWNER)
    before = AuditEntry.objects.count()
    assert hr.post(f"/accounts/{boss.pk}/{address}", given).status_code == 403
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.session_round == 0
    assert [grant.role for grant in boss.grants.all()] == ["owner"]
    assert AuditEntry.objects.count() == before
    assert not Invitation.objects.exists()


def test_hr_makes_no_owner(hr):
    answer = hr.post("/accounts/new", {"username": "new", "roles": ["owner"]})
    assert answer.status_code == 403
    assert not User.objects.filter(username="new").exists()
    own = User.objects.get(username="hr")
    assert hr.post(f"/accounts/{own.pk}/roles", {"roles": ["hr", "owner"]}).status_code == 403


def test_a_second_factor_is_reset_and_the_sessions_end(owner, engineer):
    from allauth.mfa.models import Authenticator

    user = User.objects.get(username="zhang")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    owner.post(f"/accounts/{user.pk}/second-factor")
    assert not Authenticator.objects.filter(user=user).exists()
    assert engineer.get("/org/people/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_accounts_as_for_one(owner, django_assert_num_queries, rows):
    for number in range(rows - 1):
        account(f"more{number}", Role.AGENT, Role.PARTS)
    owner.get("/accounts/")
    with django_assert_num_queries(6):
        owner.get("/accounts/")


def test_own_devices_are_signed_out_one_by_one_and_nobody_elses(org):
    from allauth.usersessions.models import UserSession

    user, other = account("zhang", Role.ENGINEER), account("li", Role.ENGINEER)
    here, there, hers = signed_in(user), signed_in(user), signed_in(other)
    for client in (here, there, hers):
        client.get("/")
    numbers = dict(UserSession.objects.values_list("session_key", "pk"))
    assert here.post(f"/sessions/{numbers[hers.session.session_key]}/end").status_code == 404
    assert here.post(f"/sessions/{numbers[there.session.session_key]}/end").status_code == 302
    assert hers.get("/org/people/").status_code == 200
    assert there.get("/org/people/").status_code == 302
