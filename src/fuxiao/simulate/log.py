"""The event log of one batch of cases: gathered column by column, put in order at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fuxiao.simulate.arrays import HOUR, NONE, Flags, Ints, blank

ACTIVITIES = (
    ("受理", "created"),
    ("自动回复", "responded"),
    ("首次响应", "responded"),
    ("客户来电", "contacted"),
    ("转单", "transferred"),
    ("升级", "escalated"),
    ("派工", "assigned"),
    ("放入抢单池", "other"),
    ("接单", "accepted"),
    ("上门签到", "visit_start"),
    ("离开现场", "visit_end"),
    ("挂起", "pend_start"),
    ("解除挂起", "pend_end"),
    ("备件受理", "other"),
    ("领料确认", "other"),
    ("解决", "resolved"),
    ("回访结案", "closed"),
    ("重开", "reopened"),
    ("取消", "cancelled"),
    ("合并", "merged"),
    ("跟进", "other"),
)
(
    CREATED, AUTO_REPLY, RESPONDED, CONTACTED, TRANSFERRED, ESCALATED, ASSIGNED, POOLED, ACCEPTED, VISIT_START,
    VISIT_END, PEND_START, PEND_END, PARTS_TAKEN, PARTS_RECEIVED, RESOLVED, CLOSED, REOPENED, CANCELLED, MERGED, NOTED,
) = range(len(ACTIVITIES))  # fmt: skip
PAUSES = ("等待客户", "等待备件", "等待第三方")
CUSTOMER, PARTS, THIRD_PARTY = range(3)


@dataclass(frozen=True, slots=True)
class Events:
    """Events as arrays; ``case`` is the index in its batch, units and persons are indexes or ``NONE``."""

    case: Ints
    at: Ints
    activity: Ints
    actor: Ints
    to_person: Ints
    from_unit: Ints
    to_unit: Ints
    kind: Ints
    wrong: Ints
    self_picked: Ints
    seq: Ints
    recorded: Ints


class Log:
    """Gathers events; within one moment they keep the order in which they were told."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, ...]] = []

    def add(
        self, activity: int, case: Ints, at: Ints, *, actor: Ints | int = NONE, to_person: Ints | int = NONE,
        from_unit: Ints | int = NONE, to_unit: Ints | int = NONE, kind: Ints | int = NONE, wrong: Ints | int = NONE,
        self_picked: Ints | int = NONE,
    ) -> None:  # fmt: skip
        """One event of this activity for each case; single numbers hold for all of them."""
        values = (case, at, activity, actor, to_person, from_unit, to_unit, kind, wrong, self_picked)
        # Copies: the caller goes on with its arrays.
        self._parts.append(tuple(np.array(np.broadcast_to(v, case.shape), dtype=np.int64) for v in values))

    def events(self, rng: np.random.Generator, *, exported: int) -> Events:
        """All events up to the export, ordered by case and moment, numbered from 1; one in a hundred recorded late."""
        columns = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        happened = columns[1] <= exported
        columns = [column[happened] for column in columns]
        order = np.lexsort((columns[1], columns[0]))
        columns = [column[order] for column in columns]
        delay = np.where(rng.random(len(order)) < 0.01, rng.integers(HOUR, 30 * HOUR, len(order)), 0)
        recorded = np.minimum(columns[1] + delay + rng.integers(0, 20, len(order)), exported)
        case, at, activity, actor, to_person, from_unit, to_unit, kind, wrong, self_picked = columns
        return Events(
            case, at, activity, actor, to_person, from_unit, to_unit, kind, wrong, self_picked,
            _running(case), recorded,
        )  # fmt: skip


def _running(case: Ints) -> Ints:
    """1, 2, 3 … within each stretch of equal values."""
    if not len(case):
        return blank(0)
    new: Flags = np.concatenate(([True], case[1:] != case[:-1]))
    start = np.flatnonzero(new)
    return np.arange(len(case)) - np.repeat(start, np.diff(np.concatenate((start, [len(case)])))) + 1
