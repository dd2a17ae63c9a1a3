"""The parts in use, as a field proposes them."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from fuxiao.service.models import Part
from fuxiao.web.access import Request
from fuxiao.web.shell.kept import known

MOST = 500
"""So many are proposed; any other is named by its number."""


def known_parts(request: Request) -> SafeString:
    """The options of a list of proposals: number, and name beside it."""
    option = '<option value="{}">{}</option>'

    def shown() -> SafeString:
        found = Part.objects.filter(active=True).order_by("number").values_list("number", "name")
        return format_html_join("", option, found[:MOST])

    return known(request, "known parts", shown)
