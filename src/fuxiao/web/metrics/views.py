"""Pages of indicators: values, and the rows behind them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission
from fuxiao.core.period import parse_period
from fuxiao.metrics.queries import values_for
from fuxiao.metrics.values import Request as Asked
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import library_of
from fuxiao.web.metrics.presenters import overview
from fuxiao.web.shell.home import organisation


@allowed(Permission.VALUES_READ)
@require_GET
def values(request: Request) -> HttpResponse:
    """All indicators of a period."""
    day = today(organisation().zone)
    period = parse_period(request.GET.get("period") or parse_period(f"{day:%Y-%m}").previous().key)
    with lake() as store:
        library = library_of(store)
        asked = Asked(indicators=list(library), first=period, last=period)
        table = values_for(request.viewer, store, asked, as_of=day)
    return render(
        request, "metrics/values.html", {"period": period, "rows": overview(table, library, words.language())}
    )
