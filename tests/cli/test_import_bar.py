"""The bar of an import tells how many rows are read, and how many a second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rich.progress import Task, TaskID

from fuxiao.cli.bar import RowsColumn, speaking


def shown(rows: int, seconds: float, lang: str) -> str:
    task = Task(TaskID(0), "log.csv", None, 0, fields={"rows": rows}, _get_time=lambda: seconds)
    task.start_time = 0.0
    return RowsColumn(speaking(lang)).render(task).plain


def test_rows_and_rows_a_second_are_shown_in_both_languages() -> None:
    assert shown(1_500_000, 3.0, "en") == "1,500,000 rows, 500,000 rows/s"
    assert shown(1_500_000, 3.0, "zh") == "1,500,000 行，每秒 500,000 行"


def test_before_the_first_row_nothing_is_shown() -> None:
    assert shown(0, 3.0, "en") == ""


def test_the_threads_that_read_and_draw_speak_the_language_that_was_chosen() -> None:
    with ThreadPoolExecutor(1) as others:
        assert others.submit(speaking("en"), "import.stage.read").result() == "reading"
        assert others.submit(shown, 2, 1.0, "en").result() == "2 rows, 2 rows/s"
