"""A score event of the demonstration company that waits for somebody to decide: an idea that a lead reports."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task
from ibis import _

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Role
from fuxiao.datasets.store import Store
from fuxiao.metrics.cases import cases_in_reach
from fuxiao.metrics.source import facts_in
from fuxiao.org.models import RoleGrant
from fuxiao.org.queries import numbers_in_reach, viewer_of
from fuxiao.performance.events.actions import Report, report
from fuxiao.performance.events.kinds import known_kinds
from fuxiao.performance.events.models import ReportedEvent

KIND = "accepted_idea"


@task()
def fill_events() -> bool:
    """Report an idea of whoever resolved the last case of the first lead's team, with that case.

    ``False`` where an event was ever reported, nobody leads, no scheme gives points for ideas, or no case is there.
    """
    grant = RoleGrant.objects.filter(role=Role.LEAD.value).select_related("user__person").order_by("id").first()
    if grant is None or ReportedEvent.objects.exists() or KIND not in known_kinds(settings.HOME):
        return False
    with Store.open(settings.HOME) as store:
        day = today(store.settings.zone)
        lead = viewer_of(grant.user, on=day)
        people = numbers_in_reach(lead, on=day)
        if not (found := _last_resolved(store, people - {lead.own_number})):
            return False
        person, case = found
        seen = cases_in_reach(lead, store, [case], people=people)
    given = Report(
        person=person, kind=KIND, on=day, case=case,
        evidence="合理化建议：上门前一天电话确认配件和地址。已在班组周会采纳，见会议记录。",
    )  # fmt: skip
    report(lead, settings.HOME, given, openable=seen, today=day, at=now())
    return True


def _last_resolved(store: Store, people: frozenset[str]) -> tuple[str, str] | None:
    """Who resolved the last case of these people, and the case."""
    cases = facts_in(store).tables.get("cases")
    if cases is None:
        return None
    theirs = cases.filter(_.ao.isin(sorted(people)), _.resolved_at.notnull())
    rows = store.execute(theirs.order_by([_.resolved_at.desc(), _.case_id]).select("ao", "case_id").limit(1))
    return next(((row["ao"], row["case_id"]) for row in rows.to_pylist()), None)
