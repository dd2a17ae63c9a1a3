"""What a calculation hands over to be kept: scorecards, and what is paid beside them, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One person's scorecard of one calculation.

    ``result`` is plain: ``figures`` by path as a seal keeps them, ``trace`` the arithmetic as a tree, ``pages`` the
    page by language, ``payout`` the amounts as text, ``None`` where nothing is paid.
    """

    person: str
    score: Decimal | None
    grade: str
    coefficient: Decimal
    result: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """What the settlement pays one person, for whoever has no scorecard: see ``OtherPayout``."""

    person: str
    name: str
    position: str
    team: str
    team_name: str
    payout: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Computed:
    """One calculation of a period: everybody's scorecard; everybody whom the settlement pays something; by person the
    names of the teams, by key, in which they spent a part of the period beside their own."""

    cards: Sequence[Made] = ()
    payouts: Sequence[Unscored] = ()
    passed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def digest_of(card: Made, n: int, as_of: datetime) -> str:
    """SHA-256 over everything that a stored scorecard says; the same on every database."""
    score = "" if card.score is None else f"{card.score:.2f}"
    numbers = [score, card.grade, f"{card.coefficient:.4f}", as_of.astimezone(UTC).isoformat()]
    text = json.dumps(
        [card.person, n, numbers, dict(card.result)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
