"""Bad rows put into the raw files on purpose, and late rows that come in a second file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from fuxiao.simulate.arrays import Flags
from fuxiao.simulate.cases import Cases
from fuxiao.simulate.truths import Fault
from fuxiao.simulate.writing import CsvFile

Row = dict[str, str]


def _own_number(row: Row, tail: str) -> None:
    """A case number that no other row has, so that a bad row never shadows a good one."""
    row["工单号"] = row["工单号"][:8] + tail


def _no_such_day(row: Row) -> str:
    _own_number(row, "99901")
    row["受理时间"] = row["受理时间"][:5] + "02-30 10:15:00"
    return "受理时间"


def _no_number(row: Row) -> str:
    row["工单号"] = ""
    return "工单号"


def _twice(row: Row) -> str:
    return "工单号" if row else ""


def _ends_first(row: Row) -> str:
    _own_number(row, "99902")
    row["解决时间"] = "2019" + row["受理时间"][4:]
    row["是否测试"] = "是"  # else it would stay among the open cases for ever
    return "解决时间"


def _words_for_number(row: Row) -> str:
    _own_number(row, "99903")
    row["难度系数"] = "中等"
    return "难度系数"


def _unknown_flag(row: Row) -> str:
    _own_number(row, "99904")
    row["保内"] = "待查"
    return "保内"


CASE_FAULTS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("impossible_date", _no_such_day),
    ("missing_key", _no_number),
    ("duplicate_row", _twice),
    ("resolved_before_opened", _ends_first),
    ("not_a_number", _words_for_number),
    ("not_yes_or_no", _unknown_flag),
)


def _bad_amount(row: Row) -> str:
    row["费用编号"] += "X"
    row["金额"] = "一百二"
    return "金额"


def _nobody(row: Row) -> str:
    row["上门次数"], row["工程师"] = "9", ""
    return "工程师"


COST_FAULTS = (("not_an_amount", _bad_amount),)
VISIT_FAULTS = (("missing_person", _nobody),)


def spoil(
    out: CsvFile, last: Mapping[str, str], faults: tuple[tuple[str, Callable[[Row], str]], ...], turn: int
) -> Fault:
    """Write one bad row made from the row just written; ``turn`` chooses the kind of fault."""
    kind, change = faults[turn % len(faults)]
    row = dict(last)
    column = change(row)
    line = out.row([row[header] for header in out.file.headers()])
    return Fault(out.file.name, line, column, kind, row[column])


def late_cases(rng: np.random.Generator, cases: Cases, *, first: int, last: int, most: int) -> Flags:
    """Which cases of the span were put on paper first and recorded after the cut-off: solved by telephone."""
    simple = cases.remote & cases.fresh & cases.first_contact & (cases.junk == 0) & (cases.reopened < 0)
    fitting = np.flatnonzero(simple & (cases.opened >= first) & (cases.opened < last))
    chosen = np.zeros(len(cases), dtype=bool)
    chosen[rng.permutation(fitting)[:most]] = True
    return chosen
