"""Imports a file into the store, or checks it without storing anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from fuxiao.datasets.importing import findings, sql
from fuxiao.datasets.importing.contents import must_be_file
from fuxiao.datasets.importing.mapping import Mapping
from fuxiao.datasets.importing.prepare import Place, Prepared, prepare
from fuxiao.datasets.importing.progress import Progress, Stage, Watch
from fuxiao.datasets.importing.quality import Finding, Item, QualityReport
from fuxiao.datasets.importing.referring import with_references
from fuxiao.datasets.importing.rejected import write_findings, write_rejected
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.workspace import workspace
from fuxiao.datasets.manifest import Load
from fuxiao.datasets.store import Added, Store, disk_in_words

QUALITY = "quality"
"""Folder of the home with one data-quality report a load."""
MOST_FINDINGS = 10_000
"""So many faults are in the report itself; all of them are in the file of findings."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    ``rows`` counts the data rows of the file; ``rejected`` the lines refused in whole or for one of their datasets;
    ``accepted`` the records that are ready, ``datasets`` what became of them in the store (empty for a check).
    ``tables`` are those that were read as one: name, rows, and how far their lines are moved in the store (``before``).
    ``load`` is ``None`` where nothing was stored; ``unchanged`` says that this very file was imported before with this
    very mapping. ``rejected_file`` and ``findings_file`` are ``None`` where there is nothing to write.
    """

    source: str
    rows: int
    rejected: int
    accepted: Table[str, int] = field(default_factory=dict)
    datasets: Table[str, Added] = field(default_factory=dict)
    quality: QualityReport = field(default_factory=QualityReport)
    tables: tuple[Table[str, object], ...] = ()
    findings: tuple[Finding, ...] = ()
    load: int | None = None
    unchanged: bool = False
    rejected_file: Path | None = None
    findings_file: Path | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {
            **asdict(self),
            "quality": self.quality.as_dict(),
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "findings_file": str(self.findings_file) if self.findings_file else None,
        }


def import_file(
    store: Store,
    path: Path,
    mapping: Mapping,
    *,
    at: datetime,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Read the file as the mapping says and store its records; everything becomes visible at once or not at all.

    ``at`` is the moment of the import (aware of its zone). Raises ``InputError`` for a file that cannot be read,
    ``DefinitionError`` for a mapping that does not fit it, ``Cancelled``, ``StoreError``.
    """
    watch = _watch(progress, cancelled)
    source_digest, mapping_digest = _digests(store, path, mapping, watch)
    for load in store.manifest.standing_loads():
        if (load.source_digest, load.mapping_digest) == (source_digest, mapping_digest):
            return ImportReport(path.name, 0, 0, load=load.number, unchanged=True)
    store.must_be_writable()
    with _prepared(store, path, mapping, at=at, watch=watch) as (connection, read), store.change() as change:
        load_number = change.begin_load(
            source=path.name, source_digest=source_digest, mapping_digest=mapping_digest, at=at
        )
        prepared = with_references(connection, store, read)
        added: dict[str, Added] = {}
        for dataset, table in prepared.tables.items():
            watch.step(Stage.WRITE, rows=prepared.raw.rows)
            rows = connection.sql(f"select * from {table}")
            added[dataset] = change.add_records(dataset, rows, load_number, unique=True)
        change.note_rejected(load_number, prepared.rejected)
        stored = any(each.new or each.replaced for each in added.values())
        files = _write_files(connection, prepared, store.home / "rejected", load_number, path.name)
        watch.step(Stage.WRITE, rows=prepared.raw.rows)
        number = load_number if stored else None
        report = _report(connection, path, prepared, added=added, load=number, files=files)
        if stored:
            _keep_quality(store.home / QUALITY, load_number, report)
        return report


def _keep_quality(folder: Path, load: int, report: ImportReport) -> None:
    """The data-quality report of a load, for whoever reads the figures later."""
    folder.mkdir(parents=True, exist_ok=True)
    datasets = {name: asdict(added) for name, added in report.datasets.items()}
    kept = {"source": report.source, "rows": report.rows, "rejected": report.rejected, "accepted": report.accepted,
            "datasets": datasets, "tables": list(report.tables), **report.quality.as_dict()}  # fmt: skip
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (folder / f"{load:06d}.json").write_text(text + "\n", encoding="utf-8")


