"""Decides the type of an expression against a fact table, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.engine.expression.nodes import Between, Binary, Call, In, IsNull, Literal, Name, Node, Unary, children
from fuxiao.engine.expression.problems import refused
from fuxiao.engine.fact_tables import FactColumn, FactTable, Kind

NUMERIC = (Kind.INTEGER, Kind.NUMBER)
AMOUNTS = (*NUMERIC, Kind.DURATION, Kind.MONEY)
ORDERED = (*AMOUNTS, Kind.MOMENT, Kind.DAY, Kind.TEXT)

_I, _N, _M, _S, _AT, _D = Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.DURATION, Kind.MOMENT, Kind.DAY
_RESULT: dict[tuple[str, Kind, Kind], Kind] = {
    ("-", _AT, _AT): _S, ("+", _AT, _S): _AT, ("-", _AT, _S): _AT,
    ("-", _D, _D): _I, ("+", _D, _I): _D, ("-", _D, _I): _D,
    ("*", _S, _I): _S, ("*", _I, _S): _S, ("*", _S, _N): _N, ("*", _N, _S): _N,
    ("*", _M, _I): _M, ("*", _I, _M): _M, ("*", _M, _N): _N, ("*", _N, _M): _N,
    ("/", _S, _S): _N, ("/", _S, _I): _N, ("/", _S, _N): _N,
    ("/", _M, _M): _N, ("/", _M, _I): _N, ("/", _M, _N): _N,
    **{("/", left, right): _N for left in NUMERIC for right in NUMERIC},
    **{(op, same, same): same for op in "+-" for same in (_S, _M)},
    **{(op, left, right): _I if left is right is _I else _N
       for op in "+-*" for left in NUMERIC for right in NUMERIC},
}  # fmt: skip
"""The type of ``left operator right``; a pair that is not here has no meaning."""


def check(node: Node, table: FactTable, text: str, *, where: str = "expression", want: Iterable[Kind] = ()) -> Kind:
    """The type of the tree of ``text`` over ``table``; ``DefinitionError`` where it has none, or none of ``want``.

    All columns that the table does not have are named at once.
    """
    names = [part for part in _walk(node) if isinstance(part, Name)]
    columns = {part.name: column for part in names if (column := table.column(part.name)) is not None}
    checker = _Checker(columns, text, where)
    unknown = [_no_column(part, table, text, where) for part in names if part.name not in columns]
    if unknown:
        raise DefinitionError(where, unknown)
    kind = checker.kind(node)
    if (wanted := tuple(want)) and kind not in wanted:
        raise checker.refuse("type", node, expected=wanted, found=kind)
    return kind


def _no_column(node: Name, table: FactTable, text: str, where: str) -> Issue:
    near = tuple(did_you_mean(node.name, table.names()))
    refusal = refused("name", text, node.at, where=where, found=node.name, table=table.name, near=near)
    return refusal.issues[0]


def names_in(node: Node) -> frozenset[str]:
    """Every column the tree reads."""
    return frozenset(part.name for part in _walk(node) if isinstance(part, Name))


def needed_names(node: Node) -> frozenset[str]:
    """The columns without which the tree says nothing: those it reads other than to ask whether they are known.

    ``reopen_gap is null or reopen_gap > 14 d`` needs nothing: an empty column is an answer there.
    """
    tested = {name for part in _walk(node) if isinstance(part, IsNull) or _is_coalesce(part) for name in names_in(part)}
    return names_in(node) - tested


def _is_coalesce(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "coalesce"


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


@dataclass(frozen=True, slots=True)
class _Checker:
    columns: Mapping[str, FactColumn]
    text: str
    where: str

    def refuse(self, code: str, node: Node, **params: object) -> DefinitionError:
        return refused(code, self.text, node.at, where=self.where, **params)

    def kind(self, node: Node) -> Kind:  # noqa: PLR0911 -- one arm a kind of node
        match node:
            case Literal():
                return node.kind
            case Name():
                return self.columns[node.name].kind
            case Unary():
                return self.unary(node)
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)
            case Between():
                self.compared(node, node.operand, node.low)
                return self.compared(node, node.operand, node.high)
            case In():
                for option in node.options:
                    self.comparable(option, node.operand, option)
                return Kind.FLAG
        self.kind(node.operand)
        return Kind.FLAG

    def of(self, node: Node, wanted: tuple[Kind, ...]) -> Kind:
        """The type of ``node``, which must be one of ``wanted``: nothing can be made of a bare null."""
        kind = self.kind(node)
        if kind not in wanted:
            raise self.refuse("type", node, expected=wanted, found=kind)
        return kind

    def unary(self, node: Unary) -> Kind:
        return self.of(node.operand, (Kind.FLAG,) if node.operator == "not" else AMOUNTS)

    def binary(self, node: Binary) -> Kind:
        match node.operator:
            case "and" | "or":
                self.of(node.left, (Kind.FLAG,))
                self.of(node.right, (Kind.FLAG,))
                return Kind.FLAG
            case "+" | "-" | "*" | "/":
                return self.arithmetic(node)
            case "=" | "!=":
                return self.comparable(node, node.left, node.right)
        return self.compared(node, node.left, node.right)

    def arithmetic(self, node: Binary) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        kind = _RESULT.get((node.operator, left, right))
        if kind is None:
            raise self.refuse("operands", node, operator=node.operator, left=left, right=right)
        return kind

    def compared(self, node: Node, left: Node, right: Node) -> Kind:
        """Both sides of ``< <= > >=``: comparable, and of a type that has an order."""
        self.comparable(node, left, right)
        self.of(left, ORDERED)
        return Kind.FLAG

    def comparable(self, node: Node, left: Node, right: Node) -> Kind:
        kinds = self.kind(left), self.kind(right)
        if Kind.NULL in kinds:
            raise self.refuse("null_compared", node)
        if self.common((left, right)) is None:
            raise self.refuse("not_comparable", node, left=kinds[0], right=kinds[1])
        return Kind.FLAG

    def common(self, nodes: Iterable[Node]) -> Kind | None:
        """The one type that all nodes have, with a bare 0 as a duration or money too; ``None`` without one."""
        kinds: set[Kind] = set()
        zero = False
        for node in nodes:
            if isinstance(node, Literal) and node.value == 0 and node.kind is Kind.INTEGER:
                zero = True
            elif (kind := self.kind(node)) is not Kind.NULL:
                kinds.add(kind)
        if Kind.NUMBER in kinds:
            kinds.discard(Kind.INTEGER)
        if zero and not kinds & set(AMOUNTS):
            kinds.add(Kind.INTEGER)
        return kinds.pop() if len(kinds) == 1 else Kind.NULL if not kinds else None

    def call(self, node: Call) -> Kind:
        least, most = _ARGUMENTS[node.function]
        if not least <= len(node.arguments) <= most:
            raise self.refuse(
                "arguments", node, function=node.function, least=least, most=most, found=len(node.arguments)
            )
        match node.function:
            case "if":
                self.of(node.arguments[0], (Kind.FLAG,))
                return self.same(node, node.arguments[1:])
            case "coalesce":
                return self.same(node, node.arguments)
            case "min" | "max":
                for argument in node.arguments:
                    self.of(argument, ORDERED)
                return self.same(node, node.arguments)
            case "abs":
                return self.of(node.arguments[0], AMOUNTS)
            case "round":
                return self.rounded(node)
        return self.starts_with(node)

    def same(self, node: Node, nodes: tuple[Node, ...]) -> Kind:
        kind = self.common(nodes)
        if kind is None:
            raise self.refuse("mixed", node, found=tuple(self.kind(n) for n in nodes))
        return kind

    def rounded(self, node: Call) -> Kind:
        self.of(node.arguments[0], NUMERIC)
        if len(node.arguments) == 1:
            return Kind.INTEGER
        digits = node.arguments[1]
        if not isinstance(digits, Literal) or digits.kind is not Kind.INTEGER or int(digits.value or 0) > _DIGITS:
            raise self.refuse("digits", digits, most=_DIGITS)
        return Kind.NUMBER

    def starts_with(self, node: Call) -> Kind:
        self.of(node.arguments[0], (Kind.TEXT,))
        prefix = node.arguments[1]
        if not isinstance(prefix, Literal) or prefix.kind is not Kind.TEXT:
            raise self.refuse("literal", prefix, expected=Kind.TEXT, found=self.kind(prefix))
        return Kind.FLAG


_DIGITS = 6
_MANY = 20
_ARGUMENTS = {
    "if": (3, 3), "coalesce": (2, _MANY), "min": (2, _MANY), "max": (2, _MANY),
    "abs": (1, 1), "round": (1, 2), "starts_with": (2, 2),
}  # fmt: skip
