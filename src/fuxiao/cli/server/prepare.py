"""Makes a home folder ready to be served: Django for it, tables, static files, people of the lake taken over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.base.settings import FILE
from fuxiao.core.errors import StoreError

SYSTEM = Viewer(account=None, name="system", reach=Reach.ALL, permissions=frozenset(Permission))
LOCK = "prepare.lock"
PREPARING = 7_041_003
"""The number under which PostgreSQL knows that somebody is at it."""
DATASETS = ("people", "teams", "memberships")


def configure(home: Path) -> None:
    """Configure Django for this home folder, once a process."""
    import django

    os.environ["FUXIAO_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuxiao.config.settings")
    django.setup()


def load_django(home: Path) -> None:
    """The same to serve pages; ``StoreError`` where they were never bundled."""
    configure(home)
    if not (Path(__file__).parents[2] / "web" / "static" / "fuxiao" / "style.css").exists():
        raise StoreError("serve.front_missing")


def was_served(home: Path) -> bool:
    """Whether pages were ever served from the home folder; Django is loaded for it then. Asking makes nothing there."""
    if not _has_database(home):
        return False
    load_django(home)
    from fuxiao.base.queries import has_trail

    return has_trail()


def _has_database(home: Path) -> bool:
    return bool(os.environ.get("FUXIAO_DATABASE")) or (home / "fuxiao.sqlite3").exists()


def reads_database(home: Path) -> bool:
    """Whether the home folder has a database with the tables of this version; Django is configured for it then."""
    if not _has_database(home):
        return False
    configure(home)
    return not tables_to_change()


def prepare(home: Path, *, at: datetime) -> None:
    """Bring tables and static files to this version; take over the people that the lake knows and nobody else does.

    Web server and worker may start at once, also on two machines: one prepares, the other waits and finds it done.
    """
    from django.core.management import call_command

    load_django(home)
    with one_at_a_time(home):
        prepare_database(home)
        call_command("collectstatic", interactive=False, verbosity=0)
        if (home / FILE).exists():
            adopt_people(home, at=at)


def tables_to_change() -> int:
    """How many steps the tables of the database are behind this version; Django must be loaded."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Held by one process at a time: by the home folder on one machine, by PostgreSQL where several share one."""
    from django.db import connection

    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / LOCK):
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def prepare_database(home: Path) -> None:
    """Bring the tables to this version."""
    from django.core.management import call_command

    home.mkdir(parents=True, exist_ok=True)
    load_django(home)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _tell_sizes()


def _tell_sizes() -> None:
    """Have SQLite look at how much its tables hold, or it chooses among indexes blindly; PostgreSQL does so by itself."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")


def adopt_people(home: Path, *, at: datetime) -> int:
    """The people, teams and memberships of the lake become the organisation's, where it has nobody yet."""
    from fuxiao.datasets.store import Store
    from fuxiao.org.actions import adopt
    from fuxiao.org.models import Person

    if Person.objects.exists():
        return 0
    with Store.open(home) as store:
        rows = {name: store.execute(store.records(name)).to_pylist() for name in DATASETS}
    if not rows["people"] and not rows["memberships"]:
        return 0
    return adopt(SYSTEM, **rows, at=at)
