"""Tables of rules that people change: every version of a scheme, an indicator or the targets, kept for ever."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RuleKind(models.TextChoices):
    """What is versioned; each kind has its folder or file in the home."""

    SCHEME = "scheme"
    INDICATOR = "indicator"
    TARGETS = "targets"
    SIGNALS = "signals"


class RuleState(models.TextChoices):
    """A draft is being worked on, a published version holds from its day on, a discarded one never did."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class RuleVersion(models.Model):
    """One version of a rule: its text as it stands, or stood, in the file of the home folder.

    Texts are never changed: an edit is the next version, going back is a next version with an earlier text. ``number``
    counts within the rule. ``effective_from`` is the first day that a published version holds. ``report`` is what was
    found by trying a draft on past periods, ``examples`` the rows and expected values that it has to answer.
    """

    kind = models.CharField(max_length=10, choices=RuleKind)
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RuleState, default=RuleState.DRAFT)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateField(null=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    report = models.JSONField(default=dict)
    examples = models.JSONField(default=list)

    class Meta:
        ordering = ("kind", "key", "-number")
        constraints = (
            models.UniqueConstraint(fields=("kind", "key", "number"), name="rule_version_once"),
            models.CheckConstraint(condition=models.Q(state__in=RuleState.values), name="rule_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=RuleState.PUBLISHED) | models.Q(effective_from__isnull=False),
                name="rule_published_from_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key} v{self.number}"
