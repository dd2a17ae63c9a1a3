"""The outbox: which records of the desk changed and have not been carried into the lake yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FeedEntry(models.Model):
    """A record of ``dataset`` with this key changed; written in the transaction of the change.

    ``key`` is the case number for ``cases`` and ``case_events``, else the first column of the dataset's key. On
    PostgreSQL a lower ``id`` may become visible after a higher one, so that the last number seen proves nothing:
    ``carried_at`` says that the record is in the lake. An entry stays until facts were made of it.
    """

    dataset = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    carried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("id",), condition=Q(carried_at__isnull=True), name="feed_waiting"),)

    def __str__(self) -> str:
        return f"{self.dataset} {self.key}"
