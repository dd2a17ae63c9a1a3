"""What people say about a scorecard: reviews, ratings, the talk and what is agreed in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuxiao.performance.cycles.models.cycles import CycleMember


class Comment(models.Model):
    """What somebody wrote about a scorecard: the self-review, the lead's review, or a remark below it."""

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=10)
    """``self``, ``lead``, ``waived`` (why there is no lead's review) or ``remark``."""
    author = models.CharField(max_length=60, blank=True)
    author_name = models.CharField(max_length=200)
    strengths = models.TextField(blank=True)
    weaknesses = models.TextField(blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("member", "kind"), condition=Q(kind__in=("self", "lead")), name="review_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} {self.kind}"


class Panelist(models.Model):
    """A colleague who is asked to rate a person on the items of a panel, by whom. They see nothing of the result."""

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="panel")
    person = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("member", "person")
        constraints = (models.UniqueConstraint(fields=("member", "person"), name="panelist_once"),)

    def __str__(self) -> str:
        return f"{self.member} {self.name}"


class Rating(models.Model):
    """What one rater gave a person on an item that people judge, by the levels of its rubric.

    ``adjusted`` is the rating on the common scale of all raters, ``how`` its arithmetic; without evening the same as
    ``points``, and empty until everybody is reviewed: ratings count all at once.
    """

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=30)
    rater = models.CharField(max_length=60)
    """The rater's number, or their account where they have none."""
    rater_name = models.CharField(max_length=200)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.TextField(blank=True)
    adjusted = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    how = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("item", "at", "id")
        constraints = (models.UniqueConstraint(fields=("member", "item", "rater"), name="rating_once_a_rater"),)

    def __str__(self) -> str:
        return f"{self.member} {self.item} {self.points}"


class Talk(models.Model):
    """The talk about a result (GROW), written together; both sign, the person with an objection where there is one."""

    member = models.OneToOneField(CycleMember, on_delete=models.CASCADE, related_name="talk")
    goal = models.TextField(blank=True)
    reality = models.TextField(blank=True)
    options = models.TextField(blank=True)
    will = models.TextField(blank=True)
    upward = models.TextField(blank=True)
    """What the person asks the lead to change."""
    held_on = models.DateField()
    lead_name = models.CharField(max_length=200)
    lead_signed_at = models.DateTimeField(null=True)
    person_signed_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.member} {self.held_on}"


class AgreedAction(models.Model):
    """What was agreed in a talk: who does what until when, with which help; looked at again in the next talk."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=500)
    help = models.CharField(max_length=500, blank=True)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    effect = models.TextField(blank=True)
    """What came of it, written when it was looked at again."""

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.text
