"""indicators · values · rows: what is measured, how much it is, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from fuxiao.base.shown import formula_text
from fuxiao.base.wording import LIST, say
from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Places, Sheet, Shown, emit
from fuxiao.cli.rows_sheet import rows_sheet
from fuxiao.cli.session import CLOCKS, Session, known, session
from fuxiao.cli.value_sheet import values_sheet
from fuxiao.core.errors import UnknownName
from fuxiao.core.period import Period, period_of
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import drill_down
from fuxiao.metrics.source import COMPANY, FactStore
from fuxiao.metrics.values import Request, compute_values
from fuxiao.performance.roster import read_names

GROUPS = ("person", "team", COMPANY)

MOST_ROWS = 1_000_000_000
EVER = (date(1970, 1, 1), date(2099, 12, 31))

Codes = Annotated[
    str,
    typer.Option("--indicator", "-i", help=t("指标代码，逗号分隔（默认：数据能支持的全部）",
                                             "indicator codes, comma separated (default: all that the data supports)")),
]  # fmt: skip
By = Annotated[
    str,
    typer.Option("--by", "-b", help=t("分组：person、team、company 或任意列名，可逗号组合",
                                      "group by person, team, company or any column; several with commas")),
]  # fmt: skip


def indicators(
    code: Annotated[
        str | None, typer.Argument(help=t("指标代码：显示完整定义", "a code: show the whole definition"))
    ] = None,
    search: Annotated[str, typer.Option("--search", help=t("按名称或定义查找", "find by name or definition"))] = "",
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """List the indicator library, or explain one indicator."""
    with session(home, lang) as now:
        now.facts()  # own indicators may name columns that only the company's files brought
        if code:
            emit([_definition(now, now.library.get(code))], shape, output)
            return
        found = [each for each in now.library if _matches(each, search)]
        emit([_listing(now, found)], shape, output)


def _matches(indicator: Indicator, search: str) -> bool:
    words = (indicator.code, *indicator.name.values(), *indicator.plain.values())
    return any(search.casefold() in word.casefold() for word in words)


def _listing(now: Session, found: Sequence[Indicator]) -> Sheet:
    lang = now.lang
    columns = [
        Column("code", t("代码", "code")), Column("name", t("名称", "name")), Column("unit", t("单位", "unit")),
        Column("direction", t("方向", "direction"), detail=1), Column("credit", t("归因", "credit"), detail=2),
        Column("minimum", t("最小样本", "minimum n"), numeric=True, detail=3),
        Column("counter", t("制衡指标", "counter-indicator"), detail=4),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [i.code, i.name[lang], now.unit(i), _say_direction(i, lang), i.numerator.credit, i.minimum,
         ", ".join(i.counter)]
        for i in found
    ]  # fmt: skip
    return Sheet(t("指标库", "Indicator library") + f" ({len(rows)})", columns, rows)


def _say_direction(indicator: Indicator, lang: str) -> str:
    return say(f"direction.{indicator.direction.value}", lang)


def _definition(now: Session, indicator: Indicator) -> Sheet:
    lang, facts = now.lang, _facts(now, indicator)
    if indicator.person:
        own = [row for row in _facts(now, indicator.person) if row not in facts]
        facts += [(f"person_{key}", t("个人：", "persons: ") + label, value) for key, label, value in own]
    columns = [Column("field", t("项", "field"), places=Places.DATA), Column("label", ""), Column("value", "")]
    return Sheet(f"{indicator.code} {indicator.name[lang]}", columns, [list(row) for row in facts])


def _facts(now: Session, indicator: Indicator) -> list[tuple[str, str, Cell]]:
    lang, part, below = now.lang, indicator.numerator, indicator.denominator
    return [
        ("code", t("代码", "code"), indicator.code),
        ("name", t("名称", "name"), indicator.name[lang]),
        ("plain", t("含义", "meaning"), indicator.plain[lang]),
        ("dataset", t("事实表", "facts"), Shown(part.dataset, getattr(FACT_TABLES[part.dataset], lang))),
        ("period", t("归属期间", "period by"), _coded("anchor", part.period, lang)),
        ("credit", t("归因", "credit"), _coded("credit", part.credit, lang)),
        ("numerator", t("分子", "numerator"), formula_text(part, lang)),
        ("where", t("条件", "where"), part.where.text if part.where else Shown("", t("无", "none"))),
        ("denominator", t("分母", "denominator"), formula_text(below, lang) if below else Shown("", t("无", "none"))),
        ("statistic", t("统计", "statistic"), _coded("statistic", indicator.statistic.value, lang)),
        ("direction", t("方向", "better"), _say_direction(indicator, lang)),
        ("unit", t("单位", "unit"), now.unit(indicator)),
        ("minimum", t("最小样本", "minimum n"), indicator.minimum),
        ("maturation", t("成熟天数", "days until firm"), indicator.maturation),
        ("exclusions", t("剔除", "exclusions"), _excluded(indicator, lang)),
        ("counter", t("制衡指标", "counter-indicators"), ", ".join(indicator.counter)),
        ("gaming", t("作弊风险", "gaming risk"), indicator.gaming.get(lang, "")),
        ("benchmark", t("参照", "benchmark"), indicator.benchmark.text[lang] if indicator.benchmark else ""),
        ("source", t("来源", "source"), indicator.benchmark.source.get(lang, "") if indicator.benchmark else ""),
    ]


def _coded(family: str, code: str, lang: str) -> Shown:
    """A code with its words for people, alone for programs."""
    return Shown(code, f"{code} · {say(f'{family}.{code}', lang)}")


def _excluded(indicator: Indicator, lang: str) -> Shown:
    each = [_coded("exclusion", code, lang).text for code in indicator.exclusions]
    return Shown(", ".join(indicator.exclusions), LIST[lang].join(each))


def values(
    period: options.PeriodText = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="PERIOD", help=t("到这个期间（含）", "up to this period, included"), show_default=False
        ),
    ] = None,
    codes: Codes = "",
    by: By = "company",
    clock: options.Clock = "business",
    as_of: options.AsOf = None,
    engine: Annotated[
        str, typer.Option("--engine", help=t("duckdb 或 spark://主机:端口", "duckdb or spark://host:port"))
    ] = "duckdb",
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Indicator values with n, 95 % interval and what was left out.

    fuxiao values -p 2026-10 --by person -i FRT,FTF
    """
    with session(home, lang, as_of) as now:
        first = now.period(period)
        now.plan_facts()
        named = [code for code in codes.split(",") if code.strip()]
        asked = now.library.select(named) if named else list(now.library)
        request = Request(
            indicators=asked, first=first, last=now.period(last) if last else first, by=groups(now, by, asked),
            clock=known(clock, CLOCKS, "clock"),
        )  # fmt: skip
        with engine_of(now, engine, request) as store:
            table = compute_values(store, request, as_of=now.day)
        emit([values_sheet(now, table, request, complete=bool(named))], shape, output)


