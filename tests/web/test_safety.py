"""Headers, cookies and the installation's own checks; and one owner, however many browsers set it up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as product
from django.core.checks import run_checks
from django.test import Client

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.config import env
from fuxiao.org.models import User
from fuxiao.web.shell.checks import check_installation
from guards.addresses import OWN, example
from web.conftest import account, signed_in

ROOT = Path(__file__).parents[2]
GIVEN = {"username": "chen", "password": "sturdy-harbour-42", "email": ""}


@pytest.mark.django_db
def test_every_answer_carries_the_headers_that_keep_it_safe(org):
    client = signed_in(account("owner", Role.OWNER))
    for address, each in OWN:
        if each.name == "live":
            continue
        answer = client.get(example(address))
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy, address
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; ")), address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "no-store" in answer["Cache-Control"] or each.name == "healthz", address


@pytest.mark.django_db
def test_scripts_do_not_reach_the_cookies_that_sign_in(org):
    account("owner", Role.OWNER)
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": "owner", "password": "a long enough one"})
    for name in (product.SESSION_COOKIE_NAME, product.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.mark.lake
def test_an_installation_behind_https_passes_its_checks(tmp_path):
    order = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    env = {**os.environ, "FUXIAO_HOME": str(tmp_path), "FUXIAO_HTTPS": "1", "FUXIAO_HOSTS": "service.example.com",
           "DJANGO_SETTINGS_MODULE": "fuxiao.config.settings"}  # fmt: skip
    env.pop("FUXIAO_SECRET_KEY", None)
    done = subprocess.run(order, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "fuxiao.I005" in done.stderr


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"HTTPS": True, "ALLOWED_HOSTS": ["localhost"]}, "fuxiao.W001"),
        ({"HTTPS": True, "DEBUG": True, "ALLOWED_HOSTS": ["service.example.com"]}, "fuxiao.E002"),
        ({"SOCIALACCOUNT_PROVIDERS": {"feishu": {}}, "SIGN_IN_ORIGINS": []}, "fuxiao.W004"),
        ({"EMAIL_HOST": ""}, "fuxiao.I005"),
        ({"EMAIL_HOST": "mail.example.com", "DEFAULT_FROM_EMAIL": "fuxiao@localhost"}, "fuxiao.W006"),
        ({"EMAIL_HOST": "mail.example.com", "ADDRESS": ""}, "fuxiao.W007"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(settings, wrong, found):
    for name, value in wrong.items():
        setattr(settings, name, value)
    said = {message.id: message.hint for message in check_installation()}
    assert said[found]
    assert found in {message.id for message in run_checks(include_deployment_checks=True)}


@pytest.mark.parametrize(
    ("origins", "hosts", "https", "address"),
    [
        (["https://a.example:8443/", "https://b.example"], ["c.example"], True, "https://a.example:8443"),
        ([], ["localhost", ".example", "c.example"], True, "https://c.example"),
        ([], ["c.example"], False, ""),
        ([], ["localhost", "127.0.0.1"], True, ""),
        (["https://*.example"], ["c.example"], True, "https://c.example"),
    ],
)
def test_links_in_letters_lead_to_the_address_of_the_site_where_it_is_known(origins, hosts, https, address):
    assert env.address(origins, hosts, https=https) == address


def test_a_secret_that_others_can_read_is_said(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    assert "fuxiao.W003" in {message.id for message in check_installation()}
    (tmp_path / "secret.key").chmod(0o600)
    assert "fuxiao.W003" not in {message.id for message in check_installation()}


@pytest.mark.django_db
def test_of_two_browsers_at_the_first_start_one_makes_the_owner(home):
    one, other = Client(), Client()
    assert one.get("/setup").status_code == other.get("/setup").status_code == 200
    assert one.post("/setup", GIVEN)["Location"] == "/"
    assert other.post("/setup", {**GIVEN, "username": "late"})["Location"] == "/"
    assert [user.username for user in User.objects.all()] == ["chen"]
    assert [entry.action for entry in AuditEntry.objects.all()] == ["org.owner_created"]
    assert one.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302


@pytest.mark.django_db
def test_a_weak_password_at_the_first_start_is_refused_beside_its_field_and_nothing_is_made(home):
    page = Client().post("/setup", {**GIVEN, "password": "1234567890"}).content.decode()
    assert '<ul class="errorlist" id="id_password_error">' in page
    assert 'value="chen"' in page
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_first_start_on_an_empty_folder_asks_for_the_organisation_and_makes_the_home(settings, tmp_path):
    settings.HOME = tmp_path / "new"
    page = Client().get("/setup").content.decode()
    assert page.count('name="pack"') == 3
    given = {**GIVEN, "company": "澜川电器", "pack": "saas", "zone": "Asia/Shanghai", "currency": "rmb"}
    assert Client().post("/setup", {**given, "zone": "Mars/Base"}).status_code == 200
    assert not User.objects.exists()
    assert Client().post("/setup", given).status_code == 302
    assert 'currency = "CNY"' in (settings.HOME / "fuxiao.toml").read_text(encoding="utf-8")


def test_whoever_was_signed_out_comes_back_to_the_page_of_the_form_and_hears_that_it_was_not_saved(org):
    ours, theirs = "http://testserver/desk/?show=all", "http://elsewhere.example/desk/"
    for referer, after in ((ours, "/desk/%3Fshow%3Dall"), (theirs, "/"), ("", "/")):
        visitor = Client()
        answer = visitor.post("/desk/bulk", {"what": "close"}, headers={"Referer": referer} if referer else {})
        assert answer["Location"] == f"/account/login/?next={after}"
        assert "刚才提交的内容没有保存" in visitor.get(answer["Location"]).content.decode()


def test_an_address_that_only_forms_are_sent_to_is_a_page_that_leads_on(org):
    reader = signed_in(account("boss", Role.OWNER))
    answer = reader.get("/desk/bulk")
    assert (answer.status_code, "回到首页" in answer.content.decode()) == (405, True)
