"""The pages of the indicator library, one in each language."""

from __future__ import annotations

from collections.abc import Iterator

from fuxiao.base.wording import say
from fuxiao.cli.docs.markdown import NOTE, bullets, page, table, ticks
from fuxiao.engine.definition import Indicator, Part
from fuxiao.metrics.library import Library, built_in

TITLE = {"zh": "指标库", "en": "The indicator library"}
INTRO = {
    "zh": "共 {count} 个指标。每个指标都有分子、分母、归因、归属期间、最小样本、剔除、制衡指标和作弊风险；"
    "含义可在命令行用 `fuxiao indicators 代码` 查看。自己的指标放在数据目录的 `indicators/`，"
    "写法见[写自己的指标](../how-to/write-your-own-indicator.zh-CN.md)，表达式见[表达式](expressions.md)。",
    "en": "{count} indicators. Each has numerator, denominator, credit, period rule, minimum sample, exclusions, "
    "counter-indicators and gaming risk; `fuxiao indicators CODE` shows the same. Your own go to `indicators/` in the "
    "home folder: see [write an indicator](../how-to/write-your-own-indicator.md) and [expressions](expressions.md).",
}
LABELS = {
    "facts": ("事实表", "facts"),
    "numerator": ("分子", "numerator"),
    "denominator": ("分母", "denominator"),
    "statistic": ("统计", "statistic"),
    "credit": ("归因", "credit"),
    "period": ("归属期间", "period by"),
    "unit": ("单位", "unit"),
    "direction": ("方向", "better"),
    "minimum": ("最小样本", "minimum n"),
    "maturation": ("成熟天数", "days until firm"),
    "exclusions": ("剔除", "exclusions"),
    "counter": ("制衡指标", "counter-indicators"),
    "gaming": ("作弊风险", "gaming risk"),
    "benchmark": ("参照", "benchmark"),
}
PERSONS = {"zh": "；个人：", "en": "; persons: "}


def indicators_page(lang: str) -> str:
    """Every built-in indicator, by section, with an index."""
    library = built_in()
    parts = [_index(library, lang)]
    for section in library.sections:
        parts.append(f"## {section.name[lang]}")
        parts += [part for each in section.indicators for part in _indicator(each, lang)]
    return page(TITLE[lang], INTRO[lang].format(count=len(library)), *parts, note=NOTE[lang])


def _index(library: Library, lang: str) -> str:
    headings = ("代码", "名称", "单位", "归因") if lang == "zh" else ("code", "name", "unit", "credit")
    return table(headings, ((ticks(i.code), i.name[lang], _unit(i, lang), i.numerator.credit) for i in library))


def _unit(indicator: Indicator, lang: str) -> str:
    return say(f"unit.{indicator.unit}", lang).strip() or {"zh": "个", "en": "count"}[lang]


def _indicator(indicator: Indicator, lang: str) -> Iterator[str]:
    yield f"### {indicator.code} {indicator.name[lang]}"
    yield indicator.plain[lang]
    facts = _both(indicator, lang)
    yield bullets(f"{LABELS[key][lang == 'en']}: {text}" for key, text in facts.items() if text)


def _both(indicator: Indicator, lang: str) -> dict[str, str]:
    """The facts, and beside them what differs for single persons."""
    facts = _facts(indicator, lang)
    own = _facts(indicator.person, lang) if indicator.person else facts
    return {key: text if own[key] == text else text + PERSONS[lang] + own[key] for key, text in facts.items()}


def _facts(indicator: Indicator, lang: str) -> dict[str, str]:
    part, below = indicator.numerator, indicator.denominator
    cited = indicator.benchmark
    return {
        "facts": ticks(part.dataset),
        "numerator": _part(part),
        "denominator": "" if below is None else _part(below),
        "statistic": "" if indicator.statistic.value == "ratio" else ticks(indicator.statistic.value),
        "credit": part.credit,
        "period": ticks(part.period),
        "unit": _unit(indicator, lang),
        "direction": say(f"direction.{indicator.direction.value}", lang),
        "minimum": str(indicator.minimum),
        "maturation": str(indicator.maturation) if indicator.maturation else "",
        "exclusions": ", ".join(indicator.exclusions),
        "counter": ", ".join(map(ticks, indicator.counter)),
        "gaming": indicator.gaming.get(lang, ""),
        "benchmark": cited.text[lang] + (f" ({source})" if (source := cited.source.get(lang)) else "") if cited else "",
    }


def _part(part: Part) -> str:
    value = ticks(part.value.text if part.value else "count")
    where = f" where {ticks(part.where.text)}" if part.where else ""
    return value + where
