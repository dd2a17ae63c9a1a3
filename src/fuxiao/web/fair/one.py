"""One person or team of a comparison: the arithmetic of the adjustment, the kinds of cases, and the cases themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.classes import Class
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import Kept
from fuxiao.metrics.queries import rows_for
from fuxiao.metrics.values import HIDE_BELOW
from fuxiao.performance.fair import Compared, Comparison
from fuxiao.web.fair.choosing import Choice, comparison
from fuxiao.web.fair.comparing import GROUPS
from fuxiao.web.fair.kinds import KindLine, amount, kind_lines, kind_words, rate_text
from fuxiao.web.fair.sentences import reason, verdict_mark
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.rows import about_cases
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case: what it is, of which kind, whether it went well, and how likely that was in the group."""

    case_id: str
    record: str
    title: str
    kind: str
    adds: str
    due: str
    period: str


@dataclass(frozen=True, slots=True)
class One:
    """What the page of one subject shows; nothing but the name where no case counted."""

    chosen: Choice
    who: str
    name: str
    place: str = ""
    tone: str = ""
    n: int = 0
    raw: str = ""
    interval: str = ""
    due: str = ""
    adjusted: str = ""
    arithmetic: str = ""
    told: str = ""
    reason: str = ""
    mark: str = ""
    kinds: Sequence[KindLine] = ()
    totals: tuple[str, str] = ("", "")
    more: int = 0


def one_page(desk: Desk, chosen: Choice, who: str) -> One:
    name = desk.names.get(who, who)
    try:
        found = comparison(desk, chosen) if chosen.role or chosen.roles else None
    except CalculationError:
        found = None
    row = None if found is None else found.of(who)
    if found is None or row is None:
        return One(chosen, who, name)
    return _shown(row, found, chosen, name)


def _shown(row: Compared, found: Comparison, chosen: Choice, name: str) -> One:
    indicator, fair, place = chosen.indicator, row.adjusted, row.place.place
    few = place is Class.TOO_FEW
    hidden = row.estimate.n < min(HIDE_BELOW, indicator.minimum)
    ends = " – ".join(rate_text(end, indicator) for end in (row.estimate.low, row.estimate.high))
    shown = One(
        chosen, row.subject, name, place=t("样本太少，不作判断", "Too few cases to say") if few else t(*GROUPS[place][:2]),
        tone="" if few else GROUPS[place][4], n=fair.n, more=max(0, indicator.minimum - fair.n),
        raw="" if hidden else rate_text(fair.raw, indicator), interval="" if hidden else ends,
    )  # fmt: skip
    return shown if few else _explained(shown, row, found)


def _explained(shown: One, row: Compared, found: Comparison) -> One:
    """The same with the adjustment, which nobody under the minimum sample is told."""
    indicator, fair = shown.chosen.indicator, row.adjusted
    adjusted, gap = rate_text(fair.adjusted, indicator), fair.observed - fair.expected
    return One(
        shown.chosen, shown.who, shown.name, shown.place, shown.tone, shown.n, shown.raw, shown.interval,
        due=rate_text(fair.expected / fair.n, indicator), adjusted=adjusted,
        arithmetic=f"{rate_text(found.centre, indicator)} + ({amount(fair.observed)} − {amount(fair.expected, 1)}) ÷ {fair.n} = {adjusted}",
        told=t(
            "{n} 单里计入 {x} 单；同样的工单，全体的水平是 {due} 单，{way} {gap} 单。",
            "{x} of {n} counted; with the same cases the group would have {due}: {gap} {en_way}.",
            n=fair.n, x=amount(fair.observed), due=amount(fair.expected, 1), gap=amount(abs(gap), 1),
            way=t("多", "") if gap >= 0 else t("少", ""), en_way="more" if gap >= 0 else "fewer",
        ),
        reason=reason(row, found, shown.chosen), mark=verdict_mark(row)[0],
        kinds=kind_lines(found.mix.of.get(row.subject, ()), found.strata, indicator),
        totals=(amount(fair.observed), amount(fair.expected, 1)),
    )  # fmt: skip


def cases_of(desk: Desk, chosen: Choice, who: str, *, offset: int, limit: int) -> tuple[list[CaseLine], int]:
    """The cases that count for one subject, and how many there are; ``NotPermitted`` out of the reader's reach."""
    found, stretch = comparison(desk, chosen), chosen.stretch
    scope = Scope(
        by=(chosen.by, *found.strata), kind=stretch.period.kind, first=stretch.first.index, last=stretch.period.index,
        only=(who,),
    )  # fmt: skip
    page = rows_for(
        desk.viewer, desk.store, chosen.indicator, scope, people=chosen.people, kept=Kept.COUNTED, offset=offset,
        limit=limit,
    )  # fmt: skip
    return list(_case_lines(desk, found, page.rows.to_pylist())), page.total


def _case_lines(desk: Desk, found: Comparison, rows: Sequence[Mapping[str, object]]) -> Iterator[CaseLine]:
    about = about_cases(desk.store, {str(row["case_id"]) for row in rows if row["case_id"]})
    for row in rows:
        label, case = found.mix.kind_of(row), str(row["case_id"] or "")
        rate = found.centre if label is None else found.mix.rates.by_label[label]
        trials = Decimal(str(row["denominator"] or 0))
        yield CaseLine(
            case, str(row["record"]), str(about.get(case, {}).get("title") or ""), kind_words(label, found.strata),
            amount(float(str(row["numerator"] or 0))), amount(float(trials) * rate, 2), str(row["period"]),
        )  # fmt: skip
