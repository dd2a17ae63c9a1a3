"""The records behind a figure, each with what it contributed and the ledger of its clocks."""

from __future__ import annotations

from collections.abc import Iterator

from fuxiao.core.clock import Entry, Ledger, Reason
from fuxiao.core.indicator import Direction
from fuxiao.core.score import ItemScore
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.metrics.ledgers import abridged
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.model.parts import Chip
from fuxiao.report.model.scorecard import Case, Clock, LedgerLine
from fuxiao.report.source import CaseRow

SHOWN = 5
MOST_LINES = 24
"""Lines of one clock's ledger on a page."""


def make_cases(
    reporter: Reporter, subject: str, line: ItemScore, definition: Indicator | None
) -> tuple[tuple[Case, ...], int]:
    """The records that weigh most, as the caller ranked them, and how many there are."""
    if reporter.source.cases is None or definition is None:
        return (), 0
    page = reporter.source.cases(subject, line.indicator)
    return tuple(_case(reporter, row, definition) for row in page.rows[:SHOWN]), page.total


def _case(reporter: Reporter, row: CaseRow, definition: Indicator) -> Case:
    ledgers = reporter.source.ledgers
    clocks = () if ledgers is None else ledgers(row.case, definition.code)
    return Case(
        id=row.case,
        text=row.text,
        contribution=_contribution(reporter, row, definition),
        chips=tuple(Chip(tag) for tag in row.tags),
        clocks=tuple(_clock(reporter, ledger) for ledger in clocks),
    )


def _contribution(reporter: Reporter, row: CaseRow, definition: Indicator) -> Chip:
    """Met or not for a rate, the amount for anything else, the reason for what does not count."""
    w = reporter.words
    if row.reason:
        return Chip(w("contribution.left_out", reason=w.or_key("exclusion", row.reason)))
    if row.numerator is None:
        return Chip(w("contribution.none"))
    good_when = definition.direction is not Direction.LOWER
    if definition.spread is Spread.PROPORTION:
        hit = row.numerator > 0
        word = ("met" if hit else "missed") if good_when else ("counted" if hit else "clean")
        return Chip(w(f"contribution.{word}"), "ok" if hit is good_when else "bad")
    amount = row.numerator * definition.scale.numerator / definition.scale.denominator
    return Chip(str(reporter.figures.quantity(amount, definition.unit)))


TONE = {Reason.COUNTED: "ok", Reason.CLOSED: "", Reason.RESOLVED: "pri"}


def _clock(reporter: Reporter, ledger: Ledger) -> Clock:
    w, figures = reporter.words, reporter.figures
    lost = [(reason, ledger.seconds_of(reason)) for reason in Reason if reason not in (Reason.COUNTED, Reason.CLOSED)]
    business = sum(entry.seconds for entry in ledger.entries)
    parts = [w("clock.business", time=figures.duration(business))]
    parts += [w("clock.less", reason=w(f"reason.{r}"), time=figures.duration(s)) for r, s in lost if s]
    total = figures.duration(ledger.seconds)
    return Clock(
        name=w.or_key("clock", ledger.clock),
        total=w("clock.running", time=total) if ledger.running else total,
        arithmetic=f"{' − '.join(parts)} = {total}",
        lines=tuple(_lines(reporter, ledger)),
    )


def _lines(reporter: Reporter, ledger: Ledger) -> Iterator[LedgerLine]:
    """The ledger; of a very long one the middle is one line, so that the lines still tile the whole time."""
    first, between, last = abridged(ledger.entries, most=MOST_LINES)
    yield from (_line(reporter, entry) for entry in first)
    if between:
        figures = reporter.figures
        counted = sum(entry.seconds for entry in between if entry.reason is Reason.COUNTED)
        yield LedgerLine(
            start=figures.moment(between[0].start),
            end=figures.moment(between[-1].end),
            duration=figures.duration(counted) if counted else "0",
            reason=reporter.words("reason.more", count=len(between)),
            rule="",
            tone="",
        )
    yield from (_line(reporter, entry) for entry in last)


def _line(reporter: Reporter, entry: Entry) -> LedgerLine:
    w, figures = reporter.words, reporter.figures
    kind, _, key = entry.rule.partition(":")
    return LedgerLine(
        start=figures.moment(entry.start),
        end=figures.moment(entry.end),
        duration=figures.duration(entry.seconds) if entry.seconds else "0",
        reason=w(f"reason.{entry.reason}"),
        rule=w(f"rule.{kind}", key=w.or_key("clock", key)),
        tone=TONE.get(entry.reason, "warn"),
    )