def kept_report(home: Path, load: Load) -> ImportReport:
    """What is kept of the report of a load; its counts alone where there is no report."""
    path, refused = home / QUALITY / f"{load.number:06d}.json", home / "rejected" / f"{load.number:06d}.csv"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"items": [], "datasets": {}}
    return ImportReport(
        load.source, rows=kept.get("rows", 0), rejected=load.rejected, accepted=kept.get("accepted", load.datasets),
        datasets={name: Added(**each) for name, each in kept["datasets"].items()},
        quality=QualityReport(tuple(Item(**each) for each in kept["items"])), load=load.number,
        tables=tuple(kept.get("tables", ())),
        rejected_file=refused if load.rejected and refused.is_file() else None,
    )  # fmt: skip


def check_file(
    store: Store,
    path: Path,
    mapping: Mapping,
    *,
    at: datetime,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """What an import would find, storing nothing: the same report without load and files."""
    with prepared_file(store, path, mapping, at=at, progress=progress, cancelled=cancelled) as (connection, prepared):
        return report_of(connection, store, path, prepared)


@contextmanager
def prepared_file(
    store: Store, path: Path, mapping: Mapping, *, at: datetime, progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[Connection, Prepared]]:  # fmt: skip
    """The file read and checked in scratch tables, for whoever wants to look into them; nothing is stored."""
    with _prepared(store, path, mapping, at=at, watch=_watch(progress, cancelled)) as found:
        yield found


def report_of(connection: Connection, store: Store, path: Path, prepared: Prepared) -> ImportReport:
    """What a file would bring, before anything is stored."""
    whole = with_references(connection, store, prepared)
    return _report(connection, path, whole, added={}, load=None, files=(None, None))


@contextmanager
def _prepared(
    store: Store, path: Path, mapping: Mapping, *, at: datetime, watch: Watch
) -> Iterator[tuple[Connection, Prepared]]:
    place = Place(zone=store.settings.zone, currency=store.settings.currency, at=at)
    connection = store.scratch()
    try:
        with disk_in_words(store.lake), workspace() as folder:
            yield connection, prepare(connection, path, mapping, workspace=folder, place=place, watch=watch)
    finally:
        connection.close()


def _watch(progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None) -> Watch:
    watch = Watch()
    return Watch(progress or watch.progress, cancelled or watch.cancelled)


def _digests(store: Store, path: Path, mapping: Mapping, watch: Watch) -> tuple[str, str]:
    """Of the file's bytes; and of the mapping with the settings that its reading depends on."""
    must_be_file(path)
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(4 << 20):
            digest.update(piece)
            done += len(piece)
            watch.step(Stage.SCAN, done=done, total=total)
    said = f"{mapping.digest}|{store.settings.zone}|{store.settings.currency}"
    return digest.hexdigest(), hashlib.sha256(said.encode()).hexdigest()


def _write_files(
    connection: Connection, prepared: Prepared, folder: Path, load: int, source: str
) -> tuple[Path | None, Path | None]:
    """The refused rows and the list of faults, beside the lake; only where there are any."""
    if not sql.count(connection, f"select count(*) from {findings.TABLE}"):
        return None, None
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / f"{load:06d}-findings.csv"
    write_findings(connection, prepared.raw, listed)
    if not prepared.rejected:
        return None, listed
    rows = folder / f"{load:06d}.csv"
    write_rejected(connection, prepared, rows, source=source)
    return rows, listed


def _report(
    connection: Connection,
    path: Path,
    prepared: Prepared,
    *,
    added: dict[str, Added],
    load: int | None,
    files: tuple[Path | None, Path | None],
) -> ImportReport:
    accepted = {d: sql.count(connection, f"select count(*) from {table}") for d, table in prepared.tables.items()}
    return ImportReport(
        source=path.name,
        rows=prepared.raw.read,
        rejected=prepared.rejected,
        accepted=accepted,
        datasets=added,
        quality=prepared.quality,
        tables=tuple({"name": part.name, "rows": part.rows, "before": part.before} for part in prepared.raw.parts),
        findings=findings.listed(connection, prepared.raw, most=MOST_FINDINGS),
        load=load,
        rejected_file=files[0],
        findings_file=files[1],
    )
