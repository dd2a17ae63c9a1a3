"""Tags of every template that are asked for dozens of times a page: words, icons, addresses, the frame. Each is cheap."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, cast

from django import template
from django.db.models import Model
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import get_random_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.web.shell import navigation
from fuxiao.web.words import EN, language
from fuxiao.web.words import t as _t

register = template.Library()
TOKEN = get_random_string(32)
"""Stands for the token in what is kept; nobody can write it into a text."""
LITERAL = re.compile(r"""(["'])([^\\]*)\1""")


@register.simple_tag
def t(zh: str, en: str, **facts: object) -> str:
    """``{% t "共 {n} 行" "{n:row/rows}" n=total %}``"""
    return _t(zh, en, **facts)


class Words(Node):
    """Two sentences without facts: which one it is, is all that has to be looked up."""

    def __init__(self, zh: SafeString, en: SafeString) -> None:
        self.zh, self.en = zh, en

    def render(self, context: Context) -> SafeString:
        return self.en if language() == EN else self.zh


def english(context: Any) -> bool:
    """Whether the page is English: asked once a page, for it is asked at every word."""
    try:
        return context.english  # type: ignore[no-any-return]
    except AttributeError:
        context.english = language() == EN
        return context.english  # type: ignore[no-any-return]


_with_facts = register.tags["t"]


@register.tag("t")
def words_of(parser: Parser, token: Token) -> Node:
    """``{% t %}`` with two literal sentences as a node of its own, by far the most frequent; else as above."""
    found = [LITERAL.fullmatch(bit) for bit in token.split_contents()[1:]]
    if len(found) == 2 and all(found):
        return Words(*(mark_safe(each[2]) for each in found if each))  # noqa: S308 - the template's own text
    return cast("Node", _with_facts(parser, token))


class Address(URLNode):
    """``{% url %}`` that remembers: addresses are the same for as long as the process lives."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return super().render(context)
        given = tuple(each.resolve(context) for each in self.args)
        return self.put(context, self.view_name.resolve(context), *given)

    def put(self, context: Context, name: str, *given: object) -> str:
        """The address for the page, or kept under the name after ``as``."""
        if self.asvar is None:
            return address_on_page(name, *given)
        try:
            context[self.asvar] = _address(name, *given)
        except NoReverseMatch:
            context[self.asvar] = ""
        return ""


@lru_cache(maxsize=8192)
def _address(name: str, *given: object) -> str:
    return reverse(name, args=given)


@lru_cache(maxsize=8192)
def address_on_page(name: str, *given: object) -> str:
    """The address as it stands in an attribute."""
    return conditional_escape(_address(name, *given))


@register.tag("url")
def address_of(parser: Parser, token: Token) -> Node:
    found = django_url(parser, token)
    return Address(found.view_name, found.args, found.kwargs, found.asvar)


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """A part of the frame, made once for all readers who may open the same pages."""
    viewer, here = context["viewer"], context["here"]
    return _frame(part, viewer.permissions, viewer.roles, (here, context["organisation"].name, language()))


@lru_cache(maxsize=1024)
def _frame(
    part: str, permissions: frozenset[Permission], roles: frozenset[Role], shown: tuple[str, str, str]
) -> SafeString:
    here, name, _ = shown
    viewer = Viewer(account=None, name="", permissions=permissions, roles=roles)
    return render_to_string(f"shell/{part}.html", {
        "sections": list(navigation.sections(viewer)), "phone_pages": navigation.tabs(viewer), "here": here,
        "organisation": {"name": name},
    })  # fmt: skip


@register.simple_tag(takes_context=True)
def piece(context: Context, template: str, **given: Hashable) -> SafeString:
    """``{% piece "desk/row.html" case=case %}``: as ``include … only``, made once for all that is given the same.

    Its template is a function of what it is given, of the language and of the token of forms: it names no file, day or right.
    """
    parts = _piece(template, english(context), tuple(given.items()))
    return SafeString(str(context["csrf_token"]).join(parts) if len(parts) > 1 else parts[0])


@lru_cache(maxsize=4096)
def _piece(template: str, _english: bool, given: tuple[tuple[str, Hashable], ...]) -> list[str]:  # noqa: FBT001 - a key
    """What stands between the places of the token. ``TypeError`` for a record, which equals what it was before a change."""
    if records := [name for name, value in given if isinstance(value, Model)]:
        raise TypeError(f"{template}: give what it shows of {records}, not the record")
    return render_to_string(template, {**dict(given), "csrf_token": TOKEN}).split(TOKEN)


@register.simple_tag
@lru_cache(maxsize=4096)
def icon(name: str, extra: str = "") -> SafeString:
    """A symbol of the sprite; it is decoration, the words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, static("fuxiao/icons.svg"), name
    )
