"""Turns a checked tree into an Ibis expression over a fact table; nulls are guarded by hand, as engines differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub

import ibis
from ibis.expr import types as ir

from fuxiao.engine.expression.nodes import Between, Binary, Call, In, IsNull, Literal, Name, Node, Unary
from fuxiao.engine.fact_tables import FactTable, Kind

Resolve = Callable[[str], ir.Column]
_OPERATORS = {
    "+": add, "-": sub, "*": mul, "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "and": and_, "or": or_,
}  # fmt: skip
_DTYPES = {Kind.INTEGER: "int64", Kind.DURATION: "int64", Kind.TEXT: "string", Kind.FLAG: "boolean"}


def build(node: Node, table: FactTable, rows: ir.Table, *, clock: str = "business") -> ir.Value:
    """The expression of a tree that passed ``check`` against ``table``, over the physical table ``rows``."""

    def resolve(name: str) -> ir.Column:
        column = table.column(name)
        return rows[column.physical(clock) if column else name]

    return _Builder(resolve).value(node)


@dataclass(frozen=True, slots=True)
class _Builder:
    resolve: Resolve

    def value(self, node: Node) -> ir.Value:  # noqa: PLR0911 -- one arm a kind of node
        match node:
            case Literal():
                return _literal(node)
            case Name():
                return self.resolve(node.name)
            case Unary():
                operand = self.value(node.operand)
                return ~operand if node.operator == "not" else -operand
            case Binary():
                return self.binary(node)
            case Between():
                operand = self.value(node.operand)
                return (operand >= self.value(node.low)) & (operand <= self.value(node.high))
            case In():
                return self.value(node.operand).isin([_literal(option) for option in node.options])
            case IsNull():
                return self.value(node.operand).isnull()
        return self.call(node)

    def binary(self, node: Binary) -> ir.Value:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator == "/":
            return left / right.nullif(0)
        made = _OPERATORS[node.operator](left, right)
        # Digits behind the point add up in a product; beyond 38 an engine refuses it.
        return made.cast("decimal(18,6)") if node.operator == "*" and made.type().is_decimal() else made

    def call(self, node: Call) -> ir.Value:  # noqa: PLR0911 -- one arm a function
        arguments = [self.value(argument) for argument in node.arguments]
        match node.function:
            case "if":
                return arguments[0].ifelse(arguments[1], arguments[2])
            case "coalesce":
                return ibis.coalesce(*arguments)
            case "min":
                return reduce(lambda a, b: _pick(a, b, smaller=True), arguments)
            case "max":
                return reduce(lambda a, b: _pick(a, b, smaller=False), arguments)
            case "abs":
                return arguments[0].abs()
            case "round":
                return _rounded(arguments[0], node.arguments[1:])
        return arguments[0].startswith(arguments[1])


def _literal(node: Literal) -> ir.Value:
    if isinstance(node.value, Decimal):
        digits = max(0, -int(node.value.as_tuple().exponent))
        return ibis.literal(node.value, type=f"decimal(18,{digits})")
    return ibis.null() if node.value is None else ibis.literal(node.value, type=_DTYPES[node.kind])


def _pick(a: ir.Value, b: ir.Value, *, smaller: bool) -> ir.Value:
    """The smaller or larger of two, null where either is; ``least`` and ``greatest`` differ by engine there."""
    first = a <= b if smaller else a >= b
    return (a.isnull() | b.isnull()).ifelse(ibis.null(), first.ifelse(a, b))


def _rounded(value: ir.Value, digits: tuple[Node, ...]) -> ir.Value:
    if not digits:
        return value.cast("decimal(18,0)").cast("int64")
    places = getattr(digits[0], "value", 0)  # the checker lets only a literal through
    return value.cast(f"decimal(18,{places})")
