"""Runs ``cases/credit.yaml``: who is credited with a fact, and figures of many people put together."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from cases_reader import read_cases
from fuxiao.core.calendar import ALWAYS
from fuxiao.core.clock import RESOLUTION_PERSON, Event, EventType, case_history, held_seconds
from fuxiao.core.credit import CreditFacts, Finding, Verdict, credit, pool
from fuxiao.core.worktime import WorkTime


def moment(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def percent(shares):
    return {person: Decimal(share.numerator * 100) / share.denominator for person, share in shares.items()}


def event_of(seq, row):
    kinds = {"person": EventType.ASSIGNED, "pause": EventType.PEND_START, "resume": EventType.PEND_END}
    name, value = next((name, value) for name, value in row.items() if name != "at")
    return Event(
        at=moment(row["at"]),
        seq=seq,
        type=kinds.get(name, EventType.RESOLVED),
        actor=value,
        kind=value if name in {"pause", "resume"} else None,
    )


def time_share(given):
    events = [event_of(seq, row) for seq, row in enumerate(given, start=1)]
    opened = Event(at=events[0].at, seq=0, type=EventType.CREATED)
    history = case_history([opened, *events])
    held = held_seconds(history, RESOLUTION_PERSON, WorkTime(ALWAYS))
    return percent(credit("AS", CreditFacts(history=history, held=held)).shares)


def history_of(given):
    rows = [
        *((EventType.RESPONDED, actor, None) for actor in given.get("responders", [])),
        *((EventType.ASSIGNED, actor, None) for actor in given.get("holders", [])),
        *((EventType.TRANSFERRED, actor, "wrong") for actor in given.get("wrong_transfers", [])),
    ]
    if given.get("resolved"):
        rows.append((EventType.RESOLVED, "whoever pressed the button", None))
    return case_history(Event(at=n, seq=n, type=t, actor=a, kind=k) for n, (t, a, k) in enumerate(rows))


def credited(given):
    verdict = Verdict(Finding(given["finding"]), given.get("cause_person")) if "finding" in given else None
    facts = CreditFacts(
        history=history_of(given),
        engineers=tuple(given.get("engineers", [])),
        previous_fixer=given.get("previous_fixer"),
        verdict=verdict,
        about_person=given.get("about_person"),
    )
    return percent(credit(given["code"], facts).shares)


def team(given):
    pooled = pool(given)
    found = {"numerator": pooled.numerator, "denominator": pooled.denominator, "percent": pooled.percent()}
    if given:
        mean = sum(Fraction(above, below) for above, below in given) / len(given)
        found["mean_of_means"] = pool([(mean, 1)]).percent()
    return found


RULES = {"time_share": time_share, "credit": credited, "pool": team}


@pytest.mark.parametrize("case", read_cases("credit.yaml"), ids=lambda case: case.name)
def test_credit_is_given_as_the_example_says(case):
    assert RULES[case.rule](case.given) == case.expect
