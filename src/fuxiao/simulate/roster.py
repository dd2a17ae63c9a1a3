"""Who works when: shifts, rest days, leave; and picking somebody of a unit who is at work at a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fuxiao.simulate.arrays import DAY, HOUR, NONE, Flags, Ints
from fuxiao.simulate.calendar_days import Days
from fuxiao.simulate.company import COMPLAINTS, DESK, DISPATCH, LEAD, MANAGEMENT, QUALITY, Company

OFF, EARLY, LATE, FIELD_DAY, OFFICE, LEAVE, SICK, TRAINING = range(8)
TRAINING_DAYS = 9
"""A joiner learns so many days before taking cases."""
HOURS = ((0, 0), (8 * HOUR, 16 * HOUR + 1800), (13 * HOUR + 1800, 22 * HOUR))
FIELD_HOURS = (8 * HOUR + 1800, 18 * HOUR)
OFFICE_HOURS = (9 * HOUR, 18 * HOUR)
SHIFT_HOURS = (*HOURS, FIELD_HOURS, OFFICE_HOURS, (0, 0), (0, 0), (0, 0))
SLOTS = (8 * HOUR, 9 * HOUR, 13 * HOUR + 1800, 16 * HOUR + 1800, 18 * HOUR, 22 * HOUR)
"""Between two of these moments the set of people at work does not change (08:30 counts as 09:00)."""
SLOT_COUNT = len(SLOTS) - 1
COVERS = {EARLY: (0, 1, 2), LATE: (2, 3, 4), FIELD_DAY: (1, 2, 3), OFFICE: (1, 2, 3)}
FAR = 10**6


@dataclass(frozen=True, slots=True)
class Roster:
    """``shift``: one code a person and day. ``next_present``: the next day from this one on which the person works."""

    shift: Ints
    next_present: Ints


def build_roster(rng: np.random.Generator, days: Days, company: Company) -> Roster:
    """Shifts of everybody; on public holidays a third of the desk and half of the field work, offices are closed."""
    count, length = company.team_by_day.shape
    kinds = np.array([unit.kind for unit in company.units])[company.people.unit]
    person, day = np.arange(count)[:, None], np.arange(length)[None, :]
    week = (days.first + day + 3) // 7
    weekday = days.weekday[None, :]
    shift = np.full((count, length), FIELD_DAY, dtype=np.int64)
    desk = np.isin(kinds, (DESK, DISPATCH))[:, None]
    shift = np.where(desk, np.where((person + week) % 2 == 0, EARLY, LATE), shift)
    first_rest, second_rest = (person + week * 2) % 7, (person + week * 2 + 3) % 7
    resting = (weekday == first_rest) | (desk & (weekday == second_rest))
    on_duty = np.where((kinds == DESK)[:, None], (person + day) % 3, (person + day) % 2) == 0
    resting = np.where(days.holiday[None, :], ~on_duty, resting)
    office = np.isin(kinds, (MANAGEMENT, QUALITY, COMPLAINTS))[:, None] | (company.people.role == LEAD)[:, None]
    shift = np.where(office, np.where(days.office[None, :], OFFICE, OFF), np.where(resting, OFF, shift))
    shift = np.where(_away(rng, count, length) & (shift != OFF), LEAVE, shift)
    shift = np.where((rng.random((count, length)) < 0.004) & (shift != OFF) & (shift != LEAVE), SICK, shift)
    joined = company.people.hired[:, None]
    shift = np.where((joined > 0) & (day < joined + TRAINING_DAYS) & (shift != OFF), TRAINING, shift)
    shift = np.where(company.team_by_day == NONE, OFF, shift)
    return Roster(shift, _next_present(shift))


def _away(rng: np.random.Generator, count: int, length: int) -> Flags:
    """Annual leave: one block of three to six days a person in each half year."""
    away = np.zeros((count, length), dtype=bool)
    day = np.arange(length)[None, :]
    for begin in range(0, length, 182):
        first = begin + rng.integers(0, 176, size=count)[:, None]
        away |= (day >= first) & (day < first + rng.integers(3, 7, size=count)[:, None])
    return away


def _next_present(shift: Ints) -> Ints:
    present = np.isin(shift, list(COVERS))
    day = np.where(present, np.arange(shift.shape[1])[None, :], FAR)
    following: Ints = np.minimum.accumulate(day[:, ::-1], axis=1)[:, ::-1]
    return following


class Duty:
    """Everybody at work in a window of days, indexed by unit, day and slot, so that picking needs no loop over cases.

    Leads and the director do not take cases.
    """

    def __init__(self, company: Company, roster: Roster, *, first: int, last: int) -> None:
        self._days = roster.shift.shape[1]
        works = np.isin(company.people.role, (LEAD,), invert=True)
        keys: list[Ints] = []
        persons: list[Ints] = []
        window = roster.shift[:, first:last]
        for code, slots in COVERS.items():
            person, day = np.nonzero((window == code) & works[:, None])
            unit = company.team_by_day[person, day + first]
            for slot in slots:
                keys.append((unit * self._days + day + first) * SLOT_COUNT + slot)
                persons.append(person)
        key, person = np.concatenate(keys), np.concatenate(persons)
        order = np.lexsort((person, key))
        self._keys, self._persons = key[order], person[order].astype(np.int64)
        self._last = last

    def _range(self, unit: Ints, day: Ints, slot: Ints) -> tuple[Ints, Ints]:
        key = (unit * self._days + day) * SLOT_COUNT + slot
        low = np.searchsorted(self._keys, key, side="left")
        return low.astype(np.int64), (np.searchsorted(self._keys, key, side="right") - low).astype(np.int64)

    def one_of(self, unit: Ints, day: Ints, slot: Ints, number: Ints) -> Ints:
        """Somebody of the unit at work then, chosen by ``number`` modulo how many there are; ``NONE`` if nobody is."""
        low, count = self._range(unit, day, slot)
        place = np.minimum(low + number % np.maximum(count, 1), len(self._persons) - 1)
        return np.where(count > 0, self._persons[place], NONE)

    def count(self, unit: Ints, day: Ints, slot: Ints) -> Ints:
        """How many of the unit are at work then."""
        return self._range(unit, day, slot)[1]

    def when(self, rng: np.random.Generator, unit: Ints, moment: Ints, first_day: int) -> tuple[Ints, Ints]:
        """``(moment, person)``: the first moment from the given one at which the unit has somebody at work, and who.

        Moments that had to wait for the next slot fall a few minutes after its start. Nobody within the window: the
        moment given and ``NONE``.
        """
        at, person = moment.copy(), np.full(len(moment), NONE, dtype=np.int64)
        number = rng.integers(0, 2**31, size=len(moment))
        after = rng.integers(60, 1500, size=len(moment))
        left = np.arange(len(moment))
        while len(left):
            day, slot, start = _slot_of(at[left], first_day)
            at[left] = np.maximum(at[left], np.where(start > at[left], start + after[left], at[left]))
            inside = day < self._last
            person[left] = np.where(inside, self.one_of(unit[left], day, slot, number[left]), NONE)
            waiting = left[(person[left] == NONE) & inside]
            at[waiting] = _next_slot(at[waiting], first_day) + after[waiting]
            left = waiting
        return at, person


def _slot_of(moment: Ints, first_day: int) -> tuple[Ints, Ints, Ints]:
    """Day index, slot and the slot's start of the first slot that ends after each moment."""
    day = moment // DAY - first_day
    slot = np.searchsorted(SLOTS[1:], moment % DAY, side="right").astype(np.int64)
    day, slot = np.where(slot == SLOT_COUNT, day + 1, day), np.where(slot == SLOT_COUNT, 0, slot)
    return day, slot, (day + first_day) * DAY + np.array(SLOTS)[slot]


def _next_slot(moment: Ints, first_day: int) -> Ints:
    day, slot, _ = _slot_of(moment, first_day)
    start: Ints = (day + first_day) * DAY + np.array(SLOTS)[slot + 1]
    return start
