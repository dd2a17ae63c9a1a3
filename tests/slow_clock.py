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


def minutes_with(owner, rows, *, start, minutes, until):
    """Hand the case on event by event and paint the minutes in which it is with the owner; where it never came to them
    before ``until``, all since it was last handed over."""
    mine, last = np.zeros(minutes + 1, dtype=bool), np.zeros(minutes + 1, dtype=bool)
    last[:] = True
    came = False
    for event in sorted(rows, key=lambda event: (event.at, event.seq)):
        if event.type not in {EventType.ASSIGNED, EventType.ACCEPTED, EventType.TRANSFERRED} or event.at > until:
            continue
        person = event.to_person or (None if event.type is EventType.TRANSFERRED else event.actor)
        came = came or person == owner
        since = (event.at - start) // 60
        mine[since:] = person == owner
        last[:since] = False
    return mine if came else last
