"""Rows of the service desk as records of the lake, dataset by dataset: one reader for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from fuxiao.service.records.cases import case_rows, event_rows
from fuxiao.service.records.customers import customer_rows, device_rows
from fuxiao.service.records.field import cost_rows, part_line_rows, visit_rows
from fuxiao.service.records.shape import Record
from fuxiao.service.records.voice import check_rows, complaint_rows, survey_rows

Reader = Callable[[Collection[str]], list[Record]]
READ: Mapping[str, Reader] = {
    "cases": case_rows,
    "case_events": event_rows,
    "customers": customer_rows,
    "devices": device_rows,
    "visits": visit_rows,
    "part_lines": part_line_rows,
    "costs": cost_rows,
    "surveys": survey_rows,
    "complaints": complaint_rows,
    "checks": check_rows,
}
"""Gives the records of a dataset that these keys of the feed name, each record once, in the order of their keys."""

__all__ = ["READ", "Reader", "Record"]
