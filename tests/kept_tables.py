"""The database of a new installation, made by all migrations once and copied into the homes of tests that begin later,
and into the memory where the tests of pages have theirs.

It is kept beside the code until anything changes that it is made of. That migrating from nothing works is looked at by
``test_prepare.py``, by a newcomer's first start, and by every run on PostgreSQL.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from filelock import FileLock

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
DATABASE = "fuxiao.sqlite3"
MADE_OF = {"models", "migrations", "config", "prepare"}
"""Files and folders of these names."""
MAKE = """
import sys
from pathlib import Path
from fuxiao.cli.server.prepare import prepare_database
prepare_database(Path(sys.argv[1]))
"""


def put_tables(home: Path) -> None:
    """What ``prepare`` would make first in this home; nothing where the installation uses PostgreSQL."""
    if os.environ.get("FUXIAO_DATABASE"):
        return
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_kept(), home / DATABASE)


def fill(connection: Any, **_signal: object) -> None:
    """The same into a database in memory that was just opened and is empty."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        return
    if connection.connection.execute("PRAGMA schema_version").fetchone()[0]:
        return
    with closing(sqlite3.connect(_kept())) as kept:
        kept.backup(connection.connection)


def make_tables(folder: Path, **more: str) -> None:
    """All migrations, in a process of its own, for the home folder or for the database named in ``more``."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FUXIAO_", "DJANGO_"))}
    order = [sys.executable, "-c", MAKE, str(folder)]
    subprocess.run(order, env=env | {"PYTHONPATH": str(SOURCE)} | more, check=True)


def _kept() -> Path:
    folder = ROOT / "build" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{_digest()}.sqlite3"
    with FileLock(folder / "lock"):
        if not kept.is_file():
            _make(kept)
    return kept


def _make(kept: Path) -> None:
    for old in kept.parent.glob("*.sqlite3"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        make_tables(Path(folder))
        assert {each.name for each in Path(folder).glob(f"{DATABASE}*")} == {DATABASE}
        (Path(folder) / DATABASE).replace(kept)


def _digest() -> str:
    """Of models and migrations, of settings, of the way a database is prepared, and of what others bring."""
    made = hashlib.sha256((ROOT / "requirements/run.txt").read_bytes())
    for file in sorted(SOURCE.rglob("*.py")):
        if not MADE_OF.isdisjoint((*file.relative_to(SOURCE).parts, file.stem)):
            made.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return made.hexdigest()[:20]
