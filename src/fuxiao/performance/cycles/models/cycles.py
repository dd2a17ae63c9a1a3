"""Cycles and who is in them. People are named by their number and as they stood: a transfer changes nothing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fuxiao.core.cycle import Step
from fuxiao.core.period import PeriodKind


class Cycle(models.Model):
    """A period under a scheme for the whole company or some teams; scheme and plan are frozen when it is opened.

    ``basis`` is what the figures are made of from the data cut-off on: the definitions' texts and the record files by
    digest. ``calculation`` counts how often everybody was scored; 0 before the first.
    """

    period = models.CharField(max_length=20)
    scheme = models.CharField(max_length=200)
    scheme_text = models.TextField()
    scheme_digest = models.CharField(max_length=64)
    plan = models.CharField(max_length=200, blank=True)
    plan_text = models.TextField(blank=True)
    teams = models.JSONField(default=list, blank=True)
    """Keys of the teams that take part, those below included; empty for the whole company."""
    scope = models.CharField(max_length=200, blank=True)
    """The teams as one text, so that the database refuses the same cycle twice."""
    stages = models.JSONField(default=list, blank=True)
    rank_shown = models.CharField(max_length=20, default="percentile")
    cut_off_on = models.DateField()
    appeal_days = models.PositiveSmallIntegerField(default=7)
    repeats = models.BooleanField(default=False)
    """Whether the next period's cycle opens by itself in the same way."""
    step = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Step], default=Step.RUNNING)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    as_of = models.DateTimeField(null=True)
    basis = models.JSONField(default=dict)
    rulings = models.JSONField(default=list)
    """What was decided about figures and grades in any cycle of the period, oldest first, in plain form."""
    calculation = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    """How many of the rulings the stored scorecards know."""
    amounts = models.JSONField(default=dict, blank=True)
    """What is given beside the plan: ``pools`` by key (by team for a pool of each team) and ``company``, as text."""
    amounts_given = models.PositiveIntegerField(default=0)
    """How often the amounts were set."""
    amounts_applied = models.PositiveIntegerField(default=0)
    """Which of these settings the stored scorecards know."""
    passed = models.JSONField(default=dict, blank=True)
    """Teams by key, with their names, in which its people spent a part of the period beside their own."""
    computed_at = models.DateTimeField(null=True)
    shared_on = models.DateField(null=True)
    window_ends = models.DateField(null=True)
    final_by = models.CharField(max_length=200, blank=True)
    final_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    seal = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-period", "id")
        constraints = (models.UniqueConstraint(fields=("period", "scope"), name="cycle_once"),)

    def __str__(self) -> str:
        return f"{self.period} {self.scheme}"

    @property
    def kind(self) -> PeriodKind:
        from fuxiao.core.period import parse_period

        return parse_period(self.period).kind

    @property
    def at(self) -> Step:
        return Step(self.step)

    @property
    def known(self) -> tuple[int, int]:
        """How many rulings, and which setting of the amounts, the stored scorecards know."""
        return self.applied, self.amounts_applied

    @property
    def decided(self) -> tuple[int, int]:
        """How many rulings there are, and how often the amounts were set."""
        return len(self.rulings), self.amounts_given

    @property
    def is_behind(self) -> bool:
        """Whether something was decided that the stored scorecards do not know yet; not before there are any."""
        return self.calculation > 0 and self.known != self.decided

    @property
    def stage_steps(self) -> frozenset[Step]:
        return frozenset(Step(each) for each in self.stages)


class CalledOff(models.Model):
    """A cycle that was opened by mistake and called off while it ran: what it was, by whom, why. It counts nowhere.

    Its own row and those of its people are gone; the calendar does not open the same again.
    """

    cycle = models.PositiveBigIntegerField(unique=True)
    """The number that it had."""
    period = models.CharField(max_length=20)
    scheme = models.CharField(max_length=200)
    scheme_text = models.TextField()
    scope = models.CharField(max_length=200, blank=True)
    people = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    called_off_at = models.DateTimeField()
    called_off_by = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        ordering = ("-called_off_at", "-id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="called_off_with_a_reason"),)

    def __str__(self) -> str:
        return f"{self.period} {self.scheme}"


class CycleMember(models.Model):
    """A person in a cycle with position, team and lead of that period, and the share of it that counts.

    ``days`` of ``of_days`` were spent in it; ``reasons`` say why not all: ``{"code": "joined", "day": "2026-10-12"}``.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="members")
    person = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=60, blank=True)
    team = models.CharField(max_length=120, blank=True)
    team_name = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=60, blank=True)
    lead_name = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(default=0)
    of_days = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    scorecard = models.ForeignKey("Scorecard", null=True, on_delete=models.PROTECT, related_name="+")
    """The version that holds."""
    self_reviewed_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    talked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("cycle", "team", "person")
        constraints = (models.UniqueConstraint(fields=("cycle", "person"), name="member_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.person}"

    @property
    def named(self) -> StandIn | None:
        """Who is asked to review in the place of the lead."""
        return getattr(self, "stand_in", None)


class StandIn(models.Model):
    """Who is asked to review a person in the place of their lead, by whom, and why. The talk is theirs to hold as well.

    ``person`` is empty for an account behind which nobody stands.
    """

    member = models.OneToOneField(CycleMember, on_delete=models.CASCADE, related_name="stand_in")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="stand_in_with_a_reason"),)

    def __str__(self) -> str:
        return f"{self.member} {self.name}"


class Scorecard(models.Model):
    """A version of one person's scorecard. ``result`` holds every figure, the arithmetic as a tree and the page."""

    member = models.ForeignKey(CycleMember, on_delete=models.CASCADE, related_name="scorecards")
    n = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=20)
    """``computed``, ``review``, ``appeal``, ``calibration``, ``amounts``, or ``program``: a newer program worked
    out the same inputs otherwise."""
    as_of = models.DateTimeField()
    made_at = models.DateTimeField()
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    grade = models.CharField(max_length=20, blank=True)
    coefficient = models.DecimalField(max_digits=9, decimal_places=4)
    result = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("member", "n")
        constraints = (models.UniqueConstraint(fields=("member", "n"), name="scorecard_version_once"),)

    def __str__(self) -> str:
        return f"{self.member} v{self.n}"


class OtherPayout(models.Model):
    """What the settlement of a cycle's period pays somebody who has no scorecard in it.

    Corrections and released hold-back of people who left, say. The seal of the period holds it as well.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="others")
    person = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=60, blank=True)
    team = models.CharField(max_length=120, blank=True)
    team_name = models.CharField(max_length=200, blank=True)
    payout = models.JSONField()

    class Meta:
        ordering = ("cycle", "person")
        constraints = (models.UniqueConstraint(fields=("cycle", "person"), name="other_payout_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.person}"
