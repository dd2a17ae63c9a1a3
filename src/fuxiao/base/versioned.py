"""Rows that count their versions: nobody writes over what they have not seen, and the trail tells what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fuxiao.core.errors import Conflict

Fields = Mapping[str, Any]


class Versioned(Protocol):
    """A row that counts its versions."""

    version: int

    def save(self) -> None: ...


def at_version(row: Versioned, version: int | None) -> None:
    """``Conflict`` where the row is no longer what the writer saw; ``None`` is whoever saw nothing."""
    if version is not None and row.version != version:
        raise Conflict("org.changed_meanwhile", name=str(row))


def set_fields(
    row: Versioned, given: Fields, *, told: Callable[[str, object], object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Set the fields and save the row as its next version; what they were and are, changed ones only, as ``told``."""
    old = {name: getattr(row, name) for name in given}
    changed = [name for name in given if old[name] != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.version += 1
        row.save()
    return {name: told(name, old[name]) for name in changed}, {name: told(name, given[name]) for name in changed}
