"""One file that holds a whole installation, taken while people work; and an installation made of it again.

The lake is copied at one generation, which its readers' lease keeps whole. The database goes as plain rows, so that
a backup taken on SQLite is restored on PostgreSQL as well, and the other way round.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuxiao.base.settings import FILE
from fuxiao.cli.server.prepare import load_django, prepare_database, tables_to_change
from fuxiao.core.errors import StoreError
from fuxiao.datasets.manifest import FILE as MANIFEST
from fuxiao.datasets.manifest import Manifest, read_manifest
from fuxiao.datasets.store import Store

ROWS = "database.json"
EXACT = "exact"
LEFT_OUT = (
    "lake", "static", "serve.log", "serve.pid", "prepare.lock", "warming.lock", "fuxiao.sqlite3", "fuxiao.sqlite3-wal",
    "fuxiao.sqlite3-shm",
)  # fmt: skip
"""What a backup makes in its own way, or what is made again."""
TRANSIENT = (
    "contenttypes",
    "auth.permission",
    "sessions",
    "usersessions",
    "base.announcement",
    "django_tasks_database",
    "service.casetitle",
)
"""Tables whose rows mean nothing in another installation, or are made again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: files, rows of the database, entries of the audit trail and the last one's digest."""

    files: int
    rows: int
    audit_entries: int
    audit_head: str


def back_up(home: Path, target: Path) -> Kept:
    """Write the installation of ``home`` into the file ``target``, which appears whole or not at all.

    ``StoreError`` where the target is there already, the tables are of another version than the programme, or a link
    leads to no file.
    """
    if target.exists():
        raise StoreError("backup.exists", path=str(target))
    load_django(home)
    from fuxiao.base.queries import audit_head

    if waiting := tables_to_change():
        raise StoreError("backup.other_version", waiting=waiting)
    aside = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory() as folder, Store.open(home) as store:
        rows = Path(folder) / ROWS
        count = _dump(rows)
        entries, head = audit_head()
        files = [*_own_files(home), *_lake_files(home, store.manifest)]
        manifest = Path(folder) / MANIFEST
        manifest.write_bytes(store.manifest.encoded())
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600)  # it holds every secret from its first byte on
        with tarfile.open(aside, "w:gz", compresslevel=3, dereference=True) as archive:
            archive.add(rows, ROWS)
            archive.add(manifest, f"home/lake/{MANIFEST}")
            for path in files:
                archive.add(path, f"home/{path.relative_to(home)}", recursive=False)
    aside.replace(target)
    return Kept(len(files) + 1, count, entries, head)


def restore(source: Path, home: Path) -> Kept:
    """Make the installation of a backup again in ``home``, which must be new or empty; every file is checked.

    ``StoreError``: ``backup.not_empty``, ``backup.unreadable``, ``backup.file_damaged``, ``backup.audit_broken``.
    """
    if home.exists() and any(home.iterdir()):
        raise StoreError("backup.not_empty", path=str(home))
    with tempfile.TemporaryDirectory() as folder:
        files = _unpack(source, Path(folder), home)
        _check_files(home / "lake", read_manifest(home / "lake"))
        prepare_database(home)
        count = _load(Path(folder) / ROWS)
    from fuxiao.base.queries import audit_breaks, audit_head

    if broken := next(audit_breaks(), None):
        raise StoreError("backup.audit_broken", entry=broken.entry)
    entries, head = audit_head()
    return Kept(files, count, entries, head)


def _dump(path: Path) -> int:
    """All rows of the database at one moment, with moments to the microsecond; how many."""
    from django.core import serializers
    from django.core.management import call_command
    from django.db import connection, transaction

    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        serializers.register_serializer(EXACT, "fuxiao.cli.server.exact_rows")
        call_command("dumpdata", "--all", format=EXACT, exclude=[*TRANSIENT], output=str(path), verbosity=0)
    return len(json.loads(path.read_text(encoding="utf-8")))


def _load(path: Path) -> int:
    from django.core.management import call_command

    from fuxiao.service.models import Case, CaseTitle
    from fuxiao.service.signs import index

    call_command("loaddata", str(path), verbosity=0)
    index(CaseTitle, Case.objects.order_by("pk").values_list("pk", "title").iterator())
    return len(json.loads(path.read_text(encoding="utf-8")))


def _own_files(home: Path) -> Iterator[Path]:
    """Settings, definitions, uploads: everything of the home folder that is not made again.

    What a link leads to counts too; ``StoreError`` where that is no file, which nothing would tell at the restoration.
    """
    for path in sorted(home.rglob("*")):
        if path.relative_to(home).parts[0] in LEFT_OUT:
            continue
        if path.is_file():
            yield path
        elif path.is_symlink():
            raise StoreError("backup.link", path=str(path))


def _lake_files(home: Path, manifest: Manifest) -> Iterator[Path]:
    for stored in manifest.files():
        yield home / "lake" / stored.path


def _unpack(source: Path, rows: Path, home: Path) -> int:
    """The rows beside, the files into the home; how many files. Nothing may leave the folder it belongs to."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            members = archive.getmembers()
            archive.extract(ROWS, rows, filter="data")
            inside = [_moved(member) for member in members if member.name.startswith("home/")]
            archive.extractall(home, members=inside, filter="data")
    except (OSError, tarfile.TarError, KeyError, EOFError) as error:
        raise StoreError("backup.unreadable", path=str(source), reason=str(error)) from error
    if not (home / FILE).exists() and not (home / "lake" / MANIFEST).exists():
        raise StoreError("backup.unreadable", path=str(source), reason=FILE)
    return len(inside)


def _moved(member: tarfile.TarInfo) -> tarfile.TarInfo:
    return member.replace(name=member.name.removeprefix("home/"), deep=False)


def _check_files(lake: Path, manifest: Manifest) -> None:
    for stored in manifest.files():
        path = lake / stored.path
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != stored.sha256:
            raise StoreError("backup.file_damaged", path=stored.path)
