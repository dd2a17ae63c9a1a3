"""Words, icons and tones of the desk: states, verbs, shows, what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.base.wording import say
from fuxiao.core.case_life import State, Verb
from fuxiao.service.models import Case, Category, Choice, FaultCode, ListKind
from fuxiao.web.words import language, later, t

WEB = "web"
"""The channel of requests on the public page."""

STATE_TONES: Mapping[str, str] = {
    State.NEW: "violet", State.ASSIGNED: "accent", State.ACCEPTED: "accent", State.PENDING: "near",
    State.RESOLVED: "good", State.CLOSED: "", State.CANCELLED: "", State.MERGED: "",
}  # fmt: skip
SHOWS = {
    "open": later("未完成", "Open"), "waiting": later("等待派工", "Waiting"), "soon": later("即将到期", "Due soon"),
    "overdue": later("已超时", "Overdue"), "paused": later("挂起", "Paused"), "resolved": later("已解决", "Resolved"),
    "all": later("全部", "All"),
}  # fmt: skip
PAUSES = {
    "customer": later("等客户", "customer"), "parts": later("等配件", "parts"), "third_party": later("等第三方", "third party"),
}  # fmt: skip
ICONS: Mapping[Verb, str] = {
    Verb.ROUTE: "arrow-right", Verb.ASSIGN: "user-plus", Verb.ACCEPT: "check", Verb.RESPOND: "mail",
    Verb.PEND: "player-pause", Verb.RESUME: "player-play", Verb.TRANSFER: "switch-horizontal",
    Verb.ESCALATE: "trending-up", Verb.VISIT_START: "map-pin", Verb.VISIT_END: "map-pin", Verb.RECODE: "edit",
    Verb.RESOLVE: "circle-check", Verb.CLOSE: "lock", Verb.REOPEN: "arrow-back-up", Verb.MERGE: "arrows-join",
    Verb.CANCEL: "circle-x",
}  # fmt: skip
KEYS: Mapping[Verb, str] = {
    Verb.ASSIGN: "a", Verb.ACCEPT: "a", Verb.TRANSFER: "t", Verb.PEND: "w", Verb.RESUME: "w", Verb.RESOLVE: "s",
    Verb.CLOSE: "c", Verb.REOPEN: "o",
}  # fmt: skip
FIRST = (Verb.RESUME, Verb.ACCEPT, Verb.ASSIGN, Verb.RESOLVE, Verb.CLOSE, Verb.REOPEN)
"""The first of these that can be done is what usually comes next."""
GIVING_OUT = (Verb.RESUME, Verb.ASSIGN, Verb.RESOLVE, Verb.CLOSE, Verb.REOPEN)
"""For whoever gives out cases and has not got this one: to take it over is not what comes next."""
BARE = frozenset({Verb.ACCEPT, Verb.RESUME, Verb.CLOSE, Verb.VISIT_START, Verb.VISIT_END})
"""These need nothing to be said."""
LEADS_TO: Mapping[Verb, State] = {
    Verb.ASSIGN: State.ASSIGNED, Verb.ACCEPT: State.ACCEPTED, Verb.RESUME: State.ACCEPTED, Verb.PEND: State.PENDING,
    Verb.RESOLVE: State.RESOLVED, Verb.REOPEN: State.ASSIGNED,
}  # fmt: skip


LINKS = {
    "related": later("相关", "related"), "follows": later("本单是后续", "this one follows it"),
    "caused_by": later("本单由它引起", "this one was caused by it"),
}  # fmt: skip
"""How a case that this one names belongs to it."""
LINKED_FROM = {
    "related": later("相关", "related"), "follows": later("是本单的后续", "follows this one"),
    "caused_by": later("由本单引起", "was caused by this one"),
}  # fmt: skip
"""How a case that names this one belongs to it."""


def state_word(state: str) -> str:
    return _begun(say(f"case_state.{state}", language()))


def verb_word(verb: str) -> str:
    return _begun(say(f"verb.{verb}", language()))


def _begun(word: str) -> str:
    """With a capital, as it stands alone on a button or a chip."""
    return word[:1].upper() + word[1:]


def choices(kind: ListKind) -> list[tuple[str, str]]:
    """Keys and words of a list, the most urgent first."""
    return lists(kind)[kind]


def lists(*kinds: ListKind) -> dict[ListKind, list[tuple[str, str]]]:
    """Keys and words of several lists, the most urgent first. One query."""
    field = "zh" if language() == "zh" else "en"
    found: dict[ListKind, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    rows = Choice.objects.filter(kind__in=kinds, active=True).order_by("rank", "key")
    for kind, key, word in rows.values_list("kind", "key", field):
        found[ListKind(kind)].append((key, word))
    return found


def all_words() -> dict[tuple[str, str], str]:
    """The words of every list by list and key, those out of use too."""
    field = "zh" if language() == "zh" else "en"
    rows = Choice.objects.order_by("kind", "rank", "key").values_list("kind", "key", field)
    return {(kind, key): word for kind, key, word in rows}


def words_of(kind: ListKind) -> dict[str, str]:
    """The words of a list by key, those out of use too."""
    field = "zh" if language() == "zh" else "en"
    return dict(Choice.objects.filter(kind=kind).values_list("key", field))


def words_on(case: Case, known: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """What is chosen on a case, in words, by field; a channel that the desk names itself has words of its own."""
    field = "zh" if language() == "zh" else "en"
    chosen = {kind.value: getattr(case, kind.value) for kind in ListKind}
    own = {("channel", WEB): t("网页", "Web page")}
    found = {kind: known.get((kind, key)) or own.get((kind, key), key) for kind, key in chosen.items()}
    return found | {"category": getattr(case.category, field) if case.category else ""}


def categories() -> list[tuple[str, str]]:
    field = "zh" if language() == "zh" else "en"
    return list(Category.objects.filter(active=True).order_by("key").values_list("key", field))


def faults() -> list[tuple[str, str]]:
    field = "zh" if language() == "zh" else "en"
    return [(code, f"{code} {word}") for code, word in FaultCode.objects.filter(active=True).values_list("code", field)]
