"""Tells the lake which files of records the figures of cycles are made of, so that they stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from fuxiao.datasets.store import holding
from fuxiao.performance.cycles.models import Cycle


def files_of_cycles(home: Path) -> Iterator[str]:
    """The paths of all files in the frozen bases; none for another home folder than this installation's."""
    if home != Path(settings.HOME).resolve():
        return
    for records in Cycle.objects.filter(as_of__isnull=False).values_list("basis__records", flat=True):
        yield from (file["path"] for each in (records or {}).values() for file in each["files"])


holding.register("cycles", files_of_cycles)
