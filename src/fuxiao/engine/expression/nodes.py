"""The frozen tree of an expression; each node knows where in the text it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from fuxiao.engine.fact_tables import Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the text; ``kind`` says what it is (a duration's value is whole seconds)."""

    value: bool | int | Decimal | str | None
    kind: Kind
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the fact table."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x`` or ``not x``."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * /``, a comparison, ``and`` or ``or``."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """``low <= operand and operand <= high``."""

    operand: Node
    low: Node
    high: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """Whether the operand is one of the literals."""

    operand: Node
    options: tuple[Literal, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether the operand is not known."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Node = Literal | Name | Unary | Binary | Between | In | IsNull | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Literal() | Name():
            return ()
        case Unary() | IsNull() | In():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Between():
            return (node.operand, node.low, node.high)
    return node.arguments
