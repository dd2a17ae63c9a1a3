"""Tables of the shared kernel: the audit trail, announcements of change, and what each account is told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


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
    """Something changed: its name, never its content. Browsers ask again for what they may see.

    A topic that ends in ``@`` and the number of an account is heard by that account alone.
    """

    topic = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class Notice(models.Model):
    """What one account is told: a kind, whose sentence is the word ``notice.<kind>``, its facts, and where to go."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    """An address of this site, from the root."""
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("account", "-id"), name="notice_of_account"),
            models.Index(fields=("account",), condition=Q(read_at__isnull=True), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"


class NoticeChoice(models.Model):
    """How an account wants to hear of one kind, where that is not the usual way: in the application, not by mail."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=80)
    here = models.BooleanField(default=True)
    mail = models.BooleanField(default=False)

    class Meta:
        ordering = ("account", "kind")
        constraints = (models.UniqueConstraint(fields=("account", "kind"), name="notice_choice_once"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