@contextmanager
def engine_of(now: Session, engine: str, request: Request) -> Iterator[FactStore]:
    """The facts for these values here; or all facts of the same records, built on a Spark cluster."""
    if engine == "duckdb":
        with now.facts_of(request) as facts:
            yield facts
        return
    if not engine.startswith(("spark://", "local")):
        raise UnknownName("engine", engine, ("duckdb", "spark://host:port"))
    from fuxiao.datasets.spark import spark_store

    with spark_store(now.store, engine) as cluster:
        cluster.build_facts(cut_off=now.as_of)
        yield cluster


def groups(now: Session, by: str, asked: Sequence[Indicator]) -> tuple[str, ...]:
    """The words of --by; ``UnknownName`` for a column that none of the indicators' fact tables has."""
    words = tuple(word.strip() for word in by.split(",") if word.strip()) or (COMPANY,)
    declared = now.declared
    tables = {part.dataset for each in asked for part in (each.numerator, each.denominator) if part is not None}
    columns = [name for table in sorted(tables & declared.keys()) for name in declared[table].names()]
    for word in words:
        known(word, (*GROUPS, *dict.fromkeys(columns)), "column")
    return words


def rows(
    code: Annotated[str, typer.Argument(help=t("指标代码", "indicator code"))],
    subject: Annotated[
        str | None,
        typer.Option("--subject", help=t("只看这个对象", "only this person, team or member")),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            "-b",
            help=t(
                "分组，与 values 相同（默认 company；有 --subject 时 person）",
                "groups as in values (company; person where there is a --subject)",
            ),
            show_default=False,
        ),
    ] = None,
    period: options.PeriodText = None,
    clock: options.Clock = "business",
    limit: Annotated[int, typer.Option("--limit", help=t("最多行数", "rows at the most"), min=1, max=MOST_ROWS)] = 100,
    offset: Annotated[
        int, typer.Option("--offset", help=t("从第几行起", "from this row on"), min=0, max=MOST_ROWS)
    ] = 0,
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """The rows under a figure: the same definition with the aggregate taken off; they add up to it.

    fuxiao rows FTF -p 2026-10 --subject 张伟
    """
    with session(home, lang, as_of) as now:
        at: Period = now.period(period)
        now.facts()
        indicator = now.library.get(code)
        scope = Scope(
            by=groups(now, by or ("person" if subject else COMPANY), [indicator]), kind=at.kind, first=at.index, last=at.index, clock=known(clock, CLOCKS, "clock"),
            only=(_subject(now, subject),) if subject else (),
        )  # fmt: skip
        page = drill_down(now.store, indicator, scope, offset=offset, limit=limit)
        if not page.total:
            _no_rows(now, indicator, scope)
        emit([rows_sheet(now, indicator.by(scope.keys), at, page)], shape, output)


def _subject(now: Session, text: str) -> str:
    """An employee number for a name; anything else as it is."""
    return next((key for key, name in read_names(now.store).items() if text == name), text)


def _no_rows(now: Session, indicator: Indicator, scope: Scope) -> None:
    """Refuse a subject nobody knows: no rows of a misspelled name would read as no work done. Where the company keeps
    no list, those are known who have this indicator in any period."""
    names = read_names(now.store)
    for subject in scope.only:
        seen = [] if subject in names else _ever(now, indicator, scope)
        if subject not in names and subject not in seen and (names or seen):
            raise UnknownName("subject", subject, [*names.values(), *names] or seen)


def _ever(now: Session, indicator: Indicator, scope: Scope) -> list[str]:
    first, last = (period_of(scope.kind, day) for day in EVER)
    asked = Request(
        indicators=[indicator],
        first=first,
        last=last,
        by=scope.by[:1],
        clock=scope.clock,
        spreads=False,
        exclusions=False,
    )
    found = compute_values(now.store, asked, as_of=now.day)
    return sorted({value.subject for value in found})
