"""Visits at the customer's: when somebody is to come, when they came and went, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuxiao.engine.schema import VISIT_OUTCOMES
from fuxiao.org.models import Person
from fuxiao.service.models.cases import Case
from fuxiao.service.models.customers import Customer
from fuxiao.service.models.talk import Attachment


class Visit(models.Model):
    """One visit of an engineer; ``number`` counts within the case. Minutes of travel and work, metres from the place.

    It is planned until ``arrived_at``, under way until ``left_at``; ``cancelled_at`` takes it off the board.
    ``reason`` says why nobody was let in or why it came to nothing. ``diagnosed_by`` is whose diagnosis it was planned
    with, where it was not the engineer's own.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveIntegerField()
    engineer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    diagnosed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    travel_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    work_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    distance_m = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    note = models.TextField(blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    signature = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    photos = models.ManyToManyField(Attachment, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("window_start", "id")
        indexes = (
            models.Index(fields=("engineer", "window_start"), name="visit_of_engineer"),
            models.Index(fields=("window_start", "id"), name="visit_by_window"),
        )
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="visit_numbered_once"),
            models.CheckConstraint(condition=Q(window_end__gt=F("window_start")), name="visit_window_ends_after_start"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")), name="visit_leaves_after_arrival"
            ),
            models.CheckConstraint(condition=Q(outcome="") | Q(outcome__in=VISIT_OUTCOMES), name="visit_outcome_known"),
            models.UniqueConstraint(
                fields=("engineer",), condition=Q(arrived_at__isnull=False, left_at__isnull=True),
                name="one_visit_under_way",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case} / {self.number}"

    @property
    def key(self) -> str:
        return f"{self.case.number}/{self.number}"


class Mover(models.TextChoices):
    """For whose sake a visit was moved."""

    CUSTOMER = "customer"
    PARTS = "parts"
    ENGINEER = "engineer"
    PLANNING = "planning"


class VisitMove(models.Model):
    """A visit was moved to another window or engineer. Rows are only ever added."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    engineer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    """Whose and when it was before."""
    why = models.CharField(max_length=10, choices=Mover)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("visit", "id")

    def __str__(self) -> str:
        return f"{self.visit_id} {self.why}"


class Place(models.Model):
    """Where a customer is, in degrees: noted by an engineer who stood there and consented, never taken in secret."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="place")
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="place_on_earth"
            ),
        )

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


class Sending(models.Model):
    """A form that a phone sent under a key of its own: sent again, it is not carried out again."""

    key = models.UUIDField(unique=True)
    account = models.BigIntegerField()
    what = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)
