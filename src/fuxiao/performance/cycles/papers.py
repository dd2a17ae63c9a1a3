"""The papers of a cycle: every stored row of it by its digest, and what was written later against the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Model, QuerySet

from fuxiao.base.models import AuditEntry
from fuxiao.performance.cycles.models import (
    AgreedAction,
    Appeal,
    Comment,
    Cycle,
    CycleMember,
    GradeChange,
    Minutes,
    OtherPayout,
    Panelist,
    Rating,
    Scorecard,
    StandIn,
    Talk,
)

LATER: Mapping[type[Model], frozenset[str]] = {
    Cycle: frozenset({"step", "seal", "sealed_at", "version"}),
    CycleMember: frozenset({"version"}),
    Appeal: frozenset({"version"}),
    StandIn: frozenset({"account"}),
    Talk: frozenset({"person_signed_at", "objection", "version"}),
    AgreedAction: frozenset({"done_at", "effect"}),
}
"""Columns that may still change once a cycle is final: counters, the seal itself, a signature, what came of an action.
All but the counters are told by the audit trail."""
ADDED: Mapping[type[Model], frozenset[str]] = {
    Cycle: frozenset({"amounts", "amounts_given", "amounts_applied", "passed"})
}
"""Columns that came with a later version: empty ones count for nothing, so that what was sealed before still holds."""
REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Paper:
    """A row in words, and the digest of everything fixed that it says."""

    about: str
    digest: str


def papers(cycle: Cycle) -> dict[str, Paper]:
    """Every row of a cycle by table and number (``appeal/12``). Remarks are left out: there may be more any day."""
    return {key: Paper(str(row), _digest(row)) for rows in _tables(cycle) for key, row in _keyed(rows)}


def _tables(cycle: Cycle) -> Iterator[QuerySet[Model]]:
    yield Cycle.objects.filter(pk=cycle.pk)
    yield CycleMember.objects.filter(cycle=cycle)
    yield OtherPayout.objects.filter(cycle=cycle)
    yield Comment.objects.filter(member__cycle=cycle).exclude(kind=REMARK).select_related("member")
    for table in (Scorecard, StandIn, Panelist, Rating, Appeal, GradeChange, Talk):
        yield table.objects.filter(member__cycle=cycle).select_related("member")
    yield Minutes.objects.filter(cycle=cycle).select_related("cycle")
    yield AgreedAction.objects.filter(talk__member__cycle=cycle)


def _keyed(rows: QuerySet[Model]) -> Iterator[tuple[str, Model]]:
    for row in rows.order_by("pk").iterator(chunk_size=200):
        yield key_of(row), row


def key_of(row: Model) -> str:
    return f"{row._meta.model_name}/{row.pk}"  # noqa: SLF001 - Django documents it


def _digest(row: Model) -> str:
    """SHA-256 over the row's fixed columns; the same on every database."""
    later = LATER.get(type(row), frozenset())
    fields = row._meta.concrete_fields  # noqa: SLF001 - Django documents it
    columns = [field.attname for field in fields if field.name not in later]
    added = ADDED.get(type(row), frozenset())
    said = {name: value for name in columns if (value := getattr(row, name)) or name not in added}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def untold(cycle: Cycle) -> Iterator[tuple[str, Paper]]:
    """What may be written later and is not as the audit trail tells it: remarks, signatures, what came of actions."""
    yield from _remarks(cycle)
    signed = {key: (each.at, each.new["objection"]) for key, each in _told(cycle, "talk.signed")}
    for talk in Talk.objects.filter(member__cycle=cycle).select_related("member"):
        said = (talk.person_signed_at, talk.objection)
        if said != signed.get(_address(talk.member), (None, "")):
            yield key_of(talk), Paper(str(talk), "")
    followed = {each.new["action"]: (each.at, each.new["effect"]) for _, each in _told(None, "talk.followed_up")}
    for action in AgreedAction.objects.filter(talk__member__cycle=cycle):
        if (action.done_at, action.effect) != followed.get(action.pk, (None, "")):
            yield key_of(action), Paper(str(action), "")


def _remarks(cycle: Cycle) -> Iterator[tuple[str, Paper]]:
    told = {(key, each.at, each.actor_name, each.new["text"]) for key, each in _told(cycle, "scorecard.remark")}
    for each in Comment.objects.filter(member__cycle=cycle, kind=REMARK).select_related("member"):
        said = (_address(each.member), each.at, each.author_name, each.text)
        if said not in told:
            yield key_of(each), Paper(str(each), "")
        told.discard(said)
    for key, at, name, _text in sorted(told):
        yield f"comment/{key}", Paper(f"{name} {at:%Y-%m-%d %H:%M}", "")


def _address(member: CycleMember) -> str:
    return f"{member.cycle_id}/{member.person}"


def _told(cycle: Cycle | None, action: str) -> Iterator[tuple[str, AuditEntry]]:
    """What the audit trail tells of scorecards, of this cycle or of all, oldest first."""
    found = AuditEntry.objects.filter(action=action, kind="scorecard").order_by("id")
    for each in found if cycle is None else found.filter(key__startswith=f"{cycle.pk}/"):
        yield each.key, each


def was_sealed(cycle: Cycle) -> bool:
    """Whether the audit trail tells that this cycle was sealed."""
    return AuditEntry.objects.filter(action="cycle.sealed", kind="cycle", key=str(cycle.pk)).exists()
