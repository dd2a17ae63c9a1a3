"""The page of the running month: one's own figures, and those of the people whom one leads."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.metrics.now import figures_now, running
from fuxiao.org.queries import people
from fuxiao.web.access import Request, allowed
from fuxiao.web.now.presenters import page_of_month
from fuxiao.web.performance.live import MOVED_BY
from fuxiao.web.performance.own import running_card
from fuxiao.web.shell.home import is_set_up, organisation

MOST = 60
"""People of the table; whoever leads more has the comparison of an indicator."""


@allowed(Permission.VALUES_READ)
@require_GET
def month(request: Request) -> HttpResponse:
    """My month now, and my people's; asked again whenever anything changes that they are made of."""
    viewer, on = request.viewer, today(organisation().zone)
    mine = [viewer.person] if viewer.person else []
    team = list(people(viewer, on=on)[:MOST])
    wanted = dict.fromkeys([*mine, *(person.number for person in team)])
    found = figures_now(settings.HOME, wanted, now=now()) if is_set_up() else None
    context = {
        "moved_by": MOVED_BY,
        "page": page_of_month(found, viewer.person, team) if found else None,
        "opening": found is None and is_set_up() and running(settings.HOME).has_facts(now=now()),
    }  # fmt: skip
    if request.htmx:
        return render(request, "now/month.html#figures", context)
    return render(request, "now/month.html", {**context, "card": running_card(viewer)})
