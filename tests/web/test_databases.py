"""What is read from another database: connected, chosen without code, mapped, read again and again."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings as ours

from command_line import fuxiao
from fuxiao.base.hidden import hide
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.base.queries import notices
from fuxiao.datasets import pull_actions
from fuxiao.datasets.models import Database, ImportJob, Pull, State
from fuxiao.org.models import User
from fuxiao.studio.packs import make_home
from import_site import chosen, post, stored
from web.conftest import NOW, account, queries_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
ROWS = [
    ("A1", "2026-10-05 09:00:00", "2026-10-05 15:00:00", "E3", "冰箱", "2026-10-05 15:00:00"),
    ("A2", "2026-10-06 10:00:00", "2026-10-07 11:00:00", "E2", "洗衣机", "2026-10-07 11:00:00"),
    ("A3", "2026-10-07 11:00:00", None, "E3", "冰箱", "2026-10-07 11:00:00"),
]
HEADERS = ("工单号", "受理时间", "解决时间", "责任人", "产品", "updated_at")


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    """A lake of this test alone."""
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")


@pytest.fixture
def crm(tmp_path):
    """Another system's database: a table of cases and one of products."""
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as made:
        columns = (
            "工单号 text primary key, 受理时间 datetime, 解决时间 datetime, 责任人 text, 产品 text, updated_at datetime"
        )
        made.execute(f"create table tickets ({columns})")
        made.execute("create table products (产品 text, 产品线 text)")
        made.execute("insert into products values ('冰箱', '制冷')")
    put(path, *ROWS)
    return path


def put(path, *rows) -> None:
    with sqlite3.connect(path) as opened:
        opened.executemany("insert or replace into tickets values (?, ?, ?, ?, ?, ?)", rows)


def connect(client, path, **changed):
    given = {"name": "CRM", "kind": "sqlite", "database": str(path), "tls": "prefer", **changed}
    return client.post("/data/databases/new", given)


def connected(client, path) -> Database:
    answer = connect(client, path)
    assert answer.status_code == 302, answer.content.decode()
    return Database.objects.get()


def asked(**changed):
    table = json.dumps(["", "tickets"])
    return {"table": table, "column": [f"0:{each}" for each in HEADERS], "mark": "updated_at", "overlap": "60",
            "name": "工单", **changed}  # fmt: skip


def settled(client, path, **changed) -> Pull:
    """All the way to a pull that has been read once."""
    made = connected(client, path)
    answer = client.post(f"/data/databases/{made.pk}/pulls/new", asked(keep="1", **changed))
    assert answer.status_code == 302, answer.content.decode()
    job = ImportJob.objects.latest("id")
    assert (job.state, job.problems) == (State.DRAFT, {})
    assert post(client, job, "columns", **chosen(job)).status_code == 302
    page = client.get(f"/data/import/{job.pk}/check").content.decode()
    assert "保存并开始同步" in page
    job.refresh_from_db()
    answer = post(client, job, "start")
    assert answer["Location"] == f"/data/pulls/{job.pull_id}/"
    return Pull.objects.get()


def due(pull: Pull) -> ImportJob:
    """Let the time of the next reading come."""
    pull.refresh_from_db()
    assert len(pull_actions.queue_due(at=NOW, tick=pull.next_at)) == 1
    return pull.jobs.latest("id")


