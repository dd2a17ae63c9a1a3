"""What happened with a customer or a device, newest first: cases, visits, contracts, exchanges, costs, their voice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.wording import say
from fuxiao.service.models import Case, Contract, Cost, Exchange, Visit
from fuxiao.service.queries.complaints import complaints_in_reach, surveys_in_reach
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.web.shell.home import organisation
from fuxiao.web.templatetags.numbers import minor
from fuxiao.web.words import language, t

MOST = 60
"""Entries of one timeline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, a symbol, what, and where to read on."""

    at: datetime
    icon: str
    title: str
    detail: str = ""
    href: str = ""
    whole_day: bool = False


def timeline(viewer: Viewer, *, on: date, **of: object) -> list[Entry]:
    """The newest entries of ``customer=`` or ``device=``; only cases in the viewer's reach tell."""
    cases = cases_in_reach(viewer, on=on).filter(**of).order_by("-opened_at")
    shown = list(cases[:MOST])
    voice = of if "customer" in of else {f"case__{name}": row for name, row in of.items()}
    found = [*_cases(shown), *_visits(shown), *_contracts(of), *_exchanges(of)]
    found += [*_surveys(viewer, voice), *_complaints(viewer, voice)]
    if viewer.may(Permission.COSTS_READ):
        found += _costs(shown)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]


def _cases(cases: Iterable[Case]) -> Iterator[Entry]:
    for case in cases:
        state = say(f"case_state.{case.state}", language())
        opened = t("工单 {n}：{title}", "Case {n}: {title}", n=case.number, title=case.title)
        yield Entry(case.opened_at, "ticket", opened, state, address(case))
        if case.resolved_at:
            yield Entry(case.resolved_at, "circle-check", t("工单 {n} 已解决", "Case {n} resolved", n=case.number),
                        href=address(case))  # fmt: skip


def _visits(cases: list[Case]) -> Iterator[Entry]:
    found: QuerySet[Visit] = Visit.objects.filter(case__in=cases).select_related("case", "engineer")
    for visit in found.order_by("-window_start")[:MOST]:
        title = t("{who} 上门，工单 {n}", "{who} visits, case {n}", who=visit.engineer.name, n=visit.case.number)
        yield Entry(visit.arrived_at or visit.window_start, "home-move", title, visit_state(visit), address(visit.case))


def visit_state(visit: Visit) -> str:
    """Where a visit stands, in a word."""
    if visit.cancelled_at:
        return t("已取消", "cancelled")
    if visit.left_at:
        return say(f"visit_outcome.{visit.outcome}", language())
    return t("现场中", "on site") if visit.arrived_at else t("已预约", "planned")


def _contracts(of: dict[str, object]) -> Iterator[Entry]:
    for contract in Contract.objects.filter(**of).order_by("-valid_from")[:MOST]:
        told = {"n": contract.number, "level": contract.level}
        yield _day(
            contract.valid_from,
            "file-certificate",
            t("合同 {n}（{level}）生效", "Contract {n} ({level}) begins", **told),
        )


def _exchanges(of: dict[str, object]) -> Iterator[Entry]:
    column, row = next(iter(of.items()))
    named = Q(old=row) | Q(new=row) if column == "device" else Q(**{f"old__{column}": row})
    found = Exchange.objects.filter(named)
    for each in found.select_related("old", "new"):
        told = {"old": each.old.serial, "new": each.new.serial}
        yield _day(
            each.on, "switch-horizontal", t("{old} 换为 {new}", "{old} exchanged for {new}", **told), each.reason
        )


def _costs(cases: list[Case]) -> Iterator[Entry]:
    for cost in Cost.objects.filter(case__in=cases).select_related("case").order_by("-spent_at")[:MOST]:
        told = {"kind": say(f"cost_kind.{cost.kind}", language()), "amount": minor(cost.amount)}
        state = say(f"cost_state.{cost.state}", language())
        yield Entry(cost.spent_at, "coin", t("{kind} {amount}", "{kind} {amount}", **told), state, address(cost.case))


def _surveys(viewer: Viewer, of: dict[str, object]) -> Iterator[Entry]:
    """What customers answered, and that they were asked where they have not yet."""
    asked = surveys_in_reach(viewer).filter(withdrawn_at__isnull=True, **of)
    for each in asked.select_related("case").order_by("-id")[:MOST]:
        title = t("已请客户评价工单 {n}", "Asked about case {n}", n=each.case.number)
        if each.csat is not None:
            told = {"n": each.case.number, "mark": each.csat}
            title = t("满意度 {mark} 分（满分 5），工单 {n}", "Rated {mark} of 5, case {n}", **told)
        if at := each.answered_at or each.sent_at:
            yield Entry(at, "mood-smile", title, each.comment, f"/surveys/{each.number}/")


def _complaints(viewer: Viewer, of: dict[str, object]) -> Iterator[Entry]:
    for each in complaints_in_reach(viewer).filter(**of).order_by("-received_at")[:MOST]:
        told, href = {"n": each.number}, f"/complaints/{each.number}/"
        yield Entry(each.received_at, "message-report", t("投诉 {n}", "Complaint {n}", **told), each.text, href)
        if each.resolved_at:
            yield Entry(
                each.resolved_at, "circle-check", t("投诉 {n} 已办结", "Complaint {n} settled", **told), href=href
            )


def _day(day: date, icon: str, title: str, detail: str = "") -> Entry:
    at = datetime.combine(day, time(), ZoneInfo(organisation().zone))
    return Entry(at, icon, title, detail, whole_day=True)


def address(case: Case) -> str:
    """Where a case is shown."""
    return f"/desk/{case.number}/"
