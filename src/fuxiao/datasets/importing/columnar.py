"""Reads Parquet and JSON (one object a line, a list of objects, or an object with one such list) as text cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.encoding import read_text_file
from fuxiao.datasets.importing.layout import Layout, unique_names
from fuxiao.datasets.importing.progress import Stage, Watch
from fuxiao.datasets.importing.raw import LINE, TABLE, Ragged, Raw
from fuxiao.datasets.importing.sql import Connection

PIECE = 8 << 20
MOST_LIST = 512 << 20
"""A JSON list is read whole and may be no bigger; one object a line may be of any size."""
PARTS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""How many parts of a second a span of Parquet counts."""
ENVELOPES = {"data", "result", "results", "response", "body", "payload", "page", "hits", "d"}
"""In which keys services put what they answer, beside how it went: {"code": 0, "data": {"total": 2, "items": […]}}."""
NAMES, BETWEEN = "[*].name", "、"
DEEPEST, WIDEST = 3, 60
"""So many objects inside one another, with so many keys each, become columns of their own."""


def read_parquet(connection: Connection, path: Path, *, watch: Watch) -> Raw:
    """Load a Parquet file: a column for every value, ``assignee.name`` for what lies in a struct; its rows are numbered
    from 1. ``InputError``: ``file.unreadable``."""
    try:
        columns = list(_leaves(pq.ParquetFile(path).schema_arrow))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError("file.unreadable", path=path.name, reason=str(error)) from error
    cells = ", ".join(f"coalesce(cast({place} as varchar), '') as c{n}" for n, (_, place) in enumerate(columns))
    source = f"read_parquet({sql.text(str(path))}, file_row_number=true)"
    connection.execute(
        f"create or replace temp table {TABLE} as select file_row_number + 1 as {LINE}, {cells} from {source}"
    )
    read = sql.count(connection, f"select count(*) from {TABLE}")
    watch.step(Stage.READ, rows=read)
    names = [name for name, _ in columns]
    return Raw(unique_names(names), read, 0, 0, (), mendable=_all_of(names), header_line=0)