def said(client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_table_is_chosen_mapped_and_read_as_any_file(owner, crm):
    pull = settled(owner, crm)
    assert stored("cases", "case_id", "owner", "product") == [
        ("A1", "E3", "冰箱"), ("A2", "E2", "洗衣机"), ("A3", "E3", "冰箱"),
    ]  # fmt: skip
    assert pull.high == {"type": "text", "value": "2026-10-07 11:00:00"}
    page = said(owner, f"/data/pulls/{pull.pk}/")
    assert ("每天" in page, "已完成" in page, "2026-10-07 11:00:00" in page) == (True, True, True)
    assert "工单" in said(owner, "/data/")
    run = pull.jobs.get()
    assert not run.upload.file.exists(), "what is in the lake is not kept a second time"


def test_a_later_reading_brings_only_what_is_new_or_changed(owner, crm):
    pull = settled(owner, crm)
    put(crm, ("A4", "2026-10-08 08:00:00", None, "E2", "冰箱", "2026-10-08 08:00:00"),
        ("A3", "2026-10-07 11:00:00", "2026-10-08 09:00:00", "E3", "冰箱", "2026-10-08 09:00:00"))  # fmt: skip
    job = due(pull)
    assert (job.state, job.pulled["rows"]) == (State.DONE, 3), "the two, and one more inside the overlap"
    assert job.report["datasets"]["cases"] == {"new": 1, "replaced": 1, "unchanged": 1}
    assert [row[0] for row in stored("cases", "case_id")] == ["A1", "A2", "A3", "A4"]
    again = due(pull)
    assert (again.state, again.load) == (State.DONE, None), "the same rows are not stored twice"


def test_a_row_committed_late_is_inside_the_overlap(owner, crm):
    pull = settled(owner, crm)
    put(crm, ("A0", "2026-10-07 10:00:00", None, "E2", "冰箱", "2026-10-07 10:30:00"))
    due(pull)
    assert [row[0] for row in stored("cases", "case_id")] == ["A0", "A1", "A2", "A3"]


def test_a_reading_that_finds_nothing_is_done_at_once(owner, crm):
    pull = settled(owner, crm, overlap="0")
    Pull.objects.update(high={"type": "text", "value": "2027-01-01 00:00:00"})
    job = due(pull)
    assert (job.state, job.pulled["rows"], job.load) == (State.DONE, 0, None)


def test_conditions_a_join_and_the_sql_are_shown_before_anything_is_kept(owner, crm):
    made = connected(owner, crm)
    given = asked(
        join=json.dumps(["", "products"]), join_left="产品", join_right="产品",
        column=["0:工单号", "1:产品线"], f0_column="0:产品", f0_test="one_of", f0_value="冰箱，电视",
        f1_column="0:受理时间", f1_test="at_least", f1_value="2026-10-06", preview="1",
    )  # fmt: skip
    page = unescape(owner.post(f"/data/databases/{made.pk}/pulls/new", given).content.decode())
    assert 'LEFT JOIN "products" AS j ON t."产品" = j."产品"' in page
    assert "WHERE t.\"产品\" IN ('冰箱', '电视')\n  AND t.\"受理时间\" >= '2026-10-06 00:00:00'" in page
    assert ('<td class="nowrap">A3</td>' in page, '<td class="nowrap">A1</td>' in page) == (True, False)
    assert '<td class="nowrap">制冷</td>' in page
    assert Pull.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"column": []}, "请至少选一列"),
        ({"column": ["0:密码"]}, "数据库里没有列“密码”"),
        ({"f0_column": "0:产品", "f0_test": "less", "f0_value": "1"}, "列“产品”是文字，不能用“小于”"),
        ({"f0_column": "0:受理时间", "f0_test": "between", "f0_value": "2026-10-01"}, "要填 2 个值"),
        ({"f0_column": "0:受理时间", "f0_test": "less", "f0_value": "昨天"}, "“昨天”不是时间"),
        ({"mark": "密码"}, "列“密码”不能作为增量列"),
        ({"overlap": "-5"}, "重读范围"),
        ({"name": "../x"}, "../x"),
    ],
)
def test_a_query_that_does_not_fit_is_refused_with_the_reason(owner, crm, changed, line):
    made = connected(owner, crm)
    answer = owner.post(f"/data/databases/{made.pk}/pulls/new", asked(keep="1", **changed))
    assert (answer.status_code, line in answer.content.decode()) == (400, True)
    assert Pull.objects.count() == 0


def test_a_failed_reading_says_why_and_is_told_once(owner, crm):
    pull = settled(owner, crm)
    crm.rename(crm.with_suffix(".gone"))
    for _ in range(2):
        assert due(pull).state == State.FAILED
    assert "没有文件" in said(owner, f"/data/pulls/{pull.pk}/")
    told = notices(User.objects.get(username="owner").pk, kinds=["data.pull_failed"])
    assert [each.facts for each in told] == [{"name": "工单"}]
    crm.with_suffix(".gone").rename(crm)
    assert due(pull).state == State.DONE


