"""Role × address × own, team's, other's case: nobody reads or does more than the table says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fuxiao.base.permissions import Role
from fuxiao.core.case_life import Verb
from fuxiao.org.models import RoleGrant
from fuxiao.service.actions.files import Sent, attach
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Attachment, Case
from service.conftest import ACCOUNTS, minutes
from service.test_case_actions import taken
from web.conftest import NOW

pytestmark = pytest.mark.django_db

EVERYBODY = set(ACCOUNTS)
WIDE = {"owner", "manager", "dispatcher", "checker", "parts", "auditor"}
READS = {
    "E3's": WIDE | {"lead", "engineer"},
    "queue of T1": WIDE | {"lead", "engineer"},
    "E4's": WIDE | {"other"},
    "queue of T2": WIDE | {"other"},
    "taken by E3, T2": WIDE | {"engineer", "other"},
}
"""Who reads which case; the rest get 404, those without the permission 403."""
NO_PERMISSION = {"hr", "finance"}
KEEPERS = {"owner", "manager", "auditor", "dispatcher"}
CONTACT = {
    "E3's": KEEPERS | {"lead", "engineer"}, "queue of T1": KEEPERS | {"lead"}, "E4's": KEEPERS | {"other"},
    "queue of T2": KEEPERS, "taken by E3, T2": KEEPERS | {"engineer"},
}  # fmt: skip
"""Who is shown the telephone: whoever keeps customers and reads the case, its owner, or who took it."""
WORKS = {"E3's": {"owner", "manager", "lead", "engineer"}, "E4's": {"owner", "manager", "other"}}
"""Who may pause it."""


@pytest.fixture
def cases(desk):
    people, teams = desk.people, desk.teams
    made = {
        "E3's": taken(desk, "owner", team=teams["T1"], owner=people["E3"]),
        "queue of T1": taken(desk, "owner", team=teams["T1"]),
        "E4's": taken(desk, "owner", team=teams["T2"], owner=people["E4"]),
        "queue of T2": taken(desk, "owner", team=teams["T2"]),
        "taken by E3, T2": taken(desk, "engineer", team=teams["T2"]),
    }
    for case in made.values():
        attach(desk.owner, case.number, Sent("secret.txt", [b"a secret of the customer"]), at=minutes(1))
    return made


@pytest.mark.parametrize("which", READS)
def test_each_role_reads_the_cases_files_and_contacts_it_may(desk, cases, which):
    number = cases[which].number
    file = Attachment.objects.get(case__number=number).pk
    for name, client in desk.clients.items():
        expected = 200 if name in READS[which] else 403 if name in NO_PERMISSION else 404
        answer = client.get(f"/desk/{number}/")
        assert answer.status_code == expected, name
        assert ("13800001234" in answer.content.decode()) == (name in CONTACT[which]), name
        download = client.get(f"/desk/{number}/file/{file}")
        assert download.status_code == expected, name
        if download.streaming:  # read to its end, which closes it
            assert b"".join(download.streaming_content) == b"a secret of the customer", name
        listed = client.get("/desk/?show=all").content.decode()
        assert (f"/desk/{number}/" in listed) == (name in READS[which]), name
        found = client.get("/desk/?show=all&form=csv").content.decode("utf-8-sig")
        lines = [line for line in found.splitlines() if line.startswith(number)]
        assert len(lines) == (name in READS[which]), name
        assert any("13800001234" in line for line in lines) == (name in CONTACT[which]), name


def test_who_leads_and_brings_data_in_as_well_reads_no_more_cases_than_a_lead(desk, cases):
    RoleGrant.objects.create(user=desk.users["lead"], role=Role.INTEGRATOR, granted_at=NOW)
    both = desk.clients["lead"]
    listed = both.get("/desk/?show=all").content.decode()
    for which, case in cases.items():
        reads = "lead" in READS[which]
        assert both.get(f"/desk/{case.number}/").status_code == (200 if reads else 404), which
        assert (f"/desk/{case.number}/" in listed) == reads, which


@pytest.mark.parametrize("which", WORKS)
def test_only_who_may_works_on_a_case_and_a_refusal_changes_nothing(desk, cases, which):
    case = cases[which]
    for name, client in desk.clients.items():
        before = Case.objects.get(pk=case.pk)
        form = {"kind": "parts", "reason": "x", "version": before.version}
        answer = client.post(f"/desk/{case.number}/do/pend", form)
        after = Case.objects.get(pk=case.pk)
        if name in WORKS[which]:
            assert (answer.status_code, after.state) == (302, "pending"), name
            act(desk.owner, case.number, Act(verb=Verb.RESUME), at=minutes(9))
        else:
            assert answer.status_code in {403, 404}, name
            assert (after.version, after.state) == (before.version, before.state), name


def test_whoever_may_not_see_a_case_cannot_touch_anything_of_it(desk, cases):
    case = cases["E4's"]
    posts = {
        "comment": {"text": "x", "to": "colleagues"}, "task": {"title": "x"}, "link": {"other": "x"},
        "edit": {"title": "x"}, "set": {"priority": "紧急", "version": "1"}, "accept": {},
        "do/assign": {"person": "E3", "version": "1"},
    }  # fmt: skip
    for address, form in posts.items():
        assert desk.clients["engineer"].post(f"/desk/{case.number}/{address}", form).status_code == 404, address
    upload = {"file": SimpleUploadedFile("a.txt", b"a")}
    assert desk.clients["engineer"].post(f"/desk/{case.number}/file", upload).status_code == 404
    bulk = desk.clients["lead"].post("/desk/bulk", {"case": [case.number], "what": "assign", "person": "E3"})
    assert bulk.status_code == 422
    assert "完成" not in bulk.content.decode()
    merge = {"into": case.number, "reason": "x", "version": cases["queue of T1"].version}
    refused = desk.clients["lead"].post(f"/desk/{cases['queue of T1'].number}/do/merge", merge)
    assert refused.status_code == 422
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_customers_link_shows_one_case_and_no_internal_word(desk, cases):
    from django.test import Client

    case = cases["E3's"]
    desk.clients["engineer"].post(f"/desk/{case.number}/comment", {"text": "客户很难缠", "to": "colleagues"})
    shown = Client().get(f"/request/case/{case.token}").content.decode()
    assert case.number in shown
    assert "客户很难缠" not in shown
    assert "secret.txt" not in shown
    assert cases["E4's"].number not in shown
