"""Costs and compensation of cases: what was proposed, what the policy allows, who approved it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuxiao.engine.schema import COST_KINDS
from fuxiao.org.models import Person
from fuxiao.service.models.cases import Case
from fuxiao.service.models.customers import Product
from fuxiao.service.models.lists import Category


class CostLimit(models.Model):
    """How much a cost of a kind may be without approval, in minor units; what is empty fits every case.

    From ``valid_from`` to before ``valid_to`` (null: open). Of those that fit, the most special decides.
    """

    kind = models.CharField(max_length=20)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    amount = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "valid_from", "id")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=COST_KINDS), name="limit_kind_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="limit_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class CostState(models.TextChoices):
    """Within the limit a cost is approved as it is written down; above it somebody else decides."""

    APPROVED = "approved"
    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Cost(models.Model):
    """Money spent for a case, in minor units; ``policy_limit`` is what the policy of ``spent_at`` allowed.

    ``proposer`` and ``approver`` are accounts: nobody approves what they proposed. ``exception`` marks an approval
    above the limit.
    """

    number = models.CharField(max_length=60, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    spent_at = models.DateTimeField()
    note = models.CharField(max_length=400, blank=True)
    policy_limit = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=CostState)
    proposer = models.BigIntegerField(null=True)
    proposed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposer_name = models.CharField(max_length=200)
    approver = models.BigIntegerField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approver_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=400, blank=True)
    exception = models.BooleanField(default=False)
    in_warranty = models.BooleanField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    value_band = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "id"), name="cost_by_state"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=COST_KINDS), name="cost_kind_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cost_of_something"),
            models.CheckConstraint(condition=Q(state__in=CostState.values), name="cost_state_known"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | Q(proposer__isnull=True) | ~Q(approver=F("proposer")),
                name="nobody_approves_their_own",
            ),
        )

    def __str__(self) -> str:
        return self.number
