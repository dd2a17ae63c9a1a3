"""All generated pages by file name, and writing them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from fuxiao.cli.docs.data import datasets_page, expressions_page, facts_page
from fuxiao.cli.docs.definitions import curves_page, plan_page, signals_page
from fuxiao.cli.docs.indicators import indicators_page


def commands_in(lang: str) -> str:
    """The page of the commands; the help is worded when the program starts, so a process of its own writes it."""
    made = subprocess.run(
        [sys.executable, "-m", "fuxiao.cli.docs", "--commands"],
        env={**os.environ, "FUXIAO_LANG": lang}, check=True, capture_output=True,
    )  # fmt: skip
    return made.stdout.decode()


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": partial(commands_in, "en"),
    "cli.zh-CN.md": partial(commands_in, "zh"),
    "indicators.md": partial(indicators_page, "en"),
    "indicators.zh-CN.md": partial(indicators_page, "zh"),
    "datasets.md": datasets_page,
    "facts.md": facts_page,
    "expressions.md": expressions_page,
    "curves.md": curves_page,
    "plan-components.md": plan_page,
    "signals.md": partial(signals_page, "en"),
    "signals.zh-CN.md": partial(signals_page, "zh"),
}


def write_pages(folder: Path) -> Iterator[Path]:
    """Write every page to the folder; the paths, as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in PAGES.items():
        path = folder / name
        path.write_text(made(), encoding="utf-8", newline="\n")
        yield path
