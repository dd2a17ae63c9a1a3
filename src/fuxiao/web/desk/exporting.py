"""Cases as a file: what the list shows, with contacts only for those who may see them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from fuxiao.service.models import NEVER, Case
from fuxiao.service.rights import sees_contact
from fuxiao.web.access import Request
from fuxiao.web.desk import labels
from fuxiao.web.desk.reading import today
from fuxiao.web.org.sheets import download
from fuxiao.web.templatetags.numbers import moment
from fuxiao.web.words import t

MOST = 100_000


def export(request: Request, found: QuerySet[Case], kind: str) -> HttpResponse:
    """The rows of a list, at most 100,000, as a workbook or as comma-separated text that Excel reads."""
    rows = [_row(request, case) for case in found[:MOST].iterator(chunk_size=1_000)]
    return download(t("工单", "cases"), _head(), rows, kind, stamp=today())


def _head() -> list[str]:
    return [
        t("工单号", "Number"), t("标题", "Title"), t("状态", "State"), t("优先级", "Priority"), t("类别", "Category"),
        t("班组", "Team"), t("责任人", "Owner"), t("客户", "Customer"), t("电话", "Telephone"), t("序列号", "Serial number"),
        t("受理时间", "Opened"), t("到期时间", "Due"), t("解决时间", "Resolved"),
    ]  # fmt: skip


def _row(request: Request, case: Case) -> list[str]:
    phone = case.contact_phone or (case.customer.phone if case.customer else "")
    return [
        case.number, case.title, labels.state_word(case.state), case.priority, case.category.zh if case.category else "",
        case.team.name if case.team else "", case.owner.name if case.owner else "",
        case.customer.name if case.customer else case.contact_name, phone if sees_contact(request.viewer, case) else "",
        case.device.serial if case.device else "", moment(case.opened_at),
        moment(case.next_due_at) if case.next_due_at < NEVER else "", moment(case.resolved_at) if case.resolved_at else "",
    ]  # fmt: skip
