"""What somebody is told: mentioned, given a case, a promise about to be missed."""

from __future__ import annotations

from django.db import models

from fuxiao.org.models import Person


class Notice(models.Model):
    """A line for one person; ``code`` names its words (``notice.<code>``), ``facts`` fill them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("person", "seen_at", "-id"), name="notice_unseen"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.code}"
