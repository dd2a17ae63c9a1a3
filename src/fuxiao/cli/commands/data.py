"""init · map · import · export: a home folder, and records into and out of it."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

import ibis.expr.types as ir
import typer

from fuxiao.base.files import whole
from fuxiao.cli import options
from fuxiao.cli.bar import of_file
from fuxiao.cli.context import FOUND, complain_of, errors_in_words, exit_code, make_context
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit, print_line, writing
from fuxiao.cli.session import Session, known, session
from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.datasets.export import export_table
from fuxiao.datasets.importing.archives import KINDS, table_names
from fuxiao.datasets.importing.contents import must_be_file
from fuxiao.datasets.importing.layout import Layout, is_pattern
from fuxiao.datasets.importing.mapping_read import read_mapping
from fuxiao.datasets.importing.names import source_name
from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.importing.quality import KEYS
from fuxiao.datasets.importing.run import ImportReport, check_file, import_file
from fuxiao.datasets.importing.sheets import sheet_names
from fuxiao.engine import schema
from fuxiao.studio.packs import PACKS, make_home

Files = Annotated[list[Path], typer.Argument(help=t("要导入的文件", "the files"), show_default=False)]


def init(
    folder: Annotated[Path, typer.Argument(help=t("新的数据目录", "the new home folder"))] = Path("fuxiao-home"),
    pack: Annotated[
        str, typer.Option("--pack", help=t("模板包：", "template pack: ") + ", ".join(PACKS))
    ] = "appliance",
    name: Annotated[str, typer.Option("--name", help=t("公司或部门名称", "company or department"))] = "",
    zone: Annotated[str, typer.Option("--zone", help=t("时区", "time zone"))] = "Asia/Shanghai",
    currency: Annotated[str, typer.Option("--currency", help=t("币种", "currency"))] = "CNY",
    lang: options.Lang = None,
) -> None:
    """Make a home folder: settings, a work calendar, service levels, a scheme and a plan to edit."""
    context = make_context(folder, lang)
    with errors_in_words(context.home):
        known(pack, PACKS, "pack")
        made = make_home(folder, pack=pack, name=name, zone=zone, currency=currency, language=context.lang)
        for path in made:
            print_line(str(path))
        context.tell("init.next", folder=str(folder))


def map_file(
    file: Annotated[Path, typer.Argument(help=t("要看的文件", "the file to look at"))],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=t("写入这个映射文件", "write the mapping here"), show_default=False),
    ] = None,
    table: Annotated[
        str,
        typer.Option(
            "--table",
            help=t(
                "工作簿里的工作表，或压缩包里的文件；* 为表头相同的全部",
                "the sheet of a workbook, or the file in an archive; * for all of one header",
            ),
            show_default=False,
        ),
    ] = "",
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Look at a file and propose a mapping: which column means what, dates, codes, events. Correct it, then import.

    fuxiao map 工单.csv -o 工单.toml
    """
    with session(home, lang) as now:
        must_be_file(file)
        book = KINDS.get(file.suffix.lower()) == "sheet"
        layout = Layout(sheet=table) if book else Layout(member=table)
        mapped = [inside for inside, called in _inside(file).items() if _mapping_named(now, file, called)]
        text = propose(now.store.scratch(), file, layout=layout, mapped=mapped).text
        name = (table if book else Path(table).stem) if table and not is_pattern(table) else file.stem
        target = output or now.context.home / "mappings" / f"{name}.toml"
        if target.exists():
            raise InputError("map.exists", path=str(target))
        with writing(str(target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        print_line(text)
        now.context.tell("map.written", path=str(target), file=str(file))


def import_files(
    files: Files,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            "-m",
            help=t(
                "映射文件（默认：mappings/ 里与文件或工作表同名的）",
                "mapping (default: named as file or sheet in mappings/)",
            ),
            show_default=False,
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help=t("只检查，不写入", "look only, store nothing"))] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help=t("有行被拒收时以退出码 1 结束", "exit code 1 if a row was rejected"))
    ] = False,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Import files: all of a file becomes visible at once, or nothing. The same file twice changes nothing."""
    with session(home, lang) as now:
        reports: list[ImportReport] = []
        failed: dict[Path, InputError | DefinitionError] = {}
        try:
            for file in files:
                try:
                    chosen = [mapping] if mapping else _mappings_of(now, file)
                    reports.extend(_one(now, file, each, check=check) for each in chosen)
                except (InputError, DefinitionError) as error:
                    if len(files) == 1:
                        raise
                    failed[file] = error
        finally:
            # What was imported before a file failed stays imported: the report says so.
            if reports:
                emit(list(chain.from_iterable(_report_sheets(now, report) for report in reports)), shape, output)
        for file, refused in failed.items():
            now.context.tell("import.not_this", file=str(file))
            complain_of(refused)
        if failed:
            raise typer.Exit(exit_code(next(iter(failed.values()))))
        if strict and any(report.rejected for report in reports):
            raise typer.Exit(FOUND)


def _mappings_of(now: Session, file: Path) -> list[Path]:
    """The mapping of a file, and those of the sheets of a workbook or of the files in an archive; else that of its kind,
    as 工单 is of 工单_2026-09."""
    must_be_file(file)
    bare = file.name.split(".", maxsplit=1)[0]  # 工单.csv.gz is read as 工单 is
    names = dict.fromkeys([file.stem, *_inside(file).values()])
    named = [path for name in names if (path := _mapping_named(now, file, name))]
    named = named or [path for path in (_mapping_named(now, file, bare),) if path]
    found = named or [path for path in (_mapping_named(now, file, source_name(file.name)),) if path]
    if not found:
        raise InputError("import.no_mapping", file=str(file))
    return found


def _inside(file: Path) -> dict[str, str]:
    """The tables inside a file, and how their mappings are called."""
    kind = file.suffix.lower()
    if kind == ".zip":
        return {name: Path(name).stem for name in table_names(file)}
    return {name: name for name in sheet_names(file)} if KINDS.get(kind) == "sheet" else {}


def _mapping_named(now: Session, file: Path, name: str) -> Path | None:
    folders = (now.context.home / "mappings", file.parent / "mappings", file.parent)
    return next((path for folder in folders if (path := folder / f"{name}.toml").is_file()), None)


def _one(now: Session, file: Path, mapping: Path, *, check: bool) -> ImportReport:
    work = check_file if check else import_file
    with of_file(file.name, now.lang) as progress:
        return work(now.store, file, read_mapping(mapping), at=now.context.now, progress=progress)


def _report_sheets(now: Session, report: ImportReport) -> list[Sheet]:
    say, notes = now.context.say, []
    if report.unchanged:
        return [Sheet(report.source, [], [], [say("import.unchanged", load=report.load)])]
    summary: list[list[Cell]] = [
        [name, count, *(_added(report, name))] for name, count in sorted(report.accepted.items())
    ]
    notes.append(say("import.rows", rows=report.rows, rejected=report.rejected))
    if len(report.tables) > 1:
        notes.append(say("import.tables", tables=len(report.tables), names=[each["name"] for each in report.tables]))
    if report.rejected_file:
        notes.append(say("import.rejected_file", path=str(report.rejected_file)))
    columns = [
        Column("dataset", t("数据集", "dataset")), Column("accepted", t("接受", "accepted"), numeric=True),
        Column("new", t("新增", "new"), numeric=True), Column("replaced", t("更新", "replaced"), numeric=True),
        Column("unchanged", t("未变", "unchanged"), numeric=True),
    ]  # fmt: skip
    sheets = [Sheet(report.source, columns, summary, notes)]
    headings, *found = report.quality.table(now.lang)
    if found:
        quality = [
            Column(key, heading, numeric=key == "count", detail=key == "lines")
            for key, heading in zip(KEYS, headings, strict=True)
        ]
        todo = report.quality.advice(now.lang)
        if report.findings_file:
            todo.append(say("import.findings_file", path=str(report.findings_file)))
        sheets.append(Sheet(t("数据质量", "Data quality"), quality, found, todo))
    return sheets


def _added(report: ImportReport, name: str) -> list[Cell]:
    added = report.datasets.get(name)
    return [added.new, added.replaced, added.unchanged] if added else [None, None, None]


def export(
    what: Annotated[str, typer.Argument(help=t("数据集或事实表，如 cases、facts.cases、history.cases",
                                                "a dataset or fact table: cases, facts.cases, history.cases"))],
    output: Annotated[Path, typer.Option("--output", "-o", help=t("写入 .csv、.xlsx、.parquet 或 .json",
                                                                   "write to .csv, .xlsx, .parquet or .json"))],
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:  # fmt: skip
    """Write records, their history or facts to a file that other programs read."""
    with session(home, lang, as_of) as now:
        table = _table(now, what)
        with writing(str(output)), whole(output) as aside:
            rows = export_table(now.store, table, aside)
        now.context.tell("export.written", rows=rows, path=str(output))


def _table(now: Session, what: str) -> ir.Table:
    from fuxiao.metrics.source import TEAM_PATHS

    kind, _, name = what.rpartition(".")
    if kind == "facts":
        now.facts()
        return now.store.facts(known(name, (*now.store.manifest.facts, TEAM_PATHS), "facts"))
    known(name, tuple(schema.DATASETS), "dataset")
    known(kind, ("", "history"), "dataset")
    return now.store.history(name) if kind else now.store.records(name)
