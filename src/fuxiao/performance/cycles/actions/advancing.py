"""Taking a cycle on, step by step; each step is taken once, whoever presses and however often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Subquery

from fuxiao.base.actions import announce, record, require
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import CLOSED, Standing, Step, advanced, hindrances
from fuxiao.core.errors import CalculationError, Conflict, InputError
from fuxiao.core.period import parse_period
from fuxiao.performance.cycles.actions import telling
from fuxiao.performance.cycles.actions.together import locked
from fuxiao.performance.cycles.made import Computed, Made, digest_of
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember, OtherPayout, Scorecard
from fuxiao.performance.cycles.queries import HEAVY_OWN, OWED, open_appeals, pools_missing, together

WHY = {Step.LEAD_REVIEW: "review", Step.CALIBRATION: "calibration"}
"""What scorecards are computed again for, by step."""


def standing_of(cycle: Cycle, *, today: date) -> Standing:
    """What is known of a cycle, and of those of its period, for the rules of its steps."""
    counts = cycle.members.aggregate(unreviewed=Count("id", filter=OWED))
    alone = Standing(
        today=today, period_ends=parse_period(cycle.period).end, cut_off_on=cycle.cut_off_on,
        reviews_missing=counts["unreviewed"], appeals_open=open_appeals(cycle).count(), window_ends=cycle.window_ends,
        recomputing=cycle.is_behind, pools_missing=len(pools_missing(cycle)) if cycle.at is Step.SHARED else 0,
    )  # fmt: skip
    return replace(alone, undecided=_undecided(cycle, alone)) if cycle.at is Step.SHARED else alone


def _undecided(cycle: Cycle, alone: Standing) -> int:
    """How many other cycles of the period are neither final nor all but that; they have the same pools. One query."""
    appealed = Exists(Appeal.objects.filter(member__cycle=OuterRef("pk"), state="open"))
    found = together(cycle).exclude(pk=cycle.pk).exclude(step__in=CLOSED).defer(*HEAVY_OWN).annotate(appealed=appealed)
    standings = (
        (each.at, replace(
            alone, appeals_open=int(each.appealed), window_ends=each.window_ends, recomputing=each.is_behind,
        ))
        for each in found
    )  # fmt: skip
    return sum(at is not Step.SHARED or next(hindrances(at, standing), None) is not None for at, standing in standings)


@transaction.atomic
def advance(
    viewer: Viewer, number: int, *, version: int, today: date, at: datetime, window_ends: date | None = None
) -> Cycle:
    """Take the next step, but for those that a calculation or a seal takes.

    ``Conflict`` where somebody took it meanwhile, ``CalculationError`` with what stands in the way. ``window_ends`` is
    the last day to appeal where the scorecards are shared.
    """
    require(viewer, Permission.CYCLES_WRITE)
    cycle = _locked(number, version)
    before = cycle.at
    after = advanced(before, cycle.stage_steps, standing_of(cycle, today=today))
    if after in (Step.CUT_OFF, Step.COMPUTED, Step.SEALED):
        raise CalculationError("cycle.not_by_hand")
    changed: dict[str, object] = {"step": after}
    if after is Step.SHARED:
        changed |= {"shared_on": today, "window_ends": window_ends or today}
    if after is Step.FINAL:
        if viewer.account is None:
            raise InputError("cycle.named_person")
        changed |= {"final_by": viewer.name, "final_at": at}
    moved = _move(viewer, cycle, changed, at=at)
    telling.tell_step(moved, today=today, at=at)
    return moved


@transaction.atomic
def cut_off(
    viewer: Viewer,
    number: int,
    *,
    version: int,
    basis: Mapping[str, object],
    as_of: datetime,
    today: date,
    at: datetime,
) -> Cycle:
    """Close the data of the period: from here on the figures are made of ``basis`` and nothing else.

    A period is sealed as one: where another cycle of it closed before, the figures are made of the same as its.
    """
    require(viewer, Permission.CYCLES_WRITE)
    cycle = _locked(number, version)
    if cycle.at is not Step.RUNNING:
        raise Conflict("cycle.moved_on", step=cycle.step)
    advanced(cycle.at, cycle.stage_steps, standing_of(cycle, today=today))
    first = Cycle.objects.filter(period=cycle.period).exclude(as_of=None).order_by("id").first()
    if first is not None and first.as_of is not None:
        basis, as_of = first.basis, first.as_of
    return _move(viewer, cycle, {"step": Step.CUT_OFF, "basis": basis, "as_of": as_of}, at=at)


@transaction.atomic
def keep_computed(viewer: Viewer, number: int, found: Computed, *, applied: int, amounts: int, at: datetime) -> bool:
    """Keep everybody's first scorecard and amounts at once; ``False`` where another calculation was kept before.

    ``applied`` is the number of rulings that the calculation knew, those of the period's other cycles; ``amounts`` the
    setting of the amounts. It was computed aside: a worker killed at any moment before leaves nothing behind, and two
    of them leave one result.
    """
    cycle = Cycle.objects.select_for_update().get(pk=number)
    if cycle.at is not Step.CUT_OFF or cycle.as_of is None:
        return False
    people = {member.person: member for member in cycle.members.all()}
    made = [
        scorecard(people[card.person], card, n=1, why="computed", as_of=cycle.as_of, at=at)
        for card in found.cards
        if card.person in people
    ]
    Scorecard.objects.bulk_create(made, batch_size=200)
    own = Scorecard.objects.filter(member=OuterRef("pk"), n=1).values("pk")
    cycle.members.update(scorecard=Subquery(own))
    _keep_beside(cycle, found)
    known = {"calculation": 1, "applied": applied, "amounts_applied": amounts, "computed_at": at}
    _move(viewer, cycle, {"step": Step.COMPUTED, **known}, at=at)
    return True


@transaction.atomic
def keep_recomputed(viewer: Viewer, number: int, found: Computed, *, applied: int, amounts: int, at: datetime) -> int:
    """Keep new versions for those, and only those, whose figures or amounts a decision changed; how many there are.

    ``applied`` is the number of rulings that the calculation knew, ``amounts`` the setting of the amounts. Nothing is
    kept where a later one was kept already.
    """
    cycle = Cycle.objects.select_for_update().get(pk=number)
    if cycle.at in CLOSED or cycle.as_of is None:
        return 0
    if applied < cycle.applied or amounts < cycle.amounts_applied or (applied, amounts) == cycle.known:
        return 0
    heard = WHY.get(cycle.at, "appeal")
    held = {member.person: member for member in cycle.members.select_related("scorecard")}
    untold, decided = amounts > cycle.amounts_applied, applied > cycle.applied
    newer = not decided and not _given_since(cycle)
    mine = [card for card in found.cards if card.person in held]
    changed = [card for card in mine if _differs(held[card.person].scorecard, card, untold=untold)]
    for card in changed:
        member = held[card.person]
        rescored = _is_rescored(member.scorecard, card)
        why = "program" if newer or (rescored and not decided) else heard if rescored else "amounts"
        kept = scorecard(member, card, n=member.scorecards.count() + 1, why=why, as_of=cycle.as_of, at=at)
        kept.save(force_insert=True)
        CycleMember.objects.filter(pk=member.pk).update(scorecard=kept, answered_at=None, version=F("version") + 1)
    _keep_beside(cycle, found)
    Cycle.objects.filter(pk=number).update(
        applied=applied, amounts_applied=amounts, calculation=F("calculation") + 1, computed_at=at,
        version=F("version") + 1,
    )  # fmt: skip
    label = f"{cycle.period} {cycle.scheme}"
    new = {"people": [card.person for card in changed], "rulings": applied, "amounts": amounts}
    if newer:
        record(viewer, "cycle.recounted", kind="cycle", key=str(number), label=label, at=at, new=new)
    else:
        record(viewer, "cycle.recomputed", kind="cycle", key=str(number), label=label, at=at, new=new)
    announce("performance.cycles", at=at)
    return len(changed)


def _given_since(cycle: Cycle) -> bool:
    """Whether amounts were given since the stored scorecards were computed; after an upgrade the setting is counted up
    without that, so that a newer program works out the same inputs once more."""
    given = AuditEntry.objects.filter(kind="cycle", key=str(cycle.pk), action="cycle.amounts")
    return given.filter(at__gte=cycle.computed_at).exists() if cycle.computed_at else False


def _keep_beside(cycle: Cycle, found: Computed) -> None:
    """What the calculation says beside the scorecards, in place of what the one before said."""
    people = set(cycle.members.values_list("person", flat=True))
    scored = people & {card.person for card in found.cards}
    OtherPayout.objects.filter(cycle=cycle).delete()
    others = [OtherPayout(cycle=cycle, **asdict(each)) for each in found.payouts if each.person not in scored]
    OtherPayout.objects.bulk_create(others, batch_size=200)
    passed = {team: name for who in sorted(people) for team, name in found.passed.get(who, {}).items()}
    Cycle.objects.filter(pk=cycle.pk).update(passed=passed)


def _differs(held: Scorecard | None, card: Made, *, untold: bool) -> bool:
    """Whether a card says something else than the one that holds.

    One of a version that kept no amounts has the same ones as long as none were given since (``untold``).
    """
    paid = card.result["payout"]
    same = None if untold else paid
    return held is None or _is_rescored(held, card) or held.result.get("payout", same) != paid


def _is_rescored(held: Scorecard | None, card: Made) -> bool:
    """Whether more than the amounts of a card is another than in the one that holds."""
    if held is None:
        return True
    mine = (held.score, held.grade, held.coefficient, held.result["figures"])
    return mine != (card.score, card.grade, card.coefficient, card.result["figures"])


def scorecard(member: CycleMember, card: Made, *, n: int, why: str, as_of: datetime, at: datetime) -> Scorecard:
    """A version of somebody's scorecard, not saved yet."""
    digest = digest_of(card, n, as_of)
    return Scorecard(
        member=member, n=n, why=why, as_of=as_of, made_at=at, score=card.score, grade=card.grade,
        coefficient=card.coefficient, result=dict(card.result), digest=digest,
    )  # fmt: skip


