"""Reads the text of an expression into its tree: a Pratt parser, one binding power an operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.errors import DefinitionError, did_you_mean
from fuxiao.engine.expression.nodes import Between, Binary, Call, In, IsNull, Literal, Name, Node, Unary, children
from fuxiao.engine.expression.problems import refused
from fuxiao.engine.expression.scan import SECONDS, WORDS, Token, number, scan
from fuxiao.engine.fact_tables import Kind

MAX_DEPTH = 40
AGGREGATES = ("count", "sum", "avg", "mean", "median", "stddev")
FUNCTIONS = ("if", "coalesce", "min", "max", "abs", "round", "starts_with")

_NOT, _COMPARE, _ADD, _MULTIPLY, _MINUS = 3, 4, 5, 6, 7
_POWER = {
    "or": 1, "and": 2, "=": _COMPARE, "==": _COMPARE, "!=": _COMPARE, "<>": _COMPARE, "<": _COMPARE, "<=": _COMPARE,
    ">": _COMPARE, ">=": _COMPARE, "between": _COMPARE, "in": _COMPARE, "is": _COMPARE, "not": _COMPARE,
    "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY,
}  # fmt: skip
_SAME = {"==": "=", "<>": "!="}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?")
_CONSTANTS = {"true": (True, Kind.FLAG), "false": (False, Kind.FLAG), "null": (None, Kind.NULL)}


def parse(text: str, *, where: str = "expression") -> Node:
    """The tree of ``text``; ``DefinitionError`` with one issue at ``where`` when it is no expression."""
    return _Parser(text, where, scan(text, where=where)).whole()


@dataclass(slots=True)
class _Parser:
    text: str
    where: str
    tokens: list[Token]
    next: int = 0
    depth: int = 0

    def whole(self) -> Node:
        node = self.expression(0)
        if self.peek.kind != "end":
            raise self.unexpected("operator")
        if (deepest := _depth(node)) > MAX_DEPTH:
            raise refused("too_deep", self.text, 0, where=self.where, most=MAX_DEPTH, depth=deepest)
        return node

    @property
    def peek(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.peek
        self.next += 1
        return token

    def is_next(self, *texts: str) -> bool:
        return self.peek.kind in ("sign", "word") and self.peek.text in texts

    def want(self, text: str) -> Token:
        if not self.is_next(text):
            raise self.unexpected(text)
        return self.take()

    def unexpected(self, expected: str) -> DefinitionError:
        """What stands here is none of the language; a word written in capitals just before may be why, or a comma
        between thousands."""
        before = self.tokens[max(0, self.next - 1)]
        if before.kind == "number" and (grouped := _GROUPED.match(self.text, before.at)):
            found = grouped.group()
            bare = (found.replace(",", ""),)
            return refused("grouped", self.text, before.at, where=self.where, found=found, near=bare)
        here = self.tokens[max(0, self.next - 1) : self.next + 1]
        slip = next((each for each in here if each.kind == "name" and each.text.lower() in WORDS), None)
        token, near = (slip, (slip.text.lower(),)) if slip else (self.peek, ())
        return refused(
            "syntax", self.text, token.at, where=self.where, expected=expected, found=token.text or "end", near=near
        )

    def expression(self, power: int) -> Node:
        """Everything from here whose operators bind tighter than ``power``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise refused("too_deep", self.text, self.peek.at, where=self.where, most=MAX_DEPTH)
        node = self.prefix()
        while self.peek.kind in ("sign", "word") and _POWER.get(self.peek.text, 0) > power:
            node = self.infix(node)
        self.depth -= 1
        return node

    def prefix(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.quantity(token)
        if token.kind == "text":
            return Literal(token.text[1:-1].replace("''", "'"), Kind.TEXT, token.at)
        if token.kind == "name":
            return self.call(token) if self.is_next("(") else Name(token.text, token.at)
        if token.text in _CONSTANTS:
            return Literal(*_CONSTANTS[token.text], token.at)
        return self.bracket_or_unary(token)

    def bracket_or_unary(self, token: Token) -> Node:
        if token.text == "(":
            inner = self.expression(0)
            self.want(")")
            return inner
        if token.text in ("-", "not"):
            return Unary(token.text, self.expression(_MINUS if token.text == "-" else _NOT), token.at)
        self.next -= 1
        raise self.unexpected("value")

    def quantity(self, token: Token) -> Literal:
        """A number, or with a unit behind it a duration in whole seconds."""
        value = number(token, self.text, where=self.where)
        if self.peek.kind != "name":
            return Literal(value, Kind.NUMBER if isinstance(value, Decimal) else Kind.INTEGER, token.at)
        unit = self.take()
        if unit.text not in SECONDS:
            raise refused("unit", self.text, unit.at, where=self.where, found=unit.text, known=tuple(SECONDS))
        seconds = value * SECONDS[unit.text]
        if seconds != int(seconds):
            raise refused("not_whole_seconds", self.text, token.at, where=self.where, found=str(value))
        return Literal(int(seconds), Kind.DURATION, token.at)

    def call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS:
            if name.text.lower() in AGGREGATES:
                raise refused("aggregate", self.text, name.at, where=self.where, found=name.text)
            near = tuple(did_you_mean(name.text, FUNCTIONS))
            choices = () if near else FUNCTIONS
            raise refused("function", self.text, name.at, where=self.where, found=name.text, near=near, choices=choices)
        self.want("(")
        arguments = [self.expression(0)]
        while self.is_next(","):
            self.take()
            arguments.append(self.expression(0))
        self.want(")")
        return Call(name.text, tuple(arguments), name.at)

    def infix(self, left: Node) -> Node:
        token = self.take()
        match token.text:
            case "not":
                return Unary("not", self.tested(left, self.take_one_of("between", "in")), token.at)
            case "between" | "in" | "is":
                return self.tested(left, token)
        power = _POWER[token.text]
        node = Binary(_SAME.get(token.text, token.text), left, self.expression(power), token.at)
        self.refuse_chain(power)
        return node

    def take_one_of(self, *texts: str) -> Token:
        if not self.is_next(*texts):
            raise self.unexpected(texts[0])
        return self.take()

    def refuse_chain(self, power: int) -> None:
        """``1 < a < 3`` reads like mathematics and means something else: say so instead."""
        if power == _COMPARE and self.peek.kind in ("sign", "word") and _POWER.get(self.peek.text) == _COMPARE:
            raise refused("chained", self.text, self.peek.at, where=self.where, found=self.peek.text)

    def tested(self, left: Node, token: Token) -> Node:
        """What follows ``between``, ``in`` or ``is``."""
        node: Node
        if token.text == "between":
            low = self.expression(_COMPARE)
            self.want("and")
            node = Between(left, low, self.expression(_COMPARE), token.at)
        elif token.text == "in":
            node = In(left, self.options(), token.at)
        else:
            node = self.null_test(left, token)
        self.refuse_chain(_COMPARE)
        return node

    def null_test(self, left: Node, token: Token) -> Node:
        negated = self.is_next("not")
        if negated:
            self.take()
        self.want("null")
        test = IsNull(left, token.at)
        return Unary("not", test, token.at) if negated else test

    def options(self) -> tuple[Literal, ...]:
        self.want("(")
        options = [self.option()]
        while self.is_next(","):
            self.take()
            options.append(self.option())
        self.want(")")
        return tuple(options)

    def option(self) -> Literal:
        at = self.peek
        node = self.expression(_COMPARE)
        if not isinstance(node, Literal) or node.kind is Kind.NULL:
            raise refused("literal", self.text, at.at, where=self.where, expected="literal", found=at.text)
        return node


def _depth(node: Node) -> int:
    """Levels of the tree, without recursion: a chain such as ``1+1+1…`` is deep on its left."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(current))
    return deepest
