"""Files that people and programs read at any moment: put in place whole, never half."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def stands(path: Path) -> bool:
    """Whether anything has this name, though it cannot be read: a link whose target is gone, a folder. What somebody
    decided is then refused, where it would else be taken for not decided."""
    return os.path.lexists(path)


def replace_file(path: Path, text: str) -> None:
    """Write aside first, then in place of the old one: nobody reads half a file, and none is lost with the power."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write so that ``path`` has all of it or stays as it was: a file of the same name in a folder beside it.

    A device, and a file that a link leads to, are written as they are.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        yield path
        return
    beside = Path(tempfile.mkdtemp(prefix=".fuxiao-", dir=path.parent))
    try:
        yield beside / path.name
        (beside / path.name).replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
