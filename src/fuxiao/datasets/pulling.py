"""What a worker does for a pull: the rows of the database as a file, which then is imported like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from fuxiao.core.errors import InputError
from fuxiao.datasets.connecting import mark
from fuxiao.datasets.connecting.query import Known, Query, check
from fuxiao.datasets.connecting.session import PATIENT, Session, open_session
from fuxiao.datasets.connecting.staging import Staged, stage
from fuxiao.datasets.connecting.statement import Statement, statement
from fuxiao.datasets.models import ImportJob, Upload, Work

SAMPLE = 20_000
"""So many rows are looked at to propose what the columns mean."""


def known_of(session: Session, query: Query) -> Known:
    """The columns there are for this query."""
    joined = session.columns(query.join.table) if query.join else ()
    return Known(session.columns(query.table), joined)


def statement_of(session: Session, query: Query, *, since: object = None, most: int | None = None) -> Statement:
    """The query as SQL. ``DefinitionError`` where the database has changed and it does not fit any more."""
    known = known_of(session, query)
    check(query, known)
    return statement(query, known, session.dialect, since=since, most=most)


def fetch(job: ImportJob, tell: Callable[[int], None]) -> Staged:
    """Write the rows that the job is about into its file; a pull from its mark on, less the overlap."""
    pull = job.pull
    if pull is None:
        raise InputError("pull.gone", name=job.upload.name)
    query, low = pull.asked, pull.high if job.work == Work.PULL else {}
    path = job.upload.file
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_session(pull.database.address, seconds=PATIENT) as session:
        since = mark.begin(low, query.overlap) if query.mark else None
        asked = statement_of(session, query, since=since, most=SAMPLE if job.work == Work.SAMPLE else None)
        staged = stage(session.rows(asked), query.headers, path, marked=bool(query.mark), tell=tell)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    Upload.objects.filter(pk=job.upload_id).update(size=path.stat().st_size, digest=digest)
    high = mark.higher(mark.read(low), staged.high)
    job.pulled = {"low": low, "high": mark.kept(high), "rows": staged.rows}
    return staged
