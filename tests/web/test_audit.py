"""The audit trail: every tampering is found, and what is found reads well."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction

from fuxiao.base.actions import record
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.base.queries import audit_breaks, audit_head, head_holds
from web.conftest import NOW, SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LENGTH = 12


@pytest.fixture
def trail(db):
    """Twelve changes of one person's telephone number, by two people."""
    with transaction.atomic():
        for number in range(LENGTH):
            who = Viewer(account=number % 2 + 1, name=("李敏", "=cmd")[number % 2], reach=Reach.ALL)
            record(
                who, "org.roles_granted", kind="org.user", key="7", label="张伟", at=NOW + timedelta(days=number),
                old={"roles": ["lead"]}, new={"roles": ["hr"]},
            )  # fmt: skip
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def whole() -> bool:
    return not list(audit_breaks())


def test_an_untouched_trail_is_whole(trail):
    assert whole()
    assert head_holds(*audit_head())


@pytest.mark.parametrize("chance", range(40))
@pytest.mark.parametrize("tamper", ["edit", "delete", "swap", "cut", "rewrite"])
def test_every_tampering_is_found(trail, tamper, chance):
    head = audit_head()
    TAMPERINGS[tamper](trail, random.Random(chance))
    assert not (whole() and head_holds(*head))


def edit(trail, dice):
    column, value = dice.choice([
        ("actor_name", "王芳"), ("at", NOW - timedelta(days=1)), ("new", {"roles": ["owner"]}), ("old", {}),
        ("label", "李娜"), ("key", "8"), ("action", "org.adopted"), ("actor", 9), ("kind", "org.team"),
    ])  # fmt: skip
    AuditEntry.objects.filter(pk=dice.choice(trail)).update(**{column: value})


def delete(trail, dice):
    AuditEntry.objects.filter(pk=dice.choice(trail[:-1])).delete()


def swap(trail, dice):
    one, other = (AuditEntry.objects.get(pk=number) for number in dice.sample(trail, 2))
    place, one.pk, other.pk = one.pk, other.pk, one.pk
    AuditEntry.objects.filter(pk__in=[one.pk, other.pk]).delete()
    one.save(force_insert=True)
    other.save(force_insert=True)
    assert place != one.pk


def cut(trail, dice):
    AuditEntry.objects.filter(pk__in=trail[-dice.randint(1, LENGTH) :]).delete()


def rewrite(trail, dice):
    """Everything anew, with valid digests: only the head kept elsewhere tells."""
    AuditEntry.objects.all().delete()
    with transaction.atomic():
        for number in range(LENGTH):
            record(SYSTEM, "org.adopted", kind="org", key=str(number), at=NOW)


TAMPERINGS = {"edit": edit, "delete": delete, "swap": swap, "cut": cut, "rewrite": rewrite}


def test_a_break_names_the_entry_and_what_is_wrong(trail):
    AuditEntry.objects.filter(pk=trail[3]).update(label="李娜")
    AuditEntry.objects.filter(pk=trail[7]).delete()
    assert [(each.entry, each.code) for each in audit_breaks()] == [
        (trail[3], "audit.edited"), (trail[8], "audit.gap"),
    ]  # fmt: skip


def test_the_page_shows_what_was_and_what_is(owner, trail):
    page = owner.get("/audit/").content.decode()
    assert "班组长 → 人力资源" in page
    assert "调整账号角色" in page
    assert 'href="/accounts/7/"' in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("who=李敏", 6), ("who=nobody", 0), ("since=2026-11-10&until=2026-11-11", 2), ("until=2026-11-06", 1),
     ("action=org.adopted", 0), ("since=nonsense&until=2026-02-31&action=org.roles_granted", 12),
     ("since=0001-01-01&until=9999-12-31", 12), ("until=0001-01-01", 0)],
)  # fmt: skip
def test_the_page_is_narrowed_by_who_what_and_days(owner, trail, asked, shown):
    page = owner.get(f"/audit/?action=org.roles_granted&{asked}").content.decode()
    assert page.count("班组长 → 人力资源") == shown


