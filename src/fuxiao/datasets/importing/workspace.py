"""Folders that belong to one piece of work, such as an import, in use for as long as it holds a lock."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from filelock import FileLock, Timeout

PREFIX = "fuxiao-import-"
LOCK = "in-use.lock"
BARE = 60.0
"""Seconds after which a folder without a lock is nobody's: it gets one when it is made, and loses it last."""


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder for this import; those that killed imports left behind are removed on the way."""
    with held_folder(PREFIX, Path(gettempdir())) as folder:
        yield folder


@contextmanager
def held_folder(prefix: str, within: Path) -> Iterator[Path]:
    """A folder of this name there for as long as the block runs; those left behind by killed processes are removed."""
    folder, lock = take_folder(prefix, within)
    try:
        yield folder
    finally:
        lock.release()
        _remove(folder)


def take_folder(prefix: str, within: Path) -> tuple[Path, FileLock]:
    """The same without an end: a new folder and its lock, held; another one where somebody swept it away before."""
    remove_left_behind(prefix, within)
    while True:
        folder = Path(mkdtemp(prefix=prefix, dir=within))
        lock = FileLock(folder / LOCK)
        with suppress(FileNotFoundError, FileExistsError):  # swept away while the lock was made
            lock.acquire()
        if lock.is_locked and (folder / LOCK).exists():
            return folder, lock
        lock.release()


def remove_left_behind(prefix: str = PREFIX, within: Path | None = None) -> None:
    """Remove the folders of work that is no more: the lock of a process ends with it, however it ends."""
    for folder in (within or Path(gettempdir())).glob(f"{prefix}*"):
        if _was_left(folder / LOCK):
            _remove(folder)


def _remove(folder: Path) -> None:
    """The lock last: what somebody killed in between leaves is still known to be nobody's. Two may be at it at once."""
    try:
        inside = list(folder.iterdir())
    except FileNotFoundError:
        return
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            with suppress(OSError):
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _was_left(lock: Path) -> bool:
    """Whether the lock is free, or was not even made long after the folder was. What another user of the machine keeps
    is theirs: it may not even be seen."""
    try:
        if not lock.exists():
            return time.time() - lock.parent.stat().st_mtime > BARE
        with FileLock(lock, timeout=0):
            return True
    except (Timeout, OSError):
        return False
