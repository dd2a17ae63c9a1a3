"""What a report is made from: the results of the stages before, handed over in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from fuxiao.core.bonus.payout import Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.clock import Ledger
from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.gaming.signal import Signal
from fuxiao.core.indicator import Value
from fuxiao.core.period import Period
from fuxiao.core.process.network import Network
from fuxiao.core.process.waste import PoorQuality
from fuxiao.core.score.group import GroupScores
from fuxiao.engine.definition import Indicator
from fuxiao.performance.roster import Roster


class Flow(Protocol):
    """The shares of a log's time and ways that the overview shows, 0 to 1."""

    @property
    def efficiency(self) -> Decimal | None: ...

    @property
    def ping_pong_share(self) -> Decimal: ...

    @property
    def rework_share(self) -> Decimal: ...


class RankShown(StrEnum):
    """What a person may read about their place among colleagues of the same role."""

    FULL = "full"  # place, of how many, percentile
    PERCENTILE = "percentile"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PastScore:
    """A score of an earlier period beside the mean of the person's team in that period; oldest first in a list."""

    period: Period
    score: Decimal | None
    team: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One record under a figure and what it added to it.

    ``numerator`` and ``denominator`` are in the definition's own terms (1 or 0 for a flag, the measured amount
    otherwise), ``None`` where the record adds nothing. ``reason`` is the exclusion that left it out. ``tags`` are
    short remarks as the log has them.
    """

    case: str
    text: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """The records that weigh most under a figure, and how many there are altogether."""

    rows: tuple[CaseRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LoadLine:
    """One imported file: accepted and rejected rows."""

    file: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One kind of fault in the data and what was done about it, already in words."""

    text: str
    dataset: str
    column: str
    treatment: str
    count: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What came in and what was wrong with it."""

    loads: tuple[LoadLine, ...] = ()
    faults: tuple[FaultLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """Everything a report shows.

    ``values`` by (subject, indicator), oldest period first and this period's last; teams are subjects too. ``past``:
    earlier scores by person, without this period's. ``cases(subject, indicator)`` and ``ledgers(case, indicator)`` are
    asked only for what is printed. ``compare`` names the indicators of the overview's comparison; none picks the
    heaviest rate of the scheme. ``digests`` are printed at the foot of each page as ``name: digest``; names that the
    words know are translated. ``made_at`` is the moment of the report, ``data_at`` that of the last load.
    """

    period: Period
    made_at: datetime
    zone: str
    roster: Roster
    scores: GroupScores
    indicators: Mapping[str, Indicator]
    organisation: str = ""
    currency: str = "CNY"
    data_at: datetime | None = None
    settlement: Settlement | None = None
    plan: Plan | None = None
    values: Mapping[tuple[str, str], Sequence[Value]] = field(default_factory=dict)
    past: Mapping[str, Sequence[PastScore]] = field(default_factory=dict)
    cases: Callable[[str, str], CasePage] | None = None
    ledgers: Callable[[str, str], Sequence[Ledger]] | None = None
    adjusted: Mapping[tuple[str, str], Adjusted] = field(default_factory=dict)
    compare: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    network: Network | None = None
    flow: Flow | None = None
    poor_quality: PoorQuality | None = None
    quality: DataQuality | None = None
    sealed: bool = False
    rank_shown: RankShown = RankShown.FULL
    digests: Mapping[str, str] = field(default_factory=dict)

    def name(self, subject: str) -> str:
        """The name of a person or team, the key itself for a stranger."""
        return self.roster.name(subject)