def test_undoing_a_reading_stops_the_clock_and_reads_those_rows_again_when_it_goes_on(owner, crm):
    pull = settled(owner, crm)
    load = pull.jobs.get().load
    assert owner.post(f"/data/loads/{load}/undo").status_code == 302
    pull.refresh_from_db()
    assert (pull.paused, pull.high, pull.next_at) == (True, {}, None)
    assert stored("cases", "case_id") == []
    owner.post(f"/data/pulls/{pull.pk}/pause", {"resume": "1"})
    due(pull)
    assert len(stored("cases", "case_id")) == 3


def test_paused_is_not_read_until_somebody_says_so(owner, crm):
    pull = settled(owner, crm)
    owner.post(f"/data/pulls/{pull.pk}/pause")
    assert pull_actions.queue_due(at=NOW, tick=NOW + timedelta(days=800)) == []
    owner.post(f"/data/pulls/{pull.pk}/run")
    assert pull.jobs.count() == 2


def test_deleting_keeps_what_came_in(owner, crm):
    pull = settled(owner, crm)
    assert owner.post(f"/data/databases/{pull.database_id}/delete").status_code == 400, "it is still read from"
    owner.post(f"/data/pulls/{pull.pk}/delete")
    owner.post(f"/data/databases/{pull.database_id}/delete")
    assert (Pull.objects.count(), Database.objects.count()) == (0, 0)
    assert len(stored("cases", "case_id")) == 3


def test_a_password_is_kept_unreadable_and_shown_nowhere(owner, crm):
    made = connected(owner, crm)
    Database.objects.update(kind="postgresql", host="127.0.0.1", port=1, hidden=hide("geheim-42"))
    kept = Database.objects.get()
    assert (kept.address.password, "geheim" in kept.hidden) == ("geheim-42", False)
    assert "geheim" not in repr(kept.address)
    page = said(owner, f"/data/databases/{made.pk}/")
    assert "geheim" not in page
    assert not any("geheim" in str(entry.new) + str(entry.old) for entry in AuditEntry.objects.all())


def test_a_kept_password_is_not_sent_elsewhere(owner, crm):
    made = connected(owner, crm)
    Database.objects.update(kind="postgresql", host="127.0.0.1", port=1, user="rep", hidden=hide("geheim-42"))
    given = {"name": "CRM", "kind": "postgresql", "host": "127.0.0.2", "port": "1", "database": "x", "user": "rep",
             "tls": "prefer", "version": "1"}  # fmt: skip
    for extra in ({}, {"test": "1"}):
        page = owner.post(f"/data/databases/{made.pk}/", given | extra).content.decode()
        assert "请重新填写密码" in page
    assert Database.objects.get().host == "127.0.0.1"


def test_another_secret_of_the_installation_asks_for_the_password_again(owner, crm, settings):
    made = connected(owner, crm)
    now, settings.SECRET_KEY = settings.SECRET_KEY, "the one before"
    Database.objects.update(kind="postgresql", host="127.0.0.1", port=1, hidden=hide("geheim-42"))
    settings.SECRET_KEY = now
    assert "请重新填写密码" in said(owner, f"/data/databases/{made.pk}/pulls/new")


def test_the_home_folder_and_files_that_are_no_databases_are_refused(owner, tmp_path, crm):
    (tmp_path / "a.db").write_text("no database")
    (ours.HOME / "own.db").write_bytes(crm.read_bytes())
    (tmp_path / "link.db").symlink_to(ours.HOME / "own.db")
    for path, line in (
        (tmp_path / "a.db", "不是 SQLite 数据库"), (ours.HOME / "own.db", "不允许作为数据来源"),
        (tmp_path / "link.db", "不允许作为数据来源"), (tmp_path, "不是 SQLite 数据库"), ("crm.db", "不是完整路径"),
        (tmp_path / "none.db", "没有文件"), ("/proc/self/mem", "不允许作为数据来源"),
    ):  # fmt: skip
        answer = connect(owner, path)
        assert (answer.status_code, line in answer.content.decode()) == (400, True), path
    assert Database.objects.count() == 0


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1"])  # noqa: S104
def test_addresses_that_are_no_database_servers_are_refused(owner, host):
    answer = connect(owner, "x", kind="postgresql", host=host, port="5432")
    assert (answer.status_code, "不允许作为数据来源" in answer.content.decode()) == (400, True)


