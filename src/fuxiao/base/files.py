"""Files that people and programs read at any moment: put in place whole, never half."""

from __future__ import annotations

import os
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
