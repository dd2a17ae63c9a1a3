"""What the company sells and what breaks: product groups, models, faults, the seasons of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fuxiao.simulate.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Product:
    """A product group: its models, its faults ``(code, group, words)`` and its share of cases in each month."""

    name: str
    models: tuple[str, ...]
    faults: tuple[tuple[str, str, str], ...]
    season: tuple[float, ...]
    hard: tuple[float, float, float]
    """Chance of an easy, a middling and a hard fault: a property of the product, not of who repairs it."""
    value: int
    """Price in yuan."""


USUAL = (0.48, 0.40, 0.12)

PRODUCTS = (
    Product(
        "空调",
        ("KFR-26GW/LC1", "KFR-35GW/LC2", "KFR-72LW/LC5"),
        (
            ("K01", "制冷系统", "空调不制冷"),
            ("K02", "漏水", "室内机滴水"),
            ("K03", "噪声", "开机异响"),
            ("K04", "电控", "显示故障代码 E6"),
            ("K05", "电控", "遥控无反应"),
        ),
        (0.45, 0.45, 0.7, 0.9, 1.3, 2.0, 2.5, 2.4, 1.6, 0.9, 0.6, 0.5),
        USUAL,
        3200,
    ),
    Product(
        "冰箱",
        ("BCD-256LC", "BCD-412LC", "BCD-530LC"),
        (
            ("B01", "制冷系统", "冷藏室不凉"),
            ("B02", "结霜", "冷冻室结冰严重"),
            ("B03", "噪声", "压缩机声音大"),
            ("B04", "门体", "门封关不严"),
        ),
        (0.8, 0.8, 0.8, 0.9, 1.0, 1.2, 1.3, 1.3, 1.1, 0.9, 0.8, 0.8),
        USUAL,
        3600,
    ),
    Product(
        "洗衣机",
        ("XQG80-LC", "XQG100-LC", "XQB90-LC"),
        (
            ("X01", "排水", "不排水报 E2"),
            ("X02", "噪声", "脱水时晃动大"),
            ("X03", "电控", "按键失灵"),
            ("X04", "漏水", "底部漏水"),
        ),
        (1.0, 1.1, 1.2, 1.1, 1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0),
        USUAL,
        2400,
    ),
    Product(
        "热水器",
        ("JSQ26-LC", "JSQ32-LC", "EWH60-LC"),
        (
            ("R01", "点火", "打不着火"),
            ("R02", "水温", "水温忽冷忽热"),
            ("R03", "漏水", "进水口渗水"),
            ("R04", "电控", "显示 E1 停机"),
        ),
        (1.7, 1.5, 1.2, 0.9, 0.6, 0.5, 0.4, 0.4, 0.5, 0.8, 1.2, 1.6),
        USUAL,
        1900,
    ),
    Product(
        "油烟机",
        ("CXW-218LC", "CXW-268LC"),
        (
            ("Y01", "吸力", "吸力变小"),
            ("Y02", "漏油", "漏油滴灶台"),
            ("Y03", "照明", "灯不亮"),
            ("Y04", "噪声", "风机异响"),
        ),
        (0.7, 0.8, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.7),
        USUAL,
        2100,
    ),
    Product(
        "商用空调",
        ("LCV-224W", "LCV-335W", "LCV-450W"),
        (
            ("S01", "制冷系统", "多联机整组不制冷"),
            ("S02", "通讯", "内外机通讯故障"),
            ("S03", "电控", "主板报警停机"),
            ("S04", "漏水", "吊顶内机漏水"),
        ),
        (0.9, 0.9, 0.95, 1.05, 1.15, 1.3, 1.4, 1.4, 1.25, 1.05, 1.0, 0.9),
        (0.10, 0.25, 0.65),
        26000,
    ),
)
COMMERCIAL = len(PRODUCTS) - 1

DIFFICULTY = ("1.0", "1.5", "2.5")
STANDARD_MINUTES = (40, 70, 120)
FIX_CHANCE = (0.935, 0.85, 0.61)
"""Chance that the first visit mends an easy, a middling, a hard fault: the same for every honest engineer."""

VOLUME = (0.90, 0.78, 0.90, 0.95, 1.02, 1.12, 1.20, 1.18, 1.05, 0.98, 0.93, 0.97)
"""All cases of a month against the average month."""


def mix_of_month(month: int) -> Floats:
    """Share of each product among the cases of a calendar month (1–12); sums to 1."""
    weights = np.array([product.season[month - 1] for product in PRODUCTS])
    shares: Floats = weights / weights.sum()
    return shares


def fault_table() -> tuple[Ints, Ints]:
    """``(first, count)``: where the faults of each product start in the flat list of all faults, and how many."""
    counts = np.array([len(product.faults) for product in PRODUCTS], dtype=np.int64)
    return np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64), counts


FAULTS = tuple(fault for product in PRODUCTS for fault in product.faults)
MODELS = tuple(model for product in PRODUCTS for model in product.models)
