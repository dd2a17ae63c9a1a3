"""What people wrote down for scoring: scheme, targets, confirmed events; read and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path

import yaml

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.fast_yaml import place_of, reason_of
from fuxiao.base.files import stands
from fuxiao.core.errors import DefinitionError, InputError, Issue, UnknownName, did_you_mean
from fuxiao.core.score import IndicatorInfo, Scheme, ScoreEvent, read_scheme
from fuxiao.core.target import Level, Target, TargetBook, TargetEntry

LARGEST = Decimal(10) ** 15
EVENT_KEYS = (
    "register", "person", "kind", "count", "on", "confirmed", "evidence", "decided_by", "approved_by", "note",
)  # fmt: skip
"""``register`` is the number of an event that was reported and approved on the web."""
TARGET_KEYS = (
    "indicator", "role", "team", "person", "floor", "target", "stretch", "norm", "valid_from", "valid_to",
    "decided_on", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decisions:
    """Targets and events of a home folder."""

    targets: TargetBook = field(default_factory=lambda: TargetBook(()))
    events: Mapping[str, tuple[ScoreEvent, ...]] = field(default_factory=dict)

    def of(self, person: str, start: date, end: date) -> tuple[ScoreEvent, ...]:
        """The events of one person in ``[start, end)``; an event without a day counts in every period."""
        return tuple(e for e in self.events.get(person, ()) if e.on is None or start <= e.on < end)


def templates(package: str) -> tuple[str, ...]:
    """The names of the template files that come with a package (``fuxiao.performance`` or ``fuxiao.incentives``)."""
    folder = resources.files(package).joinpath("templates")
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def definition_text(name: str, *, home: Path, folder: str, package: str) -> str:
    """The text of a scheme or plan: a file's path, a name in the home folder, or a template's name.

    Raises ``UnknownName`` with near names where it is none of these.
    """
    here, inside = Path(name), home / folder / f"{name.removesuffix('.yaml')}.yaml"
    if here.is_file():
        return _text(here)
    if stands(inside) or (home / folder / name).is_file():
        return _text(inside if stands(inside) else home / folder / name)
    known = templates(package)
    if name in known:
        return resources.files(package).joinpath("templates", f"{name}.yaml").read_text(encoding="utf-8")
    own = [f.stem for f in (home / folder).glob("*.yaml")] if (home / folder).is_dir() else []
    raise UnknownName(folder.rstrip("s"), name, [*own, *known])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError("file", [Issue(path.name, "yaml.unreadable", {"reason": str(error)})]) from error
    except OSError as error:
        raise InputError("file.failed", path=str(path), reason=error.strerror or str(error)) from error


def read_scheme_text(text: str, indicators: Mapping[str, IndicatorInfo]) -> Scheme:
    """A scheme from YAML text; ``DefinitionError`` with the whole list of issues."""
    return read_scheme(parse_table(text, "scheme"), indicators=indicators)


def parse_table(text: str, what: str) -> object:
    """The same as ``parse`` for a definition: a file of something else is refused without a word of what it holds."""
    found = parse(text, what)
    if not isinstance(found, Mapping):
        raise DefinitionError(what, [Issue(what, "field.not_a_table")])
    return found


def parse(text: str, what: str) -> object:
    """YAML with exact numbers; what is not YAML is refused with line and column."""
    try:
        return load_exact(text)
    except yaml.YAMLError as error:
        issue = Issue(what + place_of(error), "yaml.unreadable", {"reason": reason_of(error)})
        raise DefinitionError(what, [issue]) from error


def read_decisions(home: Path) -> Decisions:
    """``targets.yaml`` and ``events.yaml`` of the home folder; both may be absent."""
    issues: list[Issue] = []
    targets = TargetBook(tuple(_targets(_rows(home / "targets.yaml", issues), issues)))
    issues += targets.issues()
    events: dict[str, tuple[ScoreEvent, ...]] = {}
    for person, event in _events(_rows(home / "events.yaml", issues), issues):
        events[person] = (*events.get(person, ()), event)
    if issues:
        raise DefinitionError("decisions", issues)
    return Decisions(targets, events)


def read_targets(rows: Iterable[Mapping[str, object]]) -> tuple[TargetBook, list[Issue]]:
    """The targets that these rows are, with everything wrong with them."""
    issues: list[Issue] = []
    named = [(f"targets.yaml[{place}]", row) for place, row in enumerate(rows)]
    book = TargetBook(tuple(_targets(named, issues)))
    return book, [*issues, *book.issues()]


def _rows(path: Path, issues: list[Issue]) -> list[tuple[str, Mapping[str, object]]]:
    if not stands(path):
        return []
    found = parse(_text(path), path.name)
    rows = [] if found is None else found
    if not isinstance(rows, list):
        issues.append(Issue(path.name, "field.not_a_list"))
        return []
    kept = [(f"{path.name}[{at}]", row) for at, row in enumerate(rows) if isinstance(row, Mapping)]
    issues += [
        Issue(f"{path.name}[{at}]", "field.not_a_table") for at, r in enumerate(rows) if not isinstance(r, Mapping)
    ]
    return kept


def _strangers(where: str, row: Mapping[str, object], known: tuple[str, ...]) -> Iterator[Issue]:
    for key in row:
        if key not in known:
            yield Issue(f"{where}.{key}", "field.unknown", {"near": tuple(did_you_mean(str(key), known))})


def _targets(rows: list[tuple[str, Mapping[str, object]]], issues: list[Issue]) -> Iterator[TargetEntry]:
    for where, row in rows:
        issues += _strangers(where, row, TARGET_KEYS)
        named = [level for level in Level if row.get(level.name.lower())]
        if not row.get("indicator") or len(named) != 1:
            issues.append(Issue(where, "target.for_whom"))
            continue
        start = _date(row, "valid_from", where, issues)
        if start is None:
            issues.append(Issue(f"{where}.valid_from", "field.missing"))
            continue
        numbers = {n: _number(row, n, where, issues) for n in ("floor", "target", "stretch", "norm")}
        yield TargetEntry(
            indicator=str(row["indicator"]),
            level=named[-1],
            subject=str(row[named[-1].name.lower()]),
            target=Target(**numbers),
            valid_from=start,
            valid_to=_date(row, "valid_to", where, issues),
            decided_on=_date(row, "decided_on", where, issues),
            reason=str(row.get("reason") or ""),
        )


def _events(rows: list[tuple[str, Mapping[str, object]]], issues: list[Issue]) -> Iterator[tuple[str, ScoreEvent]]:
    for where, row in rows:
        issues += _strangers(where, row, EVENT_KEYS)
        missing = [key for key in ("person", "kind") if not row.get(key)]
        issues += [Issue(f"{where}.{key}", "field.missing") for key in missing]
        if missing:
            continue
        yield (
            str(row["person"]),
            ScoreEvent(
                kind=str(row["kind"]),
                count=_number(row, "count", where, issues) or Decimal(1),
                on=_date(row, "on", where, issues),
                confirmed=row.get("confirmed") is True,
                evidence=str(row.get("evidence") or ""),
                decided_by=str(row.get("decided_by") or ""),
                approved_by=str(row.get("approved_by") or ""),
            ),
        )


def _date(row: Mapping[str, object], key: str, where: str, issues: list[Issue]) -> date | None:
    value = row.get(key)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        issues.append(Issue(f"{where}.{key}", "field.not_a_day", {"value": str(value)}))
        return None


def _number(row: Mapping[str, object], key: str, where: str, issues: list[Issue]) -> Decimal | None:
    value = row.get(key)
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and number.copy_abs() < LARGEST):
        issues.append(Issue(f"{where}.{key}", "field.not_a_number", {"value": str(value)}))
        return None
    return number