@transaction.atomic
def mark_sealed(viewer: Viewer, number: int, *, seal: str, at: datetime) -> Cycle:
    """Note the seal that lies in the lake; a cycle that is sealed already stays as it is."""
    require(viewer, Permission.CYCLES_WRITE)
    cycle = Cycle.objects.select_for_update().get(pk=number)
    if cycle.at is Step.SEALED:
        return cycle
    if cycle.at is not Step.FINAL:
        raise Conflict("cycle.moved_on", step=cycle.step)
    return _move(viewer, cycle, {"step": Step.SEALED, "seal": seal, "sealed_at": at}, at=at)


def _locked(number: int, version: int) -> Cycle:
    cycle = next((each for each in locked(number) if each.pk == number), None)
    if cycle is None:  # it was called off
        raise Conflict("cycle.moved_on", step="")
    if cycle.version != version:
        raise Conflict("cycle.moved_on", step=cycle.step)
    return cycle


def _move(viewer: Viewer, cycle: Cycle, changed: Mapping[str, object], *, at: datetime) -> Cycle:
    """Write the change if the cycle is still as it was read; the audit entry tells the step before and after."""
    taken = Cycle.objects.filter(pk=cycle.pk, version=cycle.version).update(version=F("version") + 1, **changed)
    if not taken:
        raise Conflict("cycle.moved_on", step=cycle.step)
    label = f"{cycle.period} {cycle.scheme}"
    told = {name: str(value) for name, value in changed.items() if name != "basis"}
    record(viewer, f"cycle.{changed['step']}", kind="cycle", key=str(cycle.pk), label=label, at=at,
           old={"step": cycle.step}, new=told)  # fmt: skip
    announce("performance.cycles", at=at)
    cycle.refresh_from_db()
    return cycle
