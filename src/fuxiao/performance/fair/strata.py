"""Counts of an indicator by subject and kind of case, for case-mix adjustment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.strata import Rates, Stratum
from fuxiao.core.period import Period, PeriodKind, from_index
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.engine.fact_tables import ATTRIBUTES
from fuxiao.metrics.values import Request, compute_values

USUAL = ("case_type", "difficulty", "in_warranty", "region")
"""What decides how hard a case is and nobody handling it can choose, the weightiest first."""
IN_HAND = ("unit",)
"""Attributes of a case that are, or follow from, who handled it: adjusting for them would adjust the work away."""
MOST_LEVELS = 6
"""A factor with more values than this is cut into three bands of about as many cases each."""
BANDS = ("easy", "middling", "hard")


@dataclass(frozen=True, slots=True)
class Counts:
    """Four columns of equal length, one row a subject, period and stratum. ``bands`` lead from each value of each
    factor to the band it is counted in."""

    subjects: tuple[str, ...]
    strata: tuple[Stratum, ...]
    successes: tuple[float, ...]
    trials: tuple[float, ...]
    bands: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, wanted: frozenset[str]) -> Counts:
        """Only the rows of these subjects."""
        rows = zip(self.subjects, self.strata, self.successes, self.trials, strict=True)
        columns = zip(*(row for row in rows if row[0] in wanted), strict=True)
        subjects, strata, successes, trials = tuple(columns) or ((), (), (), ())
        return Counts(subjects, strata, successes, trials, self.bands)


@dataclass(frozen=True, slots=True)
class Kind:
    """The cases of one kind that somebody had: how many, how many went well, and the group's rate there, 0-1."""

    label: Stratum
    n: float
    successes: float
    rate: float

    @property
    def expected(self) -> float:
        """How many would go well at the group's rate."""
        return self.n * self.rate


@dataclass(frozen=True, slots=True, eq=False)
class CaseMix:
    """What was adjusted for: the factors, the group's rate in each kind of case, and everybody's cases by kind.

    ``whole`` are the kinds of the group together; of both, the largest come first.
    """

    factors: tuple[str, ...]
    bands: Mapping[str, Mapping[str, str]]
    rates: Rates
    whole: tuple[Kind, ...]
    of: Mapping[str, tuple[Kind, ...]]

    def kind_of(self, case: Mapping[str, object]) -> Stratum | None:
        """The kind of a case given by its factors as text; ``None`` for one the group never had."""
        values = ((name, str(case[name])) for name in self.factors)
        stratum = tuple(self.bands[name].get(value, value) for name, value in values)
        return self.rates.merged.get(stratum)


def case_mix(counts: Counts, rates: Rates, factors: tuple[str, ...]) -> CaseMix:
    """Everybody's cases by kind, at the group's rates."""
    cells: defaultdict[str, Counter[Stratum]] = defaultdict(Counter)
    hits: defaultdict[str, Counter[Stratum]] = defaultdict(Counter)
    for who, stratum, x, n in zip(counts.subjects, counts.strata, counts.successes, counts.trials, strict=True):
        if n > 0:
            for place in ("", who):
                cells[place][rates.merged[stratum]] += n  # type: ignore[assignment]
                hits[place][rates.merged[stratum]] += x  # type: ignore[assignment]
    made = {
        who: tuple(sorted(
            (Kind(label, n, hits[who][label], rates.by_label[label]) for label, n in found.items()),
            key=lambda kind: (-kind.n, kind.label),
        ))
        for who, found in cells.items()
    }  # fmt: skip
    return CaseMix(factors, counts.bands, rates, made.pop("", ()), made)


def permitted(strata: Sequence[str], dimensions: Iterable[str] = ()) -> tuple[str, ...]:
    """The strata as given; ``CalculationError`` (``fair.stratum_in_hand``) for one the handler controls."""
    allowed = {name for name in ATTRIBUTES if name not in IN_HAND} | set(dimensions)
    for name in strata:
        if name not in allowed:
            raise CalculationError("fair.stratum_in_hand", stratum=name, allowed=tuple(sorted(allowed)))
    return tuple(dict.fromkeys(strata))


def first_of(period: Period, months: int) -> Period:
    """The first of so many months that end with a month; any other period stands for itself."""
    return from_index(PeriodKind.MONTH, period.index - months + 1) if _rolls(period, months) else period


def _rolls(period: Period, months: int) -> bool:
    return months > 1 and period.kind is PeriodKind.MONTH


def count(
    store: Store, indicator: Indicator, period: Period, *, by: str, strata: Sequence[str], clock: str, months: int = 1
) -> Counts:
    """Successes and trials of a rate by subject and stratum, ordered by subject, then stratum; of so many months that
    end with ``period``, where it is a month.

    ``CalculationError`` (``fair.not_a_rate``) for an indicator that is no share of its facts.
    """
    if indicator.by((by,)).spread is not Spread.PROPORTION:
        raise CalculationError("fair.not_a_rate", indicator=indicator.code)
    asked = Request(
        indicators=[indicator], first=first_of(period, months), last=period, by=(by, *strata), clock=clock,
        spreads=False, exclusions=False,
    )  # fmt: skip
    table = compute_values(store, asked, as_of=period.end).table
    rows = table.select([by, *strata, "numerator", "denominator"]).to_pylist()
    cut = {name: bands([(row[name], row["denominator"]) for row in rows]) for name in strata}
    made = [
        (str(row[by]), tuple(cut[name][row[name]] for name in strata), row["numerator"] or 0, row["denominator"] or 0)
        for row in rows
    ]
    ordered = sorted(made, key=lambda row: (row[0], row[1]))
    subjects, kinds, successes, trials = zip(*ordered, strict=True) if ordered else ((), (), (), ())
    return Counts(subjects, kinds, tuple(map(float, successes)), tuple(map(float, trials)), cut)


def bands(levels: Sequence[tuple[str, Decimal]]) -> dict[str, str]:
    """Each value of a factor with the band: itself, or about a third of the cases where there are many numbers."""
    cases: Counter[str] = Counter()
    for value, trials in levels:
        cases[value] += int(trials or 0)
    numbers = {value: _number(value) for value in cases}
    known = sorted((number, value) for value, number in numbers.items() if number is not None)
    if len(known) <= MOST_LEVELS:
        return {value: value for value in cases}
    total, seen, bands = sum(cases[value] for _, value in known), 0, {value: value for value in cases}
    for _size, value in known:
        middle = seen + cases[value] / 2
        bands[value] = BANDS[min(len(BANDS) - 1, int(len(BANDS) * middle / total))] if total else BANDS[0]
        seen += cases[value]
    return bands


def _number(text: str) -> Decimal | None:
    """The number that a text is, else ``None``."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return Decimal(text) if plain.isascii() and plain.isdigit() else None
