"""Cases: the row that a list reads, and the events that are the truth."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Final

from django.db import models
from django.db.models import F, Q

from fuxiao.core.case_life import OPEN, State
from fuxiao.engine.schema import EVENT_TYPES, PAUSE_KINDS
from fuxiao.org.models import Person, Team
from fuxiao.service.models.customers import Customer, Device, Product
from fuxiao.service.models.lists import Category, FaultCode

STATES: Final = tuple(state.value for state in State)
OPEN_STATES: Final = tuple(state.value for state in State if state in OPEN)
"""The states in which somebody has still something to do."""


class StillOpen(models.Func):
    """Whether somebody has still something to do with a case, by its state.

    The states are written out: with places for values SQLite does not see that an index of open cases would serve.
    """

    template = f"%(expressions)s IN {OPEN_STATES}"
    output_field = models.BooleanField()


class Unowned(models.Func):
    """Whether nobody has a case.

    The sign keeps a database from gathering all that nobody has, most of them long closed, where open ones are asked
    for.
    """

    template = "+%(expressions)s IS NULL"
    output_field = models.BooleanField()


NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for no due moment: it comes last in every order, on every database."""


class CaseNumbers(models.Model):
    """The last number given out in a month (``2611``), or of customers made here (``CUST``)."""

    month = models.CharField(max_length=8, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.month}-{self.last}"


class Case(models.Model):
    """One request of a customer. Everything from ``state`` to ``last_at`` is what its events add up to.

    ``pause`` is the kind of pause while pending. ``events`` is how many events there are, ``last_at`` the moment of the
    last. ``next_due_at`` is the earlier of the promises that still run. ``priority``, ``channel``, ``case_type``,
    ``region``, ``resolution_code`` and ``root_cause`` are keys of ``Choice``.
    """

    number = models.CharField(max_length=60, unique=True)
    token = models.CharField(max_length=50, unique=True, default=token_urlsafe, editable=False)
    """Whoever has the link with it may see how the case stands."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    channel = models.CharField(max_length=80, blank=True)
    case_type = models.CharField(max_length=80, blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    priority = models.CharField(max_length=80, blank=True)
    difficulty = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    region = models.CharField(max_length=80, blank=True)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=400, blank=True)
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_test = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default=State.NEW.value)
    pause = models.CharField(max_length=12, blank=True)
    on_visit = models.BooleanField(default=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveIntegerField(default=0)
    events_seen = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    resolution_code = models.CharField(max_length=80, blank=True)
    root_cause = models.CharField(max_length=80, blank=True)
    fault_code = models.ForeignKey(FaultCode, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")

    policy = models.CharField(max_length=80, blank=True)
    """The key of the service level that was promised."""
    response_due_at = models.DateTimeField(null=True, blank=True)
    resolution_due_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(default=NEVER)
    warn_at = models.DateTimeField(default=NEVER)
    """When somebody has to be warned, or a promise is missed, next."""
    assigned_why = models.JSONField(default=dict, blank=True)
    """Why the owner was chosen, where a rule chose: the rule and what it looked at."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("state", "-id"), name="case_by_state"),
            models.Index(fields=("team", "state", "-id"), name="case_by_team"),
            models.Index(fields=("owner", "state", "-id"), name="case_by_owner"),
            models.Index(fields=("next_due_at", "id"), name="case_all_by_due"),
            models.Index(fields=("-id",), name="case_open", condition=Q(state__in=OPEN_STATES)),
            models.Index(fields=("next_due_at", "id"), name="case_by_due", condition=Q(state__in=OPEN_STATES)),
            models.Index(
                fields=("state", "next_due_at", "id", "owner"), name="case_on_board", condition=Q(state__in=OPEN_STATES)
            ),
            models.Index(fields=("warn_at",), name="case_to_warn", condition=Q(state__in=OPEN_STATES)),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(condition=Q(pause="") | Q(pause__in=PAUSE_KINDS), name="case_pause_known"),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")), name="case_not_its_own_duplicate"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class CaseEvent(models.Model):
    """One thing that happened to a case. Rows are only ever added.

    ``type`` is one of ``engine.schema.EVENT_TYPES``, ``kind`` a kind of pause. ``recorded_at`` later than ``at`` shows
    back-dating. ``actor`` is null for the customer and for the system, which ``source`` tells.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    type = models.CharField(max_length=20)
    activity = models.CharField(max_length=80, blank=True)
    """The verb, where the type does not say it."""
    kind = models.CharField(max_length=12, blank=True)
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    wrong = models.BooleanField(default=False)
    self_picked = models.BooleanField(default=False)
    template = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("case", "seq")
        constraints = (
            models.UniqueConstraint(fields=("case", "seq"), name="event_in_its_place"),
            models.CheckConstraint(condition=Q(type__in=EVENT_TYPES), name="event_type_known"),
            models.CheckConstraint(condition=Q(kind="") | Q(kind__in=PAUSE_KINDS), name="event_pause_known"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.type}"


class Link(models.TextChoices):
    """How two cases belong together, seen from the first."""

    RELATED = "related"
    FOLLOWS = "follows"
    CAUSED_BY = "caused_by"


class CaseLink(models.Model):
    """Two cases that belong together."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Link, default=Link.RELATED)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "id")
        constraints = (
            models.UniqueConstraint(fields=("case", "other"), name="cases_linked_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="case_not_linked_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"
