"""Writes of rules: the one door to a scheme, an indicator or the targets. The file is what calculations read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from fuxiao.base.actions import announce, one_writer, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.settings import read_settings
from fuxiao.core.errors import Conflict, DefinitionError, InputError, Issue
from fuxiao.core.period import local_day
from fuxiao.metrics.models import RuleState, RuleVersion
from fuxiao.metrics.rule_files import digest_of, put_rule
from fuxiao.metrics.rule_queries import Rule, find_rule, in_force

RULES_LOCK = 7_041_004


@dataclass(frozen=True, slots=True)
class Named:
    """Which rule of which home folder."""

    home: Path
    kind: str
    key: str
    label: str = ""


@transaction.atomic
def save_draft(
    viewer: Viewer, rule: Named, text: str, *, token: str, at: datetime, reason: str = "",
    examples: Sequence[object] | None = None, report: Mapping[str, object] | None = None,
) -> RuleVersion:  # fmt: skip
    """Keep ``text`` as the rule's next version. A draft may be wrong: only publishing asks for a sound one.

    ``Conflict`` where somebody saved meanwhile, or the file was changed by hand.
    """
    require(viewer, Permission.RULES_WRITE)
    held = _held(rule, token, at)
    if examples is None:
        examples = held.newest.examples if held.newest else ()
    made = _next(viewer, rule, held, text, at=at, reason=reason, examples=examples)
    if report is not None:
        note_trial(made.pk, report)
    record(
        viewer, "rules.draft_saved", kind=f"rules.{rule.kind}", key=rule.key, label=rule.label or rule.key, at=at,
        old={"version": held.newest.number if held.newest else None}, new={"version": made.number, "reason": reason},
    )  # fmt: skip
    announce("rules", at=at)
    return made


@transaction.atomic
def discard_draft(viewer: Viewer, rule: Named, *, token: str, at: datetime) -> RuleVersion:
    """Put the draft away; it stays among the versions and can be taken up again. ``InputError`` without one."""
    require(viewer, Permission.RULES_WRITE)
    draft = _draft(_held(rule, token, at))
    _set_state(draft, RuleState.DISCARDED)
    record(
        viewer, "rules.draft_discarded", kind=f"rules.{rule.kind}", key=rule.key, label=rule.label or rule.key, at=at,
        old={"version": draft.number}, new={},
    )  # fmt: skip
    announce("rules", at=at)
    return draft


@transaction.atomic
def publish(
    viewer: Viewer, rule: Named, *, token: str, issues: Sequence[Issue], since: date, today: date, at: datetime,
    reason: str,
) -> RuleVersion:  # fmt: skip
    """Have the draft hold from ``since`` on: into the file at once where that day has come, by the clock otherwise.

    ``DefinitionError`` with the issues of an unsound draft, ``InputError`` without a reason or a draft.
    """
    require(viewer, Permission.RULES_WRITE)
    held = _held(rule, token, at)
    draft = _draft(held)
    if any(issue.severity == "error" for issue in issues):
        raise DefinitionError(rule.kind, issues)
    if not reason.strip():
        raise InputError("rules.reason_missing")
    RuleVersion.objects.filter(pk=draft.pk).update(effective_from=since, reason=reason.strip())
    _set_state(draft, RuleState.PUBLISHED)
    record(
        viewer, "rules.published", kind=f"rules.{rule.kind}", key=rule.key, label=rule.label or rule.key, at=at,
        old={"version": held.number or None},
        new={"version": draft.number, "valid_from": since.isoformat(), "reason": reason.strip()},
    )  # fmt: skip
    announce("rules", at=at)
    put_in_force(rule, today=today, at=at)
    return draft


def put_in_force(rule: Named, *, today: date, at: datetime) -> bool:
    """Write the version that holds today into the file; whether the file changed. A file edited by hand stays."""
    wanted = in_force(rule.kind, rule.key, today)
    now = find_rule(rule.home, rule.kind, rule.key)
    if wanted is None or now.edited_elsewhere or digest_of(now.text) == wanted.digest:
        return False
    announce("values", at=at)
    put_rule(rule.home, rule.kind, rule.key, wanted.text)
    return True


def begin_trial(version: RuleVersion, *, at: datetime) -> None:
    """Note that a version is about to be tried on past periods; what an earlier trial found is put away."""
    note_trial(version.pk, {"stage": "queued", "at": at.isoformat()})


def note_trial(number: int, report: Mapping[str, object]) -> None:
    """Keep how far a trial came, or what it found."""
    RuleVersion.objects.filter(pk=number, state=RuleState.DRAFT).update(report=dict(report))


def _held(rule: Named, token: str, at: datetime) -> Rule:
    """The rule as it stands, its file taken up as a version where none has that text."""
    one_writer(RULES_LOCK)
    found = find_rule(rule.home, rule.kind, rule.key)
    if found.token != token:
        raise Conflict("rules.changed_meanwhile", name=rule.label or rule.key)
    if found.text and not found.number:
        _take_up(rule, found, at)
        found = find_rule(rule.home, rule.kind, rule.key)
    return found


def _take_up(rule: Named, found: Rule, at: datetime) -> None:
    """What stands in the file becomes a published version of its own, so that it can be gone back to."""
    number, day = 1, date(2000, 1, 1)
    if found.newest:
        number, day = found.newest.number + 1, local_day(int(at.timestamp()), read_settings(rule.home).zone)
    RuleVersion.objects.create(
        kind=rule.kind, key=rule.key, number=number, state=RuleState.PUBLISHED, text=found.text,
        digest=digest_of(found.text), effective_from=day, at=at,
    )  # fmt: skip


def _next(
    viewer: Viewer, rule: Named, held: Rule, text: str, *, at: datetime, reason: str, examples: Sequence[object]
) -> RuleVersion:
    number = held.newest.number + 1 if held.newest else 1
    return RuleVersion.objects.create(
        kind=rule.kind, key=rule.key, number=number, text=text, digest=digest_of(text), reason=reason, at=at,
        by_id=viewer.account, by_name=viewer.name, examples=list(examples),
    )  # fmt: skip


def _draft(held: Rule) -> RuleVersion:
    if held.draft is None:
        raise InputError("rules.no_draft")
    return held.draft


def _set_state(version: RuleVersion, state: RuleState) -> None:
    """A draft changes its state once; two who press at the same time are told apart here."""
    if not RuleVersion.objects.filter(pk=version.pk, state=RuleState.DRAFT).update(state=state):
        raise Conflict("rules.changed_meanwhile", name=version.key)
    version.refresh_from_db()
