"""The files that came in, below the home folder, and the mappings kept there."""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.archives import KINDS

FOLDER = "uploads"
WRAPPINGS = (".zip", ".gz")
LONGEST = 120
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
"""What a file system or a reader could stumble over, marks that turn the direction of writing included."""
UPLOAD = re.compile(r"[0-9a-f]{32}")
"""The name of the folder of one upload."""
MAPPING_NAME = re.compile(r"[\w][\w\-. ]{0,79}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was written: below the home folder, its size in bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    digest: str


def known_kinds() -> tuple[str, ...]:
    """The endings of the files that can be imported."""
    return (*KINDS, *WRAPPINGS)


def safe_name(name: str) -> str:
    """The name without folders and without what could be misread.

    Raises ``InputError`` (``file.kind_unknown``) for a kind of file that cannot be imported.
    """
    base = UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(" .") or "file"
    ending = Path(base).suffix.casefold()
    if ending not in known_kinds():
        raise InputError("file.kind_unknown", name=base, known=known_kinds())
    return base if len(base) <= LONGEST else base[: LONGEST - len(ending)] + ending


def keep(home: Path, name: str, pieces: Iterable[bytes], *, limit: int) -> Kept:
    """Write a file into a folder of its own. Raises ``InputError`` where it is empty or beyond the limit."""
    folder = home / FOLDER / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        size, digest = _write(folder / name, pieces, limit=limit)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return Kept((folder / name).relative_to(home).as_posix(), size, digest)


def _write(path: Path, pieces: Iterable[bytes], *, limit: int) -> tuple[int, str]:
    """The size and the digest of what was written."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise InputError("upload.too_big", name=path.name, limit=limit >> 20)
            digest.update(piece)
            out.write(piece)
    if not size:
        raise InputError("file.empty", path=path.name)
    return size, digest.hexdigest()


def remove(home: Path, path: str) -> None:
    """Remove a kept file with its folder; nothing happens where it is gone already."""
    shutil.rmtree((home / path).parent, ignore_errors=True)


def remove_forgotten(home: Path, known: Container[str], *, before: float) -> None:
    """Remove uploads that nothing names (their server was killed), last changed ``before`` this moment (seconds)."""
    for path in (home / FOLDER).glob("*/*"):
        own = UPLOAD.fullmatch(path.parent.name) is not None
        if own and path.parent.relative_to(home).as_posix() not in known and path.stat().st_mtime < before:
            shutil.rmtree(path.parent, ignore_errors=True)


def mapping_path(home: Path, name: str) -> Path:
    """Where a mapping of that name lies. ``InputError`` for a name that no file should have."""
    if not MAPPING_NAME.fullmatch(name) or name.endswith((".", " ")):
        raise InputError("mapping.bad_name", name=name)
    return home / "mappings" / f"{name}.toml"
