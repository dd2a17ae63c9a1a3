"""Tables of signal reviews: each look at the records, and each finding with its evidence, as it stood when found."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    """What a review came to. ``explained``: the pattern is there and has an honest reason."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    FALSE_ALARM = "false_alarm"


class SignalRun(models.Model):
    """One look at the records of the days ``[start, end)`` with the thresholds that held.

    ``missing`` names for each detector that could not look the columns that hold nothing.
    """

    period = models.CharField(max_length=20)
    start = models.DateField()
    end = models.DateField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    """Empty where the calendar asked."""
    looked_at = models.PositiveIntegerField()
    """How many people and pairs were compared, over all detectors."""
    found = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    """Findings that were not known before."""
    missing = models.JSONField(default=dict)
    thresholds = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.period} {self.at:%Y-%m-%d}"

    @property
    def last(self) -> date:
        """The last day that was looked at."""
        return self.end - timedelta(days=1)


class SignalReview(models.Model):
    """A finding about one person, or a pair of units ``a → b``, and what a named person found on looking at it.

    ``peers`` are the strengths of everybody who was compared, without names, lowest first. ``cases`` those to look at
    first. An open finding that is found again is refreshed; ``times`` counts how often it was found.
    """

    detector = models.CharField(max_length=40)
    code = models.CharField(max_length=4)
    subject = models.CharField(max_length=250)
    name = models.CharField(max_length=410)
    team = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=20)
    start = models.DateField()
    end = models.DateField()
    strength = models.FloatField()
    chance = models.FloatField(null=True)
    """How often chance alone would do as much, after the correction for looking at everybody."""
    evidence = models.JSONField(default=dict)
    thresholds = models.JSONField(default=dict)
    peers = models.JSONField(default=list)
    cases = models.JSONField(default=list)
    times = models.PositiveSmallIntegerField(default=1)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """When it was found last."""
    assigned = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.OPEN)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-strength", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("detector", "subject"), condition=Q(outcome="open"), name="review_open_once"
            ),
            models.UniqueConstraint(fields=("detector", "subject", "period"), name="review_once_a_period"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="review_outcome_known"),
            models.CheckConstraint(condition=Q(outcome="open") | ~Q(reason=""), name="review_decided_with_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name} {self.period}"

    @property
    def last(self) -> date:
        """The last day of the records."""
        return self.end - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN
