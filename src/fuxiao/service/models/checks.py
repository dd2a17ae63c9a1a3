"""Quality checks: what is looked at, which cases were drawn, and what checkers found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuxiao.org.models import Person
from fuxiao.service.models.cases import Case


class Rubric(models.Model):
    """One version of a list of criteria; versions are only ever added, the newest active one is used.

    ``criteria``: ``[{"key", "zh", "en", "weight", "critical"}]``, where ``critical`` is empty or the kind of error that
    failing it is (``customer``, ``business``, ``compliance``).
    """

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    criteria = models.JSONField()
    pass_mark = models.DecimalField(max_digits=5, decimal_places=2, default=85)
    active = models.BooleanField(default=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("key", "-version")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="rubric_version_once"),)

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Draw(models.Model):
    """The cases of a person and month that a seed drew; anybody can draw them again from the seed.

    ``among`` are all cases that could be drawn, ``drawn`` those that were, both by number.
    """

    month = models.CharField(max_length=7)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    among = models.JSONField()
    drawn = models.JSONField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-month", "person")
        constraints = (models.UniqueConstraint(fields=("month", "person"), name="drawn_once"),)

    def __str__(self) -> str:
        return f"{self.month} {self.person}"


class Sampling(models.TextChoices):
    RANDOM = "random"
    TARGETED = "targeted"


class Check(models.Model):
    """One case judged by one checker. ``marks``: criterion → ``1`` met, ``0`` not met, ``null`` does not apply.

    ``again`` is the check that this one repeats, blind, so that checkers can be compared; it does not count.
    """

    number = models.CharField(max_length=60, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checks")
    checker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checker_name = models.CharField(max_length=200)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="checks")
    sampling = models.CharField(max_length=8, choices=Sampling)
    reason = models.CharField(max_length=400, blank=True)
    checked_at = models.DateTimeField()
    marks = models.JSONField()
    score = models.DecimalField(max_digits=5, decimal_places=2)
    critical = models.CharField(max_length=10, blank=True)
    passed = models.BooleanField()
    comment = models.TextField(blank=True)
    again = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="score_0_to_100"),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("person")), name="nobody_checks_self"
            ),
            models.CheckConstraint(condition=Q(sampling="random") | ~Q(reason=""), name="targeted_with_reason"),
        )

    def __str__(self) -> str:
        return self.number
