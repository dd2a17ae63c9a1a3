"""Writes of signal reviews: what was found is kept, somebody is asked to look, what they found is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, notify, one_writer, record, require
from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.core.gaming.signal import Number
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_actions import Named, publish, save_draft
from fuxiao.metrics.rule_files import SIGNALS
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.org.models import User
from fuxiao.org.queries import accounts_of, accounts_with, names
from fuxiao.performance.reviews import queries
from fuxiao.performance.reviews.models import Outcome, SignalReview, SignalRun
from fuxiao.performance.roster import Roster
from fuxiao.performance.signals import Finding, Policy, SignalReport, Told, read_policy

RUN_LOCK = 7_041_005
GROWN = 1.5
"""A decided finding is opened again in a window that overlaps its own only where it is so many times as strong."""
MOST_PEERS = 400


@transaction.atomic
def keep_report(
    viewer: Viewer, report: SignalReport, roster: Roster, *, told: Told, at: datetime
) -> tuple[SignalRun, list[SignalReview]]:
    """Keep what was found; the run, and the findings that are new.

    An open finding that is found again is refreshed and not doubled; a decided one comes back only with records that
    its review could not have seen, or much stronger.
    """
    one_writer(RUN_LOCK)
    fresh = [made for finding in report.findings if (made := _kept(finding, report, roster, at=at)) is not None]
    run = SignalRun.objects.create(
        period=report.period.key, start=report.window.start, end=report.window.end, at=at, by_name=viewer.name,
        looked_at=sum(len(each) for each in report.looked_at.values()), found=len(report.findings), fresh=len(fresh),
        missing={key: list(columns) for key, columns in report.missing.items()},
        thresholds={key: limits.numbers() for key, limits in report.thresholds.items()},
    )  # fmt: skip
    record(
        viewer, "signals.looked", kind="signals.run", key=str(run.pk), label=run.period, at=at,
        new={"found": run.found, "new": run.fresh, "looked_at": run.looked_at},
    )  # fmt: skip
    _tell_found(fresh, told, at=at)
    announce("signals", at=at)
    return run, fresh


def _kept(finding: Finding, report: SignalReport, roster: Roster, *, at: datetime) -> SignalReview | None:
    """The new record of a finding; ``None`` where it is known."""
    same = SignalReview.objects.filter(detector=finding.detector, subject=finding.signal.subject)
    columns = _columns(finding, report, roster, at=at)
    held = same.filter(outcome=Outcome.OPEN)
    if held.exists():
        if not same.exclude(outcome=Outcome.OPEN).filter(period=report.period.key).exists():
            held.update(**columns, times=F("times") + 1)
        return None
    last = same.order_by("-end", "-id").first()
    if last is not None and (last.period == report.period.key or not _is_news(finding, report, last)):
        return None
    identity = {"detector": finding.detector, "code": finding.signal.code, "subject": finding.signal.subject}
    return SignalReview.objects.create(**identity, **columns, found_at=at)


def _is_news(finding: Finding, report: SignalReport, last: SignalReview) -> bool:
    return report.window.start >= last.end or finding.signal.strength >= GROWN * last.strength


def _columns(finding: Finding, report: SignalReport, roster: Roster, *, at: datetime) -> dict[str, object]:
    signal = finding.signal
    ends = signal.subject.split(queries.ARROW)
    member, known = roster.members.get(signal.subject), names()
    strengths = sorted(round(each.strength, 4) for each in report.looked_at[finding.detector])
    return {
        "name": queries.ARROW.join(known.get(each) or roster.name(each) for each in ends),
        "team": member.team if member else ends[0] if len(ends) > 1 else "",
        "period": report.period.key, "start": report.window.start, "end": report.window.end,
        "strength": min(signal.strength, 1e9), "chance": signal.p if signal.adjusted_p is None else signal.adjusted_p,
        "evidence": dict(signal.evidence), "thresholds": dict(signal.threshold),
        "peers": [min(each, 1e9) for each in strengths[-MOST_PEERS:]], "cases": list(finding.cases), "seen_at": at,
    }  # fmt: skip


def _tell_found(fresh: list[SignalReview], told: Told, *, at: datetime) -> None:
    """HR hears how many there are; with a policy that says so the persons hear of their own."""
    if fresh:
        notify(accounts_with(Role.HR), "signals.found", at=at, link="/performance/signals/", n=str(len(fresh)))
    if told is Told.WHEN_FOUND:
        for review in fresh:
            notify(accounts_of([review.subject]).values(), "signals.about_you", at=at, link=_link(review))


def _link(review: SignalReview) -> str:
    return f"/performance/signals/{review.pk}/"


@transaction.atomic
def assign(viewer: Viewer, review: SignalReview, account: int, *, version: int, at: datetime) -> None:
    """Ask somebody to look into a finding: an account that may, and is not concerned. They are told."""
    _free(viewer, review)
    chosen = next((each for each in queries.reviewers(review) if each.pk == account), None)
    if chosen is None:
        raise InputError("signals.not_a_reviewer")
    name = _name(chosen)
    _change(review, version, {"assigned": chosen, "assigned_name": name})
    if chosen.pk != viewer.account:
        notify([chosen.pk], "signals.given", at=at, link=_link(review), name=review.name, by=viewer.name)
    _record(viewer, "signals.assigned", review, {"assigned": name}, old={"assigned": review.assigned_name}, at=at)


def _name(user: User) -> str:
    return user.person.name if user.person else user.username


@transaction.atomic
def decide(
    viewer: Viewer, review: SignalReview, outcome: str, reason: str, *, version: int, told: Told, at: datetime
) -> None:
    """Write down what the review came to, with its reason. Nothing follows for score or pay."""
    _free(viewer, review)
    if outcome not in Outcome.values or outcome == Outcome.OPEN:
        raise InputError("signals.say_outcome")
    if not reason.strip():
        raise InputError("signals.reason_missing")
    decided = {"outcome": outcome, "reason": reason.strip(), "decided_at": at, "decided_by": viewer.name}
    _change(review, version, decided)
    if told is not Told.NEVER:
        notify(accounts_of([review.subject]).values(), "signals.decided", at=at, link=_link(review))
    _record(viewer, "signals.decided", review, {"outcome": outcome, "reason": reason.strip()}, at=at)


def _free(viewer: Viewer, review: SignalReview) -> None:
    require(viewer, Permission.SIGNALS_REVIEW)
    if not queries.may_decide(viewer, review):
        raise NotPermitted("signals.involved")


def _change(review: SignalReview, version: int, changed: Mapping[str, object]) -> None:
    """Change an open review that is still as it was seen."""
    seen = SignalReview.objects.filter(pk=review.pk, version=version, outcome=Outcome.OPEN)
    if not seen.update(version=F("version") + 1, **changed):
        raise Conflict("signals.changed_meanwhile", name=review.name)


def _record(
    viewer: Viewer, action: str, review: SignalReview, new: Mapping[str, object], *, at: datetime,
    old: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    # Without a name: whoever reads the trail may be the one it is about.
    label = f"{review.code} #{review.pk}"
    record(viewer, action, kind="signals.review", key=str(review.pk), label=label, at=at, old=old, new=new)
    announce("signals", at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the policy, from which day on, and why."""

    since: date
    reason: str
    detector: str = ""
    thresholds: Mapping[str, Number] | None = None
    told: Told | None = None


