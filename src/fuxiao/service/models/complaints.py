"""Complaints: what a customer is dissatisfied with, who looks after it, and who was found responsible."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuxiao.org.models import Person, Team
from fuxiao.service.models.cases import Case
from fuxiao.service.models.customers import Customer
from fuxiao.service.models.surveys import Survey


class ComplaintChannel(models.TextChoices):
    INTERNAL = "internal"
    PLATFORM = "platform"
    HOTLINE = "12315"
    MEDIA = "media"


class Severity(models.TextChoices):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Validity(models.TextChoices):
    PENDING = "pending"
    VALID = "valid"
    INVALID = "invalid"


class Complaint(models.Model):
    """One complaint. Due moments are those of the settings when it came in.

    ``cause_person`` and ``cause_team`` are only set by the liability decision; a valid complaint with neither lies in
    the way things are done. ``accused`` are those who may not decide: whoever worked on the case.
    """

    number = models.CharField(max_length=60, unique=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    survey = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    channel = models.CharField(max_length=10, choices=ComplaintChannel, default=ComplaintChannel.INTERNAL)
    severity = models.CharField(max_length=6, choices=Severity, default=Severity.MEDIUM)
    received_at = models.DateTimeField()
    acknowledge_due_at = models.DateTimeField()
    closing_due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    resolved_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, blank=True)
    """Whether the customer agrees that it is settled."""
    validity = models.CharField(max_length=7, choices=Validity, default=Validity.PENDING)
    cause_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cause_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decider_name = models.CharField(max_length=200, blank=True)
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("closing_due_at",), name="complaint_open", condition=Q(resolved_at__isnull=True)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(validity="valid") | Q(cause_person__isnull=True, cause_team__isnull=True),
                name="only_valid_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(validity="pending") | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="decision_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("id")), name="complaint_not_its_own_repeat"
            ),
        )

    def __str__(self) -> str:
        return self.number


class ComplaintStep(models.Model):
    """One thing that happened to a complaint. Rows are only ever added."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("complaint", "id")

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"
