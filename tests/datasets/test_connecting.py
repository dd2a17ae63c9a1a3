"""Other systems' databases: real ones are asked, can only be read, and say what is wrong in our words."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pyarrow.parquet as pq
import pytest

import own_postgres
from fuxiao.core.errors import DefinitionError, InputError, UnknownName
from fuxiao.datasets.connecting import mark
from fuxiao.datasets.connecting.address import Address
from fuxiao.datasets.connecting.query import Column, Filter, Join, Kind, Known, Query, Ref, Table, check, kind_of
from fuxiao.datasets.connecting.query import Test as Condition
from fuxiao.datasets.connecting.schedule import Every, next_run
from fuxiao.datasets.connecting.session import open_session
from fuxiao.datasets.connecting.staging import stage
from fuxiao.datasets.connecting.statement import MYSQL, POSTGRESQL, SQLITE, statement

ODD = 'odd "%s` name'
ROWS = [(1, datetime(2026, 10, 1, 9, tzinfo=UTC), "50% off_", Decimal("1.50"), True, "x"),
        (2, datetime(2026, 10, 2, 9, tzinfo=UTC), "O'Hara\\", Decimal("2.00"), False, "y"),
        (3, None, None, None, None, None)]  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL with the database of another system; it ends with the tests."""
    with own_postgres.running() as uri:
        with psycopg.connect(uri, autocommit=True) as admin:
            admin.execute("create database crm")
            admin.execute("create role reader login password 'geheim'")
        parts = urlsplit(uri)
        host = dict(parse_qsl(parts.query)).get("host") or parts.hostname
        address = Address("postgresql", host, parts.port or 5432, "crm", parts.username)
        with psycopg.connect(uri.replace("/postgres?", "/crm?"), autocommit=True) as made:
            quoted = ODD.replace('"', '""')
            made.execute(
                f'create table tickets (id int, opened timestamptz, who text, n numeric(8,2), ok bool, "{quoted}" text)'
            )
            made.cursor().executemany("insert into tickets values (%s, %s, %s, %s, %s, %s)", ROWS)
        yield address


@pytest.fixture
def crm(server):
    with open_session(server) as session:
        yield session


def everything(session, table="tickets", **more) -> Query:
    found = next(each for each in session.tables() if each.name == table)
    return Query(found, tuple(Ref(each.name) for each in session.columns(found)), **more)


def numbers(session, *filters: Filter, **more) -> list[int]:
    query = everything(session, filters=filters, **more)
    known = Known(session.columns(query.table))
    check(query, known)
    asked = statement(query, known, session.dialect, since=more.get("mark") and datetime(2026, 10, 2, tzinfo=UTC))
    return sorted(row[0] for batch in session.rows(asked) for row in batch)


def test_tables_and_columns_come_with_what_they_hold(crm):
    assert crm.tables() == [Table("public", "tickets")]
    kinds = {column.name: column.kind for column in crm.columns(crm.tables()[0])}
    assert kinds == {"id": Kind.NUMBER, "opened": Kind.MOMENT, "who": Kind.TEXT, "n": Kind.NUMBER, "ok": Kind.FLAG,
                     ODD: Kind.TEXT}  # fmt: skip
    with pytest.raises(UnknownName, match="tickets"):
        crm.columns(Table("public", "ticket"))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([Filter(Ref("who"), Condition.CONTAINS, ("50%",))], [1]),
        ([Filter(Ref("who"), Condition.CONTAINS, ("_",))], [1]),
        ([Filter(Ref("who"), Condition.IS, ("O'Hara\\",))], [2]),
        ([Filter(Ref("who"), Condition.BEGINS, ("O'",))], [2]),
        ([Filter(Ref("who"), Condition.EMPTY)], [3]),
        ([Filter(Ref(ODD), Condition.ONE_OF, ("x", "y"))], [1, 2]),
        ([Filter(Ref("n"), Condition.BETWEEN, ("1.5", "2"))], [1, 2]),
        ([Filter(Ref("ok"), Condition.IS, ("0",))], [2]),
        ([Filter(Ref("opened"), Condition.LESS, ("2026-10-02 00:00+00:00",))], [1]),
        ([Filter(Ref("id"), Condition.MORE, ("1",)), Filter(Ref("ok"), Condition.FILLED)], [2]),
    ],
)
def test_conditions_are_answered_by_the_database_itself(crm, filters, found):
    assert numbers(crm, *filters) == found


