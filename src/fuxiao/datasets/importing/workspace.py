"""Where an import keeps what it unpacks: a folder of its own, in use for as long as it holds a lock."""

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
    remove_left_behind()
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name, FileLock(Path(name) / LOCK):
        yield Path(name)


def remove_left_behind() -> None:
    """Remove the folders of imports that are no more: the lock of a process ends with it, however it ends."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
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
