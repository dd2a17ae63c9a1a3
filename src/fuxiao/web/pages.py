"""Long lists a page at a time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 50


def whole(text: str, otherwise: int) -> int:
    """The whole number that somebody sent, of 15 digits at most; ``otherwise`` for nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else otherwise


def page_of(request: HttpRequest, found: Any, *, size: int = SIZE) -> Page[Any]:
    """The page asked for with ``?page=``; the nearest there is for nonsense."""
    return Paginator(found, size).get_page(request.GET.get("page"))
