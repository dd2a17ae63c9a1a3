"""Collects every fault by line and column in a scratch table, and counts them into the report."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from fuxiao.datasets.importing import moments, rules, sql
from fuxiao.datasets.importing.fill import CHECKS, Filled, Filler
from fuxiao.datasets.importing.quality import Finding, Item
from fuxiao.datasets.importing.raw import LINE, REPEATS, Raw
from fuxiao.datasets.importing.raw import TABLE as RAW
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.together import NAME
from fuxiao.datasets.importing.values import BLANKS
from fuxiao.engine.schema import Column, Type

TABLE = "findings"
COLUMNS = f"{LINE}, dataset, header, value, code, treatment"


def open_findings(connection: Connection, raw: Raw) -> None:
    """Start the table with the rows that have the wrong number of cells, and those that repeat an earlier one."""
    connection.execute(
        f"create or replace temp table {TABLE} ({LINE} bigint, dataset varchar, header varchar, value varchar, "
        "code varchar, treatment varchar)"
    )
    if raw.headings:
        again = f"unnest([{', '.join(map(str, raw.headings))}])"
        connection.execute(f"insert into {TABLE} select {again}, '', '', '', 'repeated_header', 'drop'")
    if raw.duplicates:
        connection.execute(f"insert into {TABLE} select {LINE}, '', '', '', 'duplicate_row', 'drop' from {REPEATS}")
    rows = [(row.line, row.text, row.code) for row in raw.ragged]
    if rows:
        lines, texts, codes = zip(*rows, strict=True)
        given = pa.table({LINE: pa.array(lines, pa.int64()), "value": pa.array(texts), "code": pa.array(codes)})
        connection.register("given", given)
        said = "code = 'ragged_few' and regexp_full_match(trim(value, '\", ;:：\t'), {})"
        apart = " ".join(f"when {said.format(sql.text(form))} then '{code}'" for code, form in rules.APART.items())
        connection.execute(
            f"insert into {TABLE} select {LINE}, '', '', value, coalesce(apart, code), "
            "case when apart is not null then 'drop' else 'reject' end "
            f"from (select *, case {apart} end as apart from given)"
        )
        connection.unregister("given")


def note_replaced(connection: Connection, dataset: str, header: str, *, table: str, key: str, last: str) -> None:
    """Note the rows of a table whose key comes again below: only the ``last`` counts."""
    connection.execute(
        f"insert into {TABLE} select {LINE}, {sql.text(dataset)}, {sql.text(header)}, {key}, 'duplicate_key', 'drop' "
        f"from {table} qualify not ({last})"
    )


def collect(connection: Connection, filler: Filler, filled: Filled) -> None:
    """Note every fault of a filled dataset."""
    if not filled.troubled:
        return
    bits = ", ".join(f"bit_or({kind})" for kind in CHECKS)
    _set_apart(connection, filler, filled)
    for kind, mask in zip(CHECKS, sql.one(connection, f"select {bits} from {filled.trouble}"), strict=True):
        for n, column in enumerate(filled.columns):
            if mask >> n & 1:
                _note(connection, filler, filled, column, kind=kind, bit=1 << n)


def once(connection: Connection) -> None:
    """A cell that feeds two columns (the closing that is taken for the resolution too) or two datasets (the opening by
    which a rating is dated) is one fault, told where it weighs most."""
    rank = f"partition by {LINE}, header, value, code order by treatment <> 'reject', dataset"
    connection.execute(
        f"create or replace temp table {TABLE} as select {COLUMNS} from {TABLE} qualify row_number() over ({rank}) = 1"
    )


def _set_apart(connection: Connection, filler: Filler, filled: Filled) -> None:
    """Of the refused rows those that add up the others, and notes below a table: they are no records, whatever they
    lack besides."""
    cells = [_filled(cell) for cell in filler.raw.cells]
    first, said = f"coalesce({', '.join(cells)})", " + ".join(f"({cell} is not null)::integer" for cell in cells)
    bare = f"rtrim({first}, ':： ')"
    note = f"2 * ({said}) <= {max(len(cells), 2)} and regexp_full_match({first}, {sql.text(rules.NOTE)})"
    code = (
        f"case when regexp_full_match({bare}, {sql.text(rules.TOTAL)}) then 'total_row' when {note} then 'note_row' end"
    )
    connection.execute(
        f"insert into {TABLE} select {LINE}, {sql.text(filler.mapping.dataset)}, '', {bare}, {code} as code, 'drop' "
        f"from {RAW} join {filled.trouble} using ({LINE}) where _refused and {code} is not null"
    )
    apart = f"select {LINE} from {TABLE} where code in ('total_row', 'note_row')"
    nothing = ", ".join(f"{kind} = 0" for kind in CHECKS)
    connection.execute(f"update {filled.trouble} set {nothing} where {LINE} in ({apart})")


def _filled(cell: str) -> str:
    return f"nullif(trim({cell}, {sql.text(BLANKS)}), '')"


def _mark(cell: str) -> str:
    """What stands in a cell that says that there is nothing."""
    return f"(case when _{cell} is null then {_filled(cell)} end)"


def _note(connection: Connection, filler: Filler, filled: Filled, column: Column, *, kind: str, bit: int) -> None:
    expression = filler.mapping.columns[column.name]
    header = next((source for source in expression.sources() if source != NAME), column.name)
    treatment = "reject" if kind == "_missing" else str(filler.treatment(column.name))
    if kind == "_bad" and treatment == "keep":
        treatment = "blank"  # what is not of the type cannot be kept
    said = filler.text(expression)
    if kind == "_missing":
        said = sql.first_of([_mark(filler.raw.cell(source)) for source in expression.sources()])
    cells = f"({filler.cells_of(expression.sources())}) as cells join {filled.trouble} using ({LINE})"
    connection.execute(
        f"insert into {TABLE} select {LINE}, {sql.text(filler.mapping.dataset)}, {sql.text(header)}, "
        f"coalesce({said}, ''), {_coded(column, kind, said)}, {sql.text(treatment)} "
        f"from {cells} where ({kind} & {bit}) <> 0"
    )


def _coded(column: Column, kind: str, cell: str) -> str:
    """The code as SQL: a moment that was cut short is told apart from what is none, a mark for nothing from nothing."""
    code = sql.text(_code(column, kind))
    if kind == "_missing":
        return f"case when {cell} is null then {code} else 'null_mark' end"
    is_time = kind == "_bad" and column.type in {Type.MOMENT, Type.DAY}
    told = (
        f"when {moments.is_cut(cell)} then 'cut_moment' when regexp_matches({cell}, ' [A-Z]{{1,4}}T$') then 'zone_name'"
    )
    return f"case {told} else {code} end" if is_time else code


def _code(column: Column, kind: str) -> str:
    if kind == "_bad":
        return rules.code_of_bad(column)
    return {"_missing": "missing", "_early": "impossible_order"}.get(kind) or rules.code_of_impossible(column)


def items(connection: Connection) -> list[Item]:
    """The findings counted by reason, dataset, column and treatment."""
    groups = sql.rows(
        connection,
        "select code, dataset, header, treatment, count(*), "
        f"list_slice(list_sort(list({LINE})), 1, 5) from {TABLE} group by all",
    )
    return [
        Item(code, dataset, header, treatment, count, _examples(connection, code, dataset, header), tuple(lines))
        for code, dataset, header, treatment, count, lines in groups
    ]


def _examples(connection: Connection, code: str, dataset: str, header: str) -> tuple[tuple[str, int], ...]:
    found = connection.execute(
        f"select value, count(*) as n from {TABLE} where code = ? and dataset = ? and header = ? and value <> '' "
        "group by value order by n desc, value limit 5",
        [code, dataset, header],
    ).fetchall()
    return tuple((value, n) for value, n in found)


def listed(connection: Connection, raw: Raw, *, most: int) -> tuple[Finding, ...]:
    """The first findings in the order of the file."""
    query = f"select {COLUMNS} from {TABLE} order by {LINE}, dataset, header, code limit {most}"
    found = (Finding(*row) for row in sql.rows(connection, query))
    places = ((each, *raw.place(each.line)) for each in found)
    return tuple(replace(each, table=table, line=line) for each, table, line in places)


def rejected_lines(connection: Connection) -> int:
    """How many lines of the file are refused, in whole or for one of the datasets they feed."""
    return sql.count(connection, f"select count(distinct {LINE}) from {TABLE} where treatment = 'reject'")
