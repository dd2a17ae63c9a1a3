"""What an expression of a template gives, as a function of the context.

The rules are Django's. The common places (a name, its attributes, a key, a text without markup) are gone through directly;
whatever is anything else (something to be called, a name that is not there, a list's place) is left to Django.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from django.template import Context, VariableDoesNotExist
from django.template.base import FilterExpression, Variable, render_value_in_context
from django.utils.safestring import SafeData, SafeString, mark_safe

Get = Callable[[Context], Any]
MARKUP = re.compile("[&<>\"']")


class NotPlain(Exception):
    """A value that is called, or whose places are looked up."""


def value_of(expression: FilterExpression, *, lenient: bool = False) -> Get:
    """What the expression gives; ``lenient`` as in conditions and loops: nothing instead of a name that is not there."""

    def by_django(context: Context) -> Any:
        return expression.resolve(context, lenient)

    if not expression.is_var:
        return by_django if expression.filters else _always(expression.var)
    if not expression.filters:
        return _read(expression.var, by_django)
    read = _read(expression.var, expression.var.resolve)
    filters = [_filter(function, arguments) for function, arguments in expression.filters]

    def filtered(context: Context) -> Any:
        try:
            found = read(context)
        except VariableDoesNotExist:
            return by_django(context)
        for each in filters:
            found = each(found, context)
        return found

    return filtered


def _always(value: object) -> Get:
    return lambda _context: value


def _read(variable: Variable, otherwise: Get) -> Get:
    """The value of a name or of a path; ``otherwise`` whenever it is not plain reading."""
    if variable.lookups is None:
        return variable.resolve if variable.translate else _always(variable.literal)
    first, *rest = variable.lookups
    if not rest:
        return _name(first, otherwise)
    return _attribute(first, rest[0], otherwise) if len(rest) == 1 else _path(first, rest, otherwise)


def _name(name: str, otherwise: Get) -> Get:
    def read(context: Context) -> Any:
        for held in reversed(context.dicts):
            if name in held:
                found = held[name]
                return otherwise(context) if callable(found) else found
        return otherwise(context)

    return read


def _attribute(name: str, bit: str, otherwise: Get) -> Get:
    """One attribute or key of a name, by far the most frequent: rows of tables are made of these."""

    def read(context: Context) -> Any:
        for held in reversed(context.dicts):
            if name in held:
                found = held[name]
                kind = type(found)
                try:
                    value = (
                        found[bit]
                        if kind is dict
                        else getattr(found, bit)
                        if _plain.get(kind) or is_plain(kind)
                        else NotPlain
                    )
                except Exception:  # noqa: BLE001 - Django decides what is shown instead, and what is an error
                    break
                return otherwise(context) if callable(value) else value
        return otherwise(context)

    return read


_plain: dict[type, bool] = {}


def is_plain(kind: type) -> bool:
    """Whether things of this kind are read by their attributes alone: neither called nor asked for a key or a place."""
    found = _plain.get(kind)
    if found is None:
        kinds = [
            base for base in kind.__mro__ if base is not tuple or not hasattr(kind, "_fields")
        ]  # names, not places
        found = _plain[kind] = not any({"__call__", "__getitem__"} & vars(base).keys() for base in kinds)
    return found


def _path(name: str, rest: list[str], otherwise: Get) -> Get:
    def read(context: Context) -> Any:
        for held in reversed(context.dicts):
            if name in held:
                try:
                    return _walked(held[name], rest)
                except Exception:  # noqa: BLE001 - Django decides what is shown instead, and what is an error
                    break
        return otherwise(context)

    return read


def _walked(found: Any, rest: list[str]) -> Any:
    """What is at the end of a path of attributes and keys. ``NotPlain`` for what only Django knows to read."""
    for bit in rest:
        if type(found) is dict:
            found = found[bit]
        elif is_plain(type(found)):
            found = getattr(found, bit)
        else:
            raise NotPlain
    if callable(found):
        raise NotPlain
    return found


def _filter(function: Callable[..., Any], arguments: list[tuple[bool, Any]]) -> Callable[[Any, Context], Any]:
    """A filter with its arguments, of which those that are written out are known already."""
    given = [_read(each, each.resolve) if is_variable else _always(mark_safe(each)) for is_variable, each in arguments]  # noqa: S308 - as Django
    safe = getattr(function, "is_safe", False)
    if getattr(function, "expects_localtime", False) or getattr(function, "needs_autoescape", False):
        return _filter_of_django(function, arguments)

    def apply(value: Any, context: Context) -> Any:
        made = function(value, *[each(context) for each in given])
        return mark_safe(made) if safe and isinstance(value, SafeData) else made  # noqa: S308 - as Django

    return apply


def _filter_of_django(function: Callable[..., Any], arguments: list[tuple[bool, Any]]) -> Callable[[Any, Context], Any]:
    """A filter that asks for the zone or for escaping: Django's own way, on the value at hand."""

    def apply(value: Any, context: Context) -> Any:
        expression = FilterExpression.__new__(FilterExpression)
        expression.var, expression.is_var, expression.filters = value, False, [(function, arguments)]
        return expression.resolve(context)

    return apply


def shown(read: Get) -> Callable[[Context], str]:
    """What is read, as it stands on the page: escaped, numbers in the form that both our languages share."""

    def show(context: Context) -> str:
        value = read(context)
        kind = type(value)
        if kind is SafeString or (kind is str and MARKUP.search(value) is None):
            return value  # type: ignore[no-any-return]
        if kind is int or kind is float:
            text = str(value)
            return text if "e" not in text and "n" not in text else render_value_in_context(value, context)
        return render_value_in_context(value, context)

    return show


def _both(first: Get, second: Get) -> Get:
    return lambda context: first(context) and second(context)


def _either(first: Get, second: Get) -> Get:
    return lambda context: first(context) or second(context)


def _not(first: Get, _second: Get) -> Get:
    return lambda context: not first(context)


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Get, Get], Get]:
    return lambda first, second: lambda context: compare(first(context), second(context))


OPERATORS: dict[str, Callable[[Get, Get], Get]] = {
    "and": _both, "or": _either, "not": _not,
    "in": _compared(lambda one, all_: one in all_), "not in": _compared(lambda one, all_: one not in all_),
    "is": _compared(operator.is_), "is not": _compared(operator.is_not), "==": _compared(operator.eq),
    "!=": _compared(operator.ne), "<": _compared(operator.lt), "<=": _compared(operator.le),
    ">": _compared(operator.gt), ">=": _compared(operator.ge),
}  # fmt: skip


def truth_of(condition: Any) -> Get:
    """A condition of ``{% if %}``; what cannot be compared is false."""
    if condition is None:
        return _always(value=False)
    if condition.id == "literal":
        return value_of(condition.value, lenient=True)
    test = OPERATORS[condition.id](truth_of(condition.first), truth_of(condition.second))

    def judged(context: Context) -> Any:
        try:
            return test(context)
        except Exception:  # noqa: BLE001 - as Django: a page is shown whatever is compared
            return False

    return judged
