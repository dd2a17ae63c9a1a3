"""Opens what a file is wrapped in (ZIP, GZ), within bounds: no bomb and no name that leaves the folder."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from fuxiao.core.errors import InputError, did_you_mean
from fuxiao.datasets.importing.contents import must_be_file
from fuxiao.datasets.importing.encoding import looks_common

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".tab": "csv",
    ".xlsx": "sheet", ".xlsm": "sheet", ".xlsb": "sheet", ".xls": "sheet", ".ods": "sheet",
    ".parquet": "parquet", ".pq": "parquet",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
}  # fmt: skip
"""The reader of each file ending."""
PIECE = 1 << 20
UTF8_NAME = 0x800
"""The flag of a ZIP's entry whose name is UTF-8."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an archive may hold once unpacked: in bytes, and as a multiple of its own size (small ones are free)."""

    most_bytes: int = 64 << 30
    most_ratio: int = 200
    free_bytes: int = 64 << 20


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A readable file, the kind of reader it needs, and the name it has for people."""

    path: Path
    kind: str
    name: str


def unpack(path: Path, workspace: Path, *, member: str = "", bounds: Bounds = BOUNDS) -> Unpacked:
    """The file itself, or the one table inside its wrapping, written into ``workspace``.

    Raises ``InputError``: ``file.missing``, ``file.no_file``, ``file.kind_unknown``, ``archive.unsafe_name``,
    ``archive.too_big``, ``archive.damaged``, ``archive.empty``, ``archive.which_member`` (with the names).
    """
    must_be_file(path)
    try:
        return _unpack(path, workspace, member=member, bounds=bounds)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise InputError("archive.damaged", path=path.name, reason=str(error)) from error


def _unpack(path: Path, workspace: Path, *, member: str, bounds: Bounds) -> Unpacked:
    ending = path.suffix.casefold()
    if ending == ".gz":
        inner = workspace / (Path(path.stem).name or "inner")
        with gzip.open(path) as stream:
            _copy(stream, inner, packed=path.stat().st_size, bounds=bounds)
        return Unpacked(inner, _kind(inner.name), path.name)
    if ending == ".zip":
        return _from_zip(path, workspace, member=member, bounds=bounds)
    kind = _kind(path.name)
    _refuse_bomb_within(path, kind, bounds=bounds)
    return Unpacked(path, kind, path.name)


def _from_zip(path: Path, workspace: Path, *, member: str, bounds: Bounds) -> Unpacked:
    with _opened(path) as archive:
        infos = archive.infolist()
        for info in infos:
            _refuse_unsafe(info.filename)
        _refuse_bomb(infos, packed=path.stat().st_size, bounds=bounds)
        chosen = _choose([info for info in infos if _is_table(info)], member)
        if chosen.flag_bits & 0x1:
            raise InputError("archive.encrypted", path=path.name)
        inner = workspace / PurePosixPath(chosen.filename).name
        with archive.open(chosen) as stream:
            _copy(stream, inner, packed=path.stat().st_size, bounds=bounds)
    kind = _kind(inner.name)
    _refuse_bomb_within(inner, kind, bounds=bounds)
    return Unpacked(inner, kind, f"{path.name}/{chosen.filename}")


def table_names(path: Path) -> tuple[str, ...]:
    """The names of the tables in a ZIP. Raises ``InputError`` where it is none."""
    try:
        with _opened(path) as archive:
            return tuple(info.filename for info in archive.infolist() if _is_table(info))
    except zipfile.BadZipFile as error:
        raise InputError("archive.damaged", path=path.name, reason=str(error)) from error


def _opened(path: Path) -> zipfile.ZipFile:
    """The archive, with the names that were not written in the encoding it claims read in that of Chinese systems."""
    archive = zipfile.ZipFile(path)
    for info in archive.infolist():
        if not info.flag_bits & UTF8_NAME:
            info.filename = name_as_meant(info.filename)
    return archive


def name_as_meant(name: str) -> str:
    """A name of a ZIP that does not say its encoding: UTF-8, else GB18030 where that reads as Chinese."""
    if name.isascii():
        return name
    written = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            meant = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or looks_common(meant):
            return meant
    return name


def _is_table(info: zipfile.ZipInfo) -> bool:
    place = PurePosixPath(info.filename)
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in place.parts)
    return not info.is_dir() and not hidden and place.suffix.casefold() in KINDS


def _choose(tables: list[zipfile.ZipInfo], member: str) -> zipfile.ZipInfo:
    names = [info.filename for info in tables]
    if not tables:
        raise InputError("archive.empty")
    if member:
        for info in tables:
            if info.filename == member:
                return info
        raise InputError("archive.member_unknown", member=member, near=tuple(did_you_mean(member, names)))
    if len(tables) > 1:  # a text beside one table is its reader's guide
        tables = [t for t in tables if PurePosixPath(t.filename).suffix.casefold() != ".txt"] or tables
    if len(tables) > 1:
        raise InputError("archive.which_member", members=tuple(names))
    return tables[0]


def _refuse_unsafe(inner: str) -> None:
    place = PurePosixPath(inner.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or (place.parts and place.parts[0].endswith(":")):
        raise InputError("archive.unsafe_name", member=inner)


def _refuse_bomb(infos: list[zipfile.ZipInfo], *, packed: int, bounds: Bounds) -> None:
    _refuse_size(sum(info.file_size for info in infos), packed=packed, bounds=bounds)


def _refuse_bomb_within(path: Path, kind: str, *, bounds: Bounds) -> None:
    if kind == "sheet" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as workbook:  # a workbook is a ZIP too, and is read whole
            _refuse_bomb(workbook.infolist(), packed=path.stat().st_size, bounds=bounds)


def _refuse_size(size: int, *, packed: int, bounds: Bounds) -> None:
    ratio = size / max(packed, 1)
    if size > bounds.most_bytes or (size > bounds.free_bytes and ratio > bounds.most_ratio):
        raise InputError("archive.too_big", bytes=size, most_bytes=bounds.most_bytes, most_ratio=bounds.most_ratio)


def _copy(stream: IO[bytes] | gzip.GzipFile, target: Path, *, packed: int, bounds: Bounds) -> None:
    """Copy piece by piece; what the archive says about its own size is not believed."""
    read: Callable[[int], bytes] = stream.read
    size = 0
    with target.open("wb") as out:
        while piece := read(PIECE):
            size += len(piece)
            _refuse_size(size, packed=packed, bounds=bounds)
            out.write(piece)


def _kind(file_name: str) -> str:
    kind = KINDS.get(Path(file_name).suffix.casefold())
    if kind is None:
        raise InputError("file.kind_unknown", name=file_name, known=tuple(sorted(KINDS)))
    return kind
