"""Satisfaction: what customers are asked after a case, and what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuxiao.org.models import Person
from fuxiao.service.models.cases import Case
from fuxiao.service.models.customers import Customer


class SurveyPolicy(models.Model):
    """How customers are asked; there is one row. Nobody is asked again within ``cap_days`` of the last time.

    ``low_mark``: a mark up to this one is told to the owner of the case and the lead of the team at once.
    """

    active = models.BooleanField(default=True)
    delay_minutes = models.PositiveIntegerField(default=0)
    cap_days = models.PositiveIntegerField(default=7)
    remind_days = models.PositiveIntegerField(default=2)
    """Days after which who did not answer is reminded once, by mail; nought: never."""
    open_days = models.PositiveIntegerField(default=7)
    ask_nps = models.BooleanField(default=True)
    ask_ces = models.BooleanField(default=False)
    ask_solved = models.BooleanField(default=True)
    english = models.BooleanField(default=False)
    """Whether customers are asked in English first."""
    low_mark = models.PositiveIntegerField(default=2)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(low_mark__lte=5), name="low_mark_is_a_mark"),)

    def __str__(self) -> str:
        return f"{self.delay_minutes}/{self.cap_days}"


class SurveyChannel(models.TextChoices):
    MAIL = "mail"
    LINK = "link"


class Survey(models.Model):
    """One customer is asked about one case. ``about`` is fixed when the survey is made: the owner at the resolve.

    ``due_at`` is when it goes out, ``sent_at`` when it did: by mail, or when somebody said that the link was passed on.
    Only the ``digest`` of the link's token is kept.
    """

    number = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="surveys")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="surveys")
    about = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=SurveyChannel)
    language = models.CharField(max_length=2, default="zh")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """The case was reopened before the customer was asked."""
    answered_at = models.DateTimeField(null=True, blank=True)
    csat = models.PositiveIntegerField(null=True, blank=True)
    nps = models.PositiveIntegerField(null=True, blank=True)
    ces = models.PositiveIntegerField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    comment = models.TextField(blank=True)
    source_ip = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("due_at",), name="survey_to_send",
                condition=Q(sent_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=("customer", "-id"), name="survey_of_customer"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(condition=Q(csat__isnull=True) | Q(csat__range=(1, 5)), name="csat_1_to_5"),
            models.CheckConstraint(condition=Q(nps__isnull=True) | Q(nps__lte=10), name="nps_0_to_10"),
            models.CheckConstraint(condition=Q(ces__isnull=True) | Q(ces__range=(1, 7)), name="ces_1_to_7"),
        )

    def __str__(self) -> str:
        return self.number
