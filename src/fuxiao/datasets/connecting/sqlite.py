"""SQLite: a file that is opened for reading only."""

from __future__ import annotations

import sqlite3
import time
from typing import Any
from urllib.parse import quote

from fuxiao.core.errors import InputError
from fuxiao.datasets.connecting.address import Address, checked_file, told
from fuxiao.datasets.connecting.statement import SQLITE, bound

DIALECT = SQLITE
ERRORS = (sqlite3.Error,)
TABLES = "select '', name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'"
COLUMNS = "select name, type from pragma_table_xinfo(?) where hidden in (0, 2, 3) order by cid"
STEPS = 100_000
"""Steps of SQLite's machine between two looks at the time."""

__all__ = ["COLUMNS", "DIALECT", "ERRORS", "TABLES", "bound", "cursor", "open_session", "refused"]


def open_session(address: Address, seconds: int) -> sqlite3.Connection:
    path = checked_file(address.database)
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5, check_same_thread=False)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    return connection


def cursor(connection: sqlite3.Connection) -> Any:  # noqa: ANN401 -- a cursor of the driver
    return connection.cursor()


def refused(error: Exception, address: Address) -> InputError:
    """What happened, in a code that says what to do."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_INTERRUPT":
        return InputError("connect.slow", place=address.spoken)
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN"}:
        return InputError("connect.not_a_database", path=address.database)
    return InputError("connect.query_failed", reason=told(error, address))
