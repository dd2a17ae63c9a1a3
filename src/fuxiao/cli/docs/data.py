"""The pages of the data: contracts of the datasets, fact tables, the expression language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fuxiao.cli.docs.markdown import bullets, code, page, table, ticks
from fuxiao.engine import expression, schema
from fuxiao.engine.expression import check, parse
from fuxiao.engine.fact_tables import DTYPES, FACT_TABLES, FactTable, Kind

EXAMPLES = (
    ("cases", "first_response_met", "a flag: counts where it is true"),
    ("cases", "resolution <= 24 h", "a duration against a duration; the clock is the reader's choice"),
    ("cases", "reopens > 0 and priority = 'P1'", "numbers, texts, and / or / not"),
    ("cases", "channel in ('电话', '微信')", "one of several texts"),
    ("cases", "reopen_gap is not null and reopen_gap <= 14 d", "null is not known; ask with is null"),
    ("cases", "if(difficulty is null, 1, difficulty)", "a number that falls back to 1"),
    ("costs", "max(0, amount - coalesce(excess, 0))", "money minus money"),
    ("visits", "round(work_min / 60, 1)", "arithmetic and rounding"),
    ("cases", "starts_with(fault_code, 'E')", "the beginning of a text"),
    ("surveys", "csat between 4 and 5", "both ends included"),
)
"""Table, expression, what it shows; the page states the type each of them has."""


def datasets_page() -> str:
    """The contracts of all datasets."""
    intro = (
        "What a record is, column by column. A row with the same key is a newer version of the same record; the older "
        "one stays in the history. Columns that a file brings beyond the contract are kept as text dimensions: filter "
        "and group by them. 同一主键的新行是该记录的新版本，旧版本留在历史里；文件里多出的列作为维度保留。"
    )
    types = table(("type", "stored as"), ((ticks(name), text) for name, text in _stored()))
    parts = [part for each in schema.DATASETS.values() for part in _dataset(each)]
    return page("Datasets 数据集", intro, f"Version {schema.VERSION}.", "## Types", types, *parts)


def _stored() -> Iterator[tuple[str, str]]:
    """The lines of the contract's own docstring: a type and how it is stored."""
    for line in (schema.__doc__ or "").splitlines():
        if found := re.match(r"    (\w+) {2,}(.+)", line):
            yield found.group(1), found.group(2)


def _dataset(dataset: schema.Dataset) -> Iterator[str]:
    yield f"## {dataset.name}"
    yield f"{dataset.zh} · {dataset.en}. Key: {', '.join(map(ticks, dataset.key))}"
    rows = (
        (ticks(c.name), c.type.value, "yes" if c.required else "", c.zh, c.en, ", ".join(map(ticks, c.values)))
        for c in dataset.columns
    )
    yield table(("column", "type", "required", "中文", "meaning", "values"), rows)


def facts_page() -> str:
    """The fact tables that indicators are written against."""
    intro = (
        "One row for one thing that happened, with every clock already worked out. These are the names that an "
        "[expression](expressions.md) may write. A column marked *clocked* exists in working and in calendar time; an "
        "expression writes the bare name, and `--clock` picks one. Each *anchor* `x` can be written as `x_day`. "
        "A *credit* says which column holds the person. Dimensions of your own files can be written as well."
    )
    types = table(("type", "in the lake"), ((kind.value, DTYPES[kind]) for kind in Kind if kind in DTYPES))
    parts = [part for each in FACT_TABLES.values() for part in _facts(each)]
    return page("Fact tables 事实表", intro, types, *parts)


def _facts(facts: FactTable) -> Iterator[str]:
    yield f"## {facts.name}"
    yield f"{facts.zh} · {facts.en}. One row: {', '.join(map(ticks, facts.id))}"
    credited = [f"{name} {ticks(c.person or '')} (team {ticks(c.team)})" for name, c in facts.credits.items()]
    left = [f"{name} {ticks(text)}" for name, text in facts.exclusions.items()]
    yield bullets([
        f"anchors: {', '.join(map(ticks, facts.anchors))}",
        f"credits: {', '.join(credited)}" if credited else "",
        f"exclusions: {', '.join(left)}" if left else "",
    ])  # fmt: skip
    rows = (
        (ticks(c.name), c.kind.value + (" (clocked)" if c.clocked else ""), c.zh, c.en) for c in facts.columns.values()
    )
    yield table(("column", "type", "中文", "meaning"), rows)


def expressions_page() -> str:
    """Grammar and rules from the package's own words, then examples with the type each has."""
    head, grammar, rules = _grammar()
    rows = [
        (ticks(text), ticks(name), check(parse(text), FACT_TABLES[name], text).value, why)
        for name, text, why in EXAMPLES
    ]
    examples = table(("expression", "facts", "type", "shows"), rows)
    return page("Expressions 表达式", head, "## Grammar", code(grammar), "## Rules", rules, "## Examples", examples)


def _grammar() -> tuple[str, str, str]:
    """Head, grammar and rules out of the docstring of ``fuxiao.engine.expression``."""
    text = (expression.__doc__ or "").strip()
    head, _, rest = text.partition("What can be written::")
    lines = rest.strip("\n").splitlines()
    inside = [line for line in lines if line.startswith("    ") or not line.strip()]
    after = lines[next(at for at, line in enumerate(lines) if line.startswith("- ")) :]
    grammar = "\n".join(line.removeprefix("    ") for line in inside).strip()
    return head.strip().replace("``", "`"), grammar.replace("``", ""), "\n".join(after).replace("``", "`")
