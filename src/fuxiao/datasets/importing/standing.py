"""Rows of a case beside the row before them: what is another than before, and which events that gives."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.by_case import Cases, Mask, Places, differ, filled_in
from fuxiao.datasets.importing.events import NOTHING


@dataclass(frozen=True)
class States:
    """Rows of cases beside the row before them."""

    cases: Cases

    @cached_property
    def first(self) -> Mask:
        return self.cases.first

    @cached_property
    def words(self) -> pa.DictionaryArray:
        """The statuses, each word once."""
        return self.cases["status"].dictionary_encode()

    @cached_property
    def status(self) -> Places:
        """The place of each row's status among the words; -1 where it has none."""
        places: Places = self.words.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return places

    @cached_property
    def old_status(self) -> Places:
        """The same of the row before it."""
        return np.where(self.first, -1, np.roll(self.status, 1))

    @cached_property
    def entered(self) -> Mask:
        """Whether the status is another than in the row before."""
        other: Mask = self.status != self.old_status
        return self.first | other

    def among(self, status: Places, words: Container[str]) -> Mask:
        """Where the status is one of these words."""
        asked = [word in words for word in self.words.dictionary.to_pylist()]
        found: Mask = np.array([*asked, False])[status]
        return found

    @cached_property
    def old_owner(self) -> pa.Array:
        return self.cases.before("owner")

    @cached_property
    def old_unit(self) -> pa.Array:
        return self.cases.before("unit")

    @cached_property
    def other_owner(self) -> Mask:
        return differ(self.cases["owner"], self.old_owner)

    @cached_property
    def other_unit(self) -> Mask:
        """Whether the row names another unit than the last one known."""
        return differ(self.cases["unit"], self.old_unit)

    @cached_property
    def taken(self) -> Mask:
        """Whether the row names the first owner that is known."""
        return filled_in(self.cases["owner"]) & ~filled_in(self.old_owner)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a row gives an event, and of which type, which may depend on the status it is in; ``moves`` says that it
    names who has the case from now on."""

    type: str
    where: Callable[[States], Mask]
    kind: str = NOTHING
    moves: bool = False
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> str:
        """The type as SQL."""
        return sql.lookup("status", self.types.items(), otherwise=NOTHING) if self.types else sql.text(self.type)


@dataclass(frozen=True)
class Happened:
    """The events that rows of cases give."""

    states: States
    rules: list[Rule]

    @cached_property
    def masks(self) -> list[Mask]:
        """Where each of the rules gives one."""
        return [rule.where(self.states) for rule in self.rules]

    def of(self, types: Container[str]) -> Mask:
        """The rows that give an event of one of these types."""
        found: Mask = np.zeros(len(self.states.first), dtype=np.bool_)
        for rule, mask in zip(self.rules, self.masks, strict=True):
            if rule.type in types:
                found |= mask
            elif words := [status for status, type_ in rule.types.items() if type_ in types]:
                found |= mask & self.states.among(self.states.status, words)
        return found