def test_any_of_the_conditions_does_not_widen_what_is_new(crm):
    filters = (Filter(Ref("id"), Condition.IS, ("1",)), Filter(Ref("id"), Condition.IS, ("2",)))
    assert numbers(crm, *filters, any_of=True) == [1, 2]
    assert numbers(crm, *filters, any_of=True, mark="opened") == [2]


@pytest.mark.parametrize(
    "order",
    ["insert into tickets (id) values (9)", "drop table tickets", "create table x (a int)", "select nextval('s')"],
)
def test_a_session_cannot_write(server, order):
    with psycopg.connect(host=server.host, dbname="crm", user=server.user, autocommit=True) as admin:
        admin.execute("create sequence if not exists s")
    with open_session(server) as session, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        session.connection.execute(order)


def test_a_statement_that_takes_too_long_is_given_up(server):
    with open_session(server, seconds=1) as session, pytest.raises(InputError) as refused:
        list(session._batches("select pg_sleep(30)", ()))
    assert refused.value.code == "connect.slow"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"database": "nope"}, "connect.database_unknown"),
        ({"user": "nobody"}, "connect.refused"),
        ({"host": "/nowhere"}, "connect.unreachable"),
        ({"host": "127.0.0.1", "port": 1}, "connect.unreachable"),
        ({"host": "no.such.invalid"}, "connect.unreachable"),
        ({"host": "169.254.169.254"}, "connect.forbidden"),
    ],
)
def test_what_keeps_a_connection_from_coming_about_is_told_apart(server, changed, code):
    with pytest.raises(InputError) as refused, open_session(replace(server, password="geheim", **changed)):
        pass
    assert refused.value.code == code
    assert "geheim" not in str(refused.value)


def test_fuxiaos_own_database_is_no_source(server):
    with psycopg.connect(host=server.host, dbname="crm", user=server.user, autocommit=True) as admin:
        admin.execute("create table base_auditentry (id int)")
        try:
            with pytest.raises(InputError) as refused, open_session(server):
                pass
        finally:
            admin.execute("drop table base_auditentry")
    assert refused.value.code == "connect.own"


def test_rows_become_a_file_of_texts_and_the_highest_mark_is_known(crm, tmp_path):
    query = everything(crm, mark="opened", overlap=60)
    asked = statement(query, Known(crm.columns(query.table)), crm.dialect)
    staged = stage(crm.rows(asked), query.headers, tmp_path / "a.parquet", marked=True)
    assert (staged.rows, staged.high) == (3, ROWS[1][1])
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert list(rows[0].values()) == ["1", "2026-10-01 09:00:00+00:00", "50% off_", "1.50", "true", "x"]
    assert list(rows[2].values()) == ["3", None, None, None, None, None]


