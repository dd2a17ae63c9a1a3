"""What can be chosen on a case: channels, kinds, priorities, results, causes; categories and fault codes."""

from __future__ import annotations

from django.db import models


class ListKind(models.TextChoices):
    """Lists of plain choices; the key is what records carry."""

    CHANNEL = "channel"
    CASE_TYPE = "case_type"
    PRIORITY = "priority"
    RESOLUTION_CODE = "resolution_code"
    ROOT_CAUSE = "root_cause"
    REGION = "region"


ANSWERED_HERE = frozenset(
    {"咨询", "查询", "建议", "投诉", "表扬", "question", "enquiry", "inquiry", "advice", "complaint"}
)
"""Case types for which usually nobody goes out; what an organisation calls otherwise it says on a page."""


class Choice(models.Model):
    """A value that a field of a case may take, with its words; ``rank`` orders the list, the most urgent first."""

    kind = models.CharField(max_length=20, choices=ListKind)
    key = models.CharField(max_length=80)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    rank = models.PositiveIntegerField(default=100)
    active = models.BooleanField(default=True)
    visits = models.BooleanField(default=True)
    """Of a case type: whether somebody may have to go there; questions are answered from the desk."""

    class Meta:
        ordering = ("kind", "rank", "key")
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="choice_named_once"),)

    def __str__(self) -> str:
        return self.zh


class Category(models.Model):
    """What a case is about; ``standard_minutes`` is what work of the kind should take, ``difficulty`` 1 is normal."""

    key = models.CharField(max_length=80, unique=True)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    case_type = models.CharField(max_length=80, blank=True)
    standard_minutes = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    difficulty = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.zh


class FaultCode(models.Model):
    """A fault that devices have; ``group`` is what two faults share when one repair may have caused the other.

    ``root_causes`` are the keys of the root causes that this fault may have; empty: any.
    """

    code = models.CharField(max_length=80, unique=True)
    group = models.CharField(max_length=120, blank=True)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="faults")
    root_causes = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.zh}"
