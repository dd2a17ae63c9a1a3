"""Earlier versions of a case in words: what an import changed of it, from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fuxiao.engine.schema import DATASETS, Type
from fuxiao.metrics.versions import Changed, Version
from fuxiao.web.cases.wording import event_word, named, plain
from fuxiao.web.datasets.columns import column_name
from fuxiao.web.datasets.presenters import source_title
from fuxiao.web.datasets.stored import value_word
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import t

MOST = 20
"""Changes of one import, and imports, that are seen at once; the others unfold."""
NAMED = ("unit_id", "assigned_by", "first_responder", "owner", "actor", "to_person", "from_unit", "to_unit")
"""Columns that hold a person or a team."""


class Difference(NamedTuple):
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """What one import changed; ``first`` is the one that brought the case, ``more`` are changes that unfold.

    ``job`` is the number of the import's page, for readers who may see it.
    """

    source: str
    job: int | None
    at: str
    first: bool
    changes: Sequence[Difference]
    more: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class VersionsShown:
    """The newest, those between, which unfold, and the oldest where it is not among the newest."""

    newest: Sequence[VersionShown]
    between: Sequence[VersionShown]
    oldest: Sequence[VersionShown]


def versions_shown(versions: Sequence[Version], names: Mapping[str, str], jobs: Mapping[int, int]) -> VersionsShown:
    shown = [_version(each, names, jobs) for each in versions]
    return VersionsShown(shown[:MOST], shown[MOST:-1], shown[MOST:][-1:])


def _version(version: Version, names: Mapping[str, str], jobs: Mapping[int, int]) -> VersionShown:
    load, changes = version.load, [_difference(change, names) for change in version.changed]
    return VersionShown(
        source_title(load.source), jobs.get(load.number), formats().moment(load.at), not changes, changes[:MOST],
        changes[MOST:],
    )  # fmt: skip


def _difference(change: Changed, names: Mapping[str, str]) -> Difference:
    label = column_name(change.dataset, change.column)
    if change.dataset == "case_events":
        label = t("{event}：{column}", "{event}: {column}", event=event_word(str(change.row["type"])), column=label)
    return Difference(label, _text(change, change.before, names), _text(change, change.after, names))


def _text(change: Changed, value: object, names: Mapping[str, str]) -> str:
    types = {column.name: column.type for column in DATASETS[change.dataset].columns}
    if value is None:
        return "—"
    if isinstance(value, int) and types[change.column] is Type.MOMENT:
        return formats().instant(value)  # they may differ by seconds
    if change.column in NAMED:
        return named(value, names)
    return value_word(change.dataset, change.column, value) if isinstance(value, str) else plain(value)
