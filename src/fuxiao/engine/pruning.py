"""Expressions cut down to the columns that somebody reads: what nobody asks for is neither computed nor carried along.

Engines leave out unread columns inside one query; across kept stages, and before a query is written, only we can.
A left join of which nothing is read goes too: in the expressions of this package it looks something up, and never adds
rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.expr import operations as ops

Needs = Mapping[ops.Relation, set[str]]


@dataclass(frozen=True)
class Stage:
    """A table that is computed once and read by name."""

    name: str
    table: ir.Table

    def read(self) -> ir.Table:
        """The table, once it is there."""
        return ibis.table(self.table.schema(), name=self.name)

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """The tables that it is made of, with their columns."""
        return {each.name: tuple(each.schema.names) for each in self.table.op().find(ops.UnboundTable)}


def needed(stages: Sequence[Stage], wanted: Mapping[str, Iterable[str]]) -> list[Stage]:
    """The stages that the wanted ones are made of, in order, with the columns of them that are read.

    ``wanted`` maps names of stages to columns.
    """
    columns = {name: dict.fromkeys(names) for name, names in wanted.items()}
    found: list[Stage] = []
    for stage in reversed(stages):
        if stage.name in columns:
            found.append(Stage(stage.name, pruned(stage.table, columns[stage.name])))
            for source, names in found[-1].sources.items():
                columns.setdefault(source, {}).update(dict.fromkeys(names))
    return found[::-1]


def pruned(table: ir.Table, columns: Iterable[str]) -> ir.Table:
    """The same rows with these columns alone, in the order of the table; unbound tables have what is read of them."""
    root = table.op()
    names = set(columns)
    rebuilt = _Rebuilt(_needs(root, names))
    return ir.Table(rebuilt.only(root, [name for name in root.schema.names if name in names]))


def _needs(root: ops.Relation, names: set[str]) -> Needs:
    """Which columns of each relation below ``root`` are read, by it or by those above it."""
    needs: dict[ops.Relation, set[str]] = defaultdict(set, {root: names})
    for node in reversed(root.find(ops.Relation, ordered=True)):
        for relation, columns in _reads(node, needs[node]):
            needs[relation] |= columns
    return needs


def _reads(node: ops.Relation, names: set[str]) -> Iterator[tuple[ops.Relation, set[str]]]:
    """What a relation of which these columns are read reads of those below it."""
    if isinstance(node, ops.Project | ops.JoinChain | ops.Aggregate):
        kept = _kept(node, names)
        yield from _fields(value for name, value in node.values.items() if name in kept)
        if isinstance(node, ops.JoinChain):
            yield from _fields(predicate for link in _links(node, kept) for predicate in link.predicates)
    elif isinstance(node, ops.Union):
        kept = set(node.schema.names) if node.distinct else _kept(node, names)
        yield from ((side, kept) for side in (node.left, node.right))
    elif isinstance(node, ops.Filter | ops.Sort | ops.DropColumns | ops.JoinReference):
        yield node.parent, names
        yield from _fields(getattr(node, "predicates", getattr(node, "keys", ())))
    else:
        yield from ((parent, set(parent.schema.names)) for parent in node.__children__)


def _fields(values: Iterable[ops.Value]) -> Iterator[tuple[ops.Relation, set[str]]]:
    for value in values:
        for found in value.find(ops.Field, filter=ops.Value):
            yield found.rel, {found.name}


def _kept(node: ops.Relation, names: set[str]) -> set[str]:
    """Never nothing at all, and always what makes rows: groups, and arrays spread out."""
    rows = set(getattr(node, "groups", ()))
    rows |= {name for name, value in node.values.items() if value.find(ops.Unnest, filter=ops.Value)}
    return names | rows or {node.schema.names[0]}


def _links(node: ops.JoinChain, kept: set[str]) -> list[ops.JoinLink]:
    """The joined tables without look-ups of which nothing is read."""
    read = {rel for name in kept for rel in node.values[name].relations}
    links = []
    for link in reversed(node.rest):
        if link.how != "left" or link.table in read:
            links.append(link)
            read |= {rel for predicate in link.predicates for rel in predicate.relations}
    return links[::-1]


@dataclass(frozen=True, slots=True)
class _Rebuilt:
    """Relations made again with what is needed of them."""

    needs: Needs
    made: dict[ops.Relation, ops.Relation] = field(default_factory=dict)

    def relation(self, node: ops.Relation) -> ops.Relation:
        if node not in self.made:
            self.made[node] = self._make(node)
        return self.made[node]

    def _make(self, node: ops.Relation) -> ops.Relation:
        kept = self.needs[node]
        if isinstance(node, ops.Project):
            return ops.Project(self.relation(node.parent), self._values(node.values, _kept(node, kept)))
        if isinstance(node, ops.Aggregate):
            metrics = self._values(node.metrics, _kept(node, kept))
            return ops.Aggregate(self.relation(node.parent), self._values(node.groups, set(node.groups)), metrics)
        if isinstance(node, ops.JoinChain):
            links = [
                ops.JoinLink(link.how, self.relation(link.table), tuple(map(self._value, link.predicates)))
                for link in _links(node, _kept(node, kept))
            ]
            return ops.JoinChain(self.relation(node.first), links, self._values(node.values, _kept(node, kept)))
        if isinstance(node, ops.Union):
            names = [n for n in node.schema.names if node.distinct or n in _kept(node, kept)]
            left, right = (self.only(side, names) for side in (node.left, node.right))
            return ops.Union(left, right, distinct=node.distinct)
        return self._simple(node)

    def _simple(self, node: ops.Relation) -> ops.Relation:
        kept = self.needs[node]
        if isinstance(node, ops.Filter):
            return ops.Filter(self.relation(node.parent), tuple(map(self._value, node.predicates)))
        if isinstance(node, ops.Sort):
            return ops.Sort(self.relation(node.parent), tuple(map(self._value, node.keys)))
        if isinstance(node, ops.JoinReference):
            return ops.JoinReference(self.relation(node.parent), node.identifier)
        if isinstance(node, ops.DropColumns):
            return self.relation(node.parent)
        if isinstance(node, ops.UnboundTable):
            names = [name for name in node.schema.names if name in kept] or node.schema.names[:1]
            return ops.UnboundTable(node.name, {name: node.schema[name] for name in names}, namespace=node.namespace)
        return node

    def only(self, node: ops.Relation, names: Iterable[str]) -> ops.Relation:
        """The relation with these columns and no others."""
        made = self.relation(node)
        return ops.Project(made, {name: ops.Field(made, name) for name in names})

    def _values(self, values: Mapping[str, ops.Value], kept: set[str]) -> dict[str, ops.Value]:
        return {name: self._value(value) for name, value in values.items() if name in kept}

    def _value(self, value: Any) -> Any:  # noqa: ANN401 -- the same kind of node comes back
        return value.replace(self._again, filter=ops.Value)

    def _again(self, node: Any, changed: dict[str, Any] | None) -> Any:  # noqa: ANN401
        if isinstance(node, ops.Field):
            return ops.Field(self.relation(node.rel), node.name)
        if isinstance(node, ops.CountStar):
            return ops.CountStar(self.relation(node.arg), where=(changed or {}).get("where", node.where))
        return node.__recreate__(changed) if changed else node
