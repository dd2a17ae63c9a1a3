"""Tables of the organisation. What changes over time has ``valid_from`` and ``valid_to`` (exclusive; null: open)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from fuxiao.base.permissions import Role

HALF = Decimal("0.5")


class Team(models.Model):
    """A node of the tree of teams; ``key`` is its name in records and files, ``sort`` the name in pinyin for lists."""

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=400, editable=False, default="")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=60, blank=True)
    lead = models.ForeignKey("Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    """From this day on nobody can be moved there."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("sort", "key")
        constraints = (models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent"),)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody employed; ``number`` (工号) is the name in records and files. Money in minor units of the currency.

    ``sort``, ``plain`` and ``initials`` are the name in pinyin: they order lists and answer searches, on every
    database alike.
    """

    number = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=400, editable=False)
    plain = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=60, editable=False)
    hired_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    wage = models.BigIntegerField(null=True, blank=True)
    bonus_base = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("sort", "number")
        indexes = (models.Index(fields=("sort", "number"), name="person_in_order"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="person_leaves_after_hiring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Membership(models.Model):
    """A person in a team and a position (岗位) for some days; nobody is in two at once.

    One that was taken back holds for no day at all (``valid_to`` is ``valid_from``): it stays, so that the records of
    the lake, which are only ever added to, can be told.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    bonus_base = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("person", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("person", "valid_from"), name="membership_starts_once"),
            models.UniqueConstraint(
                fields=("person",), condition=Q(valid_to__isnull=True), name="membership_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.team}"


class Shift(models.Model):
    """The work calendar that somebody works by for some days, by its key; on days without one, the organisation's."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shifts")
    calendar = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("person", "valid_from"), name="shift_starts_once"),
            models.UniqueConstraint(fields=("person",), condition=Q(valid_to__isnull=True), name="shift_open_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="shift_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.calendar}"


class LeaveState(models.TextChoices):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Leave(models.Model):
    """Time off of a person: from ``first`` to ``last``, both included, by halves of a day.

    ``from_noon``: the first half of the first day is worked; ``to_noon``: the second half of the last day is. ``paid``
    days count as attended. Only what is ``GRANTED`` counts for anything.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    from_noon = models.BooleanField(default=False)
    to_noon = models.BooleanField(default=False)
    paid = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=LeaveState.choices)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-first", "-id")
        indexes = (models.Index(fields=("state", "first", "last"), name="leave_by_days"),)
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="leave_ends_after_start"),
            models.CheckConstraint(
                condition=Q(last__gt=F("first")) | Q(from_noon=False) | Q(to_noon=False), name="leave_takes_half_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person.name} {self.first}"

    def share(self, day: date) -> Decimal:
        """How much of a day is off: 1, 0.5 or 0."""
        if not self.first <= day <= self.last:
            return Decimal(0)
        worked = (day == self.first and self.from_noon) + (day == self.last and self.to_noon)
        return 1 - HALF * worked

    @property
    def halves(self) -> range:
        """The halves of days since the beginning of time that are off."""
        return range(2 * self.first.toordinal() + self.from_noon, 2 * self.last.toordinal() + 2 - self.to_noon)


class User(AbstractUser):
    """An account. The person behind it, the language and the theme it chose.

    ``session_round`` is part of what a session proves: one more ends every session of the account at once.
    """

    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="account")
    language = models.CharField(max_length=10, blank=True, choices=(("zh-hans", "中文"), ("en", "English")))
    theme = models.CharField(max_length=5, blank=True, choices=(("light", "light"), ("dark", "dark")))
    session_round = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        ordering = ("username",)

    @property
    def shown_name(self) -> str:
        return self.person.name if self.person else self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What Django compares at every request: also changes with the round, not with the password alone."""
        proof = f"{self.session_round}:{self.password}"
        return salted_hmac("fuxiao.session", proof, secret=secret, algorithm="sha256").hexdigest()


class RoleGrant(models.Model):
    """A role that an account has."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ("user", "role")
        constraints = (models.UniqueConstraint(fields=("user", "role"), name="role_granted_once"),)

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class Invitation(models.Model):
    """A link to set an account's password by, once and before ``ends_at``; only its digest is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    digest = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} {self.ends_at:%Y-%m-%d}"


class SavedView(models.Model):
    """Filters of a list page that somebody keeps under a name: the page's key and its query string.

    ``team``: everybody in that team and below sees it too. ``is_default``: the page opens with it for its owner.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ("page", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("owner", "page", "name"), name="view_named_once"),
            models.UniqueConstraint(fields=("owner", "page"), condition=Q(is_default=True), name="view_default_once"),
        )

    def __str__(self) -> str:
        return f"{self.page} {self.name}"
