"""Strata of cases, merged where they are too small to have a rate of their own, and the company's rate in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fuxiao.core.fairness.figures import Many, counts, require, total

Stratum = tuple[str, ...]
FEWEST_CASES = 20
OTHER = "…"  # closes the label of merged strata: ("repair", "…") is what is left of "repair"


@dataclass(frozen=True, slots=True)
class Rates:
    """The company's rate in each stratum: ``merged`` leads from a stratum to its label, ``by_label`` to the rate."""

    merged: Mapping[Stratum, Stratum]
    by_label: Mapping[Stratum, float]
    overall: float

    @classmethod
    def given(cls, rates: Mapping[Stratum, float], *, overall: float) -> Rates:
        """Rates agreed beforehand, one a stratum."""
        require(all(0 <= rate <= 1 for rate in (*rates.values(), overall)), "fairness.rate_outside")
        return cls({stratum: stratum for stratum in rates}, dict(rates), overall)

    def of(self, stratum: Stratum) -> float:
        """The rate expected of a case in this stratum; the overall one where the stratum is new."""
        return self.by_label[self.merged[stratum]] if stratum in self.merged else self.overall


def company_rates(strata: Sequence[Stratum], successes: Many, trials: Many, *, fewest: int = FEWEST_CASES) -> Rates:
    """The rates of all cases together, strata under ``fewest`` cases merged with their nearest kin."""
    x, n = counts(successes, trials)
    require(len(strata) == x.size and total(n) > 0, "fairness.no_cases")
    cases = _sums(strata, n.tolist())
    merged = merge_small(cases, fewest=fewest)
    labels = [merged[stratum] for stratum in strata]
    hits, tries = _sums(labels, x.tolist()), _sums(labels, n.tolist())
    by_label = {label: hits[label] / tries[label] for label in tries if tries[label] > 0}
    known = {stratum: label for stratum, label in merged.items() if label in by_label}
    return Rates(known, by_label, total(x) / total(n))


def _sums(keys: Sequence[Stratum], amounts: Sequence[float]) -> dict[Stratum, float]:
    sums: defaultdict[Stratum, float] = defaultdict(float)
    for key, amount in zip(keys, amounts, strict=True):
        sums[key] += amount
    return sums


def merge_small(cases: Mapping[Stratum, float], *, fewest: int = FEWEST_CASES) -> dict[Stratum, Stratum]:
    """Lead each stratum to the label it is counted under, so that every label has ``fewest`` cases or more.

    The factors of a stratum stand in order of weight. Small strata that share all but the last factor are put
    together; if still too small they join the smallest full stratum of their kind; where that kind has none the next
    factor is dropped. Only a company with fewer cases altogether ends in a smaller label.
    """
    require(len({len(stratum) for stratum in cases}) <= 1, "fairness.strata_differ_in_depth")
    groups = {stratum: [stratum] for stratum in cases}
    size = dict(cases)
    for depth in range(max(map(len, cases), default=0), 0, -1):
        _merge_level(groups, size, depth=depth, fewest=fewest)
    return {stratum: label for label, members in groups.items() for stratum in members}


def _merge_level(groups: dict[Stratum, list[Stratum]], size: dict[Stratum, float], *, depth: int, fewest: int) -> None:
    """Merge the small labels of this depth under each parent, in the order of their names."""
    small: defaultdict[Stratum, list[Stratum]] = defaultdict(list)
    for label in sorted(groups):
        if len(label) == depth and size[label] < fewest:
            small[label[:-1]].append(label)
    for parent, labels in small.items():
        pooled = sum(size[label] for label in labels)
        beside = [k for k in groups if len(k) >= depth and k[: depth - 1] == parent and size[k] >= fewest]
        home = min(beside, key=lambda k: (size[k], k)) if pooled < fewest and beside else None
        _move(groups, size, labels, into=home or _label(parent, full=pooled >= fewest, depth=depth))


def _label(parent: Stratum, *, full: bool, depth: int) -> Stratum:
    """What merged strata are called: ``parent …`` when big enough or at the top, else the parent, to be merged on."""
    return (*parent, OTHER) if full or depth == 1 else parent


def _move(
    groups: dict[Stratum, list[Stratum]], size: dict[Stratum, float], labels: list[Stratum], *, into: Stratum
) -> None:
    for label in labels:
        members, cases = groups.pop(label), size.pop(label)
        groups.setdefault(into, []).extend(members)
        size[into] = size.get(into, 0) + cases
