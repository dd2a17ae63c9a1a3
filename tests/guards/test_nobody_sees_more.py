"""What is out of reach is nowhere: on no page, in no fragment, in no file, under nobody's address."""

from __future__ import annotations

import pytest
from django.db import connection

from fuxiao.base.permissions import GRANTS, Permission, Reach, Role
from fuxiao.org.models import Person
from guards.addresses import walk
from web.conftest import account, signed_in

pytestmark = pytest.mark.django_db
PAY = ("98765432", "987654.32", "987,654.32", "87654321", "876543.21", "876,543.21")
PERSONAL = ("13900009999", "canary@example.com")
ROLES = list(Role) if connection.vendor == "sqlite" else [Role.OWNER, Role.LEAD, Role.ENGINEER]
"""Who sees what is worked out the same way on every database: there, one of each reach will do."""


@pytest.fixture
def canary(org):
    """李娜 of 二组 with a wage, a telephone number and an address that cannot be mistaken."""
    Person.objects.filter(number="E4").update(
        wage=98765432, bonus_base=87654321, phone="13900009999", email="canary@example.com"
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_pay_and_personal_data_of_others_are_only_where_the_role_allows(canary, role):
    seen = walk(signed_in(account("somebody", role, person="E2")))
    reach, permissions = GRANTS[role]
    assert len(seen) > 5
    for permission, marks in ((Permission.PAY_READ, PAY), (Permission.PERSONAL_READ, PERSONAL)):
        leaks = [(address, mark) for address, text in seen.items() for mark in marks if mark in text]
        if permission in permissions and reach is Reach.ALL:
            assert leaks, "the canary is where it may be seen"
        else:
            assert leaks == []
    if reach is not Reach.ALL and Permission.CASE_ASSIGN not in permissions:  # whoever hands out work knows the names
        assert [address for address, text in seen.items() if "李娜" in text] == []


def test_what_the_owner_reaches_shows_an_engineer_nobody_else(canary):
    owner, engineer = signed_in(account("owner", Role.OWNER)), signed_in(account("zhang", Role.ENGINEER, person="E3"))
    for address in walk(owner):
        answer = engineer.get(address)
        assert answer.status_code < 500, address
        text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        assert not [mark for mark in ("李娜", *PAY, *PERSONAL) if mark in text], address


def test_a_passkey_of_somebody_else_is_neither_renamed_nor_removed(org):
    from allauth.mfa.models import Authenticator

    theirs = Authenticator.objects.create(user=account("li", Role.ENGINEER), type="webauthn", data={"name": "hers"})
    client = signed_in(account("zhang", Role.ENGINEER))
    client.post("/account/reauthenticate/", {"password": "a long enough one"})
    for what in ("remove", "edit"):
        assert client.get(f"/account/2fa/webauthn/keys/{theirs.pk}/{what}/").status_code == 404
        assert client.post(f"/account/2fa/webauthn/keys/{theirs.pk}/{what}/", {"name": "mine"}).status_code == 404
    assert Authenticator.objects.get(pk=theirs.pk).data == {"name": "hers"}