@transaction.atomic
def change_policy(viewer: Viewer, home: Path, change: Change, *, today: date, at: datetime) -> Policy:
    """Have new thresholds of one detector, or who is told when, hold from a day on: a version of ``signals.yaml``.

    It is made from the newest published version, so that one that waits for its day is not lost.
    """
    require(viewer, Permission.RULES_WRITE)
    if change.since < today:
        raise InputError("signals.since_past", day=today.isoformat())
    rule = Named(home, RuleKind.SIGNALS, SIGNALS)
    found = find_rule(home, rule.kind, rule.key)
    newest = found.published[0] if found.published and not found.edited_elsewhere else None
    if newest is not None and newest.effective_from is not None and newest.effective_from > change.since:
        raise InputError("signals.one_waits", day=newest.effective_from.isoformat())
    policy = read_policy(newest.text if newest else found.text)
    if change.thresholds is not None:
        policy = policy.with_thresholds(change.detector, change.thresholds)
    policy = Policy(change.told or policy.told, policy.thresholds)
    text = plain_yaml(policy.as_dict())
    read_policy(text)
    save_draft(viewer, rule, text, token=found.token, at=at, reason=change.reason)
    token = find_rule(home, rule.kind, rule.key).token
    publish(viewer, rule, token=token, issues=(), since=change.since, today=today, at=at, reason=change.reason)
    announce("signals", at=at)
    return policy
