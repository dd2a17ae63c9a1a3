"""The cases of a month as they come in: when, what, for which device, how urgent, how hard."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, Flags, Floats, Ints, blank, rank_in_group
from fuxiao.simulate.catalogue import COMMERCIAL, FAULTS, PRODUCTS, fault_table, mix_of_month
from fuxiao.simulate.world import (
    HOMES,
    World,
    branch_of,
    customer_of,
    device_of,
    hashed,
    in_warranty,
    product_of,
    region_of,
)

TYPES = ("报修", "安装", "保养", "咨询", "退换货")
REPAIR, INSTALL, SERVICE, ENQUIRY, RETURN = range(5)
REPAIR_TYPES = ("小修", "中修", "大修")
"""What a repair is booked as once an engineer has seen it, by difficulty."""
TYPE_SHARE = (0.57, 0.08, 0.08, 0.22, 0.05)
TYPE_DIFFICULTY = ((0.5, 0.4, 0.1), (0.60, 0.35, 0.05), (0.85, 0.15, 0.0), (0.8, 0.18, 0.02), (0.6, 0.35, 0.05))
OTHER_FAULTS = (
    ("Z10", "安装", "移机安装"),
    ("Z20", "保养", "深度清洗保养"),
    ("Z30", "咨询", ""),
    ("Z40", "退换货", ""),
)
ALL_FAULTS = FAULTS + OTHER_FAULTS

TEST, SPAM, BOT, DUPLICATE = range(1, 5)
REPLACED, REPAIRED, ADVISED, EXCHANGED, GIVEN_UP, SOUND = range(6)
"""``result``: what ended the case."""

CHANNELS = ("电话", "微信", "APP", "电商平台", "门店")
CHANNEL_SHARE = (0.52, 0.22, 0.14, 0.09, 0.03)
PRIORITIES = ("紧急", "普通", "低")
URGENT, NORMAL, LOW = range(3)
FIRST_RESPONSE_LIMIT = (30, 60, 120)
RESOLUTION_LIMIT = (2520, 4200, 5880)
"""Minutes of service hours (14 hours a day)."""
OPENING_HOURS = np.array(
    [0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 2, 6, 8.5, 9, 8, 5, 5, 6.5, 7, 7, 6.5, 6, 6.5, 6.5, 5, 2.5, 1]
)
REMOTE_CHANCE = 0.28
"""Chance that a repair can be solved from the desk."""
COMMERCIAL_SHARE, HARD_TO_COMMERCIAL = 0.9, 0.22
"""Of commercial devices, and of hard cases on others, what goes to the team for commercial air-conditioning."""
JUNK_SHARE = (0.977, 0.003, 0.004, 0.008, 0.008)
NOT_YET = (
    "number", "answered", "responder", "sent", "assigned", "accepted", "window", "on_site", "resolved", "closed",
    "reopened", "cancelled", "owner", "first_owner", "engineer", "unit", "result",
)  # fmt: skip


@dataclass(slots=True)
class Cases:
    """Cases of one batch, one element each; moments are local seconds, ``NONE`` where nothing happened yet."""

    number: Ints
    opened: Ints
    channel: Ints
    type: Ints
    fault: Ints
    difficulty: Ints
    priority: Ints
    device: Ints
    branch: Ints
    region: Ints
    warranty: Flags
    remote: Flags
    """Can be solved from the desk."""
    commercial: Flags
    """Goes to the team for commercial air-conditioning."""
    force_majeure: Flags
    junk: Ints
    """0 a real case, 1 test, 2 spam, 3 bot only, 4 duplicate."""
    fresh: Flags
    """Not born of an earlier case."""
    answered: Ints
    responder: Ints
    sent: Ints
    assigned: Ints
    accepted: Ints
    window: Ints
    on_site: Ints
    resolved: Ints
    closed: Ints
    reopened: Ints
    cancelled: Ints
    paused: Ints
    """Seconds of service hours that the case waited for the customer."""
    owner: Ints
    first_owner: Ints
    engineer: Ints
    unit: Ints
    visits: Ints
    contacts: Ints
    handled: Ints
    result: Ints
    postponed: Flags
    first_contact: Flags

    def __len__(self) -> int:
        return len(self.opened)

    @property
    def product(self) -> Ints:
        return product_of(self.device)

    @property
    def customer(self) -> Ints:
        return customer_of(self.device)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Cases that an earlier one will bring: same device and fault, opened later."""

    opened: Ints
    device: Ints
    fault: Ints
    difficulty: Ints

    def split(self, before: int) -> tuple[Repeat, Repeat]:
        """Those opened before a moment, and the others."""
        now = self.opened < before
        return self.only(now), self.only(~now)

    def only(self, chosen: Flags) -> Repeat:
        return Repeat(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def join(self, other: Repeat) -> Repeat:
        return Repeat(*(np.concatenate((getattr(self, f.name), getattr(other, f.name))) for f in fields(self)))


def no_repeats() -> Repeat:
    return Repeat(blank(0), blank(0), blank(0), blank(0))


def open_cases(rng: np.random.Generator, world: World, *, first: int, last: int, per_person_month: float) -> Cases:
    """New cases opened on the days ``first`` … ``last`` (indexes, end exclusive), in order of their opening."""
    branch, opened = _arrivals(rng, world, first, last, per_person_month)
    size = len(opened)
    mix = mix_of_month(int(world.days.month[first]))
    product = rng.choice(len(PRODUCTS), size=size, p=mix)
    device = device_of(branch, product, rng.integers(0, HOMES, size=size))
    kind = rng.choice(len(TYPES), size=size, p=TYPE_SHARE)
    kind = np.where((product == COMMERCIAL) & (kind != SERVICE), REPAIR, kind)
    start, count = fault_table()
    fault = start[product] + np.minimum((rng.random(size) ** 1.4 * count[product]).astype(np.int64), count[product] - 1)
    fault = np.where(kind == REPAIR, fault, len(FAULTS) + kind - 1)
    subject = Repeat(opened, device, fault.astype(np.int64), _difficulty(rng, product, kind))
    return _cases(rng, world, subject, kind, fresh=True)


def open_repeats(rng: np.random.Generator, world: World, repeat: Repeat) -> Cases:
    """The cases that earlier ones brought, opened in the order of their moments."""
    order = np.argsort(repeat.opened, kind="stable")
    ordered = Repeat(*(getattr(repeat, each.name)[order] for each in fields(repeat)))
    kind = np.where(ordered.fault < len(FAULTS), REPAIR, ordered.fault - len(FAULTS) + 1)
    return _cases(rng, world, ordered, kind, fresh=False)


def _arrivals(
    rng: np.random.Generator, world: World, first: int, last: int, per_person_month: float
) -> tuple[Ints, Ints]:
    """Branch and opening moment of each new case, ordered by moment."""
    people = np.bincount(np.array([unit.branch for unit in world.company.units])[world.company.people.unit])
    expected = people[:, None] * per_person_month / 30.44 * world.days.volume[None, first:last] * 0.97
    counts = rng.poisson(expected)
    branch, day = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    hour = rng.choice(24, size=len(day), p=OPENING_HOURS / OPENING_HOURS.sum())
    moment = world.moment(day + first, hour * HOUR + rng.integers(0, HOUR, size=len(day)))
    order = np.argsort(moment, kind="stable")
    return branch[order].astype(np.int64), moment[order].astype(np.int64)


def _difficulty(rng: np.random.Generator, product: Ints, kind: Ints) -> Ints:
    """0 easy, 1 middling, 2 hard."""
    by_product = np.array([each.hard for each in PRODUCTS])
    chances: Floats = np.where((kind == REPAIR)[:, None], by_product[product], np.array(TYPE_DIFFICULTY)[kind])
    drawn = rng.random(len(product))
    return (drawn > chances[:, 0]).astype(np.int64) + (drawn > chances[:, 0] + chances[:, 1])


def _cases(rng: np.random.Generator, world: World, subject: Repeat, kind: Ints, *, fresh: bool) -> Cases:
    opened, device, size = subject.opened, subject.device, len(subject.opened)
    remote = np.where(kind == REPAIR, fresh & (rng.random(size) < REMOTE_CHANCE), kind >= ENQUIRY)
    hard = np.where(subject.difficulty == 2, HARD_TO_COMMERCIAL, 0.0)
    to_commercial = np.where(product_of(device) == COMMERCIAL, COMMERCIAL_SHARE, hard)
    return Cases(
        opened=opened,
        channel=rng.choice(len(CHANNELS), size=size, p=CHANNEL_SHARE).astype(np.int64),
        type=kind.astype(np.int64),
        fault=subject.fault,
        difficulty=subject.difficulty,
        priority=_priority(rng, kind),
        device=device,
        branch=branch_of(device),
        region=region_of(customer_of(device)),
        warranty=in_warranty(device, opened // DAY, world.days.first),
        remote=remote,
        commercial=rng.random(size) < to_commercial,
        force_majeure=world.days.storm[world.day_of(opened)] & (kind <= SERVICE) & (hashed(opened, 5, 10) < 6),
        junk=rng.choice(5, size=size, p=JUNK_SHARE).astype(np.int64) if fresh else np.zeros(size, dtype=np.int64),
        fresh=np.full(size, fresh),
        **{name: blank(size) for name in NOT_YET},
        **{name: np.zeros(size, dtype=np.int64) for name in ("paused", "visits", "handled")},
        contacts=np.ones(size, dtype=np.int64),
        postponed=np.zeros(size, dtype=bool),
        first_contact=np.zeros(size, dtype=bool),
    )


def _priority(rng: np.random.Generator, kind: Ints) -> Ints:
    drawn = rng.random(len(kind))
    urgent = np.where(kind == REPAIR, 0.16, 0.02)
    low = np.where(kind >= ENQUIRY, 0.45, 0.12)
    return np.where(drawn < urgent, URGENT, np.where(drawn > 1 - low, LOW, NORMAL)).astype(np.int64)


def number_cases(world: World, cases: Cases, used: Ints) -> None:
    """Give each case its number: day index × 100000 + running number of the day; ``used`` counts on over batches."""
    day = world.day_of(cases.opened)
    cases.number = day * 100_000 + used[day] + rank_in_group(day) + 1
    np.add.at(used, day, 1)


def typical_handling(rng: np.random.Generator, cases: Cases) -> Ints:
    """Seconds a desk agent works on each case."""
    minutes = np.array((6.0, 9.0, 14.0))[cases.difficulty] * np.exp(rng.standard_normal(len(cases)) * 0.35)
    return np.asarray(np.rint(minutes * MINUTE), dtype=np.int64)
