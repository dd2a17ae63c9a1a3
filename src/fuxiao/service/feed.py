"""Tells the lake's carrier that a record changed."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from fuxiao.datasets import workers
from fuxiao.engine.schema import dataset as declared
from fuxiao.service.models import FeedEntry


def note(dataset: str, key: str, *, at: datetime) -> None:
    """A record of this dataset changed; it is carried soon. Must run inside the transaction of the change."""
    if not connection.in_atomic_block:
        raise RuntimeError("an entry of the feed belongs to the transaction of its change")
    FeedEntry.objects.create(dataset=declared(dataset).name, key=key, at=at)
    transaction.on_commit(_carry)


def changed(after: int) -> list[tuple[int, tuple[str, str]]]:
    """The entries above this number, oldest first: the number, and the dataset and key that it names."""
    found = FeedEntry.objects.filter(pk__gt=after).order_by("id").values_list("pk", "dataset", "key")
    return [(number, (dataset, key)) for number, dataset, key in found]


def _carry() -> None:
    workers.ask("carry_feed")
