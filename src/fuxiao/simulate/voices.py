"""What customers say afterwards: surveys and complaints; and what the company pays and checks."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, NONE, Flags, Floats, Ints, lognormal_seconds
from fuxiao.simulate.batch import Batch, Table
from fuxiao.simulate.cases import Cases
from fuxiao.simulate.catalogue import PRODUCTS
from fuxiao.simulate.closing import went_badly
from fuxiao.simulate.world import hashed, promised_seconds

INVITED, INVITED_BAD_PLANTED = 0.965, 0.15
ANSWERED = 0.70
CARE = 80.5
"""What a usual check gives."""
CHECKED_FIELD, CHECKED_DESK = 0.13, 0.26
VALID, INVALID, PENDING = 1, 2, 0
COMPENSATION_LIMITS = (50_00, 100_00, 200_00)
"""What an agent may grant, in cents, for goods below 2,500 yuan, below 10,000, above."""
OVER_POLICY, OVER_POLICY_PLANTED = 0.012, 0.62


def surveys(at: Batch) -> Table:
    """One invitation after the first resolution of nearly every case; two in three answer the telephone call."""
    cases, rng, world = at.cases, at.rng, at.world
    case = np.flatnonzero(cases.resolved != NONE)
    bad = went_badly(cases, case)
    skips = bad & (cases.owner[case] == world.company.planted.survey_skipper)
    asked = rng.random(len(case)) < np.where(skips, INVITED_BAD_PLANTED, INVITED)
    case, bad = case[asked], bad[asked]
    invited = cases.resolved[case] + rng.integers(20 * MINUTE, 26 * HOUR, len(case))
    invited = invited // DAY * DAY + np.clip(invited % DAY, 9 * HOUR, 20 * HOUR)
    invited = np.maximum(invited, cases.resolved[case] + 10 * MINUTE)
    delivered = rng.random(len(case)) < 0.985
    answers = delivered & (rng.random(len(case)) < np.where(bad, ANSWERED + 0.08, ANSWERED))
    answered = invited + lognormal_seconds(rng, len(case), median=4 * HOUR, spread=1.2) + 25
    answered = np.where(answers & (answered < invited + 7 * DAY), answered, NONE)
    csat = _csat(at, case, bad)
    known = np.flatnonzero(invited <= world.exported)
    table = {
        "case": case,
        "invited": invited,
        "delivered": delivered.astype(np.int64),
        "csat": csat,
        "nps": np.clip(csat * 2 + rng.integers(-1, 2, len(case)), 0, 10),
        "ces": np.clip(7 - csat + rng.integers(-1, 2, len(case)), 1, 7),
        "solved": ((csat >= 3) | (rng.random(len(case)) < 0.3)).astype(np.int64),
        "about": cases.owner[case],
        "address": rng.integers(0, 2**32, len(case)),
        "answered": np.where(answered <= world.exported, answered, NONE),
    }
    return {name: values[known] for name, values in table.items()}


def _csat(at: Batch, case: Ints, bad: Flags) -> Ints:
    """Satisfaction 1–5: four or five in nine of ten good cases, in six of ten bad ones."""
    cases, rng, planted = at.cases, at.rng, at.world.company.planted
    owner = cases.owner[case]
    content = (
        np.where(bad, 0.77, 0.958)
        - np.where(cases.visits[case] == 0, 0.03, 0)
        - 0.03 * np.maximum(cases.visits[case] - 1, 0)
    )
    content += np.where(owner == planted.better, 0.03, 0) - np.where(owner == planted.worse, 0.10, 0)
    happy = rng.random(len(case)) < content
    return np.where(happy, 4 + (rng.random(len(case)) < 0.68), rng.integers(1, 4, len(case))).astype(np.int64)


def complaints(at: Batch) -> Table:
    """Complaints about one case in ninety, more after bad service; judged within ten days."""
    cases, rng, world = at.cases, at.rng, at.world
    case = np.flatnonzero((cases.resolved != NONE) & (cases.fresh | (cases.visits > 0)))
    case, bad = _complaining(rng, case, went_badly(cases, case))
    received = cases.resolved[case] + (rng.uniform(0.05, 4, len(case)) * DAY).astype(np.int64)
    received = received // DAY * DAY + np.clip(received % DAY, 8 * HOUR, 21 * HOUR)
    wait = lognormal_seconds(rng, len(case), median=3 * HOUR, spread=0.8)
    acknowledged, handler = at.when(at.complaints(case), received + wait)
    resolved = acknowledged + lognormal_seconds(rng, len(case), median=40 * HOUR, spread=0.6)
    judged = resolved <= world.exported
    validity = np.where(rng.random(len(case)) < np.where(bad, 0.72, 0.45), VALID, INVALID)
    known = np.flatnonzero((received <= world.exported) & (handler != NONE))
    table = {
        "case": case,
        "received": received,
        "acknowledged": np.where(acknowledged <= world.exported, acknowledged, NONE),
        "resolved": np.where(judged, resolved, NONE),
        "confirmed": np.where(judged, (rng.random(len(case)) < 0.95).astype(np.int64), NONE),
        "validity": np.where(judged, validity, PENDING),
        "severity": rng.choice(3, len(case), p=(0.55, 0.35, 0.1)),
        "channel": rng.choice(4, len(case), p=(0.84, 0.11, 0.04, 0.01)),
        "handler": handler,
        "cause": cases.first_owner[case],
        "cause_unit": cases.unit[case],
        "recoded": (rng.random(len(case)) < 0.025).astype(np.int64),
        "text": rng.integers(0, 8, len(case)),
    }
    return {name: np.asarray(values)[known] for name, values in table.items()}


def _complaining(rng: np.random.Generator, case: Ints, bad: Flags) -> tuple[Ints, Flags]:
    chosen = rng.random(len(case)) < np.where(bad, 0.05, 0.007)
    return case[chosen], bad[chosen]


def checks(at: Batch) -> Table:
    """Quality checks drawn at random, one in eight of the field's cases, one in four of the desk's; a few targeted."""
    cases, rng = at.cases, at.rng
    case = np.flatnonzero(cases.resolved != NONE)
    drawn = rng.random(len(case))
    share = np.where(cases.visits[case] > 0, CHECKED_FIELD, CHECKED_DESK)
    chosen = drawn < share
    case, targeted = case[chosen], (drawn > share * 0.94)[chosen]
    moment, checker = at.when(at.quality(case), cases.resolved[case] + rng.integers(DAY, 5 * DAY, len(case)))
    usual = CARE + _care(cases.owner[case]) - targeted * 7
    score = np.clip(np.rint(usual + rng.standard_normal(len(case)) * 5.5), 40, 100).astype(np.int64)
    critical = np.where(rng.random(len(case)) < 0.008, rng.integers(0, 3, len(case)), NONE)
    kind = np.where(cases.visits[case] > 0, rng.choice(3, len(case), p=(0.5, 0.38, 0.12)), 0)
    passed = np.where(kind == 0, score >= 85, rng.random(len(case)) < 0.965).astype(np.int64)
    known = np.flatnonzero((moment <= at.world.exported) & (checker != NONE))
    table = {
        "case": case,
        "person": cases.owner[case],
        "at": moment,
        "checker": checker,
        "score": score,
        "critical": critical,
        "targeted": targeted.astype(np.int64),
        "kind": kind.astype(np.int64),
        "passed": passed,
    }
    return {name: values[known] for name, values in table.items()}


def _care(person: Ints) -> Floats:
    """By how many points the work of each person differs from the usual: from -5 to +5."""
    care: Floats = (hashed(person, 43, 101) - 50) / 10
    return care


def costs(at: Batch, parts: Table) -> Table:
    """Labour and travel of visits, parts used, and what agents granted; amounts in cents."""
    cases, rng, world = at.cases, at.rng, at.world
    visited = np.flatnonzero((cases.visits > 0) & (cases.resolved != NONE))
    labour = (cases.handled[visited] // MINUTE * 105).astype(np.int64)
    travel = cases.visits[visited] * rng.integers(12_00, 34_00, len(visited))
    fitted = np.flatnonzero((parts["issued"] != NONE) & (parts["restock"] == 0))
    price = rng.integers(18_00, 420_00, len(fitted))
    blocks = [
        _block(visited, cases.resolved[visited], 0, labour),
        _block(visited, cases.resolved[visited], 1, travel),
        _block(parts["case"][fitted], parts["issued"][fitted], 2, price),
        _granted(at),
    ]
    table = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    kept = np.flatnonzero((table["spent"] <= world.exported) & (table["amount"] > 0))
    return {name: values[kept] for name, values in table.items()}


def _block(case: Ints, spent: Ints, kind: int, amount: Ints) -> Table:
    none = np.full(len(case), NONE, dtype=np.int64)
    return {
        "case": case,
        "spent": spent,
        "kind": np.full(len(case), kind, dtype=np.int64),
        "amount": amount,
        "limit": none,
        "approved": none,
        "exception": none,
        "band": none,
        "due": none,
        "done": none,
    }


def _granted(at: Batch) -> Table:
    """Goodwill granted by the answering agent, within the policy but for one agent who overpays; refunds of returns."""
    cases, rng, world = at.cases, at.rng, at.world
    answered = np.flatnonzero((cases.answered != NONE) & (cases.resolved != NONE))
    slow = promised_seconds(cases.opened[answered], cases.resolved[answered]) > 42 * HOUR
    case = answered[rng.random(len(answered)) < np.where(slow, 0.16, 0.045)]
    band = np.searchsorted((2500, 10_000), price_of(cases, case), side="right").astype(np.int64)
    limit = np.array(COMPENSATION_LIMITS)[band]
    person = cases.responder[case]
    planted = (person == world.company.planted.over_compensator) & (person != NONE)
    over = rng.random(len(case)) < np.where(planted, OVER_POLICY_PLANTED, OVER_POLICY)
    part = np.where(over, np.where(planted, rng.uniform(1.4, 3.2, len(case)), rng.uniform(1.05, 1.5, len(case))),
                    rng.uniform(0.3, 1.0, len(case)))  # fmt: skip
    paid = _block(case, cases.resolved[case] + rng.integers(HOUR, 30 * HOUR, len(case)), 6,
                  np.rint(limit * part / 100).astype(np.int64) * 100)  # fmt: skip
    paid |= {"limit": limit, "approved": person, "band": band}
    paid["exception"] = (over & ~planted & (rng.random(len(case)) < 0.3)).astype(np.int64)
    paid["due"] = cases.resolved[case] + 3 * DAY
    paid["done"] = paid["spent"] + rng.integers(HOUR, 60 * HOUR, len(case))
    return paid


def price_of(cases: Cases, case: Ints) -> Ints:
    """Price in yuan of the goods of each case."""
    return np.array([product.value for product in PRODUCTS])[cases.product[case]]
