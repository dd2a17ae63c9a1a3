"""The manifest: the one file that says which files of the lake are the truth, replaced as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fuxiao.core.errors import StoreError

VERSION = 1
"""The form of the lake; raised when an older Fuxiao could misread it."""
FILE = "manifest.json"
TOLD = ("records", "seals")
"""Folders of what cannot be made again: nothing is ever in them before the first manifest is."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the lake: its path below ``lake/``, its rows (0 where it is not a table) and what it must digest to."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Load:
    """One import: where it came from, when, and what it brought.

    ``datasets`` counts the rows written per dataset, ``unchanged`` the records that said what the lake knew already and
    were therefore not written again. ``undone`` is the moment it was taken out again, 0 while it stands. ``first`` is
    the first of the loads that were folded into this one, 0 where it stands for itself alone.
    """

    number: int
    source: str
    source_digest: str
    mapping_digest: str
    at: int
    datasets: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    unchanged: Mapping[str, int] = field(default_factory=dict)
    undone: int = 0
    first: int = 0

    @property
    def numbers(self) -> range:
        """The numbers that mark its rows."""
        return range(self.first or self.number, self.number + 1)


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The files of one dataset; ``overlap`` says that some record has more than one version."""

    files: tuple[StoredFile, ...] = ()
    overlap: bool = False
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retired:
    """A file that only readers of the generations from ``since`` to before ``generation`` need."""

    path: str
    generation: int
    since: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the lake holds at one generation.

    ``records_generation`` is the generation that last changed a record; ``facts_key`` names all that the stored facts
    were made of, so that unchanged ones need not be made again.
    """

    generation: int = 0
    records_generation: int = 0
    loads: tuple[Load, ...] = ()
    records: Mapping[str, RecordSet] = field(default_factory=dict)
    facts: Mapping[str, StoredFile] = field(default_factory=dict)
    facts_key: str = ""
    seals: Mapping[str, StoredFile] = field(default_factory=dict)
    retired: tuple[Retired, ...] = ()

    def standing_loads(self) -> tuple[Load, ...]:
        """The loads that were not undone."""
        return tuple(load for load in self.loads if not load.undone)

    def files(self) -> Iterator[StoredFile]:
        """Every file that a reader of this generation may open."""
        for records in self.records.values():
            yield from records.files
        yield from self.facts.values()
        yield from self.seals.values()

    @property
    def sealed(self) -> frozenset[str]:
        """The keys of the periods that are sealed."""
        return frozenset(path.split("/")[1] for path in self.seals if path.endswith("/seal.json"))

    def encoded(self) -> bytes:
        """The bytes of ``manifest.json``: the same manifest gives the same bytes."""
        text = json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"


def read_manifest(lake: Path) -> Manifest:
    """The manifest of the lake, an empty one where there is none yet.

    Raises ``StoreError``: ``manifest.version`` for one of another Fuxiao, ``manifest.damaged`` for an unreadable one,
    ``manifest.missing`` where it is gone: a writer would take all that it named for leftovers, and remove it.
    """
    try:
        raw = json.loads((lake / FILE).read_bytes())
        version = raw.pop("version")
    except FileNotFoundError as error:
        if any(path.is_file() for folder in TOLD for path in (lake / folder).rglob("*")):
            raise StoreError("manifest.missing", path=str(lake / FILE)) from error
        return Manifest()
    except (ValueError, KeyError, AttributeError, TypeError, IsADirectoryError, RecursionError) as error:
        raise StoreError("manifest.damaged", path=str(lake / FILE)) from error
    if version != VERSION:
        raise StoreError("manifest.version", path=str(lake / FILE), found=version, known=VERSION)
    try:
        return _decoded(raw)
    except (TypeError, KeyError, AttributeError) as error:
        raise StoreError("manifest.damaged", path=str(lake / FILE)) from error


def write_manifest(lake: Path, manifest: Manifest) -> None:
    """Make this manifest the truth in one step: written aside, flushed to the disk, then renamed over the old one."""
    aside = lake / f"{FILE}.new"
    aside.write_bytes(manifest.encoded())
    flush(aside)
    os.replace(aside, lake / FILE)  # noqa: PTH105  # Path.replace says the same; this is the name the guarantee has
    flush(lake)


def begin_manifest(lake: Path, manifest: Manifest) -> Manifest:
    """Have the lake's manifest stand on the disk before anything it could name: only for the one writer."""
    if not (lake / FILE).exists():
        write_manifest(lake, manifest)
    return manifest


def flush(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot flush a folder; its renames are journalled
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def stored(lake: Path, path: Path, *, rows: int) -> StoredFile:
    """The entry of a written file: flushed to the disk, with its digest."""
    flush(path)
    flush(path.parent)
    return StoredFile(path.relative_to(lake).as_posix(), rows, digest_of(path))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged_files(lake: Path, manifest: Manifest) -> list[str]:
    """The paths of files that are gone or whose bytes are not those that were written."""
    return [each.path for each in manifest.files() if not is_whole(lake, each)]


def is_whole(lake: Path, file: StoredFile) -> bool:
    """Whether the file is there with the bytes that were written."""
    path = lake / file.path
    return path.is_file() and digest_of(path) == file.sha256


def epoch(at: datetime) -> int:
    """The moment in whole seconds since 1970-01-01T00:00:00Z; the moment must be aware of its zone."""
    if at.tzinfo is None:
        raise StoreError("moment.naive", at=at.isoformat())
    return int(at.astimezone(UTC).timestamp() // 1)


def _decoded(raw: dict[str, object]) -> Manifest:
    tables: dict[str, dict[str, object]] = {k: v for k, v in raw.items() if isinstance(v, dict)}
    lists: dict[str, list[dict[str, object]]] = {k: v for k, v in raw.items() if isinstance(v, list)}
    return Manifest(
        generation=int(str(raw["generation"])),
        records_generation=int(str(raw["records_generation"])),
        facts_key=str(raw["facts_key"]),
        loads=tuple(Load(**each) for each in lists["loads"]),  # type: ignore[arg-type]
        records={name: _record_set(each) for name, each in tables["records"].items()},  # type: ignore[arg-type]
        facts={name: StoredFile(**each) for name, each in tables["facts"].items()},  # type: ignore[arg-type]
        seals={name: StoredFile(**each) for name, each in tables["seals"].items()},  # type: ignore[arg-type]
        retired=tuple(Retired(**each) for each in lists["retired"]),  # type: ignore[arg-type]
    )


def _record_set(raw: dict[str, list[dict[str, object]]]) -> RecordSet:
    files = tuple(StoredFile(**each) for each in raw["files"])  # type: ignore[arg-type]
    return RecordSet(files, bool(raw["overlap"]), tuple(str(name) for name in raw["dimensions"]))
