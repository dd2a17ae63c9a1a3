"""Scores of earlier periods as seals hold them; knows nothing of the web application's database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.datasets.store import Store
from fuxiao.incentives.seals import read_seal, sealed_periods
from fuxiao.report.source import PastScore


@dataclass(frozen=True, slots=True)
class Told:
    """A score as it was closed, and the team of its person then."""

    team: str
    score: Decimal | None


Closed = Mapping[tuple[str, str], Told]
"""By period and person."""
Past = Mapping[str, Sequence[PastScore]]
"""The trend of each person, oldest first."""


def as_sealed(store: Store, past: Past) -> dict[str, list[PastScore]]:
    """The same trends with what was sealed in its place. The rest stays as it was worked out."""
    return told_as(past, dict(sealed_scores(store, periods_of(past))))


def periods_of(past: Past) -> set[str]:
    """The keys of the periods that trends show."""
    return {each.period.key for trend in past.values() for each in trend}


def told_as(past: Past, closed: Closed) -> dict[str, list[PastScore]]:
    """The same trends with what was closed in its place, beside the mean of the team then."""
    means = _means(closed)
    return {person: [_told(each, person, closed, means) for each in trend] for person, trend in past.items()}


def sealed_scores(store: Store, keys: Collection[str]) -> Iterator[tuple[tuple[str, str], Told]]:
    """What seals hold of these periods, those of the command line among them."""
    for period in sealed_periods(store):
        if period.key in keys:
            rows = read_seal(store, period).rows
            for path, total in rows.items():
                if path.startswith("score/") and path.endswith("/total"):
                    person = path.removeprefix("score/").removesuffix("/total")
                    score = Decimal(total) if total else None
                    yield (period.key, person), Told(rows.get(f"score/{person}/team", ""), score)


def _told(each: PastScore, person: str, closed: Closed, means: Mapping[tuple[str, str], Decimal]) -> PastScore:
    held = closed.get((each.period.key, person))
    if held is None:
        return each
    return PastScore(each.period, held.score, means.get((each.period.key, held.team)))


def _means(closed: Closed) -> dict[tuple[str, str], Decimal]:
    scores: dict[tuple[str, str], list[Decimal]] = {}
    for (period, _person), held in closed.items():
        if held.score is not None:
            scores.setdefault((period, held.team), []).append(held.score)
    return {place: sum(found, Decimal(0)) / len(found) for place, found in scores.items()}
