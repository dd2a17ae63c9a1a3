"""A change of a mapping in words: which column of a file goes where, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from fuxiao.core.errors import FuxiaoError
from fuxiao.datasets.importing.mapping import Expression
from fuxiao.datasets.importing.mapping_read import parse_draft
from fuxiao.web.datasets.columns import column_name, dataset_name
from fuxiao.web.words import t


def mapping_changes(old: object, new: object) -> Iterator[tuple[str, str, str]]:
    """Each column of a dataset that is filled otherwise: its name, from what before, from what now."""
    before, after = _filled(old), _filled(new)
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    yield from ((name, before.get(name, "—"), after.get(name, "—")) for name in changed)
    if not changed:
        yield (
            t("列对应", "Mapping"),
            "",
            t("列不变，读法（格式、取值）有改动", "same columns, read otherwise (formats, values)"),
        )


def _filled(text: object) -> dict[str, str]:
    """What fills each column; nothing for a text that is no mapping."""
    try:
        mapping, _ = parse_draft(str(text or ""))
    except FuxiaoError:
        return {}
    return {
        f"{dataset_name(table.dataset)} · {column_name(table.dataset, column)}": _source(expression)
        for table in mapping.tables
        for column, expression in table.columns.items()
    }


def _source(expression: Expression) -> str:
    """The columns of the file, or the fixed value."""
    if expression.first_of:
        return " / ".join(_source(each) for each in expression.first_of)
    return " + ".join(expression.columns) or f"“{expression.value or ''}”"
