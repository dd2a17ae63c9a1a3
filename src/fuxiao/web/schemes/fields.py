"""Fields of the builder: each named by its path in the scheme, with its value as sent or kept and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fuxiao.base.wording import say_issue
from fuxiao.core.errors import Issue
from fuxiao.web.schemes.sent import tiers_text
from fuxiao.web.schemes.wording import choices, label
from fuxiao.web.words import language

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One input. ``kind``: ``number``, ``text``, ``area``, ``select`` or ``check``; ``unit`` stands behind it.

    A text with ``choices`` offers them and takes others too.
    """

    name: str
    label: str
    kind: str
    value: str
    choices: Sequence[Choice] = ()
    unit: str = ""
    issues: Sequence[str] = ()
    help: str = ""

    @property
    def id(self) -> str:
        """A name that an address can point at."""
        return "f-" + self.name.replace("[", "-").replace("]", "").replace(".", "-")

    @property
    def checked(self) -> bool:
        return self.value == "true"


@dataclass(frozen=True, slots=True)
class Fields:
    """Makes fields below one path of a scheme's values, with the issues of that place."""

    path: str
    values: Mapping[str, Any]
    issues: Sequence[Issue] = field(default_factory=tuple)

    def below(self, step: str | int) -> Fields:
        inner = self.values.get(step) if isinstance(step, str) else None
        at = f"{self.path}.{step}" if self.path else str(step)
        return Fields(at, inner if isinstance(inner, Mapping) else {}, self.issues)

    def number(self, name: str, **more: Any) -> Field:
        return self.made(name, "number", **more)

    def text(self, name: str, kind: str = "text", **more: Any) -> Field:
        return self.made(name, kind, **more)

    def check(self, name: str, *, usual: bool = False, **more: Any) -> Field:
        value = self.values.get(name, usual)
        return self.made(name, "check", value="true" if value is True else "false", **more)

    def select(self, name: str, options: Sequence[Choice] | None = None, usual: str = "", **more: Any) -> Field:
        known = list(choices(name) if options is None else options)
        value = str(self.values.get(name, usual))
        if value and value not in {code for code, _ in known}:
            known.insert(0, (value, value))
        return self.made(name, "select", value=value, choices=known, **more)

    def made(self, name: str, kind: str, *, words: str = "", value: str | None = None, **more: Any) -> Field:
        path = f"{self.path}.{name}" if self.path else name
        given = value if value is not None else _shown(self.values.get(name))
        return Field(path, words or label(name), kind, given, issues=told(self.issues, path), **more)


def told(issues: Sequence[Issue], path: str) -> list[str]:
    """The sentences of the issues at exactly this place."""
    return [say_issue(Issue("", i.code, i.params, i.severity), language()) for i in issues if i.where == path]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return tiers_text(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
