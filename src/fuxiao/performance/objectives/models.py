"""Tables of objectives: what the service stands for, objectives in four perspectives, key results, check-ins."""

from __future__ import annotations

from django.db import models


class Perspective(models.TextChoices):
    """The four sides of a strategy map; money is what the others lead to."""

    MONEY = "money"
    CUSTOMER = "customer"
    PROCESS = "process"
    PEOPLE = "people"


class Level(models.TextChoices):
    COMPANY = "company"
    TEAM = "team"
    PERSON = "person"


class Stance(models.Model):
    """What the service stands for (定位) in a year: one of a few ways to win, and the sentence that says it."""

    period = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=20)
    sentence = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.sentence


class Objective(models.Model):
    """Something to reach in a period (``2026``, ``2026-Q4``, ``2026-11``) by the company, a team or a person.

    ``subject`` is the team's key or the person's number, empty for the company. ``contribution`` says how many per
    cent of the objective above this one makes up. A closed one stays, for the years to come to look back at.
    """

    level = models.CharField(max_length=10, choices=Level)
    subject = models.CharField(max_length=120, blank=True)
    perspective = models.CharField(max_length=10, choices=Perspective)
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    period = models.CharField(max_length=10)
    owner = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    contribution = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("period", "perspective", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="objective_level_known"),
            models.CheckConstraint(condition=models.Q(contribution__lte=100), name="objective_contributes_at_most_all"),
            models.CheckConstraint(
                condition=(
                    models.Q(level=Level.COMPANY, subject="") | (~models.Q(level=Level.COMPANY) & ~models.Q(subject=""))
                ),
                name="objective_has_a_subject",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class KeyResult(models.Model):
    """A number that says how far an objective is: an indicator's live value, else one that is typed in."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="results")
    title = models.CharField(max_length=200, blank=True)
    indicator = models.CharField(max_length=16, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=2)
    target = models.DecimalField(max_digits=14, decimal_places=2)
    typed = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    """Only where there is no indicator."""

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(indicator="") | models.Q(typed__isnull=True),
                name="result_typed_only_without_indicator",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.indicator


class CheckIn(models.Model):
    """How somebody judged an objective on a day: confidence, and what is in the way."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="check_ins")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    confidence = models.CharField(max_length=6, choices=(("good", "good"), ("near", "near"), ("bad", "bad")))
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.objective} {self.at:%Y-%m-%d}"
