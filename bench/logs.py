"""The invented service log as CSV files of three shapes, as other systems export them, each with its mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from bench import data
from bench.data import case_events, cases, chunks

LOCAL = "strftime(make_timestamp(({0} + 28800) * 1000000), '%Y-%m-%d %H:%M:%S')"
"""Seconds since 1970 as a local time in Shanghai."""
STATUSES = {
    "created": "新建", "assigned": "已派工", "responded": "处理中", "pend_start": "等待客户", "pend_end": "处理中",
    "transferred": "处理中", "resolved": "已解决", "reopened": "处理中",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Log:
    """One shape of file: which records it is made of, the query that writes it, the mapping that reads it."""

    records: str
    query: str
    mapping: str


CASE = Log(
    "cases",
    f"""select case_id as "工单号", {LOCAL.format("opened_at")} as "受理时间", {LOCAL.format("closed_at")} as "结案时间",
    channel as "渠道", case_type as "类型", category as "分类", priority as "优先级", customer_id as "客户",
    device_id as "设备", fault_group as "故障", product as "产品", region as "区域",
    if(in_warranty, '是', '否') as "保内", contacts as "联系次数", handle_seconds as "处理秒数",
    case when contacts = 3 then '客户来电, 称"不制冷"' else '已安排' end as "备注", standard_minutes as "班组编码"
    from log""",
    """shape = "case"
[cases.columns]
case_id = "工单号"
opened_at = {column = "受理时间", format = "%Y-%m-%d %H:%M:%S"}
closed_at = "结案时间"
channel = "渠道"
case_type = "类型"
category = "分类"
priority = "优先级"
customer_id = "客户"
device_id = "设备"
fault_group = "故障"
product = "产品"
region = "区域"
in_warranty = "保内"
contacts = "联系次数"
handle_seconds = "处理秒数"
""",
)
EVENT = Log(
    "case_events",
    f"""select case_id as "Case ID", {LOCAL.format('"at"')} as "Complete Timestamp", type as "Activity", actor as "Resource",
    to_person as "To", to_unit as "Team", kind as "Reason", 'P' || hash(case_id) % 4 as "Priority",
    'M' || hash(case_id) % 30 as "Product", 'U' || hash(case_id) % 100000 as "Customer" from log""",
    """shape = "event"
[case_events.columns]
case_id = "Case ID"
at = "Complete Timestamp"
activity = "Activity"
actor = "Resource"
to_person = "To"
to_unit = "Team"
[case_events.types]
created = "created"
assigned = "assigned"
responded = "responded"
pend_start = "pend_start:customer"
pend_end = "pend_end"
transferred = "transferred"
resolved = "resolved"
reopened = "reopened"
[cases.columns]
case_id = "Case ID"
priority = "Priority"
product = "Product"
customer_id = "Customer"
""",
)
STATE = Log(
    "case_events",
    f"""select case_id as "Number", {LOCAL.format('"at"')} as "Updated",
    case type {" ".join(f"when '{kind}' then '{word}'" for kind, word in STATUSES.items())} end as "Status",
    coalesce(to_person, actor) as "Assigned to", to_unit as "Group", 'P' || hash(case_id) % 4 as "Priority",
    'M' || hash(case_id) % 30 as "Product", 'U' || hash(case_id) % 100000 as "Customer" from log""",
    """shape = "state"
[case_events.columns]
case_id = "Number"
at = "Updated"
status = "Status"
owner = "Assigned to"
unit = "Group"
actor = "Assigned to"
[case_events.types]
"新建" = "created"
"已派工" = "assigned"
"处理中" = ["accepted", "responded"]
"等待客户" = "pend_start:customer"
"已解决" = "resolved"
[cases.columns]
case_id = "Number"
priority = "Priority"
product = "Product"
customer_id = "Customer"
owner = "Assigned to"
status = "Status"
""",
)


def write_log(path: Path, log: Log, rows: int) -> Path:
    """The CSV with so many rows; one that is there already is kept."""
    if path.is_file():
        return path
    part = path.with_suffix(".part")
    with duckdb.connect() as connection:
        connection.register("log", _records(log.records, rows))
        connection.execute(f"copy ({log.query} limit {rows}) to '{part}' (format csv, header)")
    return part.rename(path)


def _records(name: str, rows: int) -> pa.RecordBatchReader:
    """The records in their order, whole chunks until there are enough."""
    make = {"cases": cases, "case_events": case_events}[name]
    log = data.Log.of(rows)

    def batches() -> Iterator[pa.RecordBatch]:
        written = 0
        for chunk in chunks(log):
            table = make(chunk).cast(schema)
            yield from table.combine_chunks().to_batches()
            written += table.num_rows
            if written >= rows:
                return

    schema = make(next(chunks(data.Log.of(100)))).schema
    return pa.RecordBatchReader.from_batches(schema, batches())
