"""quality: what is wrong with the data of a home folder as it stands now."""

from __future__ import annotations

from typing import Annotated

import typer

from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit
from fuxiao.cli.session import Session, session
from fuxiao.datasets.importing.words import advised
from fuxiao.datasets.open_references import open_reference, open_references, open_rows


def quality(
    what: Annotated[
        str | None,
        typer.Argument(
            help=t("逐条列出其中一项，如 complaints.case_id", "list the records of one, like complaints.case_id"),
            show_default=False,
        ),
    ] = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """The data as it stands: what each import brought and refused, and references that fit nothing in the store."""
    with session(home, lang) as now:
        emit([_rows_sheet(now, what)] if what else [_loads_sheet(now), _references_sheet(now)], shape, output)


def _loads_sheet(now: Session) -> Sheet:
    columns = [
        Column("file", t("文件", "file")), Column("records", t("记录", "records"), numeric=True),
        Column("rejected", t("拒收行", "refused"), numeric=True),
    ]  # fmt: skip
    loads = now.store.manifest.standing_loads()
    rows: list[list[Cell]] = [[load.source, sum(load.datasets.values()), load.rejected] for load in loads]
    return Sheet(t("导入", "Imports"), columns, rows, key="imports")


def _references_sheet(now: Session) -> Sheet:
    columns = [
        Column("reference", t("引用", "reference")), Column("problem", t("问题", "what")),
        Column("records", t("记录", "records"), numeric=True), Column("examples", t("例", "examples"), detail=1),
    ]  # fmt: skip
    found = open_references(now.store)
    rows: list[list[Cell]] = [
        [each.reference.name, each.worded(now.lang), each.records, ", ".join(value for value, _ in each.examples)]
        for each in found
    ]
    notes = [now.context.say("quality.all_fit")]
    if found:
        notes = advised((each.reference.code for each in found), now.lang)
        notes.append(now.context.say("quality.list_them", reference=found[0].reference.name))
    return Sheet(t("对不上的引用", "References that fit nothing"), columns, rows, notes, key="references")


def _rows_sheet(now: Session, name: str) -> Sheet:
    columns = [
        Column("record", t("记录", "record")), Column("names", t("所写", "names")),
        Column("near", t("可能是", "may mean")), Column("file", t("文件", "file"), detail=1),
        Column("line", t("行号", "line"), numeric=True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [" / ".join(each.key), each.value, each.near, each.file, each.line]
        for each in open_rows(now.store, open_reference(now.store, name))
    ]
    return Sheet(name, columns, rows, [] if rows else [now.context.say("quality.all_fit")])
