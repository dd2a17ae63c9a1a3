"""The duties that the law lays down, as dated rules with their source: data that a company's counsel checks.

Nothing here is legal advice. A rule is looked up *as of* the day of sale, for that is when its duties arise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fuxiao.core.span import as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of the duties; all figures in days but ``failed_repairs`` (how many) and ``parts_years``.

    ``return_days`` and ``exchange_days`` count from the sale. After ``repair_days`` in repair by the repairer's own
    fault, or ``parts_days`` without parts, the customer may ask for an exchange. What was repaired has to work for
    ``works_days``. With ``repair_extends`` the time in repair does not count, with ``exchange_restarts`` the warranty
    of what was exchanged begins anew.
    """

    key: str
    valid_from: date
    valid_to: date | None = None
    zh: str
    en: str
    source: str
    return_days: int
    exchange_days: int
    failed_repairs: int
    repair_days: int
    parts_days: int
    works_days: int
    parts_years: int
    repair_extends: bool = True
    exchange_restarts: bool = True


TERMS: Final[tuple[Terms, ...]] = (
    Terms(
        key="cn_1995",
        valid_from=date(1995, 8, 25),
        zh="自售出之日起7日内可退货、换货或修理，15日内可换货或修理；三包有效期内修理两次仍不能正常使用的可换货；"
        "因修理者原因超过30日、因无零配件超过90日未修好的可换货；修理占用和待件时间不计入有效期，换货后重新计算；"
        "修好的产品应能正常使用30日以上，停产后零配件供应不少于5年。",
        en="Return, exchange or repair within 7 days of the sale, exchange or repair within 15; exchange after two "
        "repairs that did not last, after 30 days in repair by the repairer's fault or 90 days without parts; time in "
        "repair and without parts does not count, after an exchange the warranty begins anew; what was repaired works "
        "for 30 days at least, parts are supplied for 5 years after production ends.",
        source="《部分商品修理更换退货责任规定》（国经贸〔1995〕458号）",
        return_days=7,
        exchange_days=15,
        failed_repairs=2,
        repair_days=30,
        parts_days=90,
        works_days=30,
        parts_years=5,
    ),
)


def terms_as_of(day: date, terms: Sequence[Terms] = TERMS) -> Terms | None:
    """The duties of that day, the newest where several hold; ``None`` where none did."""
    return max(as_of(terms, day), key=lambda each: each.valid_from, default=None)
