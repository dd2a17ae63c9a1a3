"""Signing in, out and securing the own account: our look, the reader's language, nothing inline."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from fuxiao.base.permissions import Role
from fuxiao.org.models import User
from web.conftest import PASSWORD, account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OUTSIDE = (
    "/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/",
    "/account/password/reset/key/1-bad/", "/account/password/reset/key/done/", "/account/3rdparty/login/cancelled/",
    "/account/3rdparty/login/error/", "/account/confirm-email/", "/account/confirm-email/bad:key/",
)  # fmt: skip
INSIDE = (
    "/account/password/change/", "/account/logout/", "/account/reauthenticate/", "/account/email/", "/account/2fa/",
    "/account/2fa/totp/activate/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/", "/account/sessions/",
    "/account/3rdparty/",
)  # fmt: skip
SECURED = (
    "/account/2fa/", "/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/",
    "/account/2fa/totp/deactivate/", "/account/2fa/reauthenticate/", "/account/2fa/webauthn/reauthenticate/",
)  # fmt: skip
CLOSED = ("/account/signup/", "/account/3rdparty/signup/", "/account/login/code/confirm/", "/account/social/signup/")
NAMES = {"English", "glish", "Fuxiao", "Ctrl", "Enter", "Safari", "Chrome", "zhang", "example", "zhang@example", "PIN"}


class Reader(HTMLParser):
    """What a person reads of a page, and whatever a strict content policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.refused, self.quiet = "", [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.refused += [name for name in named if name == "style" or name.startswith("on")]
        if tag == "script" and not named.get("src") and named.get("type") != "application/json":
            self.refused.append("script")
        self.quiet += tag in {"script", "style"}
        self.text += " ".join(str(named[name]) for name in ("placeholder", "title", "alt") if named.get(name)) + " "

    def handle_endtag(self, tag):
        self.quiet -= tag in {"script", "style"}

    def handle_data(self, data):
        self.text += "" if self.quiet else data


def read(client: Client, address: str) -> Reader:
    answer = client.get(address, follow=True)
    assert answer.status_code in {200, 401}, (address, answer.status_code)
    return Reader(answer.content.decode())


def fine(page: Reader, language: str) -> None:
    assert page.refused == []
    if language == "en":
        assert set(re.findall(r"[\u4e00-\u9fff]+", page.text)) <= {"中文", "服", "服效", "澜川电器", "张伟", "张"}
    else:
        words = re.sub(r"[A-Z2-7]{32}", "", page.text)  # the key of an authenticator app
        assert set(re.findall(r"[A-Za-z@]{4,}", words)) <= NAMES


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    return request.param


@pytest.fixture
def zhang(org, language):
    return account("zhang", Role.ENGINEER, person="E3", language=language)


def confirmed(client: Client) -> Client:
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_page_for_those_outside(home, address, language, db):
    client = Client()
    client.cookies["language"] = language
    fine(read(client, address), language)


@pytest.mark.parametrize("address", INSIDE)
def test_a_page_of_the_own_account(zhang, address, language):
    fine(read(confirmed(signed_in(zhang)), address), language)


@pytest.mark.parametrize("address", SECURED)
def test_a_page_of_a_secured_account(zhang, address, language):
    client = confirmed(signed_in(zhang))
    activate(client)
    fine(read(client, address), language)


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_in_use_does_not_exist(home, db, address):
    assert Client().get(address).status_code == 404
    assert Client().post(address).status_code == 404


def activate(client: Client) -> str:
    """Turn the authenticator app on; its key."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    for _ in range(2):  # a code that expires on its way is told again, as a person would
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        answer = client.post("/account/2fa/totp/activate/", {"code": code})
        if answer.status_code == 302:
            break
    assert answer["Location"] == "/account/2fa/recovery-codes/", answer.content.decode()
    return secret


@pytest.mark.parametrize("name", ["zhang", "ZHANG", "zhang@example.com"])
def test_one_signs_in_by_user_name_or_mail_address(org, name):
    account("zhang", Role.ENGINEER, person="E3")
    User.objects.update(email="zhang@example.com")
    answer = Client().post("/account/login/", {"login": name, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("name", ["zhang", "nobody", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(zhang, name, language):
    client = Client()
    client.cookies["language"] = language
    page = client.post("/account/login/", {"login": name, "password": "wrong"}).content.decode()
    said = {"zh-hans": "登录名或密码不对。", "en": "The user name or the password is wrong."}[language]
    assert said in page
    assert f'value="{name}"' in page, "what was typed is kept"


def test_after_the_password_comes_the_code_and_each_recovery_code_works_once(zhang):
    client = confirmed(signed_in(zhang))
    activate(client)
    codes = re.findall(r"<li>([0-9a-f]{8})</li>", client.get("/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    for expected in ("/", None):
        outside = Client()
        answer = outside.post("/account/login/", {"login": "zhang", "password": PASSWORD})
        assert answer["Location"] == "/account/2fa/authenticate/"
        assert outside.get("/org/people/").status_code == 302, "not inside by the password alone"
        answer = outside.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert answer.get("Location") == expected


def test_the_codes_can_be_downloaded(zhang):
    client = confirmed(signed_in(zhang))
    activate(client)
    answer = client.get("/account/2fa/recovery-codes/download/")
    assert len(re.findall(r"^[0-9a-f]{8}$", answer.content.decode(), re.MULTILINE)) == 10
    assert answer["Cache-Control"].startswith("max-age=0")


def test_a_forgotten_password_is_set_anew_by_mail(zhang, language, settings):
    settings.EMAIL_HOST = "mail.example.com"
    User.objects.update(email="zhang@example.com")
    client = Client()
    client.cookies["language"] = language
    client.post("/account/password/reset/", {"email": "zhang@example.com"})
    assert [message.to for message in mail.outbox] == [["zhang@example.com"]]
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    fine(Reader(form.content.decode()), language)
    given = {"password1": "sturdy-harbour-42", "password2": "sturdy-harbour-42"}
    client.post(form.redirect_chain[-1][0], given)
    assert User.objects.get(username="zhang").check_password("sturdy-harbour-42")


def test_nobody_learns_by_mail_whether_an_address_is_known(home, db, settings):
    settings.EMAIL_HOST = "mail.example.com"
    answer = Client().post("/account/password/reset/", {"email": "nobody@example.com"})
    assert answer["Location"] == "/account/password/reset/done/"
    assert mail.outbox == []


def test_too_many_wrong_passwords_are_stopped_though_the_right_one_comes_last(zhang, settings, language):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/key"}
    client = Client()
    client.cookies["language"] = language
    for _ in range(3):
        client.post("/account/login/", {"login": "zhang", "password": "wrong"})
    page = client.post("/account/login/", {"login": "zhang", "password": PASSWORD})
    assert page.status_code == 200
    assert {"zh-hans": "尝试次数过多", "en": "Too many attempts"}[language] in page.content.decode()


def test_a_sign_in_elsewhere_that_does_not_answer_says_so(home, db, settings):
    app = {"provider_id": "company", "name": "公司账号", "client_id": "x", "secret": "x",
           "settings": {"server_url": "http://127.0.0.1:9/none"}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    client = Client()
    page = client.get("/account/login/").content.decode()
    address = re.search(r'action="(/account/oidc/company/login/[^"]*)"', page).group(1)
    answer = client.post(address)
    assert answer.status_code == 502
    assert "对方系统没有完成登录" in answer.content.decode()
