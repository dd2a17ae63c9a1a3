"""Which of the cases that a page names its reader can open: the others are shown without a link."""

from __future__ import annotations

from collections.abc import Iterable

from fuxiao.metrics.cases import cases_in_reach
from fuxiao.web.access import Request
from fuxiao.web.metrics.desk import desk
from fuxiao.web.metrics.figures import remembered


def openable(request: Request, cases: Iterable[str]) -> frozenset[str]:
    """Those that ``cases/`` would show to this reader."""
    asked, viewer = frozenset(cases), request.viewer
    if not asked:
        return asked
    with desk(request) as at:
        key = ("openable", asked, viewer.person, viewer.reach, viewer.permissions, viewer.teams, at.people)
        return remembered(at.store, key, lambda: cases_in_reach(viewer, at.store, asked, people=at.people))
