"""Logs of process mining: a row tells which step of an activity was taken, its start, its end, a wait in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.activities import OTHER, Activities, guess_activities
from fuxiao.datasets.importing.mapping import Condition, EventType, Expression
from fuxiao.datasets.importing.match import Matcher, synonyms
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import TABLE
from fuxiao.datasets.importing.sql import Connection

DONE = "complete"
MEANS = {
    "assign": EventType("assigned"), "reassign": EventType("transferred"), "resume": EventType("pend_end"),
    "suspend": EventType("pend_start", "third_party"),
}  # fmt: skip
STEPS = {DONE, "schedule", "start", "withdraw", "manualskip", "autoskip", "ate_abort", "pi_abort", *MEANS}
"""The steps of an activity as XES names them; logs that call a status so are none of these."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The columns of such a log and, as the file writes them, the steps besides the end of an activity.

    What happened is the activity where it ended; before that, the activity with its step: ``Repair start``.
    """

    activity: str
    step: str
    others: tuple[str, ...]

    @property
    def happened(self) -> Expression:
        before = Expression(columns=(self.activity, self.step), when=(Condition(self.step, self.others),))
        return Expression(first_of=(before, Expression(columns=(self.activity,))))

    def activities(self, connection: Connection, profile: FileProfile) -> Activities:
        """What ended activities stand for, and steps by what they are; work on a case begins with its start."""
        activity, step = profile.cell(self.activity), profile.cell(self.step)
        counted = sql.rows(
            connection,
            f"select {activity} as a, case when {step} in {sql.texts(self.others)} then {step} end as s, count(*) as n "
            f"from {TABLE} where a is not null group by a, s order by n desc, a, s",
        )
        found = guess_activities(tuple((a, n) for a, s, n in counted if s is None))
        steps = {f"{a} {s}": (a, s.casefold()) for a, s, _ in counted if s is not None}
        ends = any(s == "resume" for _, s in steps.values())
        means = {name: MEANS.get(s) if ends or s != "suspend" else None for name, (_, s) in steps.items()}
        waits = {name: "waiting" for name, each in means.items() if each == MEANS["suspend"]}
        return replace(
            found,
            types=found.types | {name: (each,) if each else OTHER for name, each in means.items()},
            reopen_on=(*found.reopen_on, *(n for n, (a, s) in steps.items() if s == "start" and a in found.reopen_on)),
            remarks={**(found.remarks or {}), **waits},
        )


def lifecycle_of(match: Matcher, profile: FileProfile, *, activity: str, taken: Collection[str]) -> Lifecycle | None:
    """The file as such a log; ``None`` where it tells of nothing but ends, or of none."""
    step = match.find(synonyms()["lifecycle"], None, without=[*taken, activity])
    said = profile.columns[step].values if step else ()
    if step is None or DONE not in map(str.casefold, said) or not {each.casefold() for each in said} <= STEPS:
        return None
    others = tuple(each for each in said if each.casefold() != DONE)
    return Lifecycle(activity, step, others) if others else None
