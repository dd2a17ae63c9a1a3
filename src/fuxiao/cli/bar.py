"""The bar of work that takes long: how much of it is done, on a terminal alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from fuxiao.base.wording import say as say_in
from fuxiao.datasets.importing.progress import Progress


def speaking(lang: str) -> Callable[..., str]:
    """Says things in this language from any thread: those that read a file and draw the bar know of none chosen here."""
    return lambda code, **params: say_in(code, lang, params)


class RowsColumn(ProgressColumn):
    """The rows so far, and how many a second."""

    def __init__(self, say: Callable[..., str]) -> None:
        super().__init__()
        self._say = say

    def render(self, task: Task) -> Text:
        rows = task.fields["rows"]
        rate = rows / task.elapsed if task.elapsed else 0
        return Text(self._say("import.rate", rows=f"{rows:,}", rate=f"{rate:,.0f}") if rows else "")


@contextmanager
def of_file(name: str, lang: str) -> Iterator[Callable[[Progress], None]]:
    """A bar of the rows of a file while it is imported."""
    say = speaking(lang)
    with _bar(say) as bar:
        task = bar.add_task(name, total=None, rows=0)

        def show(at: Progress) -> None:
            words = say(f"import.stage.{at.stage.value}")
            bar.update(task, description=f"{name} {words}", completed=at.done, total=at.total or None, rows=at.rows)

        yield show


@contextmanager
def of_steps(steps: int, lang: str) -> Iterator[Callable[[int], None]]:
    """A bar of so many steps, told how many are done."""
    with _bar(speaking(lang)) as bar:
        task = bar.add_task("", total=steps, rows=0)
        yield lambda done: bar.update(task, completed=done)


def _bar(say: Callable[..., str]) -> Bar:
    return Bar(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), RowsColumn(say),
        TimeElapsedColumn(), console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal,
    )  # fmt: skip
