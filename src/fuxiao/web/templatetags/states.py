"""Filters for the state of a case and when it falls due, as pieces that are made once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fuxiao.core.case_life import State
from fuxiao.service.models import NEVER, Case
from fuxiao.service.queries.lines import Line
from fuxiao.web.words import language
from fuxiao.web.words import t as _t

register = template.Library()
MINUTE = timedelta(minutes=1)


@register.filter
def state_chips(case: Case | Line) -> SafeString:
    """The state of a case, and what else is to be seen of it at once."""
    return _state_chips(case.state, case.pause, case.is_test, bool(case.reopened), language())


@lru_cache(maxsize=512)
def _state_chips(state: str, pause: str, is_test: bool, reopened: bool, _language: str) -> SafeString:  # noqa: FBT001 - a key
    facts = {"state": state, "pause": pause, "is_test": is_test, "reopened": reopened}
    return render_to_string("desk/state.html", facts)


@register.filter
def due(case: Line, now: datetime) -> SafeString:
    """When the next promise falls due, to the minute."""
    runs = case.is_open and case.next_due_at < NEVER
    minutes = (case.next_due_at - now) // MINUTE if runs else None
    return _due(minutes, case.state == State.PENDING, language())


@lru_cache(maxsize=4096)
def _due(minutes: int | None, stands: bool, _language: str) -> SafeString:  # noqa: FBT001 - a key
    if minutes is not None:
        tone = " late" if minutes < 0 else ""
        return format_html('<span class="number{}">{}</span>', tone, _from_now(minutes))
    if stands:
        return format_html('<span class="muted small">{}</span>', _t("停表", "stands still"))
    return format_html('<span class="faint">{}</span>', "—")


def _from_now(minutes: int) -> str:
    span = _span(abs(minutes))
    return _t("超时 {span}", "{span} late", span=span) if minutes < 0 else _t("还剩 {span}", "in {span}", span=span)


def _span(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    if days:
        return _t("{d} 天 {h} 小时", "{d} d {h} h", d=days, h=rest // 60)
    return (
        _t("{h} 小时 {m} 分", "{h} h {m} min", h=rest // 60, m=rest % 60)
        if rest >= 60
        else _t("{m} 分", "{m} min", m=rest)
    )
