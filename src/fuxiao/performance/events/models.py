"""The table of the register: every event that was reported, with who decided what, for ever."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class State(models.TextChoices):
    """Only ``counts`` stands in ``events.yaml``. ``revoked`` did once."""

    WAITING = "waiting"
    COUNTS = "counts"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class ReportedEvent(models.Model):
    """Something that happened to one person on a day, reported by one and approved, or refused, by another.

    ``reporter`` and ``approver`` are employee numbers, or names of accounts behind which nobody stands: the same two
    words that scoring compares. ``reason`` is why it was refused, ``revoked_because`` why it no longer counts.
    """

    person = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    on = models.DateField()
    count = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    evidence = models.TextField()
    case = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reporter = models.CharField(max_length=200)
    reporter_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    approver = models.CharField(max_length=200, blank=True)
    approver_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)
    revoked_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "on", "case"), condition=Q(state__in=("waiting", "counts")), name="event_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="event_state_known"),
            models.CheckConstraint(condition=~Q(evidence=""), name="event_has_evidence"),
            models.CheckConstraint(
                condition=~Q(state__in=("counts", "revoked")) | (~Q(approver="") & ~Q(approver=F("reporter"))),
                name="event_approved_by_a_second",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="event_refused_with_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | ~Q(revoked_because=""), name="event_revoked_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
