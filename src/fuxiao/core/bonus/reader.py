"""Reads a plain definition (what YAML gives) into frozen records, and lists everything that is wrong with it.

A record declares its fields as ``Annotated[type, kind]``; ``read_record`` walks them, so the declaration is also the
list of known keys, the source of "did you mean", and the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeVar, get_type_hints, runtime_checkable

from fuxiao.core.errors import Issue, did_you_mean
from fuxiao.core.numbers import written_number

Issues = list[Issue]
T = TypeVar("T")


@runtime_checkable
class Checked(Protocol):
    """A record that can say what is wrong with its fields taken together."""

    def check(self, where: str) -> Iterable[Issue]:
        """The issues, each with its path below ``where``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of parameter: how it is read, and what stands in its place where it cannot be read."""

    read: Callable[[object, str, Issues], Any]
    blank: object = None


@dataclass(frozen=True, slots=True)
class Named:
    """The key of a field in the file, where Python has taken the word for itself."""

    key: str


def at(where: str, key: object) -> str:
    """The path of a key below ``where``."""
    return f"{where}.{key}" if where else str(key)


def number(*, low: Decimal | None = None, high: Decimal | None = None) -> Kind:
    """A decimal within limits (inclusive). Floats are taken as written, by their shortest text."""

    def read(value: object, where: str, issues: Issues) -> Decimal:
        parsed = to_decimal(value)
        if parsed is None:
            issues.append(Issue(where, "definition.not_a_number", {"value": str(value)}))
            return Decimal(0)
        if (low is not None and parsed < low) or (high is not None and parsed > high):
            issues.append(Issue(where, "definition.out_of_range", {"value": parsed, "low": low, "high": high}))
            return Decimal(0)
        return parsed

    return Kind(read, Decimal(0))


def to_decimal(value: object) -> Decimal | None:
    """A finite number as Decimal; ``None`` for everything else (truth values are not numbers)."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
        return None
    parsed = written_number(value) if isinstance(value, str) else Decimal(str(value))
    return parsed if parsed is not None and parsed.is_finite() else None


def read_text(value: object, where: str, issues: Issues) -> str:
    """A text with something in it; a number is taken as its text (versions such as 2026.1)."""
    text = str(value).strip() if isinstance(value, str | int | float | Decimal) else ""
    if not text:
        issues.append(Issue(where, "definition.not_text", {}))
    return text


def read_flag(value: object, where: str, issues: Issues) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        issues.append(Issue(where, "definition.not_yes_or_no", {"value": str(value)}))
    return value is True


def read_day(value: object, where: str, issues: Issues) -> date:
    """A day, as YAML reads it or as ISO text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        issues.append(Issue(where, "definition.not_a_day", {"value": str(value)}))
        return date.min


def choice(of: type[StrEnum]) -> Kind:
    """One of the values of an enumeration."""

    def read(value: object, where: str, issues: Issues) -> StrEnum:
        return next((each for each in of if each.value == value), None) or refuse(value, where, issues)

    def refuse(value: object, where: str, issues: Issues) -> StrEnum:
        names = [each.value for each in of]
        params = {"value": str(value), "choices": tuple(names), "near": tuple(did_you_mean(str(value), names))}
        issues.append(Issue(where, "definition.not_a_choice", params))
        return next(iter(of))

    return Kind(read, next(iter(of)))


def list_of(kind: Kind) -> Kind:
    """A list, each entry of one kind."""

    def read(value: object, where: str, issues: Issues) -> tuple[Any, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            issues.append(Issue(where, "definition.not_a_list", {"value": str(value)}))
            return ()
        got = (kind.read(each, f"{where}[{index}]", issues) for index, each in enumerate(value))
        return tuple(each for each in got if each is not None)

    return Kind(read, ())


def map_of(kind: Kind) -> Kind:
    """A table with free keys, each value of one kind."""

    def read(value: object, where: str, issues: Issues) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            issues.append(Issue(where, "definition.not_a_table", {"value": str(value)}))
            return {}
        got = {str(key): kind.read(each, at(where, key), issues) for key, each in value.items()}
        return {key: each for key, each in got.items() if each is not None}

    return Kind(read, {})


def record(cls: type[T], *, blank: T | None = None) -> Kind:
    """A table with the known keys of a record."""

    def read(value: object, where: str, issues: Issues) -> T | None:
        made = read_record(cls, value, where, issues)
        return blank if made is None else made

    return Kind(read, blank)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared field: its attribute, how it is read, whether it must be there."""

    attribute: str
    kind: Kind
    required: bool


@cache
def parameters(cls: type[Any]) -> Mapping[str, Parameter]:
    """The declared fields of a record by their key in the file: those annotated with a ``Kind``."""
    hints = get_type_hints(cls, include_extras=True)
    found: dict[str, Parameter] = {}
    for each in fields(cls):
        notes = getattr(hints[each.name], "__metadata__", ())
        names = {type(note): note for note in notes}
        if Kind in names:
            key = names[Named].key if Named in names else each.name
            required = each.default is MISSING and each.default_factory is MISSING
            found[key] = Parameter(each.name, names[Kind], required)
    return found


def read_record(cls: type[T], value: object, where: str, issues: Issues) -> T | None:
    """An instance of ``cls`` out of a plain table; ``None`` where it is no table. Runs the record's own ``check``."""
    if not isinstance(value, Mapping):
        issues.append(Issue(where, "definition.not_a_table", {"value": str(value)}))
        return None
    known = parameters(cls)  # type: ignore[arg-type]
    unknown_keys(value, known, where, issues)
    got: dict[str, Any] = {}
    for key, each in known.items():
        if value.get(key) is not None:
            got[each.attribute] = each.kind.read(value[key], at(where, key), issues)
        elif each.required:
            issues.append(Issue(at(where, key), "definition.missing", {}))
            got[each.attribute] = each.kind.blank
    made = cls(**got)
    if isinstance(made, Checked):
        issues.extend(made.check(where))
    return made


def unknown_keys(value: Mapping[Any, object], known: Mapping[str, object], where: str, issues: Issues) -> None:
    """An issue for each key that nobody reads, with the nearest ones that somebody does."""
    for key in value:
        if key not in known:
            params = {"key": str(key), "near": tuple(did_you_mean(str(key), known))}
            issues.append(Issue(at(where, key), "definition.unknown_key", params))


def without_echoes(issues: Issues) -> Issues:
    """The issues without those that only follow from another at the same place (unreadable, hence empty)."""
    unreadable = {issue.where for issue in issues if issue.code in {"definition.not_a_list", "definition.not_a_table"}}
    return [issue for issue in issues if issue.code != "definition.empty" or issue.where not in unreadable]


@dataclass(frozen=True, slots=True)
class Label:
    """What people read, in both languages."""

    zh: str = ""
    en: str = ""


NO_LABEL = Label()


def read_label(value: object, where: str, issues: Issues) -> Label:
    """``{zh: …, en: …}``, or one text for both."""
    if isinstance(value, str):
        return Label(value, value)
    words = map_of(TEXT).read(value, where, issues)
    unknown_keys(words, {"zh": 1, "en": 1}, where, issues)
    either = words.get("zh") or words.get("en") or ""
    return Label(words.get("zh", either), words.get("en", either))


NUMBER = number()
AMOUNT = number(low=Decimal(0))
SHARE = number(low=Decimal(0), high=Decimal(1))
TEXT = Kind(read_text, "")
FLAG = Kind(read_flag, blank=False)
DAY = Kind(read_day, date.min)
LABEL = Kind(read_label, NO_LABEL)
