"""A seal: what a closed period was made from and what came out, in one file whose digest the manifest keeps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from fuxiao.base.files import stands
from fuxiao.core.bonus.earner import Adjustment, Release
from fuxiao.core.errors import SealError, UnknownName
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.manifest import RecordSet, StoredFile
from fuxiao.datasets.store import Store
from fuxiao.incentives.results import Recipe
from fuxiao.incentives.settling import Terms
from fuxiao.metrics.library import KEPT, library_texts
from fuxiao.performance.rulings import Ruling, RulingKind

VERSION = 1
"""The form of a seal; raised when an older Fuxiao could misread it."""
FILES = ("fuxiao.toml", "service_levels.yaml", "targets.yaml", "events.yaml")
FOLDERS = ("calendars", "indicators")
SEAL = "seals/{}/seal.json"
"""Where the seal of a period lies in the lake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A sealed period.

    ``definitions`` are the texts of all files that the result depends on, the built-in indicators among them,
    ``records`` the files of the lake with their digests, ``rows`` every figure by path, ``code`` the program that
    computed them, ``previous`` the digest of the seal before this one (so that none can be taken out of the middle).
    """

    recipe: Recipe
    definitions: Mapping[str, str]
    records: Mapping[str, RecordSet]
    rows: Mapping[str, str]
    code: str
    sealed_at: datetime
    sealed_by: str = ""
    previous: str = ""
    held: Mapping[str, Decimal] = field(default_factory=dict)
    carried: Mapping[str, Decimal] = field(default_factory=dict)
    earned: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        return self.recipe.period

    def encoded(self) -> bytes:
        """The bytes of the seal: the same seal gives the same bytes."""
        recipe = asdict(self.recipe)
        recipe["period"] = self.period.key
        body = {
            "version": VERSION,
            "recipe": recipe,
            "definitions": dict(self.definitions),
            "records": {name: asdict(each) for name, each in self.records.items()},
            "rows": dict(self.rows),
            "code": self.code,
            "sealed_at": self.sealed_at,
            "sealed_by": self.sealed_by,
            "previous": self.previous,
            "held": dict(self.held),
            "carried": dict(self.carried),
            "earned": dict(self.earned),
        }
        return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode() + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the seal's bytes: what to print, publish or keep elsewhere."""
        return hashlib.sha256(self.encoded()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def path_of(period: Period) -> str:
    """The file of a period's seal, below the lake."""
    return SEAL.format(period.key)


def sealed_periods(store: Store) -> list[Period]:
    """The sealed periods, oldest first."""
    return sorted((parse_period(key) for key in store.manifest.sealed), key=lambda period: (period.end, period.start))


def unlisted_periods(store: Store) -> list[Period]:
    """The periods whose seal lies in the lake and is in no list: taken out of it, or never finished; oldest first."""
    there = {path.parent.name for path in store.lake.glob(SEAL.format("*"))} - set(store.manifest.sealed)
    return sorted(map(parse_period, there), key=lambda period: (period.end, period.start))


def read_seal(store: Store, period: Period) -> Seal:
    """The seal of a period; ``UnknownName`` where it is not sealed, ``SealError`` where its bytes were changed."""
    path = path_of(period)
    if path not in store.manifest.seals:
        raise UnknownName("sealed period", period.key, [p.key for p in sealed_periods(store)])
    there = store.lake / path
    content = there.read_bytes() if there.is_file() else b""
    if hashlib.sha256(content).hexdigest() != store.manifest.seals[path].sha256:
        raise SealError("seal.changed", period=period.key, path=path)
    return decode(content, period)


def decode(content: bytes, period: Period) -> Seal:
    """A seal from its bytes; ``SealError`` for another form of seal."""
    raw = json.loads(content)
    if raw.get("version") != VERSION:
        raise SealError("seal.version", period=period.key, found=raw.get("version"), known=VERSION)
    return Seal(
        recipe=_recipe(raw["recipe"], period),
        definitions=raw["definitions"],
        records={name: _records(each) for name, each in raw["records"].items()},
        rows=raw["rows"],
        code=raw["code"],
        sealed_at=datetime.fromisoformat(raw["sealed_at"]),
        sealed_by=raw["sealed_by"],
        previous=raw["previous"],
        held=_amounts(raw["held"]),
        carried=_amounts(raw["carried"]),
        earned=_amounts(raw["earned"]),
    )


def _records(raw: Mapping[str, list[dict[str, object]]]) -> RecordSet:
    files = tuple(StoredFile(**each) for each in raw["files"])  # type: ignore[arg-type]
    return RecordSet(files, bool(raw["overlap"]), tuple(str(name) for name in raw["dimensions"]))


def _amounts(raw: Mapping[str, str]) -> dict[str, Decimal]:
    return {person: Decimal(amount) for person, amount in raw.items()}


def _recipe(raw: Mapping[str, object], period: Period) -> Recipe:
    return Recipe(
        period=period,
        scheme=str(raw["scheme"]),
        plan=str(raw["plan"]),
        as_of=datetime.fromisoformat(str(raw["as_of"])),
        clock=str(raw["clock"]),
        default_role=str(raw["default_role"]),
        terms=_terms(raw["terms"]),  # type: ignore[arg-type]
        rulings=rulings_of(raw.get("rulings", ())),  # type: ignore[arg-type]
    )


def rulings_of(raw: Iterable[Mapping[str, object]]) -> tuple[Ruling, ...]:
    """Rulings from their plain form; seals of before there were any have none."""
    return tuple(_ruling(each) for each in raw)


def _ruling(raw: Mapping[str, object]) -> Ruling:
    cases: list[str] = raw["cases"]  # type: ignore[assignment]
    return Ruling(
        kind=RulingKind(str(raw["kind"])),
        subject=str(raw["subject"]),
        reason=str(raw["reason"]),
        by=str(raw["by"]),
        indicator=str(raw["indicator"]),
        cases=tuple(cases),
        numerator=Decimal(str(raw["numerator"])),
        denominator=Decimal(str(raw["denominator"])),
        n=int(str(raw["n"])),
        grade=str(raw["grade"]),
    )


def _terms(raw: Mapping[str, object]) -> Terms:
    pools, company, on = raw["pools"], raw["company"], raw["on"]
    releases: list[dict[str, object]] = raw["releases"]  # type: ignore[assignment]
    adjustments: list[dict[str, object]] = raw["adjustments"]  # type: ignore[assignment]
    return Terms(
        pools=None if pools is None else _pools(pools),  # type: ignore[arg-type]
        company=None if company is None else Decimal(str(company)),
        releases=tuple(_release(each) for each in releases),
        adjustments=tuple(_adjustment(each) for each in adjustments),
        on=None if on is None else date.fromisoformat(str(on)),
    )


def _pools(raw: Mapping[str, object]) -> dict[str, Decimal | Mapping[str, Decimal]]:
    return {key: _amounts(each) if isinstance(each, dict) else Decimal(str(each)) for key, each in raw.items()}


def _release(raw: Mapping[str, object]) -> Release:
    periods: list[str] = raw["periods"]  # type: ignore[assignment]
    amounts = {name: Decimal(str(raw[name])) for name in ("held", "coefficient")}
    return Release(person=str(raw["person"]), **amounts, periods=tuple(periods))


def _adjustment(raw: Mapping[str, object]) -> Adjustment:
    on = raw["on"]
    return Adjustment(
        person=str(raw["person"]),
        period=str(raw["period"]),
        amount=Decimal(str(raw["amount"])),
        reason=str(raw["reason"]),
        on=None if on is None else date.fromisoformat(str(on)),
    )


def key_of(text: str, kind: str) -> str:
    """The name that a scheme's or plan's text gives itself; nothing where it cannot be read."""
    found = re.search(rf"(?m)^{kind}:[ \t]*([^\s#]+)", text)
    return found[1] if found else ""


def definitions_of(home: Path) -> dict[str, str]:
    """The texts of all that figures depend on, by path in the home folder: its own files and the built-in library."""
    own = {path.relative_to(home).as_posix(): _text(path) for path in _definition_files(home)}
    return own | library_texts(home)


def definitions_beside(then: Mapping[str, str], home: Path) -> dict[str, str]:
    """Those of today to be compared with those of then, which may be of before the library was kept with them."""
    now, kept = definitions_of(home), f"{KEPT}/"
    if any(name.startswith(kept) for name in then):
        return now
    return {name: text for name, text in now.items() if not name.startswith(kept)}


def _text(path: Path) -> str:
    """The text; what is no text today can still be told from what was sealed."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def _definition_files(home: Path) -> Iterator[Path]:
    yield from (home / name for name in FILES if stands(home / name))
    for folder in FOLDERS:
        if (home / folder).is_dir():
            yield from sorted((home / folder).glob("*.yaml"))
