"""Folders that belong to one piece of work, such as an import, in use for as long as it holds a lock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from filelock import FileLock, Timeout

PREFIX = "fuxiao-import-"
LOCK = "in-use.lock"


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder for this import; those that killed imports left behind are removed on the way."""
    with held_folder(PREFIX, Path(gettempdir())) as folder:
        yield folder


@contextmanager
def held_folder(prefix: str, within: Path) -> Iterator[Path]:
    """A folder of this name there for as long as the block runs; those left behind by killed processes are removed."""
    remove_left_behind(prefix, within)
    with (
        TemporaryDirectory(prefix=prefix, dir=within, ignore_cleanup_errors=True) as name,
        FileLock(Path(name) / LOCK),
    ):
        yield Path(name)


def remove_left_behind(prefix: str = PREFIX, within: Path | None = None) -> None:
    """Remove the folders of work that is no more: the lock of a process ends with it, however it ends."""
    for folder in (within or Path(gettempdir())).glob(f"{prefix}*"):
        if _was_left(folder / LOCK):
            shutil.rmtree(folder, ignore_errors=True)


def _was_left(lock: Path) -> bool:
    """Whether the lock is there and free. What another user of the machine keeps is theirs: it may not even be seen."""
    try:
        if not lock.exists():
            return False
        with FileLock(lock, timeout=0):
            return True
    except (Timeout, OSError):
        return False
