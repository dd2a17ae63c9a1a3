"""The queries for the fact tables, thought out once for all records of the same shape.

Writing them takes seconds, whatever the number of records; running them over a small company's takes a fraction of
that. They depend on columns, calendars and rules, and on nothing that a new event changes, so they are kept: in the
process, and between processes in the user's cache folder, which may be emptied at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import get_ident
from types import ModuleType
from typing import Any

import ibis
import ibis.expr.types as ir

from fuxiao import core, engine
from fuxiao.engine.facts import FactPlan
from fuxiao.engine.pruning import Stage

WRITERS = ("ibis-framework", "sqlglot")
"""The libraries whose version decides how a query is written."""
THINKING = ("days", "fact_queries", "making", "one_case")
"""The modules of this package that have a part in thinking queries out; what else they depend on is in their key."""
MOST = 1_000
"""So many files are kept; the ones used longest ago go first."""


@dataclass(frozen=True, slots=True)
class WrittenStage:
    """A stage as text: ``types`` are those of its columns, ``sources`` the tables that its query reads."""

    name: str
    types: Mapping[str, str]
    query: str = ""
    sources: Sequence[str] = ()

    def read(self) -> ir.Table:
        """The table, once it is there."""
        return ibis.table(self.types, name=self.name)


@dataclass(frozen=True, slots=True)
class FactQueries:
    """The queries of one plan: ``key`` tells it apart from all others, ``think`` makes it where it is not kept,
    ``write`` gives a table as SQL."""

    key: str
    think: Callable[[], FactPlan] = field(compare=False)
    write: Callable[[ir.Table], str]

    @property
    def tables(self) -> Mapping[str, WrittenStage]:
        """The fact tables by name, as wide as they can be, without their queries."""
        return _tables(self)

    def whole(self) -> tuple[WrittenStage, ...]:
        """What it takes to make all tables, each with all its columns."""
        return self.only({name: stage.types for name, stage in self.tables.items()})

    def only(self, wanted: Mapping[str, Iterable[str]]) -> tuple[WrittenStage, ...]:
        """What it takes to make these columns of these tables, in order."""
        return _stages(self, frozenset((name, frozenset(columns)) for name, columns in wanted.items()))


@lru_cache(maxsize=8)
def _tables(queries: FactQueries) -> Mapping[str, WrittenStage]:
    def think() -> dict[str, Any]:
        return {name: asdict(WrittenStage(each.name, _types(each))) for name, each in queries.think().tables.items()}

    return {name: WrittenStage(**each) for name, each in _kept(f"{queries.key} tables", think).items()}


@lru_cache(maxsize=32)
def _stages(queries: FactQueries, wanted: frozenset[tuple[str, frozenset[str]]]) -> tuple[WrittenStage, ...]:
    def think() -> list[dict[str, Any]]:
        stages = queries.think().only(dict(wanted))
        return [asdict(WrittenStage(s.name, _types(s), queries.write(s.table), list(s.sources))) for s in stages]

    asked = json.dumps(sorted((name, sorted(columns)) for name, columns in wanted))
    found = _kept(f"{queries.key} {queries.write.__qualname__} {asked}", think)
    return tuple(WrittenStage(**each) for each in found)


def _types(stage: Stage) -> dict[str, str]:
    return {name: str(kind) for name, kind in stage.table.schema().items()}


def _kept(key: str, think: Callable[[], Any]) -> Any:  # noqa: ANN401 -- what JSON holds
    """What was thought out for this key by the code of now, by this process or another one."""
    # Where the user has no home, or none that can be written in, it is thought out again next time.
    with suppress(OSError, ValueError, RuntimeError, zlib.error):
        path = _path(key)
        found = json.loads(zlib.decompress(path.read_bytes()))
        with suppress(OSError):  # a folder that is only read from serves as well
            path.touch()
        return found
    text = json.dumps(think())
    with suppress(OSError, RuntimeError):
        _keep(_path(key), text)
    return json.loads(text)


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    aside.write_bytes(zlib.compress(text.encode()))
    aside.replace(path)
    for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST]:
        old.unlink()


def _path(key: str) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fuxiao" / "queries"
    return folder / f"{hashlib.sha256(f'{_code()} {key}'.encode()).hexdigest()}.json.z"


def _sources(package: ModuleType) -> list[Path]:
    return sorted(Path(package.__path__[0]).rglob("*.py"))


@cache
def _code() -> str:
    """A digest of the code that thinks queries out, and of what writes them."""
    digest = hashlib.sha256(" ".join(map(version, WRITERS)).encode())
    here = [Path(__file__).with_name(f"{name}.py") for name in THINKING]
    for path in (*here, *(each for package in (core, engine) for each in _sources(package))):
        digest.update(path.read_bytes())
    return digest.hexdigest()
