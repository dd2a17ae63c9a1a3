"""What the home folder promises: service levels and the calendars they count in, read anew when a file changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from fuxiao.base.calendars import FOLDER, SERVICE_LEVELS, read_calendars, read_policies
from fuxiao.base.settings import FILE, Settings, read_settings
from fuxiao.core.calendar import ALWAYS, WorkCalendar
from fuxiao.core.case_life import Happened, history_of, life_of
from fuxiao.core.service_level import Policy, Promise, policy_for, promises, usual_priority
from fuxiao.core.worktime import WorkTime

COVERED = (int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2036, 1, 1, tzinfo=UTC).timestamp()))
"""Between these the calendars are worked out at once, so that requests side by side only read them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings, the service levels and the working time of each calendar."""

    settings: Settings
    policies: tuple[Policy, ...]
    works: Mapping[str, WorkTime]
    calendars: Mapping[str, WorkCalendar]

    def day(self, at: datetime) -> date:
        """The local day of a moment."""
        return at.astimezone(ZoneInfo(self.settings.zone)).date()

    def policy(self, *, opened_at: datetime, priority: str, case_type: str, contract: str | None) -> Policy | None:
        """What holds for a case that was opened then; empty texts are not known."""
        return policy_for(
            self.policies, on=self.day(opened_at), priority=priority or None, case_type=case_type or None,
            contract=contract,
        )  # fmt: skip

    def usual_priority(self, *, at: datetime) -> str:
        """What a case gets that nobody called urgent or not; nothing where promises do not go by it."""
        return usual_priority(self.policies, on=self.day(at)) or ""

    def named(self, key: str, *, opened_at: datetime) -> Policy | None:
        """The policy of that key that held when the case was opened."""
        day = self.day(opened_at)
        return next((p for p in self.policies if p.key == key and _holds(p, day)), None)

    def work(self, policy: Policy | None) -> WorkTime:
        return self.works[policy.calendar if policy else self.settings.calendar]

    def promises(self, events: Sequence[Happened], policy: Policy | None, *, at: datetime) -> tuple[Promise, ...]:
        """What the case was promised, as of a moment; nothing without a policy."""
        life = life_of(events)
        if policy is None or life is None:
            return ()
        as_of = int(at.timestamp()) if life.is_open else life.last_at
        return promises(history_of(events), policy, self.work(policy), as_of=as_of, is_open=life.is_open)


def _holds(policy: Policy, day: date) -> bool:
    return (policy.valid_from is None or policy.valid_from <= day) and (
        policy.valid_to is None or day < policy.valid_to
    )


def terms() -> Terms:
    """The terms of the home folder; those of an empty one before there is any."""
    home = settings.HOME
    files = [home / FILE, home / SERVICE_LEVELS, *sorted((home / FOLDER).glob("*.yaml"))]
    return _read(home, tuple((path.name, path.stat().st_mtime_ns) for path in files if path.is_file()))


@lru_cache(maxsize=2)
def _read(home: Path, files: tuple[tuple[str, int], ...]) -> Terms:
    if not any(name == FILE for name, _ in files):
        return Terms(Settings(), (), {ALWAYS.key: _worked_out(WorkTime(ALWAYS))}, {ALWAYS.key: ALWAYS})
    found = read_settings(home)
    calendars = read_calendars(home, found)
    works = {key: _worked_out(WorkTime(calendar)) for key, calendar in calendars.items()}
    return Terms(found, read_policies(home, calendars), works, calendars)


def _worked_out(work: WorkTime) -> WorkTime:
    work.business_seconds(*COVERED)
    return work
