"""Files that came in and what became of them; databases of other systems and what is read from them."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from django.conf import settings
from django.db import models

from fuxiao.base.hidden import reveal
from fuxiao.datasets.connecting.address import Address
from fuxiao.datasets.connecting.query import Query
from fuxiao.datasets.connecting.schedule import Every


class Upload(models.Model):
    """A file as somebody sent it, kept below the home folder so that it can be read again."""

    name = models.CharField(max_length=200)
    path = models.CharField(max_length=300, unique=True)
    """Below the home folder."""
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

    @property
    def file(self) -> Path:
        """Where it lies."""
        return settings.HOME / self.path


class State(models.TextChoices):
    """Where a job stands; a draft waits for a person."""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Work(models.TextChoices):
    """What a worker does for a job: look at the file, try the import, or do it; the first and last also straight from
    a database."""

    SAMPLE = "sample"
    PULL = "pull"
    LOOK = "look"
    CHECK = "check"
    IMPORT = "import"


class Database(models.Model):
    """A database of another system that is read from. The password is kept encrypted and never shown."""

    KINDS = (("postgresql", "PostgreSQL"), ("mysql", "MySQL / MariaDB"), ("sqlite", "SQLite"))

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    host = models.CharField(max_length=255, blank=True)
    port = models.PositiveIntegerField(default=0)
    database = models.CharField(max_length=500)
    user = models.CharField(max_length=120, blank=True)
    hidden = models.TextField(blank=True)
    """The password, as ``base.hidden`` keeps it."""
    tls = models.CharField(max_length=10, default="prefer", choices=[(w, w) for w in ("prefer", "require", "verify")])
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> Address:
        """Where it is, with the password. ``InputError`` where that cannot be read any more."""
        return Address(
            self.kind, self.host, self.port, self.database, self.user, reveal(self.hidden), self.tls
        )  # fmt: skip


class Pull(models.Model):
    """What is read from a database again and again: the query, how its columns are read, when, and how far it is.

    Without a mapping it is not finished. ``high`` is the high-water mark of the last load that came in.
    """

    database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="pulls")
    name = models.CharField(max_length=80, unique=True)
    query = models.JSONField()
    mapping = models.TextField(blank=True)
    every = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Every], default=Every.DAY)
    at_time = models.TimeField(default=time(2))
    """For daily reading, in the organisation's zone."""
    paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """By the machine's clock; none while it is paused or not finished."""
    high = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> Query:
        return Query.of(self.query)


class ImportJob(models.Model):
    """A file on its way into the lake, from the first look to the report.

    ``look``, ``found`` and ``report`` are what the three kinds of work brought, empty before. ``people`` says which
    employee number stands for a name of the file. ``problems`` has the lines of what went wrong by language.
    ``pulled`` is how far a pull had come before and came with this job (``low``, ``high``).
    ``attempt`` counts the workers that took it: whatever an earlier one still writes is not believed.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="jobs")
    pull = models.ForeignKey(Pull, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    work = models.CharField(max_length=10, choices=Work, default=Work.LOOK)
    layout = models.JSONField(default=dict)
    mapping = models.TextField(blank=True)
    saved_as = models.CharField(max_length=80, blank=True)
    look = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    people = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    problems = models.JSONField(default=dict)
    pulled = models.JSONField(default=dict)
    load = models.IntegerField(null=True, blank=True, db_index=True)
    stage = models.CharField(max_length=10, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    alive_at = models.DateTimeField(null=True)
    """By the machine's clock."""
    attempt = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=models.Q(state__in=State.values), name="job_state_known"),)

    def __str__(self) -> str:
        return f"{self.upload} {self.state}"

    @property
    def is_busy(self) -> bool:
        """Whether a worker has it, or is about to."""
        return self.state in {State.QUEUED, State.RUNNING}
