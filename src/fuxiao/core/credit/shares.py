"""The shares of one fact: who is credited with how much of it, adding up to exactly 1, or to nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from fuxiao.core.clock import CaseHistory
from fuxiao.core.credit.attribution import attribution
from fuxiao.core.explain import Trace


class Finding(StrEnum):
    """What a review of liability came to."""

    PENDING = "pending"
    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a liability review; ``person`` is ``None`` where a unit alone is responsible."""

    finding: Finding
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFacts:
    """What crediting a fact may need to know; give what there is.

    ``held`` is net working time held in seconds, a person each (``fuxiao.core.clock.held_seconds``). ``engineers`` are
    those of the visit. ``previous_fixer`` marked the device or case fixed before. ``about_person``: whom a survey
    names.
    """

    history: CaseHistory | None = None
    held: Mapping[str, int] = field(default_factory=dict)
    engineers: tuple[str, ...] = ()
    previous_fixer: str | None = None
    verdict: Verdict | None = None
    about_person: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is credited: ``shares`` sum to exactly 1, or are empty where only the unit, or nobody, is."""

    code: str
    shares: Mapping[str, Fraction]
    trace: Trace


def credit(code: str, facts: CreditFacts) -> Credit:
    """The credit of one fact under an attribution code; ``UnknownName`` for a code that does not exist."""
    shares = WEIGH[attribution(code).code](facts)
    inputs = tuple(Trace("credit.share", str(share), params={"person": person}) for person, share in shares.items())
    return Credit(code, shares, Trace("credit", len(shares), params={"attribution": code}, inputs=inputs))


def shares_by_weight(weights: Mapping[str, int]) -> dict[str, Fraction]:
    """Shares in proportion to whole weights, by person in order of name; empty where all weights are 0.

    >>> shares_by_weight({"li": 2, "wang": 6, "zhao": 2})["wang"]
    Fraction(3, 5)
    """
    whole = sum(weights.values())
    return {person: Fraction(weights[person], whole) for person in sorted(weights) if weights[person]}


def _sole(person: str | None) -> dict[str, Fraction]:
    return {} if person is None else {person: Fraction(1)}


def _first_responder(facts: CreditFacts) -> dict[str, Fraction]:
    if facts.history is None or facts.history.first_response_at is None:
        return _owner(facts)
    return _sole(facts.history.first_responder)


def _owner(facts: CreditFacts) -> dict[str, Fraction]:
    return _sole(facts.history.answerable) if facts.history else {}


def _time_share(facts: CreditFacts) -> dict[str, Fraction]:
    return shares_by_weight(facts.held) or _owner(facts)


def _engineers(facts: CreditFacts) -> dict[str, Fraction]:
    return shares_by_weight(dict.fromkeys(facts.engineers, 1))


def _previous_fixer(facts: CreditFacts) -> dict[str, Fraction]:
    return _sole(facts.previous_fixer)


def _wrong_senders(facts: CreditFacts) -> dict[str, Fraction]:
    transfers = facts.history.transfers if facts.history else ()
    return shares_by_weight(Counter(t.sender for t in transfers if t.wrong and t.sender is not None))


def _responsible(facts: CreditFacts) -> dict[str, Fraction]:
    verdict = facts.verdict
    return _sole(verdict.person if verdict and verdict.finding is Finding.VALID else None)


def _about(facts: CreditFacts) -> dict[str, Fraction]:
    return _sole(facts.about_person) or _owner(facts)


def _unit_only(_: CreditFacts) -> dict[str, Fraction]:
    return {}


WEIGH: Mapping[str, Callable[[CreditFacts], dict[str, Fraction]]] = {
    "A1": _first_responder,
    "AO": _owner,
    "AS": _time_share,
    "AV": _engineers,
    "AP": _previous_fixer,
    "AX": _wrong_senders,
    "AC": _responsible,
    "AG": _about,
    "AU": _unit_only,
}
