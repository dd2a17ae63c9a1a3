"""Guesses what activities and statuses mean: event types by name, and what begins work again after a resolve."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.datasets.importing.mapping import EventType
from fuxiao.datasets.importing.match import fits_name, means, readings, synonyms
from fuxiao.datasets.importing.names import folded

RARE = 0.01
"""A second activity that looks like a resolve, but is rarer than this beside the first, is something else."""
FREQUENT = 0.002
OTHER = (EventType("other"),)
NO_WORK = {"created", "assigned", "closed", "cancelled"}
"""What a customer or a system does to a case by itself; what else is called so is no answer and no solution."""
ENDING = ("resol", "clos", "verif", "invalid", "dupl", "done", "complet", "cancel", "解决", "结", "关", "完成", "取消")


@dataclass(frozen=True, slots=True)
class Activities:
    """The proposed types by activity, activities that begin work again, and remarks (activity → code)."""

    types: dict[str, tuple[EventType, ...]]
    reopen_on: tuple[str, ...] = ()
    remarks: dict[str, str] | None = None


def guess_activities(counted: tuple[tuple[str, int], ...]) -> Activities:
    """Types for the activities of an event log, the most frequent first."""
    found = {activity: _types(activity) for activity, _ in counted}
    remarks = _closed_as_solved(found)
    _demote_rare(found, dict(counted), remarks)
    _demote_endless(found, remarks)
    _demote_taking(found, remarks)
    reopen = () if _has(found, "reopened") or not _has(found, "resolved") else _work(found, counted)
    return Activities(found, reopen, remarks)


def guess_statuses(counted: tuple[tuple[str, int], ...]) -> Activities:
    """Types for statuses; leaving a pausing status ends the pause, so a pause needs no end of its own."""
    found = {status: _types(status) for status, _ in counted}
    waiting = [status for status, types in found.items() if types == OTHER and means(status, synonyms()["waiting"])]
    pause = (EventType("pend_start", "third_party"),)
    remarks = _closed_as_solved(found)
    return Activities(found | dict.fromkeys(waiting, pause), remarks=remarks | dict.fromkeys(waiting, "waiting"))


def known_share(counted: tuple[tuple[str, int], ...], filled: int) -> float:
    """The part of a column's cells that name an activity known by its name."""
    known = sum(n for word, n in counted if _types(word) != OTHER)
    return known / max(filled, 1)


def _types(activity: str) -> tuple[EventType, ...]:
    """By the name itself, of a status in two languages by each of its parts; by the name without the word for a case
    or for whoever does it: Assign ticket, Case closed, 工程师接单, 用户报修."""
    names = list(readings(activity))
    names += [bare for name in names if (bare := _without_case(name)) != name]
    for name in names:
        if types := _named(name):
            return types
    for doer, name in ((doer, name) for name in names for doer in synonyms()["doers"] if name.startswith(doer)):
        types = _named(name.removeprefix(doer))
        if types and (doer not in synonyms()["outsiders"] or {each.type for each in types} <= NO_WORK):
            return types
    return OTHER


def _named(name: str) -> tuple[EventType, ...]:
    found = (types for names, types in synonyms()["activities"] if fits_name(name, names))
    return tuple(EventType(*_split(word)) for word in next(found, ()))


def _without_case(name: str) -> str:
    for word in synonyms()["case_words"]:
        name = name.removeprefix(f"{word} ").removesuffix(f" {word}")
        if not word.isascii():
            name = name.removeprefix(word).removesuffix(word)
    return name


def _split(word: str) -> tuple[str, str]:
    type_, _, kind = word.partition(":")
    return type_, kind


def _closed_as_solved(found: dict[str, tuple[EventType, ...]]) -> dict[str, str]:
    """Where nothing says that a case was solved, its closing does; the remarks that say so."""
    closings = [] if _has(found, "resolved") else [a for a, types in found.items() if types == (EventType("closed"),)]
    found.update(dict.fromkeys(closings, (EventType("resolved"), EventType("closed"))))
    return dict.fromkeys(closings, "closing")


def _demote_rare(found: dict[str, tuple[EventType, ...]], counts: dict[str, int], remarks: dict[str, str]) -> None:
    for type_ in ("resolved", "closed", "responded", "merged"):
        named = [a for a, types in found.items() if any(each.type == type_ for each in types)]
        most = max((counts[a] for a in named), default=0)
        for activity in named:
            if counts[activity] < RARE * most:
                found[activity] = OTHER
                remarks[activity] = "rare"


def _demote_endless(found: dict[str, tuple[EventType, ...]], remarks: dict[str, str]) -> None:
    """A pause that no activity ends cannot be measured."""
    if _has(found, "pend_end"):
        return
    for activity, types in found.items():
        if any(each.type == "pend_start" for each in types):
            found[activity] = OTHER
            remarks[activity] = "endless"


def _demote_taking(found: dict[str, tuple[EventType, ...]], remarks: dict[str, str]) -> None:
    """In a log that never gives a case to anybody, taking it in charge is an answer: who resolves it owns it."""
    if _has(found, "assigned") or _has(found, "transferred") or not _has(found, "resolved"):
        return
    for activity, types in found.items():
        if {each.type for each in types} == {"accepted", "responded"}:
            found[activity] = (EventType("responded"),)
            remarks[activity] = "taking"


def _has(found: dict[str, tuple[EventType, ...]], type_: str) -> bool:
    return any(each.type == type_ for types in found.values() for each in types)


def _work(found: dict[str, tuple[EventType, ...]], counted: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Activities that are work on the case: neither an ending nor a rarity."""
    total = sum(n for _, n in counted)
    ends = {"resolved", "closed", "cancelled", "merged", "recoded", "pend_end"}
    return tuple(
        activity
        for activity, n in counted
        if not any(each.type in ends for each in found[activity])
        and not any(word in folded(activity) for word in ENDING)
        and n >= FREQUENT * total
    )
