"""Runs a command with a PostgreSQL of its own: ``python tests/with_postgres.py pytest tests/web``.

Nothing in it has to be there after the command, so it does not wait for the disk.
All migrations run once; the databases of the tests are copies of what they made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

import own_postgres
from kept_tables import make_tables
from own_database import TABLES

HURRIED = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")
"""What a database does that has to outlive a power cut or this afternoon."""


def main(command: list[str]) -> int:
    with own_postgres.running() as address, tempfile.TemporaryDirectory(prefix="fuxiao-home-") as home:
        with psycopg.connect(address, autocommit=True) as connection:
            for each in HURRIED:
                connection.execute(f"ALTER SYSTEM SET {each} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE tables")
        make_tables(Path(home), FUXIAO_DATABASE=urlsplit(address)._replace(path="/tables").geturl())
        env = {**os.environ, "FUXIAO_DATABASE": address, TABLES: "tables"}
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
