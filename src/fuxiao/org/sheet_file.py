"""A file with people as a table of texts, and which of its columns is which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.layout import Layout
from fuxiao.datasets.importing.match import rank, synonyms
from fuxiao.datasets.importing.progress import QUIET
from fuxiao.datasets.importing.raw import LINE, TABLE
from fuxiao.datasets.importing.read import read_raw
from fuxiao.datasets.importing.workspace import workspace
from fuxiao.datasets.store import Store

MOST = 20_000
"""The longest list of people that is taken at once."""
OWN_NAMES = {
    "number": ("number", "staff number", "编号"),
    "name": ("full name", "名字"),
    "team": ("team key", "所属班组", "所在部门", "所属部门"),
    "position": ("post", "岗位名称", "职务"),
    "since": ("in post since", "任职开始日", "任职日期", "任职开始", "到岗日期", "调入日期"),
    "hired_on": ("hired", "joined", "入职"),
    "left_on": ("left", "离职"),
    "manager": (
        "manager",
        "line manager",
        "reports to",
        "直属主管",
        "直属上级",
        "直接上级",
        "直接主管",
        "上级主管",
        "直属领导",
        "主管",
        "上级",
        "领导",
    ),
    "phone": ("phone", "telephone", "mobile", "电话", "手机", "手机号", "联系电话"),
    "email": ("e-mail", "email", "mail", "邮箱", "电子邮箱"),
}
AS_RECORDED = {
    "number": ("people", "person"), "name": ("people", "name"), "team": ("memberships", "team"),
    "position": ("memberships", "role"), "since": ("memberships", "valid_from"), "hired_on": ("people", "hired_on"),
    "left_on": ("people", "left_on"), "wage": ("people", "wage"), "bonus_base": ("people", "bonus_base"),
}  # fmt: skip
"""The columns of records that mean the same: what they are called there they are called here."""
FIELDS = ("number", "name", "team", "position", "since", "hired_on", "left_on", "manager", "phone", "email", "wage",
          "bonus_base")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetFile:
    """The headers of a file and its rows: line in the file and cells as texts by header."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_file(home: Path, path: Path) -> SheetFile:
    """The file's rows. ``InputError`` where it cannot be read, has no rows or more than ``MOST``."""
    with Store.open(home) as store, workspace() as folder:
        connection = store.scratch()
        raw = read_raw(connection, path, folder, Layout(), watch=QUIET)
        if raw.rows > MOST:
            raise InputError("org.sheet_too_long", rows=raw.rows, most=MOST)
        headers = raw.data_headers
        cells = ", ".join(raw.cell(header) for header in headers)
        found = connection.execute(f"SELECT {LINE}, {cells} FROM {TABLE} ORDER BY {LINE}").fetchall()
    rows = ((line, dict(zip(headers, (text or "" for text in texts), strict=True))) for line, *texts in found)
    return SheetFile(tuple(headers), tuple(rows))


def match_headers(headers: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """Field → header by what people call it in either language; each header is given away once."""
    found: dict[str, str] = {}
    for field in fields:
        names = [*OWN_NAMES.get(field, ()), *_recorded(field)]
        ranked = sorted((place, header) for header in headers if (place := rank(header, names)) is not None)
        free = [header for _, header in ranked if header not in found.values()]
        if free:
            found[field] = free[0]
    return found


def _recorded(field: str) -> list[str]:
    if field not in AS_RECORDED:
        return []
    dataset, column = AS_RECORDED[field]
    return list(synonyms()["columns"][dataset][column])
