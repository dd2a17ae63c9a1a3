"""Why a customer has a right, and until or from when: the sentence beside each statutory clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fuxiao.core.warranty import Claim, Repair, Right, Standing, Terms
from fuxiao.service.models import Device
from fuxiao.service.warranties import Guarantee, basis_of
from fuxiao.web.words import t

COLD = {Right.RETURN: "return_days", Right.EXCHANGE: "exchange_days"}


@dataclass(frozen=True, slots=True)
class Told:
    """A right with its reason; ``when`` says what its day is."""

    claim: Claim
    why: str
    when: str


def rights_of(device: Device, held: Guarantee, reached: Collection[str]) -> list[Told]:
    """Every clock of a device that was not exchanged for another one; only cases that are ``reached`` are named."""
    if held.terms is None or hasattr(device, "exchanged_for"):
        return []
    basis = basis_of(device)
    sold = basis.exchanged_on or basis.sold_on
    return [Told(each, _why(each, held.terms, sold, _seen(held.repairs, reached)), _when(each)) for each in held.claims]


def _seen(repairs: Iterable[Repair], reached: Collection[str]) -> list[Repair]:
    """The repairs without the numbers of cases that are not for the reader."""
    return [each if each.case in reached else replace(each, case="") for each in repairs]


def _why(claim: Claim, terms: Terms, sold: date | None, repairs: Sequence[Repair]) -> str:
    if claim.right in COLD:
        return t(
            "{day} 售出或换出，{n} 日内",
            "sold or handed over on {day}: within {n:day/days}",
            day=sold,
            n=getattr(terms, COLD[claim.right]),
        )
    if claim.right is Right.FAILED_REPAIRS:
        return t(
            "质保期内修过 {n} 次，仍有故障",
            "repaired {n:time/times} in warranty, and broken again",
            n=terms.failed_repairs,
        )
    if claim.right is Right.SHORT_LIVED:
        return t("修好后 {n} 日内又出故障", "broken again within {n:day/days} of a repair", n=terms.works_days)
    going = _going(claim, terms, repairs)
    facts = {
        "case": t("工单 {n}", "case {n}", n=going.case) if going.case else t("该设备", "the device"),
        "day": going.start,
        "wait": going.waited,
    }
    if claim.right is Right.NO_PARTS:
        return t(
            "{case} 从 {day} 起待件，超过 {n} 日",
            "{case} waits for parts since {day}: more than {n:day/days}",
            n=terms.parts_days,
            **facts,
        )
    told = t(
        "{case} 从 {day} 起在修，超过 {n} 日",
        "{case} in repair since {day}: more than {n:day/days}",
        n=terms.repair_days,
        **facts,
    )
    return told + (
        t("（待件 {wait} 天不算）", " (not counting {wait:day/days} without parts)", **facts) if going.waited else ""
    )


def _going(claim: Claim, terms: Terms, repairs: Sequence[Repair]) -> Repair:
    """The stay in repair that a clock of it runs for: the one whose days come to the claim's."""
    for each in repairs:
        days = terms.parts_days if claim.right is Right.NO_PARTS else terms.repair_days + each.waited
        if each.start + timedelta(days=days + 1) == claim.day:
            return each
    raise AssertionError(claim)


def _when(claim: Claim) -> str:
    """Whether the day is the last or the first one."""
    first = claim.standing is Standing.COMING or claim.right in {
        Right.FAILED_REPAIRS,
        Right.SLOW_REPAIR,
        Right.NO_PARTS,
    }
    return t("{day} 起", "from {day}", day=claim.day) if first else t("{day} 止", "until {day}", day=claim.day)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in repair as the page lists it; without a case that is not for the reader."""

    case: str
    start: date
    end: date | None
    days: int


def stays_of(held: Guarantee, reached: Collection[str], *, on: date) -> Iterator[Stay]:
    """The repairs within the warranty, which moved its end."""
    found = held.cover.warranty
    for each in _seen(held.repairs, reached):
        if found and found.start <= each.start < found.end and each.start <= on:
            yield Stay(each.case, each.start, each.end, each.days(on))
