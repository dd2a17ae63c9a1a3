"""What people say and do about a case: comments, files, tasks."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models

from fuxiao.org.models import Person
from fuxiao.service.models.cases import Case


class Comment(models.Model):
    """A remark on a case. ``public`` ones are shown to the customer; no ``author``: the customer wrote it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="comments")
    at = models.DateTimeField()
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    public = models.BooleanField(default=False)
    mentions = models.ManyToManyField(Person, blank=True, related_name="+")

    class Meta:
        ordering = ("case", "at", "id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.author_name}"


class Attachment(models.Model):
    """A file of a case, kept below the home folder under a name of its own; ``digest`` is its SHA-256."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=300, unique=True)
    """Below the home folder."""
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ("case", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def file(self) -> Path:
        """Where it lies."""
        return settings.HOME / self.path


class Task(models.Model):
    """Something to be done for a case by somebody."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    assignee = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    due_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "id")

    def __str__(self) -> str:
        return self.title
