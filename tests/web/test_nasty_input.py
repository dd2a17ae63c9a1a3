"""Every form of every page, sent what it was not made for: no defect, nothing unescaped, and words for it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from fuxiao.base.permissions import Role
from guards.addresses import kind_of as page_kind
from guards.addresses import text_of, walk
from import_site import begun, checked, imported
from web.conftest import PASSWORD, account, signed_in
from web.figures_home import figures_home
from web.nasty import FORMAT, PATHS, SIGNS, STRINGS, Form, forms_of, packed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
URLENCODED = "application/x-www-form-urlencoded"
RAW = re.compile(
    r"""<xq7|<script>xq7|<svg/onload=xq7|<img src=xq7|<iframe srcdoc=xq7|<base href=//xq7|["'] onxq7=|777007|5439007""",
    re.IGNORECASE,
)
"""Markup of ours as a browser would take it, and templates of ours worked out."""
SAID = re.compile(r'class="errorlist|role="alert"|class="empty"|class="note')
SHARE = int(os.environ.get("FUXIAO_NASTY_SHARE", "30"))
"""A form gets one in so many of the strings, the next form the next ones; ``make proof`` sends all of them to each."""
OUTSIDE = ("/account/login/", "/account/2fa/webauthn/login/", "/language")


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("figures") / "home")


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False


@pytest.fixture
def site(org, unlimited, settings, figures, tmp_path):
    """The owner, and something on every page: figures, imports at each stage, a kept mapping, other accounts."""
    settings.HOME = shutil.copytree(figures, tmp_path / "home")
    kept = {**settings.STORAGES["default"], "OPTIONS": {"location": settings.HOME / "uploads"}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    account("zhang", Role.ENGINEER, person="E3")
    client = signed_in(account("owner", Role.OWNER))
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    imported(client)
    checked(client, begun(client, name="第二份.csv", content="工单号,受理时间,责任人\nB1,2026-10-05 09:00,张三\n"))
    begun(client, name="第三份.csv")
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return client


def kind_of(form: Form) -> tuple[object, ...]:
    return form.method, page_kind(form.action), *sorted({each.name for each in form.fields})


def forms_reached(client: Client, *starts: str) -> list[Form]:
    """One form of each kind, out of all pages that links reach from these."""
    pages = {address: page for start in starts for address, page in walk(client, start, of_a_kind=1).items()}
    kinds = {kind_of(form): form for address, page in pages.items() for form in forms_of(address, page)}
    return [form for form in kinds.values() if form.open]


def tries(form: Form, start: int = 0, step: int = 1) -> Iterator[dict[str, str]]:
    """All fields wrong at once, which checks the fields; then one field wrong and the rest right.

    Every field gets its share of the strings with others beside each, and of those that are nasty as the whole of a
    value each ``step``th of them alone: the next form takes the next ones. Wrong by itself is one field of those that
    repeat from row to row; ``make proof`` takes each.
    """
    names, together = [each.name for each in form.open], packed()[start % SHARE :: SHARE]
    alone = [string for string in STRINGS if string in FORMAT][start % (step * SHARE) :: step * SHARE]
    for strings in (together, alone):
        for at in range(len(strings)):
            yield {name: strings[(at + 31 * place) % len(strings)] for place, name in enumerate(names)}
    ones, single = [*together[::6], *alone[::3]], names if SHARE == 1 else one_of_each_row(names)
    for at in range(max(len(ones), len(single)) if single else 0):
        yield {single[at % len(single)]: ones[at % len(ones)]}


def one_of_each_row(names: list[str]) -> list[str]:
    """The first of those names that differ in a number only: rows that are there come before the empty one."""
    return list({re.sub(r"\d+", "", name): name for name in reversed(names)}.values())


def send(client: Client, form: Form, changed: dict[str, str]):
    body, path = form.sent(changed), urlsplit(form.action).path
    if form.method == "get":
        return client.get(f"{path}?{body.decode('ascii')}")
    return client.post(form.action, body, content_type=URLENCODED)


def faults(client: Client, form: Form, changed: dict[str, str]) -> list[object]:
    """What is wrong with the answer, and with the page that it leads to. Whatever it changed is taken back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = send(client, form, changed)
        answers = [answer]
        if answer.status_code == 302 and answer["Location"].startswith("/") and "xq7" in str(changed):
            answers.append(client.get(answer["Location"]))
        transaction.set_rollback(True)
    client.cookies = cookies
    place = (form.method, form.action, {name: value[:80] for name, value in changed.items()}, answer.status_code)
    return [(*place, fault) for each in answers if (fault := fault_of(each, form))]


def fault_of(answer, form: Form) -> str:
    text = text_of(answer)
    if answer.status_code >= 500:
        return "a defect"
    if found := RAW.search(text):
        return "unescaped: " + text[max(0, found.start() - 60) : found.end() + 20]
    refused = answer.status_code >= 400 or (form.method == "post" and answer.status_code == 200)
    if refused and answer.request["REQUEST_METHOD"] == form.method.upper() and not SAID.search(text):
        return "says nothing"
    return ""


def nasty(client: Client, forms: list[Form], *, step: int = 1) -> list[object]:
    client.raise_request_exception = False
    return [
        fault
        for start, form in enumerate(forms)
        for changed in tries(form, start, step)
        for fault in faults(client, form, changed)
    ][:20]


def test_there_are_five_hundred_strings():
    together = "\n".join(packed())
    assert len(STRINGS) == len(set(STRINGS)) == 500
    assert [string for string in STRINGS if string not in together] == []


def test_no_form_breaks_shows_markup_or_keeps_silent(site):
    forms = forms_reached(site, "/")
    assert len(forms) >= SHARE, "each string is sent to some form"
    assert nasty(site, forms, step=max(2, len(forms) // 4)) == []


def test_no_form_of_those_outside_breaks(owner, unlimited):
    forms = forms_reached(Client(), OUTSIDE[0])
    assert {form.action for form in forms} == set(OUTSIDE)
    assert nasty(Client(), forms) == []


def test_the_first_form_of_all_takes_anything(home, unlimited):
    client = Client()
    assert nasty(client, list(forms_of("/setup", client.get("/setup").content.decode()))) == []


@pytest.mark.parametrize("address", ["/data/import/", "/org/people/import/"])
def test_a_file_may_be_called_anything(site, tmp_path, address):
    site.raise_request_exception = False
    for string in (*PATHS, *SIGNS):
        name = string.replace("\n", "").replace("\r", "").encode("utf-8", "replace").decode() + ".csv"
        answer = site.post(address, {"file": SimpleUploadedFile(name, b"a,b\n1,2\n")}, follow=True)
        assert fault_of(answer, Form(address, "post", uploads=True)) in {"", "says nothing"}, (name, answer.status_code)
    assert {each.name for each in tmp_path.iterdir()} == {"home"}
