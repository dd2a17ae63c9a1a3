"""Long work on a cycle that somebody asked for, done in the background: how far it is, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fuxiao.performance.cycles.models.cycles import Cycle
from fuxiao.performance.cycles.parts import JobKind


class CycleJob(models.Model):
    """One verification or sealing. While it runs ``part`` is what is being done, empty before the first; ``worker``
    names the process that is at it, empty before one is, and ``seen_at`` is its last sign of life. ``found`` is what
    came of it in plain form; ``failed`` the code of what stopped it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in JobKind])
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    worker = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "kind"], condition=models.Q(ended_at=None), name="job_of_a_kind_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} {self.kind} {self.asked_at:%Y-%m-%d %H:%M}"
