"""The clock ledger: every interval of a clock, counted or not, with the rule that said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from fuxiao.core.clock.event import PauseKind
from fuxiao.core.clock.history import CaseHistory, Mark
from fuxiao.core.explain import Trace
from fuxiao.core.worktime import Pause, Seconds, WorkTime, intersect, subtract, union


class Reason(StrEnum):
    """Why an interval counts or does not."""

    COUNTED = "counted"
    CUSTOMER = "paused:customer"
    PARTS = "paused:parts"
    THIRD_PARTY = "paused:third_party"
    RESOLVED = "resolved"  # between a resolve and the reopening that followed
    ELSEWHERE = "elsewhere"  # not with the owner: somebody else held the case, or nobody
    CLOSED = "closed"  # outside the calendar


PAUSED: Final = {kind: Reason(f"paused:{kind}") for kind in PauseKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """A clock: from which moment to which, and for whom it stands still.

    ``skips_resolved``: the time from a resolve to the reopening that follows is not counted. ``owner_only``: only time
    for which the owner held the case is.
    """

    key: str
    starts: Mark
    stops: Mark
    pauses: frozenset[PauseKind]
    skips_resolved: bool = False
    owner_only: bool = False


CUSTOMER_ONLY: Final = frozenset({PauseKind.CUSTOMER})
ALL_PAUSES: Final = frozenset(PauseKind)

ACKNOWLEDGEMENT: Final = ClockRule(key="acknowledgement", starts=Mark.OPENED, stops=Mark.ACCEPTED, pauses=CUSTOMER_ONLY)
DISPATCH: Final = ClockRule(key="dispatch", starts=Mark.OPENED, stops=Mark.ASSIGNED, pauses=CUSTOMER_ONLY)
FIRST_RESPONSE: Final = ClockRule(
    key="first_response", starts=Mark.OPENED, stops=Mark.FIRST_RESPONSE, pauses=CUSTOMER_ONLY
)
# For a unit, waiting for parts or third parties is its own affair; a person cannot hurry them.
RESOLUTION: Final = ClockRule(
    key="resolution", starts=Mark.OPENED, stops=Mark.RESOLVED, pauses=CUSTOMER_ONLY, skips_resolved=True
)
RESOLUTION_PERSON: Final = ClockRule(
    key="resolution_person", starts=Mark.OPENED, stops=Mark.RESOLVED, pauses=ALL_PAUSES, skips_resolved=True
)
RESOLUTION_OWNER: Final = replace(RESOLUTION_PERSON, key="resolution_owner", owner_only=True)
CLOCKS: Final = {
    rule.key: rule
    for rule in (ACKNOWLEDGEMENT, DISPATCH, FIRST_RESPONSE, RESOLUTION, RESOLUTION_PERSON, RESOLUTION_OWNER)
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: half-open, in epoch seconds.

    ``seconds`` is the business time of the interval, whether it counts or not: for a pause, what the pause took away.
    ``rule`` is ``calendar:<key>`` or ``clock:<key>``: the definition that decided.
    """

    start: int
    end: int
    seconds: int
    reason: Reason
    rule: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of one clock; they tile ``[start, end)`` without gap or overlap, neighbours differ in reason.

    Where several reasons hold at once, the first of resolved, customer, parts, third party, elsewhere, closed is
    named.
    ``running`` tells that the clock had not stopped at ``end``.
    """

    clock: str
    calendar: str
    start: int
    end: int
    running: bool
    entries: tuple[Entry, ...]

    @property
    def seconds(self) -> int:
        """What the clock shows: counted business seconds."""
        return self.seconds_of(Reason.COUNTED)

    def seconds_of(self, reason: Reason) -> int:
        """Business seconds of the entries with this reason."""
        return sum(entry.seconds for entry in self.entries if entry.reason is reason)

    def trace(self) -> Trace:
        """The clock's seconds as business time less what did not count, one input a reason."""
        lost = [(r, self.seconds_of(r)) for r in Reason if r not in {Reason.COUNTED, Reason.CLOSED}]
        inputs = [Trace("clock.uncounted", amount, params={"reason": str(r)}) for r, amount in lost if amount]
        business = Trace("clock.business", sum(entry.seconds for entry in self.entries))
        return Trace(
            "clock.net",
            self.seconds,
            formula=" − ".join(str(trace.value) for trace in (business, *inputs)),
            params={"clock": self.clock, "calendar": self.calendar, "start": self.start, "end": self.end},
            inputs=(business, *inputs),
        )


