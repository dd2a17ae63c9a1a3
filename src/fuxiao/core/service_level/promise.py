"""The promises of a case while it is worked on: when each is due, and when somebody has to look at it next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from fuxiao.core.clock import FIRST_RESPONSE, RESOLUTION, CaseHistory, ClockRule, run_clock
from fuxiao.core.service_level.outcome import Outcome, Status, outcome
from fuxiao.core.service_level.policy import Policy
from fuxiao.core.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock of a case against its target.

    ``runs``: it has not stopped and the case is open. ``stands``: it runs, but a pause keeps it still. ``look_at`` is
    the epoch second at which it will have to be warned of, or will be missed; ``None`` where neither can come.
    """

    clock: str
    outcome: Outcome
    runs: bool
    stands: bool
    look_at: int | None

    @property
    def is_missed(self) -> bool:
        return self.outcome.status is Status.MISSED


def promises(
    history: CaseHistory, policy: Policy, work: WorkTime, *, as_of: int, is_open: bool
) -> tuple[Promise, ...]:  # fmt: skip
    """What ``policy`` promises this case, first response before resolution; ``work`` is the policy's calendar."""
    return tuple(_promises(history, policy, work, as_of, is_open=is_open))


def _promises(
    history: CaseHistory, policy: Policy, work: WorkTime, as_of: int, *, is_open: bool
) -> Iterator[Promise]:  # fmt: skip
    targets = ((FIRST_RESPONSE, policy.first_response_minutes), (RESOLUTION, policy.resolution_minutes))
    for rule, minutes in targets:
        ledger = run_clock(history, rule, work, as_of=as_of)
        if minutes is None or ledger is None:
            continue
        found = outcome(ledger, target_minutes=minutes, warning_share=policy.warning_share, work=work)
        runs = ledger.running and is_open
        stands = runs and _stands(history, rule)
        look = _look_at(found, ceil(policy.warning_share * found.target_seconds), work, ledger.end)
        yield Promise(rule.key, found, runs, stands, look if runs and not stands else None)


def _stands(history: CaseHistory, rule: ClockRule) -> bool:
    return any(pause.end is None and pause.kind in rule.pauses for pause in history.pauses)


def _look_at(found: Outcome, warning: int, work: WorkTime, end: int) -> int | None:
    """When the share is used that warns; after that, the first second at which the promise is broken."""
    if found.seconds < warning:
        return work.add_business_seconds(end, warning - found.seconds)
    # Exactly on target is kept: a second of working time more, and it is not.
    over = found.target_seconds + 1 - found.seconds
    return work.add_business_seconds(end, over) if over > 0 else None
