"""Whether a clock kept its target, and when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fuxiao.core.clock import Ledger, Reason
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace
from fuxiao.core.worktime import WorkTime


class Status(StrEnum):
    """How a promise stands."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"  # not yet stopped, and not yet past its target


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one clock stands against its target.

    ``due_at`` is the epoch second at which the target is used up, given the pauses so far: while a pause lasts it moves
    on. ``warned``: the clock runs and has used the policy's warning share.
    """

    status: Status
    seconds: int
    target_seconds: int
    due_at: int
    warned: bool
    trace: Trace

    @property
    def seconds_left(self) -> int:
        """Business seconds to the target; negative once it is missed."""
        return self.target_seconds - self.seconds


def outcome(ledger: Ledger, *, target_minutes: int, warning_share: Decimal, work: WorkTime) -> Outcome:
    """Hold a clock against a target in business minutes; exactly on target is met.

    ``work`` is the calendar that the ledger was made with, else ``CalculationError``.
    """
    if work.calendar.key != ledger.calendar:
        raise CalculationError("service_level.calendar_differs", ledger=ledger.calendar, given=work.calendar.key)
    target, used = target_minutes * 60, ledger.seconds
    status = _status(ledger, used, target)
    warned = status is Status.RUNNING and used >= warning_share * target
    due_at = _due(ledger, target, used, work)
    trace = Trace(
        "service_level.outcome",
        str(status),
        formula=f"{used} {'≤' if used <= target else '>'} {target}",
        params={"due_at": due_at, "target_minutes": target_minutes, "warned": warned},
        inputs=(ledger.trace(),),
    )
    return Outcome(status, used, target, due_at, warned, trace)


def _status(ledger: Ledger, used: int, target: int) -> Status:
    if used > target:
        return Status.MISSED
    return Status.RUNNING if ledger.running else Status.MET


def _due(ledger: Ledger, target: int, used: int, work: WorkTime) -> int:
    """Where the counted time reaches the target: inside the ledger, or beyond it as if no pause followed."""
    if used < target:
        return work.add_business_seconds(ledger.end, target - used)
    left, due = target, ledger.start
    for entry in ledger.entries:
        if left > 0 and entry.reason is Reason.COUNTED:
            due = entry.start + min(left, entry.seconds)
            left -= entry.seconds
    return due
