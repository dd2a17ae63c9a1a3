"""How numbers, units, money, durations, dates and periods are written: the one formatter of the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.explain import figure
from fuxiao.core.period import Period, PeriodKind, zone_named
from fuxiao.report.wording import Words

NOTHING = "—"
SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$", "USD": "$"}
PLACES = {"percent": 1, "points": 2, "score": 2, "share": 3, "money": 2, "count": 0}
WRITTEN = 2
"""People write targets with so many decimals at most; more come from a computation."""
TIMES = ("seconds", "minutes", "hours", "days")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, apart, so that a page can print the unit smaller. ``glued``: no space between the two."""

    number: str
    unit: str = ""
    glued: bool = False

    def __str__(self) -> str:
        return f"{self.number}{'' if self.glued or not self.unit else ' '}{self.unit}"


def number(value: Decimal, places: int | None = None) -> str:
    """Thousands apart, a true minus sign, ``places`` decimals half up (as written where none are asked)."""
    kept = value if places is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(kept):,f}"
    return f"−{text}" if kept < 0 else text


def signed(value: Decimal, places: int | None = None) -> str:
    """With its sign, nought without one."""
    text = number(value, places)
    return f"+{text}" if value > 0 else text


def short(value: Decimal) -> str:
    """Without trailing zeros."""
    return figure(value).replace("-", "−")


class Figures:
    """Writes figures in one language, currency and time zone."""

    def __init__(self, words: Words, *, currency: str, zone: str) -> None:
        self._words = words
        self.currency = currency
        self._zone = zone_named(zone)

    def quantity(self, value: Decimal | None, unit: str, *, exact: bool = False, finer: int = 0) -> Quantity:
        """A figure in an indicator's unit; ``finer`` adds so many digits.

        ``exact`` is for targets: what people write keeps its digits, what was computed is shown like the figure.
        """
        if value is None:
            return Quantity(NOTHING)
        if unit == "money":
            return Quantity(self.money(value))
        written = exact and value == round(value, WRITTEN)
        text = short(value) if written else self._digits(value, unit, finer)
        if unit == "percent":
            return Quantity(text, "%", glued=True)
        return Quantity(text, self._words.or_nothing("unit", unit))

    def _digits(self, value: Decimal, unit: str, finer: int) -> str:
        """Times of a hundred and more need no tenths; whole counts no point."""
        if unit in TIMES or unit.startswith("minutes"):
            return number(value, finer if abs(value) >= 100 else 1 + finer)
        whole = unit == "count" and value == value.to_integral_value()
        return number(value, finer if whole else (PLACES.get(unit, 2) or 2) + finer)

    @property
    def symbol(self) -> str:
        return SYMBOLS.get(self.currency, self.currency + "\N{NO-BREAK SPACE}")

    def amount(self, value: Decimal) -> str:
        """Money without its sign of currency."""
        return number(value, MINOR_UNITS.get(self.currency, 2))

    def money(self, value: Decimal) -> str:
        """Money as on a payslip: ``¥4,620.00``, ``−¥12.50``."""
        text = self.symbol + self.amount(abs(value))
        return f"−{text}" if value < 0 else text

    def moment(self, at: datetime | int) -> str:
        """A moment in the local zone, to the minute."""
        return self.instant(at)[:-3]

    def instant(self, at: datetime | int) -> str:
        """A moment in the local zone, to the second."""
        when = datetime.fromtimestamp(at, UTC) if isinstance(at, int) else at
        return when.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def duration(self, seconds: int) -> str:
        """Hours and minutes; seconds only below one minute."""
        if 0 < seconds < 60:
            return self._words("time.seconds", seconds=seconds)
        hours, minutes = divmod(round(seconds / 60), 60)
        if not hours:
            return self._words("time.minutes", minutes=minutes)
        if not minutes:
            return self._words("time.hours", hours=number(Decimal(hours)))
        return self._words("time.hours_minutes", hours=number(Decimal(hours)), minutes=minutes)

    def period(self, period: Period) -> str:
        """A period in words: 2026 年 10 月, 2026 年第三季度; October 2026, Q3 2026."""
        start, kind = period.start, period.kind
        if kind is PeriodKind.MONTH:
            return self._words("period.month", year=start.year, month=self._words(f"month.{start.month}"))
        if kind is PeriodKind.QUARTER:
            part = (start.month + 2) // 3
            return self._words("period.quarter", year=start.year, part=self._words(f"ordinal.{part}"), number=part)
        if kind is PeriodKind.HALF:
            return self._words("period.half", year=start.year, part=self._words(f"half.{(start.month + 5) // 6}"))
        return self._words("period.year", year=start.year) if kind is PeriodKind.YEAR else period.key

    def tick(self, period: Period) -> str:
        """A period as short as an axis needs it."""
        return (
            period.key[2:].replace("-Q", "Q").replace("-H", "H") if period.kind is not PeriodKind.YEAR else period.key
        )
