"""A cycle computed again and compared, asked for by somebody: how far it is, and what was found."""

from __future__ import annotations

from django.db import models

from fuxiao.performance.cycles.models.cycles import Cycle


class Verification(models.Model):
    """One verification. While it runs ``part`` is what is being compared, empty before the first; ``seen_at`` is its
    last sign of life. ``found`` is what came of it in plain form; ``failed`` the code of what stopped it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    part = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["cycle"], condition=models.Q(ended_at=None), name="verification_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} {self.asked_at:%Y-%m-%d %H:%M}"
