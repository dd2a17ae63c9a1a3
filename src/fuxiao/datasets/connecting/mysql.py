"""MySQL and MariaDB: a session that can only read, rows as they come."""

from __future__ import annotations

import contextlib
import ssl
from typing import Any

import pymysql
from pymysql.constants import CLIENT
from pymysql.cursors import SSCursor

from fuxiao.core.errors import InputError
from fuxiao.datasets.connecting.address import Address, check_host, told
from fuxiao.datasets.connecting.statement import MYSQL

DIALECT = MYSQL
ERRORS = (pymysql.MySQLError, OSError, UnicodeError)
TABLES = "select table_schema, table_name from information_schema.tables where table_schema = database() order by 2"
COLUMNS = (
    "select column_name, data_type from information_schema.columns "
    "where table_schema = %s and table_name = %s order by ordinal_position"
)
WAIT = 5
LIMITS = ("SET SESSION max_execution_time = {milliseconds}", "SET SESSION max_statement_time = {seconds}")
"""MySQL and MariaDB name the limit of a statement differently; each refuses the other's."""
CODES = {
    1044: "refused", 1045: "refused", 1130: "refused", 1698: "refused",
    1049: "database_unknown", 2026: "tls", 3159: "tls", 2002: "unreachable",
    2003: "unreachable", 2005: "unreachable", 2013: "unreachable", 3024: "slow",
    1969: "slow", 2006: "unreachable",
}  # fmt: skip


def open_session(address: Address, seconds: int) -> pymysql.Connection[Any]:
    check_host(address)
    connection = pymysql.connect(
        host=address.host, port=address.port, database=address.database, user=address.user, password=address.password,
        connect_timeout=WAIT, read_timeout=seconds + WAIT, charset="utf8mb4", cursorclass=SSCursor, local_infile=False,
        autocommit=False, client_flag=CLIENT.IGNORE_SPACE, **_tls(address.tls),
    )  # fmt: skip
    try:
        _only_read(connection, seconds)
        if address.tls != "prefer":
            _demand_tls(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _tls(wanted: str) -> dict[str, Any]:
    if wanted == "verify":
        return {"ssl": ssl.create_default_context()}
    if wanted == "require":
        loose = ssl.create_default_context()
        loose.check_hostname, loose.verify_mode = False, ssl.CERT_NONE
        return {"ssl": loose}
    return {}


def _only_read(connection: pymysql.Connection[Any], seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        for limit in LIMITS:
            with contextlib.suppress(pymysql.MySQLError):
                cursor.execute(limit.format(seconds=seconds, milliseconds=seconds * 1000))
        cursor.execute("START TRANSACTION READ ONLY")


def _demand_tls(connection: pymysql.Connection[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
        found = cursor.fetchall()
    if not found or not found[0][1]:
        raise pymysql.OperationalError(2026, "the server offers no TLS")


def cursor(connection: pymysql.Connection[Any]) -> Any:  # noqa: ANN401 -- a cursor of the driver
    return connection.cursor()


def refused(error: Exception, address: Address) -> InputError:
    """What happened, in a code that says what to do."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    code = CODES.get(number, "query_failed" if isinstance(error, pymysql.MySQLError) else "unreachable")
    return InputError(f"connect.{code}", place=address.spoken, user=address.user, database=address.database,
                      reason=told(error, address))  # fmt: skip
