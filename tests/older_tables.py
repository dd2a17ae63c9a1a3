"""The tables of an earlier version, for what an update makes of the rows that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@contextmanager
def older_tables(app: str, migration: str) -> Iterator[None]:
    """As they were after this migration; then all are made again that came since, for whatever test is next."""
    MigrationExecutor(connection).migrate([(app, migration)])
    try:
        yield
    finally:
        again = MigrationExecutor(connection)
        again.migrate(again.loader.graph.leaf_nodes())
