"""Nodes of a template as steps: functions of the context that give a piece of the page.

What is the same on every page (text, words in two languages, symbols, addresses of lists) is put together once. The nodes
that pages are mostly made of have steps of their own here; every other node shows itself, as it always did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.template import Context, Node, VariableDoesNotExist
from django.template.base import FilterExpression, TextNode, VariableNode
from django.template.defaulttags import CsrfTokenNode, ForNode, IfNode
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString

from fuxiao.web.rendering.lookups import shown, truth_of, value_of
from fuxiao.web.templatetags.frame import Address, Words, english, icon

Step = Callable[[Context], SafeString]
Piece = Callable[[Context], str]
BUILTINS = {"True": True, "False": False, "None": None}


def joined(nodes: Iterable[Node]) -> Step:
    """All nodes in one step."""
    show = _together(nodes)
    return lambda context: SafeString(show(context))


def _together(nodes: Iterable[Node]) -> Piece:
    """All nodes as one piece; most places of a condition hold a single one."""
    pieces = list(_pieces(nodes))
    if len(pieces) == 1:
        return pieces[0]
    return lambda context: "".join([piece(context) for piece in pieces])


def _pieces(nodes: Iterable[Node]) -> Iterator[Piece]:
    """A function for each run of what is always the same, and one for each other node."""
    run: list[tuple[str, str]] = []
    for node in nodes:
        if (fixed := _fixed(node)) is not None:
            run.append(fixed)
            continue
        if run:
            yield _words(*map("".join, zip(*run, strict=True)))
            run = []
        yield MAKERS.get(type(node), _itself)(node)
    if run:
        yield _words(*map("".join, zip(*run, strict=True)))


def _fixed(node: Any) -> tuple[str, str] | None:
    """What a node says in Chinese and in English where that is all it ever says."""
    if isinstance(node, TextNode):
        return node.s, node.s
    if isinstance(node, Words):
        return node.zh, node.en
    known = {
        Address: lambda: not (node.args or node.kwargs or node.asvar) and _written_out(node.view_name),
        StaticNode: lambda: node.varname is None and _written_out(node.path),
        SimpleNode: lambda: node.func is icon and all(map(_written_out, [*node.args, *node.kwargs.values()])),
    }.get(type(node))
    if known is None or not known():
        return None
    text = str(node.render(Context()))
    return text, text


def _written_out(expression: Any) -> bool:
    return isinstance(expression, FilterExpression) and not expression.is_var and not expression.filters


def _words(zh: str, en: str) -> Piece:
    if zh == en:
        return lambda _context: zh
    return lambda context: en if english(context) else zh


def _itself(node: Node) -> Piece:
    return node.render


def _variable(node: VariableNode) -> Piece:
    return shown(value_of(node.filter_expression))


def _if(node: IfNode) -> Piece:
    branches = [
        (None if condition is None else truth_of(condition), _together(nodes))
        for condition, nodes in node.conditions_nodelists
    ]

    def chosen(context: Context) -> str:
        for condition, show in branches:
            try:
                met = condition is None or condition(context)
            except VariableDoesNotExist:
                met = False
            if met:
                return show(context)
        return ""

    return chosen


def _for(node: Any) -> Piece:
    sequence = value_of(node.sequence, lenient=True)
    show, nothing = _together(node.nodelist_loop), _together(node.nodelist_empty)
    names, backwards = node.loopvars, node.is_reversed

    def each(context: Context) -> str:
        values = sequence(context)
        values = [] if values is None else values if hasattr(values, "__len__") else list(values)
        if not (total := len(values)):
            return nothing(context)
        loop: dict[str, Any] = {"parentloop": context.get("forloop", {})}
        held: dict[str, Any] = {"forloop": loop}
        made = []
        depth = len(context.dicts)
        context.dicts.append(held)
        try:
            for place, item in enumerate(reversed(values) if backwards else values):
                loop.update(counter0=place, counter=place + 1, revcounter=total - place, revcounter0=total - place - 1,
                            first=place == 0, last=place == total - 1)  # fmt: skip
                if len(names) == 1:
                    held[names[0]] = item
                    made.append(show(context))
                else:
                    context.dicts.append(dict(zip(names, item, strict=True)))
                    made.append(show(context))
                    context.dicts.pop()
        finally:
            del context.dicts[depth:]
        return "".join(made)

    return each


def _include(node: Any) -> Piece:
    """A template by its name, found once a page; its context is ours with something more, or only that."""
    if not _written_out(node.template):
        return _itself(node)
    name = construct_relative_path(node.origin.template_name, node.template.var)
    extra = [(key, value_of(each)) for key, each in node.extra_context.items()]

    def included(context: Any) -> str:
        state, dicts = context.render_context, context.dicts
        found = state.dicts[0].setdefault("included", {})
        template = found.get(name) or found.setdefault(name, context.template.engine.get_template(name))
        values = {key: read(context) for key, read in extra}
        around, state.template = state.template, template
        state.dicts.append({})
        context.dicts = [BUILTINS, values] if node.isolated_context else [*dicts, values]
        try:
            return str(template._render(context))  # noqa: SLF001 - what Template.render does, the state being set
        finally:
            context.dicts, state.template = dicts, around
            state.dicts.pop()

    return included


def _simple(node: SimpleNode) -> Piece:
    """A tag that is a plain function."""
    if node.target_var is not None:
        return node.render
    given = [value_of(each) for each in node.args]
    named = [(key, value_of(each)) for key, each in node.kwargs.items()]
    function, wants_context = node.func, node.takes_context

    def called(context: Context) -> Any:
        first = [context] if wants_context else []
        return function(*first, *[each(context) for each in given], **{key: each(context) for key, each in named})

    return shown(called)


def _address(node: Address) -> Piece:
    if node.kwargs:
        return node.render
    name, given = value_of(node.view_name), [value_of(each) for each in node.args]
    return lambda context: node.put(context, name(context), *[each(context) for each in given])


def _token(node: CsrfTokenNode) -> Piece:
    """The field that protects a form: put together once a page, for lists have it in every row."""

    def put(context: Context) -> str:
        held: str = getattr(context, "token_field", "")
        if not held:
            held = context.token_field = node.render(context)  # type: ignore[attr-defined]
        return held

    return put


MAKERS: dict[type[Node], Callable[[Any], Piece]] = {
    VariableNode: _variable, IfNode: _if, ForNode: _for, IncludeNode: _include, SimpleNode: _simple, Address: _address,
    CsrfTokenNode: _token,
}  # fmt: skip
"""By the exact class: a node of a class of its own may do anything."""