def test_whoever_has_no_account_is_named_the_installation_is_the_system_and_nothing_to_nothing_is_no_change(owner):
    for name in ("张伟", "rules"):
        with transaction.atomic():
            record(Viewer(account=None, name=name), "scorecard.answered", kind="scorecard", key="1/E3", at=NOW,
                   label=f"按 {name}", new={"objection": ""})  # fmt: skip
    rows = owner.get("/audit/").content.decode().split("<tr>")
    told = {name: next(row for row in rows if f"按 {name}" in row) for name in ("张伟", "rules")}
    assert ">张伟</td>" in told["张伟"]
    assert ">系统</td>" in told["rules"]
    assert "→" not in told["张伟"]


def test_the_file_holds_the_same_and_no_formula(owner, trail):
    file = owner.get("/audit/file.csv?action=org.roles_granted&who=cmd").content.decode("utf-8-sig")
    lines = [line for line in file.splitlines() if "张伟" in line]
    assert len(lines) == 6
    assert all(",'=cmd," in line for line in lines)
    assert owner.get("/audit/file.exe").status_code == 404


def test_what_is_nobodys_to_see_is_not_in_the_trail_either(org):
    from fuxiao.web.audit.presenters import line_of

    with transaction.atomic():
        entry = record(SYSTEM, "org.adopted", kind="org.person", key="E3", at=NOW, old={"wage": 1}, new={"wage": 2})
    reader = Viewer(account=1, name="x", permissions=frozenset({Permission.AUDIT_READ}))
    assert line_of(reader, entry).differences == ()


def test_a_change_without_its_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record(SYSTEM, "org.adopted", kind="org", key="x", at=NOW)
    assert AuditEntry.objects.count() == 0


def test_what_was_done_with_files_and_calendars_is_told_in_words(org):
    from fuxiao.web.audit.presenters import line_of

    with transaction.atomic():
        entry = record(
            SYSTEM, "data.imported", kind="data.import", key="1", at=NOW,
            new={"rows": 3, "rejected": 1, "records": {"cases": 2}, "week": {"mon": ["09:00-12:00", "13:00-18:00"]}},
        )  # fmt: skip
    told = [(each.name, each.new) for each in line_of(SYSTEM, entry).differences]
    assert told == [
        ("行", "3"), ("拒收", "1"), ("记录", "cases 2"), ("每周工作时间", "mon 09:00-12:00、13:00-18:00"),
    ]  # fmt: skip


def test_the_name_of_a_team_is_not_called_a_persons_name(org):
    from fuxiao.web.audit.presenters import line_of

    with transaction.atomic():
        entries = [
            record(SYSTEM, "x", kind=kind, key="1", at=NOW, new={"name": "客服组"})
            for kind in ("org.team", "org.person")
        ]
    assert [line_of(SYSTEM, entry).differences[0].name for entry in entries] == ["名称", "姓名"]


@pytest.mark.parametrize(
    ("kind", "new", "told"),
    [
        ("service.cost", {"kind": "refund", "state": "waiting"}, [("类别", "退款"), ("状态", "待审批")]),
        ("service.case", {"outcome": "fixed", "why": "customer"}, [("结论", "已修好"), ("原因", "等客户")]),
        ("service.complaint", {"severity": "high", "validity": "pending"}, [("严重程度", "严重"), ("判责", "待判责")]),
        ("appeal", {"kind": "exclusion", "state": "rejected"}, [("类别", "应剔除而未剔除"), ("状态", "不成立")]),
        ("cycle", {"pools": {"department": "20000"}}, [("奖金池", "department 20000")]),
    ],
    ids=["cost", "case", "complaint", "appeal", "cycle"],
)
def test_a_code_is_told_in_the_words_of_its_kind_of_record(org, kind, new, told):
    from fuxiao.web.audit.presenters import line_of

    with transaction.atomic():
        entry = record(SYSTEM, "x", kind=kind, key="1", at=NOW, new=new)
    assert [(each.name, each.new) for each in line_of(SYSTEM, entry).differences] == told
