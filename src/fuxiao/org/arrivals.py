"""Records of people that came into the lake are taken over into the organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from fuxiao.base.permissions import Viewer
from fuxiao.core.errors import InputError
from fuxiao.datasets.store import Store
from fuxiao.org.actions import adopt
from fuxiao.org.models import Leave
from fuxiao.org.tasks import publish_soon

DATASETS = frozenset({"people", "teams", "memberships"})


def adopt_records(viewer: Viewer, store: Store, datasets: frozenset[str], at: datetime) -> None:
    """Bring people, teams and memberships up to the records of the lake, where some of theirs came or went.

    Raises ``InputError`` (``org.memberships_overlap``) where somebody would be in two teams at once. Where attendance
    came or went, leave fills in anew what it leaves open.
    """
    if "attendance" in datasets and Leave.objects.exists():
        transaction.on_commit(publish_soon)
    if not DATASETS & datasets:
        return

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = store.execute(store.records(name)).to_pylist()
        return found

    try:
        adopt(viewer, people=rows("people"), teams=rows("teams"), memberships=rows("memberships"), at=at)
    except IntegrityError as error:
        raise InputError("org.memberships_overlap") from error
