"""Cells of the raw files: how numbers, moments, persons and keys are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fuxiao.simulate.arrays import NONE, Flags, Ints
from fuxiao.simulate.catalogue import PRODUCTS
from fuxiao.simulate.layout import SECONDS
from fuxiao.simulate.world import World, hashed, product_of
from fuxiao.simulate.writing import Clock

Columns = dict[str, list[str]]
YES_NO = ("否", "是", "")
"""Indexes 0, 1 and −1."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables from which cells are taken by index; the last element stands for ``NONE``."""

    clock: Clock
    persons: Sequence[str]
    units: Sequence[str]

    def person(self, index: Ints) -> list[str]:
        return pick(self.persons, index)

    def unit(self, index: Ints) -> list[str]:
        return pick(self.units, index)

    def at(self, moments: Ints, form: str = SECONDS) -> list[str]:
        return self.clock.texts(moments, form)


def pick(table: Sequence[str], index: Ints) -> list[str]:
    """The table's text for each index; −1 takes the last one."""
    return [table[i] for i in index.tolist()]


def yes_no(values: Flags | Ints) -> list[str]:
    return pick(YES_NO, np.asarray(values, dtype=np.int64))


def numbers(values: Ints) -> list[str]:
    """Whole numbers; ``NONE`` is empty."""
    return ["" if v == NONE else str(v) for v in values.tolist()]


def money(cents: Ints) -> list[str]:
    """Yuan with two decimals; ``NONE`` is empty."""
    return ["" if c == NONE else f"{c // 100}.{c % 100:02d}" for c in cents.tolist()]


def case_numbers(words: Words, world: World, number: Ints) -> list[str]:
    dates = words.clock.dates(world.days.first + number // 100_000)
    return [f"FX{d[2:4]}{d[5:7]}{d[8:]}{n:05d}" for d, n in zip(dates, (number % 100_000).tolist(), strict=True)]


def serials(device: Ints) -> list[str]:
    codes = ("KT", "BX", "XY", "RS", "YJ", "SK")
    return [f"{codes[p]}{d:09d}" for p, d in zip(product_of(device).tolist(), device.tolist(), strict=True)]


def customer_numbers(customer: Ints) -> list[str]:
    return [f"KH{c:08d}" for c in customer.tolist()]


MODEL_FIRST = np.concatenate(([0], np.cumsum([len(product.models) for product in PRODUCTS])[:-1]))
MODEL_COUNT = np.array([len(product.models) for product in PRODUCTS])


def model_of(device: Ints) -> Ints:
    product = product_of(device)
    return np.asarray(MODEL_FIRST[product] + hashed(device, 3, 60) % MODEL_COUNT[product], dtype=np.int64)
