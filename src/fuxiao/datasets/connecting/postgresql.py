"""PostgreSQL: a session that can only read, with a server-side cursor."""

from __future__ import annotations

from typing import Any

import psycopg

from fuxiao.core.errors import InputError
from fuxiao.datasets.connecting.address import Address, check_host, told
from fuxiao.datasets.connecting.statement import POSTGRESQL

DIALECT = POSTGRESQL
ERRORS = (psycopg.Error, UnicodeError)
TLS = {"prefer": "prefer", "require": "require", "verify": "verify-full"}
TABLES = (
    "select table_schema, table_name from information_schema.tables "
    "where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2"
)
COLUMNS = (
    "select column_name, data_type from information_schema.columns "
    "where table_schema = %s and table_name = %s order by ordinal_position"
)
WAIT = 5
SIGNS = (
    ("database_unknown", ("3D000",), ('database "', "数据库")),
    ("refused", ("28P01", "28000"), ("password", "role ", "pg_hba.conf", "authentication")),
    ("tls", (), ("ssl", "certificate", "tls")),
    ("unreachable", (), ("refused", "timeout", "timed out", "translate host", "no such file", "unreachable",
                                 "name or service", "resolve host", "server closed")),
)  # fmt: skip
"""What a connection failed of, by the state of the error and by words of its message."""


def open_session(address: Address, seconds: int) -> psycopg.Connection[Any]:
    check_host(address)
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={seconds * 1000} -c lock_timeout={seconds * 1000} "
        "-c idle_in_transaction_session_timeout=600000 -c TimeZone=UTC"
    )
    connection = psycopg.connect(
        host=address.host, port=address.port, dbname=address.database, user=address.user or None,
        password=address.password or None, sslmode=TLS[address.tls], connect_timeout=WAIT, options=options,
        application_name="fuxiao", sslrootcert="system" if address.tls == "verify" else None,
    )  # fmt: skip
    connection.read_only = True
    return connection


def cursor(connection: psycopg.Connection[Any]) -> Any:  # noqa: ANN401 -- a cursor of the driver
    return connection.cursor(name="fuxiao")


def refused(error: Exception, address: Address) -> InputError:
    """What happened, in a code that says what to do."""
    state, text = getattr(error, "sqlstate", None), str(error).casefold()
    if state == "57014":
        return InputError("connect.slow", place=address.spoken)
    if state and not isinstance(error, psycopg.OperationalError):
        return InputError("connect.query_failed", reason=told(error, address))
    for code, states, words in SIGNS:
        if state in states or (not state and any(word in text for word in words)):
            return InputError(f"connect.{code}", place=address.spoken, user=address.user, database=address.database,
                              reason=told(error, address))  # fmt: skip
    return InputError("connect.query_failed", reason=told(error, address))
