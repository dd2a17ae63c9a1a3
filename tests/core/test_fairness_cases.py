"""The worked examples of fair comparison, number by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.fairness import casemix, dispersion, funnel, intervals, means, shrinkage, sizing, strata, tenure, xmr
from fuxiao.core.fairness.multiple import benjamini_hochberg
from printed import check


def plain(numbers: list[Any]) -> list[float]:
    return [float(number) for number in numbers]


def shrunk(given: dict[str, Any], fit: Callable[..., shrinkage.BetaPrior]) -> shrinkage.ShrunkRates:
    return shrinkage.shrink_rates(**given, prior=fit(**given))


def first_person(given: dict[str, Any]) -> dict[str, float]:
    at_least = float(given.pop("at_least"))
    rates = shrunk(given, shrinkage.prior_by_moments)
    return {"low": rates[0].low, "high": rates[0].high, "chance": rates.chance_above(at_least)[0]}


def case_mix(given: dict[str, Any]) -> casemix.Adjusted:
    """All cases of one person; where they succeeded does not matter, so the successes stand in the first rows."""
    rates = strata.Rates.given({(k,): float(v) for k, v in given["rates"].items()}, overall=float(given["overall"]))
    cases, left, fixed = given["cases"], given["fixed"], []
    for n in cases.values():
        fixed.append(min(n, left))
        left -= fixed[-1]
    people, kinds = ["A"] * len(cases), [(kind,) for kind in cases]
    return casemix.standardise(people, kinds, fixed, list(cases.values()), rates=rates).of("A")


def overdispersed(given: dict[str, Any]) -> dict[str, Any]:
    z = plain(given["z"])
    found = dispersion.dispersion(z)
    fields = ("lower_cut", "upper_cut", "phi", "raw_phi", "threshold", "factor")
    first = found.adjust(z)[0]
    tail = float(funnel.law.normal_tail(abs(first)))
    facts = {name: getattr(found, name) for name in fields}
    return {**facts, "first_adjusted": first, "first_verdict": funnel.verdict(tail)}


def next_month(given: dict[str, Any]) -> list[int]:
    limits = xmr.limits(given["values"])
    found = xmr.signals([*given["values"], given["next"]], against=limits)
    return [int(signal.rule) for signal in found if signal.at == len(given["values"])]


def months_after(given: dict[str, Any]) -> list[int]:
    """The rules that the months after give signals by, against the limits of those before."""
    before = given["values"]
    found = xmr.signals([*before, *given["after"]], against=xmr.limits(before))
    return sorted({int(signal.rule) for signal in found if signal.at >= len(before)})


def no_event(given: dict[str, Any]) -> dict[str, Any]:
    bound = sizing.bound_without_events(given["cases"])
    return {"rate": bound.rate, "rule_of_three": bound.trace.params["rule_of_three"]}


def newcomer(given: dict[str, Any]) -> dict[str, Any]:
    eased = tenure.tenure_target(given["target"], month=given["month"])
    return {"factor": eased.factor, "target": eased.target, "attainment": eased.attainment(given["actual"])}


def adjusted(given: dict[str, Any]) -> dict[str, Any]:
    found = benjamini_hochberg(plain(given["p"]))
    return {"adjusted": found.tolist(), "under_five_percent": int((found < 0.05).sum())}


def before_after(given: dict[str, Any]) -> dict[str, Any]:
    move = intervals.difference(tuple(given["before"]), tuple(given["after"]))
    return {"point": move.point, "low": move.low, "high": move.high, "proven": move.excludes(0)}


RULES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "wilson": lambda g: intervals.wilson(**g),
    "prior_by_moments": lambda g: shrinkage.prior_by_moments(**g),
    "prior_by_likelihood": lambda g: shrinkage.prior_by_likelihood(**g),
    "shrunk_by_moments": lambda g: shrunk(g, shrinkage.prior_by_moments),
    "shrunk_by_likelihood": lambda g: shrunk(g, shrinkage.prior_by_likelihood),
    "first_person": first_person,
    "shrunk_means": lambda g: means.shrink_means(**g),
    "case_mix": case_mix,
    "binomial_lines": lambda g: funnel.binomial_lines(g["sizes"], float(g["target"])).lines,
    "judge_rate": lambda g: funnel.judge_rates([g["successes"]], [g["trials"]], float(g["target"]))[0],
    "poisson_lines": lambda g: [line[0] for line in funnel.poisson_lines([g["expected"]]).lines],
    "judge_count": lambda g: funnel.judge_counts([g["observed"]], g["expected"])[0],
    "dispersion": overdispersed,
    "xmr": lambda g: xmr.limits(g["values"]),
    "xmr_next": next_month,
    "xmr_after": months_after,
    "sample_size": lambda g: sizing.sample_size(float(g["rate"]), float(g["half_width"])).cases,
    "bound_without_events": no_event,
    "cases_without_events": lambda g: sizing.cases_without_events(float(g["rate"])).cases,
    "tenure": newcomer,
    "learning_curve": lambda g: [tenure.tenure_factor(month) for month in g["months"]],
    "benjamini_hochberg": adjusted,
    "difference": before_after,
}


@pytest.mark.parametrize("case", read_cases("fairness.yaml"), ids=lambda case: case.name)
def test_fairness_example(case: Case) -> None:
    check(RULES[case.rule](case.given), case.expect)
