"""The slow reference of the clocks: minute by minute, what a person would count by hand."""

import numpy as np

from fuxiao.core.clock import EventType, PauseKind


def minutes_not_counted(rows, rule, *, start, minutes):
    """Walk the events one by one and paint the minutes in which a pause or the resolved state lasts."""
    painted = np.zeros(minutes + 1, dtype=bool)
    ordered = sorted(rows, key=lambda event: (event.at, event.seq))
    stands, resolved = set(), False
    for event, after in zip(ordered, [*ordered[1:], None], strict=True):
        if event.type is EventType.PEND_START and event.kind in set(PauseKind):
            stands.add(event.kind)
        elif event.type is EventType.PEND_END:
            stands = set() if event.kind is None else stands - {event.kind}
        elif event.type in {EventType.RESOLVED, EventType.REOPENED}:
            resolved = event.type is EventType.RESOLVED
        if stands & rule.pauses or (resolved and rule.skips_resolved):
            until = minutes + 1 if after is None else (after.at - start) // 60
            painted[(event.at - start) // 60 : until] = True
    return painted
