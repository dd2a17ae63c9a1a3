"""What pages of the desk read before they show or change a case."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from fuxiao.base.clock import today as clock_today
from fuxiao.service.models import Case
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web.access import Request
from fuxiao.web.shell.home import organisation


def today() -> date:
    """Today in the organisation's zone."""
    return clock_today(organisation().zone)


def case_or_404(request: Request, number: str) -> Case:
    """The case; 404 as well where it is not in the reader's reach."""
    found = case_in_reach(request.viewer, number, on=today())
    if found is None:
        raise Http404
    return found
