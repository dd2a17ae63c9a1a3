"""Filters for moments, amounts and how long things take, in the organisation's zone and the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fuxiao.web.metrics.wording import exactly, formats
from fuxiao.web.org.labels import major
from fuxiao.web.shell.home import organisation

register = template.Library()


@register.filter
def moment(value: datetime | int | None) -> str:
    """A moment (also in seconds, as records hold them) in the organisation's zone, to the minute."""
    at = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value
    return f"{at.astimezone(ZoneInfo(organisation().zone)):%Y-%m-%d %H:%M}" if at else "—"


@register.filter
def clock_time(value: datetime) -> str:
    """The time of day in the organisation's zone, to the second."""
    return f"{value.astimezone(ZoneInfo(organisation().zone)):%H:%M:%S}"


@register.filter
def clock(value: datetime) -> str:
    """The time of day of a moment in the organisation's zone."""
    return f"{value.astimezone(ZoneInfo(organisation().zone)):%H:%M}"


@register.filter
def day(value: date | None) -> str:
    return "—" if not value or value == date.min else f"{value:%Y-%m-%d}"


@register.filter
def few(value: Decimal) -> str:
    """A number of days: 1, 0.5."""
    return f"{value.normalize():f}"


@register.filter
def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    return "—" if value is None else f"{value:,}"


@register.filter
def minor(value: int | None) -> str:
    """An amount in minor units, with the organisation's sign of currency."""
    amount = major(value)
    return "—" if amount is None else formats().money(amount)


@register.filter
def money(value: Decimal) -> str:
    """An amount as on a payslip, with the organisation's sign of currency."""
    return formats().money(value)


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours to one place; half up."""
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.1'), ROUND_HALF_UP)}"


@register.filter
def lasting(minutes: int | None) -> str:
    """How long so many minutes are, in words; nothing for none."""
    return formats().duration(minutes * 60) if minutes else ""


@register.filter
def seconds(value: int) -> str:
    """Working seconds, left or late, without a sign."""
    return exactly(abs(value))


@register.filter
def equation(text: str) -> SafeString:
    """An equation with what comes out in bold."""
    left, sign, right = (text or "").rpartition(" = ")
    return format_html("{} = <b>{}</b>", left, right) if sign else format_html("{}", text)


@register.filter
def shown_quantity(quantity: Mapping[str, Any]) -> SafeString:
    """A figure with its unit smaller."""
    if not quantity["unit"]:
        return format_html("{}", quantity["number"])
    space = "" if quantity["glued"] else "\N{NO-BREAK SPACE}"
    return format_html("{}{}<small>{}</small>", quantity["number"], space, quantity["unit"])