def run_clock(history: CaseHistory, rule: ClockRule, work: WorkTime, *, as_of: int | None = None) -> Ledger | None:
    """The ledger of one clock of a case; ``None`` where it did not start, or has no end yet, or ends before it starts.

    A resolution clock ends at the last resolve. With ``as_of`` a clock that has not stopped runs up to that moment
    (build ``history`` as of the same), for a reopened case as well; a case that was closed, merged or cancelled before
    stops its clocks there, unfinished. A pause that nobody ended lasts to the end of the clock.
    """
    start = history.moment(rule.starts)
    stop = history.moment(rule.stops)
    if as_of is not None and rule.stops is Mark.RESOLVED and history.is_open:
        stop = None
    end = stop if stop is not None else _unfinished(history, as_of)
    if start is None or end is None or end < start:
        return None
    entries = _entries(history, rule, work, (start, end))
    return Ledger(rule.key, work.calendar.key, start, end, stop is None, entries)


def held_seconds(history: CaseHistory, rule: ClockRule, work: WorkTime, *, as_of: int | None = None) -> dict[str, int]:
    """The business seconds that each person held the case while its clock counted, with 0 for the rest.

    Time that only a unit held, or nobody, belongs to no one.
    """
    ledger = run_clock(history, rule, work, as_of=as_of)
    counted = [(e.start, e.end) for e in ledger.entries if e.reason is Reason.COUNTED] if ledger else []
    held: dict[str, int] = {}
    for hold in history.holds:
        if hold.person is not None and ledger is not None:
            span = (hold.start, ledger.end if hold.end is None else hold.end)
            # Counted entries lie inside working time, so their plain length is business time.
            seconds = sum(high - low for low, high in intersect(counted, [span]))
            held[hold.person] = held.get(hold.person, 0) + seconds
    return held


def _unfinished(history: CaseHistory, as_of: int | None) -> int | None:
    if as_of is None or history.ended_at is None:
        return as_of
    return min(as_of, history.ended_at)


def _entries(history: CaseHistory, rule: ClockRule, work: WorkTime, whole: Seconds) -> tuple[Entry, ...]:
    clock, calendar = f"clock:{rule.key}", f"calendar:{work.calendar.key}"
    free = union([whole])
    entries: list[Entry] = []
    for reason, blocked in _blocked(history, rule, whole):
        taken = intersect(free, blocked)
        free = subtract(free, taken)
        entries += [Entry(low, high, work.business_seconds(low, high), reason, clock) for low, high in taken]
    for low, high in free:
        open_spans = work.spans(low, high)
        entries += [Entry(a, b, b - a, Reason.COUNTED, calendar) for a, b in open_spans]
        entries += [Entry(a, b, 0, Reason.CLOSED, calendar) for a, b in subtract([(low, high)], open_spans)]
    return tuple(sorted(entries, key=lambda entry: entry.start))


def _blocked(history: CaseHistory, rule: ClockRule, whole: Seconds) -> Iterable[tuple[Reason, list[Seconds]]]:
    """What the clock does not count, by reason, in order of precedence."""
    end = whole[1]
    if rule.skips_resolved and history.resolved_gaps:
        yield Reason.RESOLVED, _closed(history.resolved_gaps, end)
    for kind in PauseKind:
        if kind in rule.pauses and (pauses := [p for p in history.pauses if p.kind == kind]):
            yield PAUSED[kind], _closed(pauses, end)
    if rule.owner_only:
        yield Reason.ELSEWHERE, subtract([whole], _owned(history, whole))


def _owned(history: CaseHistory, whole: Seconds) -> list[Seconds]:
    """When the owner held the case: their own holds; where the record tells of none, from the last hand-over to
    anybody on, else from the opening."""
    start, end = whole
    mine = [(hold.start, hold.end) for hold in history.holds if hold.person == history.answerable and hold.start <= end]
    last = max((at for at in history.handed_at if at <= end), default=start)
    held = union((low, end if high is None else high) for low, high in mine or [(last, end)])
    return intersect([whole], held)


def _closed(pauses: Iterable[Pause], end: int) -> list[Seconds]:
    return union((pause.start, end if pause.end is None else pause.end) for pause in pauses)
