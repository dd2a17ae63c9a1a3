"""Opening a cycle: the scheme frozen, the roll written down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from fuxiao.base.actions import announce, one_writer, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import CLOSED, Step
from fuxiao.core.errors import InputError
from fuxiao.core.period import Period
from fuxiao.performance.cycles.actions.together import PERIOD_LOCK
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.cycles.roll import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What HR decides when a cycle is opened; ``plan`` may be empty."""

    period: Period
    scheme: str
    scheme_text: str = ""
    plan: str = ""
    plan_text: str = ""
    teams: tuple[str, ...] = ()
    stages: tuple[Step, ...] = (Step.SELF_REVIEW, Step.LEAD_REVIEW)
    rank_shown: str = "percentile"
    cut_off_on: date
    appeal_days: int = 7
    repeats: bool = False


@transaction.atomic
def open_cycle(viewer: Viewer, opening: Opening, roll: Iterable[Entry], *, at: datetime) -> Cycle:
    """Open a cycle for everybody on the roll.

    ``InputError`` where nobody is on it, where the period has a cycle already that somebody on it is in, or where
    another cycle of the period goes by another scheme or plan or is final: a period is paid and sealed as one.
    """
    require(viewer, Permission.CYCLES_WRITE)
    entries = list(roll)
    if not entries:
        raise InputError("cycle.nobody")
    if opening.cut_off_on < opening.period.end:
        raise InputError("cycle.cut_off_early", end=opening.period.end.isoformat())
    digest = hashlib.sha256(opening.scheme_text.encode()).hexdigest()
    one_writer(PERIOD_LOCK)
    beside = list(Cycle.objects.filter(period=opening.period.key).order_by("id").select_for_update())
    _fits(opening, digest, entries, beside)
    cycle = _create(viewer, opening, digest, at)
    _take_over(cycle, beside)
    CycleMember.objects.bulk_create(CycleMember(cycle=cycle, **_columns(entry)) for entry in entries)
    record(
        viewer, "cycle.opened", kind="cycle", key=str(cycle.pk), label=f"{cycle.period} {cycle.scheme}", at=at,
        new={"period": cycle.period, "scheme": cycle.scheme, "digest": digest, "people": len(entries)},
    )  # fmt: skip
    announce("performance.cycles", at=at)
    return cycle


def _fits(opening: Opening, digest: str, entries: list[Entry], beside: list[Cycle]) -> None:
    if any(each.scheme_digest != digest for each in beside):
        raise InputError("cycle.other_scheme", period=opening.period.key)
    if any(each.plan_text != opening.plan_text for each in beside):
        raise InputError("cycle.other_plan", period=opening.period.key)
    numbers = [entry.person for entry in entries]
    twice = CycleMember.objects.filter(cycle__in=beside, person__in=numbers).order_by("person").first()
    if twice is not None:
        raise InputError("cycle.twice", name=twice.name, period=opening.period.key)
    if any(each.at in CLOSED for each in beside):
        raise InputError("cycle.period_final", period=opening.period.key)


def _create(viewer: Viewer, opening: Opening, digest: str, at: datetime) -> Cycle:
    try:
        with transaction.atomic():
            return Cycle.objects.create(
                period=opening.period.key, scheme=opening.scheme, scheme_text=opening.scheme_text,
                scheme_digest=digest, plan=opening.plan, plan_text=opening.plan_text, teams=list(opening.teams),
                scope=",".join(sorted(opening.teams)), stages=[stage.value for stage in opening.stages],
                rank_shown=opening.rank_shown, cut_off_on=opening.cut_off_on, appeal_days=opening.appeal_days,
                repeats=opening.repeats,
                opened_at=at, opened_by=viewer.name,
            )  # fmt: skip
    except IntegrityError as error:
        raise InputError("cycle.exists", period=opening.period.key) from error


def _take_over(cycle: Cycle, beside: list[Cycle]) -> None:
    """The amounts that were given for the period already, and what was decided in it: it is paid and sealed as one."""
    for each in beside[:1]:
        cycle.amounts, cycle.amounts_given, cycle.rulings = each.amounts, int(bool(each.amounts)), each.rulings
        cycle.save(update_fields=["amounts", "amounts_given", "rulings"])


def _columns(entry: Entry) -> dict[str, object]:
    return {**asdict(entry), "reasons": [dict(each) for each in entry.reasons]}
