"""What is decided about a scorecard: appeals, grades changed in calibration, the minutes of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuxiao.performance.cycles.models.cycles import Cycle, CycleMember


class Appeal(models.Model):
    """Somebody thinks that a line of the own scorecard is wrong. Decided by a person who neither scored nor reviewed.

    ``cases`` are those named as evidence, ``left_out`` those that no longer count; ``answer_due`` and ``due_on`` are
    the days by which it is to be received and decided.
    """

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="appeals")
    indicator = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    cases = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="open")
    """``open``, ``accepted``, ``partly``, ``rejected`` or ``withdrawn``."""
    filed_at = models.DateTimeField()
    answer_due = models.DateField()
    due_on = models.DateField()
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision = models.TextField(blank=True)
    left_out = models.JSONField(default=list)
    precedent = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-filed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("member", "indicator"), condition=Q(state="open"), name="appeal_open_once"),
        )

    def __str__(self) -> str:
        return f"{self.member} {self.indicator}"


class GradeChange(models.Model):
    """A grade changed in calibration, with its written reason."""

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="grade_changes")
    old = models.CharField(max_length=20)
    new = models.CharField(max_length=20)
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.member} {self.old} → {self.new}"


class Minutes(models.Model):
    """What was said in a calibration session, by whom attended."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="minutes")
    attended = models.CharField(max_length=500)
    text = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.cycle} {self.at:%Y-%m-%d}"