def _leaves(fields: Iterable[pa.Field], above: str = "", at: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Name and SQL of each value of a row. What is no single value, or too deep or too wide for a table, is JSON."""
    for field in fields:
        place = f"struct_extract({at}, {sql.text(field.name)})" if at else sql.name(field.name)
        inside = field.type.num_fields if pa.types.is_struct(field.type) and depth < DEEPEST else 0
        if 0 < inside <= WIDEST:
            yield from _leaves(field.type, f"{above}{field.name}.", place, depth + 1)
        else:
            yield above + field.name, _single(field.type, place)


def _single(kind: pa.DataType, place: str) -> str:
    """The SQL of a single value: a span in seconds, what is nested as JSON."""
    if pa.types.is_duration(kind):
        return f"{place} / {PARTS[kind.unit]}"
    return f"to_json({place})" if pa.types.is_nested(kind) else place


def read_json(connection: Connection, path: Path, workspace: Path, layout: Layout, *, watch: Watch) -> Raw:
    """Load JSON: a column for every key, ``assignee.name`` for what lies in an object. Other lines are refused."""
    file = read_text_file(path, workspace, encoding=layout.encoding, watch=watch)
    with file.path.open("rb") as stream:
        whole = _whole(stream, path)
        batches = _lines(stream) if whole is None else iter([_batch(1, whole)])
        connection.register(
            "incoming",
            pa.RecordBatchReader.from_batches(pa.schema([(LINE, pa.int64()), ("doc", pa.string())]), batches),
        )
        connection.execute("create or replace temp table docs as select * from incoming where trim(doc) <> ''")
        connection.unregister("incoming")
    good = "json_valid(doc) and json_type(case when json_valid(doc) then doc end) = 'OBJECT'"
    columns = _columns(connection, f"docs where {good}")
    if not columns:
        raise InputError("file.empty", path=path.name)
    cells = ", ".join(f"{_cell(place)} as c{n}" for n, place in enumerate(columns.values()))
    connection.execute(f"create or replace temp table {TABLE} as select {LINE}, {cells} from docs where {good}")
    wrong = sql.rows(connection, f"select {LINE}, doc from docs where not ({good}) order by 1")
    read = sql.count(connection, "select count(*) from docs")
    watch.step(Stage.READ, rows=read)
    names = list(columns)
    ragged = tuple(Ragged(line, (*[""] * len(names), doc), "bad_json", doc) for line, doc in wrong)
    return Raw(unique_names(names), read, 0, 0, ragged, mendable=_all_of(names), encoding=file.encoding, header_line=0)


def _all_of(names: list[str]) -> frozenset[str]:
    """Every column of the scratch table: nobody has looked at the bytes."""
    return frozenset(f"c{n}" for n in range(len(names)))


def _columns(connection: Connection, docs: str, above: str = "", at: str = "$", depth: int = 0) -> dict[str, str]:
    """Name → path of each value at a place of the documents. What is too deep or too wide to be a table stays JSON."""
    keys = [
        key
        for (key,) in sql.rows(
            connection,
            f"select key from (select {LINE}, unnest(json_keys(doc, {sql.text(at)})) as key from {docs}) "
            f"group by key order by min({LINE}), key",
        )
    ]
    if not keys or (depth and len(keys) > WIDEST):
        return {}
    paths = {above + key: f'{at}."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys}
    kinds = _kinds(connection, docs, paths)
    named = _named(connection, docs, paths, kinds)
    columns: dict[str, str] = {}
    for name, path in paths.items():
        kind = kinds[name]
        if name in named:
            columns[f"{name}.name"] = path + NAMES
            continue
        nested = "OBJECT" in kind and depth < DEEPEST
        inside = _columns(connection, docs, f"{name}.", path, depth + 1) if nested else {}
        if not inside or set(kind) - {"OBJECT", "NULL", None}:
            columns[name] = path
        columns |= inside
    return columns


Kinds = dict[str, list[str | None]]


def _kinds(connection: Connection, docs: str, paths: Mapping[str, str]) -> Kinds:
    """What stands at each place, over all documents."""
    if not paths:
        return {}
    asked = (f"list(distinct json_type(doc, {sql.text(path)}))" for path in paths.values())
    return dict(zip(paths, sql.one(connection, f"select {', '.join(asked)} from {docs}"), strict=True))


def _named(connection: Connection, docs: str, paths: Mapping[str, str], kinds: Kinds) -> set[str]:
    """The lists of what has a name, as [{"id": "ou_1", "name": "王芳"}] for the people of a case."""
    listed = {name: paths[name] for name, kind in kinds.items() if set(kind) - {"NULL", None} == {"ARRAY"}}
    first = _kinds(connection, docs, {name: f"{path}[0].name" for name, path in listed.items()})
    return {name for name, kind in first.items() if set(kind) - {"NULL", None} == {"VARCHAR"}}


def _cell(place: str) -> str:
    """What stands at a place, as text; names of a list one after the other."""
    said = f"json_extract_string(doc, {sql.text(place)})"
    return f"coalesce({f'array_to_string({said}, {sql.text(BETWEEN)})' if place.endswith(NAMES) else said}, '')"


def _whole(stream: IO[bytes], path: Path) -> list[str] | None:
    """The items of a file that is one JSON value: of a list, or of the only list of objects inside an object, as a
    service answers, maybe in an envelope; ``None`` where it is one object a line. Made before the database reads it, so
    that what is wrong with it is said in our words."""
    start = stream.read(4096).lstrip()
    stream.seek(0)
    is_list = start.startswith(b"[")
    if not is_list and (_one_a_line(stream) or path.stat().st_size > MOST_LIST):
        return None
    if path.stat().st_size > MOST_LIST:
        raise InputError("json.list_too_big", path=path.name, most_bytes=MOST_LIST)
    try:
        value = json.load(stream, parse_float=str)
    except (ValueError, RecursionError) as error:
        if is_list:
            raise InputError("file.unreadable", path=path.name, reason=str(error)) from error
        stream.seek(0)
        return None
    return [json.dumps(item, ensure_ascii=False) for item in (value if is_list else _inside(value))]


def _one_a_line(stream: IO[bytes]) -> bool:
    first, more = stream.readline(), stream.readline()
    stream.seek(0)
    try:
        return bool(more.strip()) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _inside(value: object) -> list[object]:
    lists = _lists(value)
    return lists[0] if len(lists) == 1 else [value]


def _lists(value: object) -> list[list[object]]:
    """The lists of objects in an object, or in the envelope within it that holds what was asked for."""
    items = value if isinstance(value, dict) else {}
    listed = (each for each in items.values() if isinstance(each, list) and each)
    found = [each for each in listed if all(isinstance(item, dict) for item in each)]
    within = (each for key, each in items.items() if key.casefold() in ENVELOPES)
    return found or [each for envelope in within for each in _lists(envelope)]


def _lines(stream: IO[bytes]) -> Iterator[pa.RecordBatch]:
    number = 1
    while piece := stream.readlines(PIECE):
        yield _batch(number, [line.decode("utf-8", errors="replace").strip() for line in piece])
        number += len(piece)


def _batch(first: int, documents: list[str]) -> pa.RecordBatch:
    lines = pa.array(range(first, first + len(documents)), pa.int64())
    return pa.RecordBatch.from_arrays([lines, pa.array(documents, pa.string())], names=[LINE, "doc"])
