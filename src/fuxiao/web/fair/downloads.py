"""Tables of the fair comparison and of the time of cases as files."""

from __future__ import annotations

from collections.abc import Sequence

from fuxiao.base.clock import now
from fuxiao.web.fair.comparing import Page, as_table
from fuxiao.web.fair.spending import Spent
from fuxiao.web.metrics.exports import Download
from fuxiao.web.metrics.wording import formats
from fuxiao.web.org.positions import position_word
from fuxiao.web.words import language, t


def of_comparison(page: Page) -> Download:
    chosen = page.chosen
    name = chosen.indicator.name[language()]
    headings = [
        t("名称", "Name"), t("代码", "Code"), t("班组", "Team"), t("比较结果", "Class"), "n", t("实际", "Raw"),
        t("95% 区间", "95 % interval"), t("同类工单应有", "Expected"), t("调整后", "Adjusted"), t("工单难易", "Case mix"),
        t("说明", "Notes"),
    ]  # fmt: skip
    told = [
        (t("指标", "Indicator"), f"{chosen.indicator.code} {name}"), (t("期间", "Period"), chosen.stretch.title),
        (t("岗位", "Role"), position_word(chosen.role)), (t("结论", "In short"), page.headline),
        *page.how, _made(),
    ]  # fmt: skip
    return Download(f"{chosen.indicator.code} {chosen.stretch.period.key}", headings, as_table(page), told)


def of_time(spent: Spent) -> Download:
    headings = [
        t("时间去向", "Where it went"),
        t("责任方", "Owner"),
        t("小时", "Hours"),
        t("占比", "Share"),
        t("工单数", "Cases"),
    ]
    rows: Sequence[Sequence[str | int | None]] = [
        [line.name, line.owner or None, line.hours.replace(",", ""), line.share, line.cases] for line in spent.lines
    ]
    told = [
        (t("对象", "Subject"), spent.of.name), (t("期间", "Period"), spent.stretch.title),
        (t("结论", "In short"), spent.headline), _made(),
    ]  # fmt: skip
    return Download(t("时间花在哪", "Time") + f" {spent.of.name} {spent.stretch.period.key}", headings, rows, told)


def _made() -> tuple[str, str]:
    return t("导出时间", "Exported at"), formats().moment(int(now().timestamp()))
