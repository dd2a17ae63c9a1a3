"""Everything that stands still while months are simulated: days, company, roster, and the pool of devices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fuxiao.simulate.arrays import DAY, HOUR, Flags, Ints
from fuxiao.simulate.calendar_days import Days
from fuxiao.simulate.catalogue import COMMERCIAL, PRODUCTS
from fuxiao.simulate.company import Company
from fuxiao.simulate.roster import Roster

AHEAD = 75
"""Days of roster beyond the last month, into which appointments fall."""
STREAMS = {"company": 1, "roster": 2, "batch": 3, "daily": 4}
"""Numbers of the streams of chance, so that one does not disturb another."""
HOMES = 27000
"""Households of a branch, each with one device of every product, and as many businesses with commercial ones."""
WARRANTY_DAYS = 6 * 365
SALES_SPAN = 3000
OPEN_FROM, OPEN_HOURS = 8 * HOUR, 14 * HOUR
"""The service promise runs on the desk's hours, 08:00–22:00 on every day."""


@dataclass(slots=True)
class World:
    """The fixed part; ``busy`` and ``worked`` fill up as visits are made.

    ``busy[person, day]`` is the second of the day until which the person is taken, ``worked`` the minutes worked,
    ``planned[unit, day]`` the minutes of visits of a whole team.
    """

    seed: int
    days: Days
    company: Company
    roster: Roster
    busy: NDArray[np.int32]
    worked: NDArray[np.int32]
    planned: NDArray[np.int32]
    end: int
    """First moment after the last simulated month."""
    exported: int
    """Moment of the export: nothing later is in the files. All moments are local wall-clock seconds since 1970."""

    def day_of(self, moment: Ints) -> Ints:
        """Index of the local day."""
        return moment // DAY - self.days.first

    def moment(self, day: Ints, second: Ints) -> Ints:
        return (day + self.days.first) * DAY + second


def promised_seconds(start: Ints, end: Ints) -> Ints:
    """Seconds of service hours between two moments."""
    seconds: Ints = _service(end) - _service(start)
    return seconds


def _service(moment: Ints) -> Ints:
    inside: Ints = np.clip(moment % DAY - OPEN_FROM, 0, OPEN_HOURS)
    return moment // DAY * OPEN_HOURS + inside


def device_of(branch: Ints, product: Ints, home: Ints) -> Ints:
    return (branch * len(PRODUCTS) + product) * HOMES + home


def product_of(device: Ints) -> Ints:
    return device // HOMES % len(PRODUCTS)


def branch_of(device: Ints) -> Ints:
    return device // HOMES // len(PRODUCTS)


def customer_of(device: Ints) -> Ints:
    """A household owns one device of each product; commercial devices belong to businesses."""
    business = (product_of(device) == COMMERCIAL).astype(np.int64)
    customer: Ints = (branch_of(device) * 2 + business) * HOMES + device % HOMES
    return customer


def hashed(values: Ints, salt: int, below: int) -> Ints:
    """A fixed pseudo-random number in ``[0, below)`` for each value (SplitMix64), so that no table has to be kept."""
    mixed = values.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(below)).astype(np.int64)


def sold_on(device: Ints, first_day: int) -> Ints:
    """Epoch day of sale: evenly over the years before the first simulated day."""
    return first_day - 30 - hashed(device, 11, SALES_SPAN)


def in_warranty(device: Ints, day: Ints, first_day: int) -> Flags:
    """Whether the device is within warranty on that epoch day."""
    inside: Flags = day < sold_on(device, first_day) + WARRANTY_DAYS
    return inside


def region_of(customer: Ints) -> Ints:
    """Index 0–8 of the customer's district; three districts to a field team."""
    return hashed(customer, 23, 9)
