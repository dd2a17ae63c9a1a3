"""Which program figures came out of: its version, and a fingerprint of the sources that calculate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import fuxiao

CALCULATING = ("core", "engine", "metrics", "performance", "incentives")
"""The packages; the built-in indicators are kept with every seal as text and need no fingerprint."""
DIGITS = 12


@cache
def program() -> str:
    """``0.1.0+3f9a0c12d4e5``: the same for the same sources, wherever they are installed."""
    return f"{version('fuxiao')}+{fingerprint(Path(fuxiao.__file__).parent)}"


def fingerprint(root: Path) -> str:
    """The first digits of the SHA-256 over the calculating sources below ``root``, whatever their line ends."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:DIGITS]


def _sources(root: Path) -> Iterator[Path]:
    for package in CALCULATING:
        yield from (path for path in sorted((root / package).rglob("*.py")) if "migrations" not in path.parts)


def same_program(sealed: str) -> bool:
    """Whether this program sealed it; older seals tell only the version."""
    return sealed == (program() if "+" in sealed else version("fuxiao"))
