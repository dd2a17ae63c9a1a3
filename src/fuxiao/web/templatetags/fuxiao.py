"""Tags of every template: words in two languages, icons, numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fuxiao.base.clock import today
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.wording import say
from fuxiao.core.case_life import State
from fuxiao.core.errors import InputError
from fuxiao.org.saved_views import plain_query, shareable
from fuxiao.org.saved_views import views as kept_views
from fuxiao.service.models import NEVER, Case
from fuxiao.service.queries.lines import Line
from fuxiao.web.desk.labels import PAUSES, STATE_TONES, state_word
from fuxiao.web.metrics.wording import exactly, formats
from fuxiao.web.org.labels import LEAVE_KINDS, LEAVE_STATES, calendar_name, major
from fuxiao.web.org.positions import position_word
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import known
from fuxiao.web.undo import Undo
from fuxiao.web.undo import undo_in as _undo_in
from fuxiao.web.words import language
from fuxiao.web.words import t as _t

register = template.Library()
MINUTE = timedelta(minutes=1)


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context: Context, page: str) -> dict[str, object]:
    """``{% saved_views "people" %}``: the views of a list page, and the form that keeps its filters as one."""
    request = context["request"]
    on, query, keepable = today(organisation().zone), "", not request.viewer.read_only
    try:
        query = plain_query(request.GET.urlencode())
    except InputError:
        keepable = False
    viewer = request.viewer
    found = known(request, ("views", page, viewer, on), lambda: list(kept_views(viewer, page, on=on)))
    return {
        "views": found, "active": next((each for each in found if query and each.query == query), None), "query": query,
        "path": request.path, "of": page, "account": request.viewer.account, "may_save": keepable,
        "teams": known(request, ("shareable", viewer, on), lambda: shareable(viewer, on=on)), "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


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
def day(value: date | None) -> str:
    return "—" if not value or value == date.min else f"{value:%Y-%m-%d}"


@register.filter
def leave_kind(kind: str) -> str:
    """What a kind of leave is called; one of imported records as it was recorded."""
    return str(LEAVE_KINDS.get(kind, kind))


@register.filter
def leave_state(state: str) -> str:
    return str(LEAVE_STATES[state])


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
    """An amount in minor units as the currency's own, without a sign."""
    amount = major(value)
    return "—" if amount is None else f"{amount:,f}"


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours to one place; half up."""
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.1'), ROUND_HALF_UP)}"


@register.filter
def initial(name: str) -> str:
    """What stands in an avatar."""
    return (name or "?").strip()[:1].upper()


@register.filter
def hue(name: str) -> int:
    """One of six avatar colours, always the same for a name."""
    return sum(map(ord, name or "")) % 6


@register.filter
def may(viewer: Viewer, permission: str) -> bool:
    """Whether somebody has the permission, for example ``data.write``."""
    return viewer.may(Permission(permission))


@register.filter
def beyond(cases: Iterable[Mapping[str, str]], opens: Collection[str]) -> bool:
    """Whether some of these cases are not the reader's to open."""
    return any(case["id"] not in opens for case in cases)


@register.filter
def did(action: str) -> str:
    """What the audit trail says was done."""
    return say(f"did.{action}", language())


@register.filter
def actor(entry: AuditEntry) -> str:
    """Who did it: the account's name of that time; nobody where the installation itself did it."""
    return entry.actor_name if entry.actor is not None else _t("系统", "the system")


@register.filter
def account_role(role: str) -> str:
    """The word for the role of an account."""
    return say(f"account_role.{role}", language())


@register.filter
def case_state(state: str) -> str:
    """The word for the state of a case."""
    return state_word(state)


@register.filter
def case_tone(state: str) -> str:
    """The tone of a chip with that state."""
    return STATE_TONES.get(state, "")


register.filter("calendar_name", calendar_name)


@register.filter
def pause_word(kind: str) -> str:
    """Whom a paused case waits for."""
    return str(PAUSES.get(kind, ""))


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


@register.filter
@lru_cache(maxsize=4096)
def person_chip(name: str) -> SafeString:
    """Somebody with an avatar."""
    shape = '<span class="person"><span class="avatar small hue-{}" aria-hidden="true">{}</span>{}</span>'
    return format_html(shape, hue(name), initial(name), name)


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


register.filter("seconds", exactly)


@register.filter
def role(code: str | None) -> str:
    """The word for a position (岗位); the code where it is the organisation's own."""
    return position_word(code)


TONES = {"ok": "good", "warn": "near", "pri": "accent", "vio": "violet"}


@register.filter
def tone(name: str) -> str:
    """The class of a tone that a report names."""
    return TONES.get(name, name)


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


BROWSERS = (("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Lark", "Feishu"), ("Edg", "Edge"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("HarmonyOS", "HarmonyOS"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


@register.filter
def device(user_agent: str) -> str:
    """Browser and system that a user agent names; the more special names come first, for browsers pose as others."""
    named = [next((word for sign, word in table if sign in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, named)) or user_agent[:40] or "—"


@register.filter
def said(code: str, family: str) -> str:
    """The catalogue's word for a code of a family: ``{{ visit.outcome|said:"visit_outcome" }}``."""
    return say(f"{family}.{code}", language()) if code else "—"


@register.filter
def clock(value: datetime) -> str:
    """The time of day of a moment in the organisation's zone."""
    return f"{value.astimezone(ZoneInfo(organisation().zone)):%H:%M}"


@register.filter
def at(table: Mapping[str, object], key: str) -> object:
    """What a table has under a key."""
    return table[key]


@register.filter
def word_in(key: str, words: Mapping[str, str]) -> str:
    """The word of a key of a list; one that is not in the list stands for itself."""
    return words.get(key, key)


@register.filter
def lasting(minutes: int | None) -> str:
    """How long so many minutes are, in words; nothing for none."""
    return formats().duration(minutes * 60) if minutes else ""


@register.filter
def undo_in(tags: str) -> Undo | None:
    """What a message offers to take back."""
    return _undo_in(tags)


@register.filter
def named(row: object) -> str:
    """What a row with names in two languages is called; nothing for none."""
    return str(getattr(row, language(), ""))


@register.filter
def nth(rows: Sequence[object], place: int) -> object:
    """The row at a place, counted from nought."""
    return rows[place]
