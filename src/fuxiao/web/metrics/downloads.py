"""What the downloads of these pages hold: the same lines as on screen, and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from fuxiao.base.clock import now
from fuxiao.datasets.export import Cell
from fuxiao.web.metrics.detail import Detail
from fuxiao.web.metrics.exports import Download
from fuxiao.web.metrics.overview import Overview
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.presenters import Figure
from fuxiao.web.metrics.rows import RowLine, RowsPage
from fuxiao.web.metrics.wording import formats, joined
from fuxiao.web.words import t

FIGURE = (("数值", "Value"), ("单位", "Unit"), ("n", "n"), ("95% 区间", "95 % interval"), ("说明", "Notes"))


def about(picker: Picker, of: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """What was chosen, and when the file was made."""
    return [
        (t("期间", "Period"), picker.key), (t("对象", "Subject"), of), *more,
        (t("导出时间", "Exported at"), formats().moment(int(now().timestamp()))),
    ]  # fmt: skip


def of_overview(found: Overview, picker: Picker, of: str, *, section: str, search: str) -> Download:
    headings = [t("类别", "Section"), t("代码", "Code"), t("指标", "Indicator"), *(t(*each) for each in FIGURE)]
    headings += [t("较上期", "Change"), t("判断", "Signal or noise")]
    rows = [
        [name, row.code, row.name, *_figure(row.figure), row.change.text if row.change else None,
         row.change.why if row.change else None]
        for name, lines in found.sections
        for row in lines
    ]  # fmt: skip
    chosen = [(t("类别", "Section"), section), (t("查找", "Search"), search)]
    told = about(picker, of, *(pair for pair in chosen if pair[1]))
    return Download(t("指标", "Indicators") + f" {picker.key}", headings, rows, told)


def of_lines(found: Detail, picker: Picker) -> Download:
    words = {group.code: group.name for group in found.groups}
    headings = [found.by_words, t("代码", "Code"), *(t(*each) for each in FIGURE), t("分子", "Numerator")]
    headings += [t("分母", "Denominator"), t("比较结果", "Class")]
    rows = [
        [line.name, line.member, *_figure(line.figure), *_sides(line.figure, line.value.numerator, line.value.denominator),
         words[line.group]]
        for line in found.lines
    ]  # fmt: skip
    told = about(picker, found.cut.of.name, (t("指标", "Indicator"), f"{found.code} {found.name}"))
    told.append((t("分组", "Grouped by"), found.by_words))
    return Download(f"{found.code} {found.by_words} {picker.key}", headings, rows, told)


def of_rows(found: RowsPage, picker: Picker) -> Download:
    headings = [
        t("工单号", "Case number"), t("记录", "Record"), t("标题", "Title"), t("类型", "Type"), t("产品", "Product"),
        t("受理时间", "Opened at"), t("归属", "Credited to"), *found.sides.headings, t("未计入原因", "Why left out"),
        *([t("之后的工单", "Case that followed")] if found.follows else []),
    ]  # fmt: skip
    told = about(picker, found.subject, (t("指标", "Indicator"), f"{found.code} {found.name}"))
    told += [(t("行", "Rows"), found.kept_words), (t("计算", "Arithmetic"), found.arithmetic)]
    return Download(
        f"{found.code} {found.subject} {picker.key}", headings, [_row(line, found) for line in found.lines], told
    )


def _figure(figure: Figure) -> Sequence[Cell]:
    notes = joined([*(mark.text for mark in figure.marks), *([figure.exclusions] if figure.exclusions else [])])
    number = figure.number.replace(",", "").replace("−", "-")
    return [number or None, figure.unit or None, figure.n, figure.interval or None, notes or None]


def _sides(figure: Figure, above: Cell, below: Cell) -> Sequence[Cell]:
    """What a figure was summed up from, where the figure itself is shown."""
    return [above, below] if figure.number else [None, None]


def _row(line: RowLine, found: RowsPage) -> Sequence[Cell]:
    told = line.about
    opened = told.get("opened_at")
    return [
        line.case_id or None, line.record, *(_text(told.get(name)) for name in ("title", "case_type", "product")),
        formats().moment(opened) if isinstance(opened, int) else None, line.who or None, *line.plain, line.reason or None,
        *([line.after or None] if found.follows else []),
    ]  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
