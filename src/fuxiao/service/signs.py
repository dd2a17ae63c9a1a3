"""Texts as an index knows them: by their signs and the pairs of signs that stand side by side.

Chinese has no spaces between its words, most of which have two signs: an index of words, or of three signs in a row,
does not find them. What has all signs and pairs of a search may still not have them in a row: the text itself tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Any

from django.db import models

BATCH = 1_000


def signs_of(text: str) -> str:
    """Its letters and digits and each two side by side, in order, with spaces between; empty where it has none."""
    small = text.lower()
    pairs = {one + two for one, two in pairwise(small) if one.isalnum() and two.isalnum()}
    return " ".join(sorted(pairs.union(filter(str.isalnum, small))))


def index(titles: type[models.Model], named: Iterable[tuple[int, str]]) -> None:
    """Note new cases by their keys and titles; ``titles`` is ``CaseTitle`` as it is, or as a migration knows it."""
    made: Iterator[Any] = (titles(case_id=key, signs=signs_of(title)) for key, title in named)
    while rows := list(islice(made, BATCH)):
        titles._default_manager.bulk_create(rows)  # noqa: SLF001 - Django's public name for it