def test_the_test_button_says_what_is_there_and_keeps_nothing(owner, crm):
    page = connect(owner, crm, test="1").content.decode()
    assert "可读的表有 2 个：products、tickets" in page
    assert Database.objects.count() == 0
    page = connect(owner, "x", kind="mysql", host="127.0.0.1", port="1", test="1").content.decode()
    assert "连不上 127.0.0.1:1/x" in page


def test_only_who_sets_the_installation_up_makes_connections(org, owner, crm):
    pull = settled(owner, crm)
    manager = signed_in(account("manager", Role.MANAGER, person="E1"))
    assert connect(manager, crm).status_code == 403
    assert manager.post(f"/data/pulls/{pull.pk}/delete").status_code == 403
    assert manager.get(f"/data/pulls/{pull.pk}/").status_code == 200
    page = said(manager, "/data/")
    assert ("databases/new" in page, f"/data/pulls/{pull.pk}/" in page) == (False, True)
    agent = signed_in(account("agent", Role.AGENT, person="E3"))
    assert agent.get(f"/data/pulls/{pull.pk}/").status_code == 403


def test_the_schedule_is_kept_and_two_people_do_not_overwrite_each_other(owner, crm):
    pull = settled(owner, crm)
    given = {"every": "hour", "at_time": "02:00", "version": pull.version}
    assert owner.post(f"/data/pulls/{pull.pk}/schedule", given).status_code == 302
    assert "每小时" in said(owner, f"/data/pulls/{pull.pk}/")
    assert owner.post(f"/data/pulls/{pull.pk}/schedule", given | {"every": "day"}).status_code == 409


def test_another_query_reads_everything_again_after_its_columns_are_matched(owner, crm):
    pull = settled(owner, crm)
    assert "checked" in said(owner, f"/data/pulls/{pull.pk}/query")
    given = asked(keep="1", f0_column="0:产品", f0_test="is", f0_value="冰箱", version=pull.version)
    assert owner.post(f"/data/pulls/{pull.pk}/query", given).status_code == 302
    pull.refresh_from_db()
    assert (pull.mapping, pull.high, pull.next_at) == ("", {}, None)
    assert "去对应列" in said(owner, f"/data/pulls/{pull.pk}/")
    assert owner.post(f"/data/pulls/{pull.pk}/run").status_code == 400


def test_the_sources_page_asks_the_same_number_of_questions_for_one_and_three(owner, crm):
    pull = settled(owner, crm)
    one = queries_of(owner, "/data/")
    for n in range(2):
        base = Database.objects.create(name=f"D{n}", kind="sqlite", database=str(crm), at=NOW)
        Pull.objects.create(database=base, name=f"P{n}", query=pull.query, at=NOW, by_name="x")
    assert queries_of(owner, "/data/") == one


def test_the_command_line_reads_the_same(owner, crm, monkeypatch):
    pull = settled(owner, crm)
    monkeypatch.setenv("FUXIAO_HOME", str(ours.HOME))
    (ours.HOME / "fuxiao.sqlite3").touch()  # the database of the tests stands for it
    put(crm, ("A4", "2026-10-08 08:00:00", None, "E2", "冰箱", "2026-10-08 08:00:00"))
    assert fuxiao("pull", "工单", home=ours.HOME).err.strip() == "3 rows read, 0 rejected."
    assert [row[0] for row in stored("cases", "case_id")] == ["A1", "A2", "A3", "A4"]
    assert "工单" in fuxiao("pull", "工", home=ours.HOME, code=2).err
    crm.unlink()
    assert "There is no file" in fuxiao("pull", "工单", "--afresh", home=ours.HOME, code=1).err
    pull.refresh_from_db()
    assert pull.high == {}, "all of it is read once the file is there again"
