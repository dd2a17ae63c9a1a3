"""A toast that offers to take back what was just done, by the form that would do the opposite."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Undo:
    """Where the form goes, and what it says."""

    action: str
    fields: tuple[tuple[str, str], ...]


def tell(request: HttpRequest, text: str, undo: Undo | None = None) -> None:
    """Say that something was done; ``undo`` takes it back."""
    tags = f"{undo.action}?{urlencode(undo.fields)}" if undo else ""
    messages.success(request, text, extra_tags=tags)


def undo_in(tags: str) -> Undo | None:
    """What the tags of a message offer."""
    action, _, fields = (tags or "").partition("?")
    return Undo(action, tuple(parse_qsl(fields, keep_blank_values=True))) if action.startswith("/") else None