def test_sqlite_is_opened_for_reading_only(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as made:
        made.execute("create table tickets (id integer, opened datetime, who varchar(9), n decimal(8,2), ok bool)")
        made.execute("insert into tickets values (1, '2026-10-02 09:00:00', '50%', 1.5, 1)")
    with open_session(Address("sqlite", database=str(tmp_path / "a.db"))) as session:
        moment = Filter(Ref("opened"), Condition.AT_LEAST, ("2026-10-02T09:00",))
        amount = Filter(Ref("n"), Condition.IS, ("1.5",))
        assert numbers(session, moment, amount, Filter(Ref("ok"), Condition.IS, ("1",))) == [1]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            session.connection.execute("delete from tickets")


MYSQL_AT = os.environ.get("FUXIAO_TEST_MYSQL", "")
"""``host:port:database:user:password`` of a server to try, with the right to make a table."""


@pytest.mark.skipif(not MYSQL_AT, reason="FUXIAO_TEST_MYSQL names no server")
def test_mysql_answers_the_same_and_cannot_be_written():
    import pymysql

    host, port, database, user, password = MYSQL_AT.split(":")
    with pymysql.connect(host=host, port=int(port), database=database, user=user, password=password) as made:
        made.cursor().execute("drop table if exists tickets")
        made.cursor().execute(
            "create table tickets (id int, opened datetime, who varchar(20), n decimal(8,2), "
            f"ok bool, `{ODD.replace('`', '``')}` text) charset utf8mb4"
        )
        made.cursor().executemany("insert into tickets values (%s, %s, %s, %s, %s, %s)", ROWS)
        made.commit()
    with open_session(Address("mysql", host, int(port), database, user, password)) as session:
        assert numbers(session, Filter(Ref("who"), Condition.CONTAINS, ("50%",))) == [1]
        assert numbers(session, Filter(Ref("who"), Condition.IS, ("O'Hara\\",))) == [2]
        assert numbers(session, Filter(Ref(ODD), Condition.ONE_OF, ("x", "y"))) == [1, 2]
        with pytest.raises(pymysql.MySQLError, match="READ ONLY"):
            session.connection.cursor().execute("delete from tickets")
    with pytest.raises(InputError) as refused, open_session(Address("mysql", host, int(port), database, user, "wrong")):
        pass
    assert refused.value.code == "connect.refused"


KNOWN = Known((Column("a", Kind.NUMBER), Column('b`"%', Kind.TEXT)), (Column("k", Kind.TEXT),))
ASKED = Query(
    Table("s", "t"),
    (Ref("a"), Ref("k", joined=True)),
    (Filter(Ref('b`"%'), Condition.CONTAINS, ("it's",)),),
    join=Join(Table("s", "u"), "a", "k"),
    mark="a",
    overlap=5,
)


@pytest.mark.parametrize(
    ("dialect", "lines"),
    [
        (
            MYSQL,
            [
                "SELECT t.`a` AS `a`, j.`k` AS `u.k`, t.`a`",
                "FROM `s`.`t` AS t",
                "LEFT JOIN `s`.`u` AS j ON t.`a` = j.`k`",
                "WHERE t.`b``\"%%` LIKE %s ESCAPE '!'",
                "  AND t.`a` >= %s",
                "LIMIT 50",
            ],
        ),
        (
            POSTGRESQL,
            [
                'SELECT t."a" AS "a", j."k" AS "u.k", t."a"',
                'FROM "s"."t" AS t',
                'LEFT JOIN "s"."u" AS j ON t."a" = j."k"',
                'WHERE t."b`""%%" LIKE %s ESCAPE \'!\'',
                '  AND t."a" >= %s',
                "LIMIT 50",
            ],
        ),
        (
            SQLITE,
            [
                'SELECT t."a" AS "a", j."k" AS "u.k", t."a"',
                'FROM "s"."t" AS t',
                'LEFT JOIN "s"."u" AS j ON t."a" = j."k"',
                'WHERE t."b`""%" LIKE ? ESCAPE \'!\'',
                '  AND t."a" >= ?',
                "LIMIT 50",
            ],
        ),
    ],
)
def test_each_dialect_quotes_names_and_keeps_values_apart(dialect, lines):
    asked = statement(ASKED, KNOWN, dialect, since=7, most=50)
    assert asked.sql.splitlines() == lines
    assert asked.values == ("%it's%", 7)
    assert "LIKE '%it''s%' ESCAPE '!'" in asked.shown


def test_a_query_survives_being_kept():
    assert Query.of(ASKED.as_dict()) == ASKED


def test_everything_that_is_wrong_with_a_query_is_said_at_once():
    wrong = Query(
        Table("", "t"),
        (),
        (
            Filter(Ref("a"), Condition.CONTAINS, ("1",)),
            Filter(Ref("a"), Condition.IS, ("x",)),
            Filter(Ref("z"), Condition.EMPTY),
        ),
        mark="z",
        overlap=-1,
    )
    with pytest.raises(DefinitionError) as refused:
        check(wrong, KNOWN)
    assert [issue.code for issue in refused.value.issues] == [
        "query.no_columns",
        "query.test_unfit",
        "query.value_bad",
        "query.column_unknown",
        "query.mark_unfit",
        "query.overlap_unfit",
    ]


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("integer", "number"),
        ("bigint", "number"),
        ("int4", "number"),
        ("NUMERIC(8,2)", "number"),
        ("double precision", "number"),
        ("timestamp with time zone", "moment"),
        ("DATETIME", "moment"),
        ("date", "day"),
        ("boolean", "flag"),
        ("character varying", "text"),
        ("LONGTEXT", "text"),
        ("", "text"),
        ("interval", "other"),
        ("point", "other"),
        ("bytea", "other"),
        ("time without time zone", "other"),
    ],
)
def test_the_type_that_a_database_names_tells_what_a_column_holds(declared, kind):
    assert kind_of(declared) == kind


