"""The bar of an import tells how many rows are read, and how many a second."""

from __future__ import annotations

from rich.progress import Task, TaskID

from fuxiao.base.wording import say
from fuxiao.cli.commands.data import RowsColumn


def shown(rows: int, seconds: float, lang: str) -> str:
    task = Task(TaskID(0), "log.csv", None, 0, fields={"rows": rows}, _get_time=lambda: seconds)
    task.start_time = 0.0
    return RowsColumn(lambda code, **params: say(code, lang, params)).render(task).plain


def test_rows_and_rows_a_second_are_shown_in_both_languages() -> None:
    assert shown(1_500_000, 3.0, "en") == "1,500,000 rows, 500,000 rows/s"
    assert shown(1_500_000, 3.0, "zh") == "1,500,000 行，每秒 500,000 行"


def test_before_the_first_row_nothing_is_shown() -> None:
    assert shown(0, 3.0, "en") == ""
