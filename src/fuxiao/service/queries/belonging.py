"""What belongs to a case, before any of it is read."""

from __future__ import annotations

import functools
from typing import Any

from django.db import connection

from fuxiao.service.models import Case

NAMES = (
    "tasks", "comments", "attachments", "links", "linked_from", "duplicates", "surveys", "complaints", "checks",
    "visits", "part_lines", "costs",
)  # fmt: skip
"""By the names of their places in a case."""


def belonging(case: Case) -> frozenset[str]:
    """The names of what there is any of; the rest need not be asked for. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_question(), [case.pk] * len(NAMES))
        return frozenset(name for name, there in zip(NAMES, cursor.fetchone(), strict=True) if there)


@functools.cache
def _question() -> str:
    """One ``EXISTS`` a name; by hand, for asking Django's way takes as long as what it spares."""
    relations: list[Any] = [Case._meta.get_field(name) for name in NAMES]  # noqa: SLF001 - our own tables
    asked = [
        f'EXISTS(SELECT 1 FROM "{each.related_model._meta.db_table}" WHERE "{each.field.column}" = %s)'  # noqa: SLF001
        for each in relations
    ]
    return f"SELECT {', '.join(asked)}"