@pytest.mark.parametrize(
    ("value", "overlap", "begin"),
    [
        (datetime(2026, 10, 1, 9, tzinfo=UTC), 90, datetime(2026, 10, 1, 7, 30, tzinfo=UTC)),
        (date(2026, 10, 2), 60, date(2026, 10, 1)),
        (date(2026, 10, 2), 0, date(2026, 10, 2)),
        (100, 5, 95),
        (Decimal("1.5"), 1, Decimal("0.5")),
        ("2026-10-01 09:00:00.123", 60, "2026-10-01 08:00:00"),
        ("2026-10-01T09:00:00Z", 60, "2026-10-01T08:00:00"),
        ("2026-10-01", 60, "2026-09-30"),
        ("K0042", 60, "K0042"),
        (None, 60, None),
    ],
)
def test_a_reading_begins_at_the_mark_less_the_overlap(value, overlap, begin):
    assert mark.read(mark.kept(value)) == value
    assert mark.begin(mark.kept(value), overlap) == begin


def test_values_that_cannot_be_compared_leave_the_mark_where_it_is():
    assert (mark.higher(3, None), mark.higher(None, 3), mark.higher(3, 5), mark.higher(3, "a")) == (3, 3, 5, 3)


@pytest.mark.parametrize(
    ("every", "after", "due"),
    [
        (Every.QUARTER, (2026, 10, 1, 9, 0), (2026, 10, 1, 9, 15)),
        (Every.QUARTER, (2026, 10, 1, 9, 14), (2026, 10, 1, 9, 15)),
        (Every.HOUR, (2026, 10, 1, 9, 0), (2026, 10, 1, 10, 0)),
        (Every.DAY, (2026, 10, 1, 17, 59), (2026, 10, 1, 18, 0)),
        (Every.DAY, (2026, 10, 1, 18, 0), (2026, 10, 2, 18, 0)),
    ],
)
def test_the_next_reading_is_the_first_of_the_schedule_in_the_companys_zone(every, after, due):
    found = next_run(every, time(2), after=datetime(*after, tzinfo=UTC), zone="Asia/Shanghai")
    assert found == datetime(*due, tzinfo=UTC)


def test_a_time_that_a_day_skips_comes_once():
    after = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    first = next_run(Every.DAY, time(2, 30), after=after, zone="Europe/Berlin")
    second = next_run(Every.DAY, time(2, 30), after=first, zone="Europe/Berlin")
    assert (first, second) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC))
