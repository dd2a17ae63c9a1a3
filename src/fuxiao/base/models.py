"""Tables of the shared kernel: the audit trail, each entry sealed by the one before, and announcements of change."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """Who changed what, when, from what to what. Rows are only ever added; ``digest`` covers the row and ``previous``.

    ``actor`` is the number of the account (no foreign key: an entry outlives the account), ``None`` for the system.
    """

    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    """What kind of record was changed, for example ``org.person``."""
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=300, blank=True)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("kind", "key", "id"), name="audit_record"),)


class Announcement(models.Model):
    """Something changed: its name, never its content. Browsers ask again for what they may see."""

    topic = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
