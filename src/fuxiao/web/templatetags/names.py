"""Filters for what codes, people and their machines are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fuxiao.base.models import AuditEntry
from fuxiao.base.wording import say
from fuxiao.web.desk.labels import PAUSES, STATE_TONES, state_word
from fuxiao.web.org.labels import LEAVE_KINDS, LEAVE_STATES, calendar_name
from fuxiao.web.org.positions import position_word
from fuxiao.web.words import language
from fuxiao.web.words import t as _t

register = template.Library()
ITSELF = frozenset({"", "system", "rules", "customer"})
"""What the installation calls itself in the audit trail, and whoever it acts for without an account."""
TONES = {"ok": "good", "warn": "near", "pri": "accent", "vio": "violet"}
BROWSERS = (("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Lark", "Feishu"), ("Edg", "Edge"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("HarmonyOS", "HarmonyOS"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


@register.filter
def leave_kind(kind: str) -> str:
    """What a kind of leave is called; one of imported records as it was recorded."""
    return str(LEAVE_KINDS.get(kind, kind))


@register.filter
def leave_state(state: str) -> str:
    return str(LEAVE_STATES[state])


@register.filter
def initial(name: str) -> str:
    """What stands in an avatar."""
    return (name or "?").strip()[:1].upper()


@register.filter
def masked(phone: str) -> str:
    """A telephone number in a list: enough to tell whose it is, not to call all of them."""
    return f"{phone[: max(len(phone) - 8, 0)][:3]}****{phone[-4:]}" if len(phone) > 4 else phone


@register.filter
def hue(name: str) -> int:
    """One of six avatar colours, always the same for a name."""
    return sum(map(ord, name or "")) % 6


@register.filter
@lru_cache(maxsize=4096)
def person_chip(name: str) -> SafeString:
    """Somebody with an avatar."""
    shape = '<span class="person"><span class="avatar small hue-{}" aria-hidden="true">{}</span>{}</span>'
    return format_html(shape, hue(name), initial(name), name)


@register.filter
def did(action: str) -> str:
    """What the audit trail says was done."""
    return say(f"did.{action}", language())


@register.filter
def actor(entry: AuditEntry) -> str:
    """Who did it, by the name of that time; nobody where the installation itself did it."""
    by_itself = entry.actor is None and entry.actor_name in ITSELF
    return _t("系统", "the system") if by_itself else entry.actor_name


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
def role(code: str | None) -> str:
    """The word for a position (岗位); the code where it is the organisation's own."""
    return position_word(code)


@register.filter
def tone(name: str) -> str:
    """The class of a tone that a report names."""
    return TONES.get(name, name)


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
def word_in(key: str, words: Mapping[str, str]) -> str:
    """The word of a key of a list; one that is not in the list stands for itself."""
    return words.get(key, key)


@register.filter
def named(row: object) -> str:
    """What a row with names in two languages is called; nothing for none."""
    return str(getattr(row, language(), ""))
