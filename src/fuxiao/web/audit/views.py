"""The audit trail: who changed what, and whether the trail is whole."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission
from fuxiao.web.access import Request, allowed
from fuxiao.web.pages import page_of


@allowed(Permission.AUDIT_READ)
@require_GET
def audit(request: Request) -> HttpResponse:
    return render(request, "audit/audit.html", {"page": page_of(request, AuditEntry.objects.order_by("-id"))})
