"""Surveys, complaints and checks as files: the rows of a list that are in reach and filtered, with what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse

from fuxiao.datasets.export import Cell
from fuxiao.service.models import Check, Complaint, Survey
from fuxiao.web.access import Request
from fuxiao.web.desk.exporting import MOST
from fuxiao.web.desk.reading import today
from fuxiao.web.org.sheets import KINDS, download
from fuxiao.web.templatetags.numbers import moment
from fuxiao.web.voice.words import CHANNELS, CRITICAL, PENDING, SAMPLINGS, SEVERITIES, VALIDITIES
from fuxiao.web.words import t

Row = TypeVar("Row", bound=Model)


def wants_file(request: Request) -> bool:
    """Whether the address asks for the list as a file: ``?form=xlsx`` or ``csv``."""
    return request.GET.get("form") in KINDS


def _file(
    request: Request, name: str, found: QuerySet[Row], head: Sequence[str], row: Callable[[Row], Sequence[Cell]]
) -> HttpResponse:
    rows = map(row, found[:MOST].iterator(chunk_size=1_000))
    return download(name, head, rows, request.GET["form"], stamp=today())


def export_surveys(request: Request, found: QuerySet[Survey]) -> HttpResponse:
    head = [
        t("调查", "Survey"), t("工单", "Case"), t("客户", "Customer"), t("被评人", "About"), t("邀请时间", "Asked"),
        t("答复时间", "Answered"), t("满意度", "Mark"), "NPS", t("费力度", "Effort"), t("问题已解决", "Solved"),
        t("留言", "Remark"),
    ]  # fmt: skip
    return _file(request, t("满意度", "surveys"), found, head, _survey)


def _survey(each: Survey) -> list[Cell]:
    return [
        each.number, each.case.number, each.customer.name if each.customer else "", each.about.name if each.about else "",
        _at(each.sent_at), _at(each.answered_at), each.csat, each.nps, each.ces, _yes(value=each.solved), each.comment,
    ]  # fmt: skip


def export_complaints(request: Request, found: QuerySet[Complaint]) -> HttpResponse:
    head = [
        t("投诉", "Complaint"), t("严重程度", "Severity"), t("渠道", "Channel"), t("内容", "What"), t("工单", "Case"),
        t("客户", "Customer"), t("经办人", "Looked after by"), t("受理", "Received"), t("告知时限", "Tell the customer by"),
        t("已告知客户", "Customer was told"), t("办结时限", "Settle by"), t("办结", "Settled"), t("判责", "Decision"),
        t("重复投诉", "Repeats"),
    ]  # fmt: skip
    return _file(request, t("投诉", "complaints"), found, head, _complaint)


def _complaint(each: Complaint) -> list[Cell]:
    return [
        each.number, str(dict(SEVERITIES)[each.severity]), str(dict(CHANNELS)[each.channel]), each.text,
        each.case.number if each.case else "", each.customer.name if each.customer else "",
        each.owner.name if each.owner else "", _at(each.received_at), _at(each.acknowledge_due_at),
        _at(each.acknowledged_at), _at(each.closing_due_at), _at(each.resolved_at),
        str(dict(VALIDITIES).get(each.validity, PENDING)), each.repeat_of.number if each.repeat_of else "",
    ]  # fmt: skip


def export_checks(request: Request, found: QuerySet[Check]) -> HttpResponse:
    head = [
        t("质检", "Check"), t("工单", "Case"), t("被检人", "Person"), t("质检员", "Checker"), t("时间", "When"),
        t("得分", "Score"), t("合格", "Passed"), t("抽样方式", "Sampling"), t("致命差错", "Critical error"),
        t("复检", "Made twice"), t("说明", "Notes"),
    ]  # fmt: skip
    return _file(request, t("质检", "checks"), found, head, _check)


def _check(each: Check) -> list[Cell]:
    return [
        each.number, each.case.number, each.person.name, each.checker_name, _at(each.checked_at), each.score,
        _yes(value=each.passed), str(dict(SAMPLINGS)[each.sampling]),
        str(dict(CRITICAL)[each.critical]), each.again.number if each.again else "", each.comment,
    ]  # fmt: skip


def _at(value: datetime | None) -> str:
    return moment(value) if value else ""


def _yes(*, value: bool | None) -> str:
    return "" if value is None else t("是", "yes") if value else t("否", "no")
