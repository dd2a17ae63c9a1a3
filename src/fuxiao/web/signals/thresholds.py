"""Thresholds of signals: what the reviews say about them, another one tried on the same records, and taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say, say_error
from fuxiao.core.errors import Conflict, FuxiaoError, InputError, NotPermitted
from fuxiao.core.gaming.learning import FEWEST_DECIDED, Proposal, main_numbers, propose, stricter
from fuxiao.core.gaming.signal import Limits, Number
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_files import SIGNALS
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.performance.reviews import actions, queries
from fuxiao.performance.roster import read_roster
from fuxiao.performance.signals import Policy, Told, find_signals, policy_of
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import remembered
from fuxiao.web.shell.home import organisation
from fuxiao.web.signals.presenters import detector_word, threshold_words
from fuxiao.web.words import language, t

TOLD = {
    Told.WHEN_DECIDED: ("有结论后，连同理由告诉本人", "Once decided, with the reason"),
    Told.WHEN_FOUND: ("一找到就告诉本人", "As soon as it is found"), Told.NEVER: ("不告诉本人", "Never"),
}  # fmt: skip


@allowed(Permission.RULES_READ)
@require_GET
def thresholds(request: Request) -> HttpResponse:
    """All detectors with their thresholds, how their reviews ended, and what that proposes."""
    policy = policy_of(settings.HOME)
    tallies = {each.detector: each for each in queries.tallies()}
    rows = [
        (detector, detector_word(detector), threshold_words(main_numbers(limits)), detector in policy.thresholds,
         tallies.get(detector))
        for detector, limits in policy.limits.items()
    ]  # fmt: skip
    rule = find_rule(settings.HOME, RuleKind.SIGNALS, SIGNALS)
    context = {"rows": rows, "rule": rule, "told": policy.told, "ways": [(key.value, t(*both)) for key, both in TOLD.items()],
               "may_write": _may_write(request)}  # fmt: skip
    return render(request, "signals/thresholds.html", context)


def _may_write(request: Request) -> bool:
    return request.viewer.may(Permission.RULES_WRITE) and not request.viewer.read_only


@dataclass(frozen=True, slots=True)
class Tried:
    """What the records of the last look show with the thresholds that hold, and with others."""

    period: str
    now: tuple[str, ...]
    then: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(each for each in self.now if each not in self.then)

    @property
    def come(self) -> tuple[str, ...]:
        return tuple(each for each in self.then if each not in self.now)


@allowed(Permission.RULES_READ)
@require_http_methods(["GET", "POST"])
def detector(request: Request, detector: str) -> HttpResponse:
    """One detector: the proposal from its reviews, and other thresholds tried before somebody takes them."""
    policy = policy_of(settings.HOME)
    if detector not in policy.limits:
        raise Http404
    limits = policy.limits[detector]
    problems: list[str] = []
    sent = request.POST if request.method == "POST" else request.GET
    try:
        asked = _asked(sent, limits)
        if request.method == "POST":
            _take(request, detector, limits, asked)
            messages.success(
                request, t("新门槛已保存，到日子就用。", "The new thresholds are kept and hold from their day.")
            )
            return redirect("signal_threshold", detector)
        tried = _tried(policy, detector, asked) if asked else None
    except (NotPermitted, Conflict):
        raise
    except FuxiaoError as refused:
        problems, tried, asked = say_error(refused, language()), None, {}
    context = _context(request, detector, limits, asked, tried)
    return render(request, "signals/threshold.html", {**context, "problems": problems}, status=400 if problems else 200)


def _context(
    request: Request, detector: str, limits: Limits, asked: Mapping[str, Number], tried: Tried | None
) -> dict[str, Any]:
    decided = queries.learned(detector, limits)
    proposal = propose(decided)
    offered = stricter(limits, proposal.factor) if proposal else {}
    fields = [
        (name, say(f"threshold.{name}", language()), f"{value:g}", f"{asked.get(name, offered.get(name, value)):g}")
        for name, value in main_numbers(limits).items()
    ]  # fmt: skip
    return {
        "detector": detector, "name": detector_word(detector), "fields": fields, "tried": tried, "asked": asked,
        "proposal": proposal, "offered": threshold_words(offered), "proposed": _sentence(proposal, len(decided)),
        "query": "&".join(f"{name}={value:g}" for name, value in offered.items()), "decided": len(decided),
        "tally": next((each for each in queries.tallies() if each.detector == detector), None),
        "may_write": _may_write(request), "today": today(organisation().zone), "reason": request.POST.get("reason", ""),
    }  # fmt: skip


def _sentence(proposal: Proposal | None, decided: int) -> str:
    if proposal is None and decided < FEWEST_DECIDED:
        return t(
            "定论（属实或误报）满 {n} 件才提建议，现有 {m} 件。",
            "A proposal needs {n:review/reviews} that were confirmed or false alarms; there are {m}.", n=FEWEST_DECIDED, m=decided,
        )  # fmt: skip
    if proposal is None:
        return t(
            "现在的门槛错得最少，不建议改。", "No stricter threshold would have erred less; no change is proposed."
        )
    return t(
        "按这个门槛，{m} 件误报里有 {d} 件不会再找出来，{c} 件属实的会留下 {k} 件。",
        "With it {d} of {m} false alarms would not have been found, and {k} of {c} confirmed ones would still be.",
        m=proposal.kept_false + proposal.dropped_false, d=proposal.dropped_false,
        c=proposal.kept_confirmed + proposal.lost_confirmed, k=proposal.kept_confirmed,
    )  # fmt: skip


def _asked(sent: Mapping[str, str], limits: Limits) -> dict[str, Number]:
    """The thresholds in the address or the form; none where nothing was asked."""
    found: dict[str, Number] = {}
    for name, value in main_numbers(limits).items():
        if name in sent:
            found[name] = _number(sent[name], name, whole=isinstance(value, int))
    return found


def _number(text: str, name: str, *, whole: bool) -> Number:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = -1
    if not 0 < number < 1_000_000:
        raise InputError("signals.not_a_number", name=say(f"threshold.{name}", language()))
    return number


def _tried(policy: Policy, detector: str, asked: Mapping[str, Number]) -> Tried | None:
    """The same records looked at twice; ``None`` before anybody looked at all."""
    run = queries.last_run()
    if run is None:
        return None
    with lake() as store:
        key = ("tried", detector, run.period, tuple(sorted(asked.items())), repr(policy.limits[detector]))
        return remembered(store, key, lambda: _both(store, policy, detector, asked, run.period))


def _both(store: Store, policy: Policy, detector: str, asked: Mapping[str, Number], key: str) -> Tried:
    period = parse_period(key)
    roster = read_roster(store, period)
    other = replace(policy.limits[detector], **asked)  # type: ignore[arg-type]

    def found(limits: Limits) -> tuple[str, ...]:
        report = find_signals(
            store, period, roster=roster, as_of=day_start(store.settings.zone), thresholds={detector: limits},
            detectors=(detector,),
        )  # fmt: skip
        names = (each.signal.subject.split(queries.ARROW) for each in report.findings)
        return tuple(queries.ARROW.join(roster.name(end) for end in ends) for ends in names)

    return Tried(key, found(policy.limits[detector]), found(other))


def _take(request: Request, detector: str, limits: Limits, asked: Mapping[str, Number]) -> None:
    if not asked or asked == main_numbers(limits):
        raise InputError("signals.nothing_changed")
    change = actions.Change(
        since=_day(request.POST.get("since", "")), reason=request.POST.get("reason", "")[:1000], detector=detector,
        thresholds=asked,
    )  # fmt: skip
    actions.change_policy(request.viewer, settings.HOME, change, today=today(organisation().zone), at=now())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today(organisation().zone)


@allowed(Permission.RULES_WRITE)
@require_POST
def told(request: Request) -> HttpResponse:
    """Decide when somebody reads of a finding on themselves."""
    wanted = request.POST.get("told", "")
    day = today(organisation().zone)
    if wanted in tuple(Told):
        change = actions.Change(since=day, reason=request.POST.get("reason", "")[:1000], told=Told(wanted))
        actions.change_policy(request.viewer, settings.HOME, change, today=day, at=now())
        messages.success(request, t("已保存。", "Saved."))
    return redirect("signal_thresholds")
