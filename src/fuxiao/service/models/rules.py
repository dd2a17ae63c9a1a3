"""Rules of the desk that are edited without code, who can do what, and promises that were missed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuxiao.org.models import Person, Team
from fuxiao.service.models.cases import Case
from fuxiao.service.models.customers import Product
from fuxiao.service.models.lists import Category


class AssignmentRule(models.Model):
    """Cases that fit go to ``team``; with ``pick`` to the least loaded of those present who have the ``skill``.

    What is empty fits every case. The first rule in order that fits decides.
    """

    order = models.PositiveIntegerField(default=100)
    name = models.CharField(max_length=120)
    case_type = models.CharField(max_length=80, blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    region = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=80, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pick = models.BooleanField(default=True)
    skill = models.CharField(max_length=80, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Somebody can do something: ``name`` is a word that rules ask for."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("person", "name")
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="skill_once"),)

    def __str__(self) -> str:
        return f"{self.person} {self.name}"


class Away(models.Model):
    """Somebody takes no new cases on a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        ordering = ("day", "person")
        constraints = (models.UniqueConstraint(fields=("person", "day"), name="away_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class Clock(models.TextChoices):
    """The promises of a service level."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


class EscalationRule(models.Model):
    """What happens when a promise is about to be missed (``warning``) or is missed."""

    order = models.PositiveIntegerField(default=100)
    name = models.CharField(max_length=120)
    clock = models.CharField(max_length=16, choices=Clock)
    missed = models.BooleanField(default=False)
    priority = models.CharField(max_length=80, blank=True)
    tell_owner = models.BooleanField(default=True)
    tell_lead = models.BooleanField(default=False)
    escalate_to = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "id")
        constraints = (models.CheckConstraint(condition=Q(clock__in=Clock.values), name="escalation_clock_known"),)

    def __str__(self) -> str:
        return self.name


class Miss(models.Model):
    """A promise that was warned of or missed, once a case, clock and due moment; who held the case then."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="misses")
    clock = models.CharField(max_length=16, choices=Clock)
    policy = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    escalated = models.BooleanField(default=False)

    class Meta:
        ordering = ("case", "clock", "due_at")
        constraints = (models.UniqueConstraint(fields=("case", "clock", "due_at"), name="miss_told_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"
