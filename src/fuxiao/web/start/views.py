"""The first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from fuxiao.web.access import Request


def start_page(request: Request) -> HttpResponse:
    """What there is for this reader to do first."""
    return render(request, "start/start.html")
