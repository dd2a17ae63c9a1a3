"""Whoever changes a stored row or file of a sealed cycle behind the product is found out: verify names it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from fuxiao.base.clock import now
from fuxiao.datasets.store import Store
from fuxiao.org.models import User
from fuxiao.performance.cycles.actions import jobs
from fuxiao.performance.cycles.models import (
    AgreedAction,
    Appeal,
    CalledOff,
    Cycle,
    CycleJob,
    CycleMember,
    OtherPayout,
    Panelist,
    Rating,
)
from fuxiao.performance.cycles.parts import Part
from fuxiao.report.jobs import do_job
from fuxiao.report.papers import paper_differences
from web.conftest import SYSTEM, department, signed_in_as
from web.test_appeals import decide, file
from web.test_cycles import OPEN, STAFF, hire, lake, made_home, opened, page, press, step
from web.test_figure_pages import text

__all__ = ["lake", "made_home"]
pytestmark = pytest.mark.django_db
TABLES = [table for table in apps.get_app_config("cycles").get_models() if table not in (CalledOff, CycleJob)]
"""All that a cycle has; one that was called off was never sealed, and jobs are no part of its papers."""
AFTER = "2026-11-11T09:00:00+08:00"
COUNTER = "version"
"""A column that counts writes and says nothing."""


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """A sealed cycle with a row in every table: reviews, whom else HR asked, minutes, a grade, a talk, an appeal."""
    standing.setattr(settings, "HOME", made_home)
    department()
    hire()
    company = signed_in_as(*STAFF)
    hr, lead, zhang = company["hr"], company["lead"], company["zhang"]
    cycle = opened(hr, OPEN | {"stages": ["self_review", "lead_review", "calibration"]})
    press(hr, cycle)
    press(hr, cycle)
    zhang.post(page(cycle, "E3") + "write/", {"kind": "self", "text": "响应快。"})
    press(hr, cycle)
    lead.post(page(cycle, "E3") + "write/", {"kind": "lead", "strengths": "快。", "weaknesses": "重开偏多。"})
    member = CycleMember.objects.get(person="E3")
    takes_over = {"reviewer": User.objects.get(username="hr").pk, "reason": "主管出差"}
    assert hr.post(page(cycle, "E4") + "reviewer/", takes_over).status_code == 302
    hr.post(page(cycle, "E4") + "write/", {"kind": "lead", "strengths": "稳。", "weaknesses": "慢。"})
    Rating.objects.create(member=member, item="x", rater="E2", rater_name="王芳", points=80, at=now())
    Panelist.objects.create(member=member, person="E4", name="李娜", by_name="王芳", at=now())
    press(hr, cycle)
    session = f"/performance/cycles/{cycle.pk}/calibration/"
    hr.post(session, {"person": "E4", "grade": "B", "reason": "横向比较。"})
    hr.post(session, {"act": "minutes", "attended": "王芳、赵强", "text": "逐人讨论。"})
    press(hr, cycle)
    lead.post(page(cycle, "E3") + "talk/", {"will": "回访", "action": ["回访"], "help": [""], "due": ["2026-12-10"]})
    zhang.post(page(cycle, "E3") + "talk/", {"act": "sign", "objection": "样本少"})
    file(company, cycle)
    decide(hr)
    zhang.post(page(cycle, "E3") + "answer/")
    OtherPayout.objects.create(cycle=cycle, person="E9", name="周建国", payout={"total": "288.00"})
    standing.setenv("FUXIAO_NOW", AFTER)
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "sealed"


@pytest.fixture
def company(begun, db, lake, monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    return signed_in_as(*STAFF)


@pytest.fixture
def sealed(company) -> Cycle:
    return Cycle.objects.get()


@pytest.fixture
def store(sealed, lake) -> Iterator[Store]:
    with Store.open(lake, threads=1) as opened:
        yield opened


def found(store: Store) -> list[tuple[str, str]]:
    """What is not as it was sealed: kind and row."""
    return [(each.kind, each.where.split()[0]) for each in paper_differences(store, Cycle.objects.get())]


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    for table in TABLES:
        for field in table._meta.concrete_fields:
            if not (field.primary_key or field.is_relation or field.name == COUNTER):
                yield table, field


def other(field: models.Field, value: object) -> object:
    """Another value that the column can hold."""
    if isinstance(field, models.DateTimeField):
        return "2020-01-01 00:00:00+00:00"
    if isinstance(field, models.DateField):
        return "2020-01-01"
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return '["other"]'
    if isinstance(field, models.IntegerField | models.DecimalField):
        return int(value or 0) + 1
    return "other"


def write(table: type[models.Model], column: str, value: object, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table._meta.db_table} SET "{column}" = %s WHERE id = %s', [value, number])


@pytest.mark.both
def test_verify_names_every_row_that_was_changed_in_any_column_is_gone_or_was_put_in(company, sealed, store):
    assert found(store) == []
    every_column_is_watched(store)
    every_row_is_missed(store)
    AgreedAction.objects.create(talk=AgreedAction.objects.get().talk, text="补上去的", due_on="2026-12-31")
    assert [kind for kind, _ in found(store)] == ["row_added"]
    AgreedAction.objects.last().delete()

    # What people write after the seal is no tampering as long as the audit trail tells of it.
    company["lead"].post(page(sealed, "E3") + "write/", {"kind": "remark", "text": "下月再看。"})
    assert found(store) == []
    sealed.members.get(person="E3").comments.filter(kind="remark").update(text="另一句")
    assert {kind for kind, _ in found(store)} == {"row_untold"}


def every_column_is_watched(store: Store) -> None:
    walked = set()
    for table, field in columns():
        row = table.objects.order_by("-pk").first()
        assert row is not None, table
        with transaction.atomic():
            write(table, field.column, other(field, getattr(row, field.attname)), row.pk)
            named = found(store)
            if (table, field.name) == (Cycle, "period"):
                assert named[0][0] == "seal_missing"  # another period has no such seal
            else:
                assert f"{table._meta.model_name}/{row.pk}" in {where for _, where in named}, (table, field.name)
            transaction.set_rollback(True)
        walked.add(table)
    assert walked == set(TABLES)


def every_row_is_missed(store: Store) -> None:
    for table in (each for each in TABLES if each is not Cycle):
        row = table.objects.order_by("-pk").first()
        key = f"{table._meta.model_name}/{row.pk}"
        with transaction.atomic(), connection.constraint_checks_disabled():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED" if connection.vendor == "postgresql" else "SELECT 1")
                cursor.execute(f"DELETE FROM {table._meta.db_table} WHERE id = %s", [row.pk])
            assert ("row_missing", key) in found(store), table
            transaction.set_rollback(True)


@pytest.mark.lake
def test_the_page_names_changed_rows_and_files_of_the_lake_in_words(company, sealed, lake):
    def verified() -> str:
        return text(company["hr"].post(f"/performance/cycles/{sealed.pk}/verify/", follow=True).content.decode())

    assert "一致" in verified()
    Appeal.objects.update(decision="另一个理由")
    told = verified()
    assert "申诉" in told
    assert "保存的记录被改动" in told
    assert "张伟 E3" in told
    with Store.open(lake, threads=1) as store:
        files = [store.lake / each.path for each in (*store.manifest.seals.values(), *record_files(store))]
        names = {path: path.relative_to(store.lake).as_posix() for path in files}
    for path in files:
        before = path.read_bytes()
        path.write_bytes(before + b" ")
        assert names[path] in verified(), path
        path.write_bytes(before)
        path.rename(path.with_suffix(".gone"))
        assert names[path] in verified(), path
        path.with_suffix(".gone").rename(path)
    assert names.keys() >= {lake / "lake" / f"seals/2026-10/cycle-{sealed.pk}.json"}


def record_files(store: Store):
    return [file for held in store.manifest.records.values() for file in held.files]


def test_a_verification_shows_how_far_it_is_and_its_result_stays_for_whoever_comes_back(company, sealed, lake):
    address, hr = f"/performance/cycles/{sealed.pk}/verify/", company["hr"]
    assert "从封存的记录重新计算" in text(hr.get(address).content.decode())
    Cycle.objects.filter(pk=sealed.pk).update(seal="")
    assert "从封存的记录" not in text(hr.get(address).content.decode())
    Cycle.objects.filter(pk=sealed.pk).update(seal=sealed.seal)
    held, is_new = jobs.ask_verification(SYSTEM, sealed, at=now())
    assert is_new
    jobs.begin(held, Part.FILES, at=now())
    page = hr.get(address).content.decode()
    assert '<progress value="2" max="4"' in page
    assert 'data-topics="cycle_jobs"' in page
    assert jobs.ask_verification(SYSTEM, sealed, at=now()) == (held, False), "pressed twice, it runs once"
    with Store.open(lake, threads=1) as store:
        assert do_job(store, held.pk) is True
        assert do_job(store, held.pk) is False, "it is over"
    assert "一致" in text(hr.get(address).content.decode())
    assert "上次核验" in text(hr.get(f"/performance/cycles/{sealed.pk}/").content.decode())

    lost, _ = jobs.ask_verification(SYSTEM, sealed, at=now() - 2 * jobs.SILENCE)
    assert "核验没有做完" in text(hr.get(address).content.decode())
    assert "一致" in text(hr.post(address, follow=True).content.decode())
    lost.refresh_from_db()
    assert lost.failed == "verification.lost"
