"""The clocks of a case on its page: what is left, when it stands still and why, and the ledger of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fuxiao.base.wording import say
from fuxiao.core.case_life import Happened, history_of, life_of
from fuxiao.core.clock import CLOCKS, run_clock
from fuxiao.core.service_level import Promise
from fuxiao.service.models import Case
from fuxiao.service.terms import terms
from fuxiao.web.cases.presenters import Interval, intervals_of
from fuxiao.web.desk.labels import PAUSES
from fuxiao.web.metrics.wording import exactly, formats
from fuxiao.web.words import language, t

AHEAD = 21 * 86_400
"""So far ahead, in seconds, the browser is told when time counts."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """A promise as the browser keeps it: seconds of working time left, and the spans in which they pass.

    ``tone`` is how it stands now; ``why`` says what keeps it still, or that it was kept or missed.
    """

    name: str
    left: int
    warn: int
    spans: str
    runs: bool
    tone: str
    why: str
    due: str
    limit: str


@dataclass(frozen=True, slots=True)
class LedgerShown:
    """One clock with every interval."""

    name: str
    total: str
    intervals: Sequence[Interval]
    running: bool


def ticking(case: Case, events: Sequence[Happened], *, now: datetime) -> list[Ticking]:
    """The promises of a case, as of now."""
    found = terms()
    policy = found.named(case.policy, opened_at=case.opened_at) if case.policy else None
    at, work = int(now.timestamp()), found.work(policy)
    spans = " ".join(f"{low}-{high}" for low, high in work.spans(at, at + AHEAD))
    life = life_of(events)
    pause = life.pause if life else None
    return [_ticking(each, spans, str(pause or "")) for each in found.promises(events, policy, at=now)]


def _ticking(each: Promise, spans: str, pause: str) -> Ticking:
    made = each.outcome
    return Ticking(
        name=say(f"clock.{each.clock}", language()), left=made.seconds_left, warn=made.target_seconds // 5,
        spans=spans if each.runs and not each.stands else "", runs=each.runs and not each.stands,
        tone=_tone(each), why=_why(each, pause), due=formats().moment(made.due_at), limit=formats().duration(made.target_seconds),
    )  # fmt: skip


def _tone(each: Promise) -> str:
    if each.is_missed:
        return "bad"
    if not each.runs:
        return "good"
    return "near" if each.stands or each.outcome.warned else "accent"


def _why(each: Promise, pause: str) -> str:
    late = t("已超时", "missed") if each.is_missed else ""
    if each.stands:
        still = t("停表：{why}", "stands still: {why}", why=PAUSES.get(pause, pause))
        return f"{late} · {still}" if late else still
    return late or ("" if each.runs else t("按时完成", "kept"))


def ledgers(case: Case, events: Sequence[Happened], *, now: datetime) -> list[LedgerShown]:
    """Every clock of the case with its intervals."""
    found = terms()
    policy = found.named(case.policy, opened_at=case.opened_at) if case.policy else None
    work, history, life = found.work(policy), history_of(events), life_of(events)
    as_of = int(now.timestamp()) if life is None or life.is_open else life.last_at
    made = [(key, run_clock(history, rule, work, as_of=as_of)) for key, rule in CLOCKS.items()]
    return [
        LedgerShown(
            say(f"clock.{key}", language()), exactly(ledger.seconds), intervals_of(ledger.entries),
            ledger.running and life is not None and life.is_open,
        )
        for key, ledger in made if ledger is not None and ledger.entries
    ]  # fmt: skip
