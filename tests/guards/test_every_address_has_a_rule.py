"""No address answers anybody by oversight: every route, method and role against the rule that the route declares."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from fuxiao.base.permissions import GRANTS, Permission, Role
from guards.addresses import FOREIGN, OWN, example
from web.conftest import account, signed_in

CUSTOMERS = {
    "request", "request_thanks", "request_device", "request_status", "request_write", "request_complain",
    "survey_answer", "survey_complain",
}  # fmt: skip
"""What customers reach by a link of their own, without an account."""
PUBLIC = {"home", "favicon", "healthz", "language", "setup", "invitation", "closed", *CUSTOMERS}
METHODS = ("get", "post", "put", "patch", "delete")
OUTSIDE = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_confirm_email",
    "account_email_verification_sent", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup", "account_confirm_login_code",
}  # fmt: skip
"""Of the sign-in library: open to those not signed in yet. Sign-in elsewhere begins and ends outside as well."""
ROLES = [*Role, None] if connection.vendor == "sqlite" else [Role.OWNER, Role.ENGINEER, None]
"""The rules are the same on every database; that every address answers on PostgreSQL too, the owner's round shows."""


@pytest.mark.parametrize("each", [each for _, each in OWN], ids=[address or "/" for address, _ in OWN])
def test_an_address_of_ours_says_who_may_call_it(each):
    rule = getattr(each.callback, "rule", None)
    assert rule in {"public", "signed in", *Permission}, each.callback
    assert (rule == "public") == (each.name in PUBLIC)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_anything_without_an_account(home, method):
    client = Client()
    for address, each in OWN:
        if each.name in PUBLIC:
            continue
        answer = getattr(client, method)(example(address))
        assert answer.status_code in {302, 401, 403, 405}, (address, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/account/login/"), (address, answer["Location"])


@pytest.mark.django_db
def test_the_sign_in_library_shows_nothing_of_an_account_to_those_outside(org):
    client = Client()
    for address, each in FOREIGN:
        if each.name in OUTSIDE or "<" in address or "(?P" in address or "/login/" in address:
            continue
        answer = client.get("/" + address)
        assert (answer.status_code, answer.get("Location", "")[:15]) in {(302, "/account/login/"[:15]), (404, "")}, (
            address
        )


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "no-role")
def test_each_role_gets_what_the_rules_say(org, role):
    user = account("somebody", *([role] if role else []), person="E3")
    permissions, client = GRANTS[role][1] if role else frozenset(), signed_in(user)
    for address, each in OWN:
        rule = each.callback.rule
        if rule == "public" or each.name == "live":
            continue
        for method in METHODS[:2]:
            answer = getattr(client, method)(example(address))
            place = (method, address, answer.status_code)
            if rule != "signed in" and rule not in permissions:
                assert answer.status_code == 403, place
            else:
                assert answer.status_code < 500, place
                if method == "get":
                    assert answer.status_code != 403, place


@pytest.mark.django_db
@pytest.mark.lake  # refused before any page asks the database
def test_every_unsafe_call_needs_the_token_of_its_form(org):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("owner", Role.OWNER), backend=settings.AUTHENTICATION_BACKENDS[0])
    for address, _ in (*OWN, *FOREIGN):
        if "(?P" in address:
            continue
        for method in ("post", "delete"):
            answer = getattr(client, method)(example(address))
            assert answer.status_code == 403, (method, address, answer.status_code)


@pytest.mark.django_db
@pytest.mark.lake  # refused before any page asks the database
def test_with_borrowed_eyes_no_unsafe_call_gets_through(org):
    zhang, client = account("zhang", Role.HR, person="E3"), signed_in(account("owner", Role.OWNER))
    assert client.post(f"/accounts/{zhang.pk}/view-as").status_code == 302
    for address, each in (*OWN, *FOREIGN):
        if "(?P" in address or each.name == "view_as_end":
            continue
        for method in ("post", "delete"):
            assert getattr(client, method)(example(address)).status_code == 403, (method, address)
