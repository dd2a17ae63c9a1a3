"""Reads plain data from TOML piece by piece; what is of the wrong kind becomes an issue, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Table
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from fuxiao.core.errors import Issue, did_you_mean


class PlainReader:
    """Each method takes a piece and the place it stands at, and gives it in its type, or an empty one."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def pairs(self, raw: object, where: str) -> dict[str, str]:
        """A table of texts."""
        if not self.is_table(raw, where):
            return {}
        return {str(key): self.plain(value, f"{where}.{key}") for key, value in raw.items()}

    def plain(self, value: object, where: str) -> str:
        """A text, or a number, a day or a yes or no as its text; a list or a table is none."""
        if isinstance(value, list | Table):
            self.add(where, "mapping.wrong_type", expected="text", value=str(value))
            return ""
        return str(value)

    def some(self, raw: object, where: str) -> tuple[str, ...]:
        """One text or more."""
        if isinstance(raw, list) and not raw:
            self.add(where, "mapping.wrong_type", expected="text or list of texts", value=str(raw))
        return self.texts(raw, where)

    def texts(self, raw: object, where: str) -> tuple[str, ...]:
        """One text, or a list of texts."""
        if isinstance(raw, str):
            return (raw,)
        if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
            return tuple(raw)
        self.add(where, "mapping.wrong_type", expected="text or list of texts", value=str(raw))
        return ()

    def text(self, raw: Table[str, Any], key: str, default: str, where: str = "") -> str:
        """The text under a key, else the default."""
        value = raw.get(key, default)
        if isinstance(value, str):
            return value
        self.add(f"{where}{key}", "mapping.wrong_type", expected="text", value=str(value))
        return default

    def zone(self, value: object, where: str) -> str:
        """The name of a time zone, empty where there is none."""
        try:
            if value:
                ZoneInfo(str(value))
        except (ValueError, OSError, KeyError):
            self.add(where, "calendar.zone_unknown", zone=str(value))
            return ""
        return str(value)

    def one_of(self, value: object, known: Iterable[str], where: str) -> str:
        """One of the known words, empty where it is another."""
        words = [str(word) for word in known]
        if value in words:
            return str(value)
        self.add(
            where,
            "mapping.value_unknown",
            value=str(value),
            near=tuple(did_you_mean(str(value), words)),
            known=tuple(words),
        )
        return ""

    def is_table(self, raw: object, where: str) -> TypeGuard[Table[str, Any]]:
        """Whether this is a table; an issue where it is not."""
        if isinstance(raw, Table):
            return True
        self.add(where, "mapping.wrong_type", expected="table", value=str(raw))
        return False

    def known(self, raw: Table[str, Any], known: Iterable[str], where: str) -> None:
        """An issue for every key that is not known."""
        names = list(known)
        for key in raw:
            if key not in names:
                self.add(f"{where}{key}", "mapping.name_unknown", name=key, near=tuple(did_you_mean(key, names)))

    def add(self, where: str, code: str, **params: object) -> None:
        """Note an issue."""
        self.issues.append(Issue(where or "mapping", code, params))
