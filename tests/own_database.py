"""A PostgreSQL database for one test alone, whose installation runs in processes of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg

TABLES = "FUXIAO_TEST_TABLES"
"""The variable that names a database of the server with the tables of a new installation, to be copied."""


@contextmanager
def own_database(name: str) -> Iterator[dict[str, str]]:
    """The variable that names it to the product, on the server that the tests run on; nothing where that is SQLite."""
    address = os.environ.get("FUXIAO_DATABASE", "")
    if not address:
        yield {}
        return
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{os.environ.get(TABLES, "template1")}"')
        try:
            yield {"FUXIAO_DATABASE": urlsplit(address)._replace(path=f"/{name}").geturl()}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
