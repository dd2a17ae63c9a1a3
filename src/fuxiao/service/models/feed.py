"""The outbox: which records of the desk changed and have not been carried into the lake yet."""

from __future__ import annotations

from django.db import models


class FeedEntry(models.Model):
    """A record of ``dataset`` with this key changed; written in the transaction of the change.

    ``key`` is the case number for ``cases`` and ``case_events``, else the first column of the dataset's key. Whoever
    carries entries removes them: on PostgreSQL a lower ``id`` may become visible after a higher one, so that the last
    number seen proves nothing.
    """

    dataset = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.dataset} {self.key}"
