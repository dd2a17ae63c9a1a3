"""Reads of costs: those in reach, those that wait for approval, the limit that holds for a case."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet

from fuxiao.base.permissions import Permission, Reach, Viewer, reach_for
from fuxiao.core.policy_limit import Limit, limit_for
from fuxiao.service.models import Case, Cost, CostLimit, CostState
from fuxiao.service.queries.reach import cases_in_reach


def costs(viewer: Viewer, *, on: date) -> QuerySet[Cost]:
    """The costs that the viewer may read, newest first: all, or those of the cases in reach."""
    found = Cost.objects.select_related("case__customer", "proposed_by", "approved_by").order_by("-id")
    reach = reach_for(viewer, Permission.COSTS_READ)
    if reach is None:
        return found.none()
    if reach is Reach.ALL:
        return found
    return found.filter(case__in=cases_in_reach(viewer, on=on).select_related(None).order_by())


def waiting(viewer: Viewer, *, on: date) -> QuerySet[Cost]:
    """What somebody has to decide on, the oldest first."""
    return costs(viewer, on=on).filter(state=CostState.WAITING).order_by("id")


def limits() -> QuerySet[CostLimit]:
    """The limits, those that hold first."""
    order = (F("valid_to").desc(nulls_first=True), "kind", "-valid_from", "id")
    return CostLimit.objects.select_related("category", "product").order_by(*order)


def limit_of(case: Case, kind: str, *, on: date) -> Limit | None:
    """The limit for a kind of cost of a case."""
    product = case.product or (case.device.product if case.device else None)
    found = [
        Limit(
            kind=each.kind, amount=each.amount, category=each.category.key if each.category else None,
            product=each.product.code if each.product else None, valid_from=each.valid_from, valid_to=each.valid_to,
        )
        for each in limits().filter(kind=kind)
    ]  # fmt: skip
    category = case.category.key if case.category else None
    return limit_for(found, kind=kind, category=category, product=product.code if product else None, on=on)
