"""Decides the type of an expression against a fact table, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.engine.expression.nodes import Between, Binary, Call, In, IsNull, Literal, Name, Node, Unary, children
from fuxiao.engine.expression.problems import problem
from fuxiao.engine.fact_tables import FactTable, Kind

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

    Everything that is wrong is named at once, in the order of the text.
    """
    checker = _Checker(table, text, where)
    wanted = tuple(want)
    kind = checker.of(node, wanted) if wanted else checker.kind(node)
    if kind is None or checker.found:
        raise DefinitionError(where, [issue for _, issue in sorted(checker.found, key=itemgetter(0))])
    return kind


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
    """Decides each node once. A node that is refused has no type, and nothing around it is refused for that."""

    table: FactTable
    text: str
    where: str
    kinds: dict[int, Kind | None] = field(default_factory=dict)
    found: list[tuple[int, Issue]] = field(default_factory=list)

    def refuse(self, code: str, node: Node, **params: object) -> None:
        self.found.append((node.at, problem(code, self.text, node.at, where=self.where, **params)))

    def kind(self, node: Node) -> Kind | None:
        if id(node) not in self.kinds:
            for child in children(node):
                self.kind(child)
            self.kinds[id(node)] = self.decided(node)
        return self.kinds[id(node)]

    def decided(self, node: Node) -> Kind | None:
        match node:
            case Literal():
                return node.kind
            case Name():
                return self.column(node)
            case Unary():
                return self.of(node.operand, (Kind.FLAG,) if node.operator == "not" else AMOUNTS)
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)
            case Between():
                low, high = (self.comparable(edge, node.operand, edge) for edge in (node.low, node.high))
                if low and high:
                    self.of(node.operand, ORDERED)
            case In():
                for option in node.options:
                    self.comparable(option, node.operand, option)
        return Kind.FLAG

    def column(self, node: Name) -> Kind | None:
        if column := self.table.column(node.name):
            return column.kind
        known = self.table.names()
        near = tuple(did_you_mean(node.name, known)) or self.called(node.name) or self.holding(node.name)
        self.refuse(
            "name", node, found=node.name, table=self.table.name, near=near, choices=() if near else tuple(known)
        )
        return None

    def called(self, words: str) -> tuple[str, ...]:
        """The columns that people call so, in either language."""
        names = {said: each.name for each in self.table.columns.values() for said in (each.zh, each.en)}
        return tuple(dict.fromkeys(names[said] for said in did_you_mean(words, names)))

    def holding(self, words: str) -> tuple[str, ...]:
        """A few columns whose name, in the table or among people, has a word of this one in it."""
        parts = [part for part in words.casefold().split("_") if len(part) > 1]
        return tuple(
            each.name
            for each in self.table.columns.values()
            if any(part in said.casefold() for part in parts for said in (each.name, each.zh, each.en))
        )[:_FEW]

    def of(self, node: Node, wanted: tuple[Kind, ...]) -> Kind | None:
        """The type of ``node``, which must be one of ``wanted``: nothing can be made of a bare null."""
        kind = self.kind(node)
        if kind is None or kind in wanted:
            return kind
        self.refuse("type", node, expected=wanted, found=kind)
        return None

    def binary(self, node: Binary) -> Kind | None:
        match node.operator:
            case "and" | "or":
                self.of(node.left, (Kind.FLAG,))
                self.of(node.right, (Kind.FLAG,))
            case "+" | "-" | "*" | "/":
                return self.arithmetic(node)
            case "=" | "!=":
                self.comparable(node, node.left, node.right)
            case _:
                if self.comparable(node, node.left, node.right):
                    self.of(node.left, ORDERED)
        return Kind.FLAG

    def arithmetic(self, node: Binary) -> Kind | None:
        left, right = self.kind(node.left), self.kind(node.right)
        if left is None or right is None:
            return None
        kind = _RESULT.get((node.operator, left, right))
        if kind is None:
            self.refuse("operands", node, operator=node.operator, left=left, right=right)
        return kind

    def comparable(self, node: Node, left: Node, right: Node) -> bool:
        """Whether both have types that can be compared, refused at ``node`` if they have others."""
        kinds = self.kind(left), self.kind(right)
        if None in kinds:
            return False
        if Kind.NULL in kinds:
            self.refuse("null_compared", node)
            return False
        if set(kinds) & {Kind.MOMENT, Kind.DAY} and any(isinstance(each, Literal) for each in (left, right)):
            self.refuse("date", node)
            return False
        if self.common((left, right)) is None:
            near = _meant(left, kinds[1]) or _meant(right, kinds[0])
            self.refuse("not_comparable", node, left=kinds[0], right=kinds[1], near=near)
            return False
        return True

    def common(self, nodes: Iterable[Node]) -> Kind | None:
        """The one type that all nodes have, with a bare 0 as a duration or money too; ``None`` without one."""
        kinds: set[Kind | None] = set()
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

    def call(self, node: Call) -> Kind | None:  # noqa: PLR0911 -- one arm a function
        least, most = _ARGUMENTS[node.function]
        if not least <= len(node.arguments) <= most:
            takes = str(least) if least == most else f"{least}–{most}"
            self.refuse("arguments", node, function=node.function, takes=takes, found=len(node.arguments))
            return None
        match node.function:
            case "if":
                self.of(node.arguments[0], (Kind.FLAG,))
                return self.same(node, node.arguments[1:])
            case "coalesce":
                return self.same(node, node.arguments)
            case "min" | "max":
                ordered = [self.of(argument, ORDERED) for argument in node.arguments]
                return None if None in ordered else self.same(node, node.arguments)
            case "abs":
                return self.of(node.arguments[0], AMOUNTS)
            case "round":
                return self.rounded(node)
        return self.starts_with(node)

    def same(self, node: Node, nodes: tuple[Node, ...]) -> Kind | None:
        found = tuple(self.kind(each) for each in nodes)
        if None in found:
            return None
        kind = self.common(nodes)
        if kind is None:
            self.refuse("mixed", node, found=found)
        return kind

    def rounded(self, node: Call) -> Kind:
        self.of(node.arguments[0], NUMERIC)
        if len(node.arguments) == 1:
            return Kind.INTEGER
        digits = node.arguments[1]
        if not isinstance(digits, Literal) or digits.kind is not Kind.INTEGER or int(digits.value or 0) > _DIGITS:
            self.refuse("digits", digits, most=_DIGITS)
        return Kind.NUMBER

    def starts_with(self, node: Call) -> Kind:
        self.of(node.arguments[0], (Kind.TEXT,))
        prefix = node.arguments[1]
        found = self.kind(prefix)
        if found and (found is not Kind.TEXT or not isinstance(prefix, Literal)):
            self.refuse("literal", prefix, expected=Kind.TEXT, found=found)
        return Kind.FLAG


def _meant(node: Node, beside: Kind | None) -> tuple[str, ...]:
    """A bare number beside a duration lacks its unit, beside a text its quotation marks."""
    if not isinstance(node, Literal) or node.kind not in NUMERIC:
        return ()
    return {Kind.DURATION: (f"{node.value} h",), Kind.TEXT: (f"'{node.value}'",)}.get(beside or Kind.NULL, ())


_DIGITS = 6
_FEW = 3
_MANY = 20
_ARGUMENTS = {
    "if": (3, 3), "coalesce": (2, _MANY), "min": (2, _MANY), "max": (2, _MANY),
    "abs": (1, 1), "round": (1, 2), "starts_with": (2, 2),
}  # fmt: skip
