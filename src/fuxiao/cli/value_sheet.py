"""Values as a sheet: figures, what was left out, what could not be computed and for want of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fuxiao.base.waiting import waiting_groups, wanting
from fuxiao.base.wording import say
from fuxiao.cli.options import t
from fuxiao.cli.session import Session
from fuxiao.cli.sheet import Cell, Column, Places, Sheet
from fuxiao.cli.shown import exclusions_text, heading, interval_text, shown, side_cells
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.source import JOIN
from fuxiao.metrics.values import Request, ValueTable

OWN = frozenset({
    "indicator", "name", "subject", "subject_name", "period", "value", "unit", "n", "low", "high", "numerator",
    "numerator_unit", "denominator", "denominator_unit", "note",
})  # fmt: skip
"""Columns that every sheet of values has: a group of the same name stands beside them as ``by_unit``."""


def values_sheet(now: Session, table: ValueTable, request: Request, *, complete: bool = False) -> Sheet:
    """The values as rows; those hidden by the sample rule show their n and nothing else.

    ``complete`` names the missing columns of every indicator that could not be computed (for a list that was asked
    for); else these indicators are listed by what they wait for.
    """
    lang, names = now.lang, _names(now, request)
    found = list(zip(table, _groups(table), strict=True))
    chosen = {each.code: each.by(table.keys) for each in request.indicators}
    rows = [_row(now, value, chosen[value.indicator], parts, names) for value, parts in found]
    periods = request.first.key if request.first == request.last else f"{request.first.key} – {request.last.key}"
    return Sheet(
        t("指标值 ", "Values ") + periods, _columns(now, table.keys), rows, notes=_notes(table, lang, complete)
    )


def _columns(now: Session, keys: Sequence[str]) -> list[Column]:
    """The groups stand in one column for people, each in its own (keys, not names) for programs."""
    subject = Places.TABLE if keys else Places.BOTH
    return [
        Column("indicator", t("指标", "indicator")), Column("name", t("名称", "name")),
        Column("subject", t("对象", "subject"), places=subject),
        *(Column(f"by_{key}" if key in OWN else key, heading(key, now.declared, now.lang), places=Places.DATA) for key in keys),
        *([Column("subject_name", t("对象", "subject"), places=Places.DATA)] if keys else []),
        Column("period", t("期间", "period"), detail=2),
        Column("value", t("值", "value"), numeric=True), Column("unit", t("单位", "unit"), detail=1),
        Column("n", "n", numeric=True),
        Column("interval", t("95% 区间", "95 % interval"), numeric=True, detail=3, places=Places.TABLE),
        Column("low", t("区间下限", "interval from"), numeric=True, places=Places.DATA),
        Column("high", t("区间上限", "interval to"), numeric=True, places=Places.DATA),
        *side_columns("numerator", t("分子", "numerator"), t("分子单位", "numerator in"), detail=5),
        *side_columns("denominator", t("分母", "denominator"), t("分母单位", "denominator in"), detail=6),
        Column("note", t("说明", "note")),
    ]  # fmt: skip


def side_columns(key: str, side: str, unit: str, *, detail: int = 0) -> tuple[Column, Column]:
    """A side of a figure, and what it is added up in: people read both in one column, programs in two."""
    return Column(key, side, numeric=True, detail=detail), Column(f"{key}_unit", unit, places=Places.DATA)


def _groups(table: ValueTable) -> Iterator[tuple[str, ...]]:
    if not table.keys:
        yield from (() for _ in range(len(table)))
        return
    yield from zip(*(table.table[key].to_pylist() for key in table.keys), strict=True)


def _row(
    now: Session, value: Value, indicator: Indicator, parts: tuple[str, ...], names: Mapping[str, str]
) -> list[Cell]:
    lang = now.lang
    subject = JOIN.join(names.get(part, part) or say("not_given", lang) for part in parts) or say("company", lang)
    head: list[Cell] = [value.indicator, indicator.name[lang], subject]
    head += [*parts, subject] if parts else []
    unit = now.unit(indicator)
    if value.standing in (Standing.HIDDEN, Standing.EMPTY):
        return [*head, value.period, None, unit, value.n, "", None, None, None, "", None, "", _note(value, lang)]
    above, below = now.side_units(indicator)
    low, high = (value.interval.low, value.interval.high) if value.interval else (None, None)
    return [
        *head, value.period, shown(value.value, indicator.unit, now.places), unit, value.n,
        interval_text(value, indicator.unit, now.places), low, high,
        *side_cells(value.numerator, above), *side_cells(value.denominator, below), _note(value, lang),
    ]  # fmt: skip


def _note(value: Value, lang: str) -> str:
    parts = [] if value.standing is Standing.OK else [say(f"standing.{value.standing.value}", lang)]
    parts += [say("value.provisional", lang)] if value.provisional else []
    parts += [text] if (text := exclusions_text(value, lang)) else []
    return ("；" if lang == "zh" else "; ").join(parts)


def _names(now: Session, request: Request) -> Mapping[str, str]:
    """Names for the numbers of people and teams, where the values are by one of these."""
    if not {"person", "team"} & set(request.by):
        return {}
    from fuxiao.performance.roster import read_names

    return read_names(now.store)


def _notes(table: ValueTable, lang: str, complete: bool) -> list[str]:
    notes = list(_waiting_each(table, lang) if complete else _waiting_together(table, lang))
    for code, reason in sorted(table.unanswered.items()):
        notes.append(say(f"values.unanswered.{reason}", lang, {"code": code}))
    return notes


def _waiting_each(table: ValueTable, lang: str) -> Iterator[str]:
    for code, columns in sorted(table.missing.items()):
        yield say("values.missing_one", lang, {"code": code, "wanting": wanting(columns, lang)})


def _waiting_together(table: ValueTable, lang: str) -> Iterator[str]:
    if table.missing:
        yield say("values.missing_many", lang, {"count": len(table.missing)})
    for words, codes in waiting_groups(table.missing, lang):
        yield "  " + say("values.missing_group", lang, {"wanting": words, "codes": codes})
