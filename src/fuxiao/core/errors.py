"""The tree of everything that can go wrong, as codes with data; wording belongs to the faces (``base/wording.py``).

FuxiaoError
├── DefinitionError    a scheme, plan, indicator, mapping or setting is not usable: a list of issues
├── UnknownName        a name that does not exist, with the nearest ones that do
├── InputError         a file or a row cannot be read
├── CalculationError   the arithmetic has no answer for these inputs
├── StoreError         the home folder is missing, locked, damaged or of another version
├── SealError          a sealed period was touched, or does not verify
├── NotPermitted       somebody asked for what is not theirs to see or do
└── Conflict           somebody else changed the same record meanwhile
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FEW = 12
"""So many names can be read at a glance; of more only those spelled alike are told."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with a definition: where it stands, what it is (a code), and the facts for the sentence.

    ``where`` is a path a person can follow, e.g. ``roles.field_engineer.items[2].weight``.
    ``severity`` is ``error`` (nothing runs) or ``warning`` (runs, and says so).
    """

    where: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: str = "error"


class FuxiaoError(Exception):
    """The root: ``code`` names the kind, ``params`` fill the sentence that a face words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, object] = params

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code}({facts})" if facts else self.code


class DefinitionError(FuxiaoError):
    """A definition was refused; ``issues`` lists everything that is wrong with it, not only the first."""

    def __init__(self, what: str, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("definition.refused", what=what, count=len(self.issues))

    def __str__(self) -> str:
        return "; ".join(f"{i.where}: {i.code} {dict(i.params)}" for i in self.issues) or self.code


class UnknownName(FuxiaoError):
    """A name nobody knows; ``near`` holds up to three that are spelled alike, ``choices`` all where they are few."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = tuple(dict.fromkeys(known))
        self.near = tuple(did_you_mean(name, names))
        choices = names if len(names) <= FEW and not self.near else ()
        super().__init__("unknown.name", kind=kind, name=name, near=self.near, choices=choices)


class InputError(FuxiaoError):
    """A file or a row cannot be read."""


class CalculationError(FuxiaoError):
    """The arithmetic has no answer for these inputs."""


class StoreError(FuxiaoError):
    """The home folder is missing, locked, damaged or of another version."""


class StoreBusy(StoreError):
    """Another writer is at work; a little later it is done."""


class SealError(FuxiaoError):
    """A sealed period was touched, or does not verify."""


class NotPermitted(FuxiaoError):
    """Somebody asked for what is not theirs to see or do."""


class Conflict(FuxiaoError):
    """Somebody else changed the same record meanwhile; nothing was written."""


def did_you_mean(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known names closest to ``name`` in spelling, best first, at most ``most``; case does not count."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_fold, n=most, cutoff=0.6)
    return [by_fold[c] for c in close]
