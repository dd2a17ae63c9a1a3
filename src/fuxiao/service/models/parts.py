"""Parts: the catalogue, where they lie, each movement, and what was asked for, issued, fitted and given back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuxiao.engine.schema import FILLED_FROM, WRONG_PARTS
from fuxiao.org.models import Person, Team
from fuxiao.service.models.cases import Case
from fuxiao.service.models.visits import Visit


class Part(models.Model):
    """A part that is kept; ``price`` in minor units, ``return_days`` until the old one has to be back (null: never)."""

    number = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    price = models.BigIntegerField(null=True, blank=True)
    return_days = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class LocationKind(models.TextChoices):
    """How far a location is from the work; the words of ``part_lines.filled_from``."""

    VAN = "van"
    LOCAL = "local"
    CENTRAL = "central"


class Location(models.Model):
    """Where parts lie: an engineer's van, a local store, the central one."""

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=LocationKind)
    engineer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="vans")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Who answers for it."""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("kind", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="van", engineer__isnull=False)
                | Q(kind__in=("local", "central"), engineer__isnull=True),
                name="van_has_an_engineer",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """How many of a part lie somewhere: the sum of its moves. Below nought only with a reason, till it is counted."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="stock")
    balance = models.IntegerField(default=0)
    minimum = models.PositiveIntegerField(default=0)
    overdrawn = models.CharField(max_length=400, blank=True)
    """Why it may be below nought."""

    class Meta:
        ordering = ("part", "location")
        constraints = (
            models.UniqueConstraint(fields=("location", "part"), name="stock_once"),
            models.CheckConstraint(condition=Q(balance__gte=0) | ~Q(overdrawn=""), name="stock_not_below_nought"),
        )

    def __str__(self) -> str:
        return f"{self.location_id} {self.part_id} {self.balance}"


class PartLine(models.Model):
    """A part that was asked for. ``filled_from`` is where it came from, ``backorder`` while or if it had to be ordered.

    ``correct`` is what turned out on fitting (null: not known yet).
    """

    number = models.CharField(max_length=60, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="part_lines")
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="part_lines")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="lines")
    qty = models.PositiveIntegerField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filled_from = models.CharField(max_length=10, blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    issued_at = models.DateTimeField(null=True, blank=True)
    picker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    installed_at = models.DateTimeField(null=True, blank=True)
    unused_at = models.DateTimeField(null=True, blank=True)
    """When it was given back unfitted."""
    cancelled_at = models.DateTimeField(null=True, blank=True)
    correct = models.BooleanField(null=True, blank=True)
    wrong_kind = models.CharField(max_length=10, blank=True)
    """Whose mistake a wrong part was: picked wrong, or asked for wrong; empty where nobody said."""
    wrong_reason = models.CharField(max_length=400, blank=True)
    return_due_at = models.DateTimeField(null=True, blank=True)
    old_part_returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("requested_at",), name="part_line_open",
                condition=Q(issued_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(
                fields=("return_due_at",), name="old_part_due",
                condition=Q(return_due_at__isnull=False, old_part_returned_at__isnull=True),
            ),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(condition=Q(qty__gte=1), name="part_line_some"),
            models.CheckConstraint(
                condition=Q(filled_from="") | Q(filled_from__in=FILLED_FROM), name="part_line_filled_from_known"
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(location__isnull=False), name="part_line_issued_from_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(installed_at__isnull=True) | Q(unused_at__isnull=True), name="part_line_fitted_or_back"
            ),
            models.CheckConstraint(
                condition=Q(wrong_kind="") | Q(wrong_kind__in=WRONG_PARTS, correct=False), name="part_line_wrong_known"
            ),
        )

    def __str__(self) -> str:
        return self.number


class MoveKind(models.TextChoices):
    """Why stock moved."""

    RECEIVED = "received"
    ISSUED = "issued"
    GIVEN_BACK = "given_back"
    TRANSFERRED = "transferred"
    COUNTED = "counted"
    SCRAPPED = "scrapped"


class StockMove(models.Model):
    """So many came (positive) or went. Rows are only ever added; ``balance`` is what lay there afterwards."""

    at = models.DateTimeField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="moves")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="moves")
    qty = models.IntegerField()
    balance = models.IntegerField()
    kind = models.CharField(max_length=12, choices=MoveKind)
    line = models.ForeignKey(PartLine, null=True, blank=True, on_delete=models.PROTECT, related_name="moves")
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("part", "location", "-id"), name="moves_of_stock"),)
        constraints = (models.CheckConstraint(condition=~Q(qty=0), name="move_of_something"),)

    def __str__(self) -> str:
        return f"{self.part_id} {self.qty:+d}"
