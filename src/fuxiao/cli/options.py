"""The options that many commands share, worded once in the language the person asked for."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from fuxiao.cli.sheet import Format

LANGUAGES = ("zh", "en")
CHINESE = ("zh", "c", "posix")
"""Systems that name no language get Chinese too."""


def asked_language(argv: list[str]) -> str:
    """--lang, wherever it is on the line, else the environment's: what comes before it is read in it as well."""
    for at, word in enumerate(argv):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")[:2].lower()
        if word == "--lang" and at + 1 < len(argv):
            return argv[at + 1][:2].lower()
    return _of_environment()


def _of_environment() -> str:
    """FUXIAO_LANG, else the system's language, else Chinese."""
    named = os.environ.get("FUXIAO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh"
    word = named.lower().replace("-", "_").partition("_")[0].partition(".")[0]
    return "zh" if word in CHINESE else "en"


_language: ContextVar[str] = ContextVar("language", default="zh")
_language.set(asked_language(sys.argv))
_asked: ContextVar[bool] = ContextVar("asked", default=False)


def begin(lang: str | None) -> None:
    """At the start of a command: the language of --lang or of the environment."""
    _language.set(lang or asked_language(sys.argv))
    _asked.set(bool(lang or os.environ.get("FUXIAO_LANG")))


def speak(lang: str) -> None:
    """Choose the language of everything said from here on, as asked for on the line."""
    _language.set(lang)
    _asked.set(True)


def settle_language(lang: str) -> None:
    """The home folder's language, where neither the line nor FUXIAO_LANG asked for one."""
    if not _asked.get():
        _language.set(lang)


def language() -> str:
    """The language chosen."""
    return _language.get()


def t(zh: str, en: str) -> str:
    """The text in the language chosen (help: that of the command line or the environment)."""
    return zh if _language.get() == "zh" else en


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        "-H",
        metavar="FOLDER",
        help=t("数据目录（默认：环境变量 FUXIAO_HOME、当前目录或 ./fuxiao-home）",
               "home folder (default: FUXIAO_HOME, this folder, or ./fuxiao-home)"),
        show_default=False,
    ),
]  # fmt: skip


def _known_language(lang: str | None) -> str | None:
    short = (lang or "zh")[:2].lower()
    if short not in LANGUAGES:
        raise typer.BadParameter(f"只有 zh 和 en，没有 {lang} / there is zh and en, not {lang}")
    if lang:
        speak(short)
    return short if lang else None


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="|".join(LANGUAGES),
        help=t("语言：zh 或 en", "language: zh or en"),
        show_default=False,
        callback=_known_language,
        is_eager=True,
    ),
]
Shape = Annotated[
    Format, typer.Option("--format", "-f", help=t("输出格式：table、csv、json、xlsx", "output: table, csv, json, xlsx"))
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help=t("写入文件", "write to this file"), show_default=False)
]
PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period", "-p",
        metavar="PERIOD",
        help=t("期间：2026-10、2026-Q3、2026-H2、2026、2026-W40、2026-10-05（默认：上个月）",
               "2026-10, 2026-Q3, 2026-H2, 2026, 2026-W40 or 2026-10-05 (default: last month)"),
        show_default=False,
    ),
]  # fmt: skip
Clock = Annotated[
    str,
    typer.Option("--clock", metavar="business|calendar",
                 help=t("计时口径：business 工作时间，calendar 自然时间（都扣除挂起）", "business or calendar time (both less pauses)")),
]  # fmt: skip
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help=t("数据截止日（默认：今天）", "cut-off day (default: today)"), show_default=False
    ),
]
SchemeName = Annotated[
    str | None,
    typer.Option(
        "--scheme", "-s",
        metavar="SCHEME",
        help=t("考核方案：文件、schemes/ 中的名字或模板名", "scheme: a file, a name in schemes/, or a template"),
        show_default=False,
    ),
]  # fmt: skip
PlanName = Annotated[
    str | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help=t("奖金方案：文件、plans/ 中的名字或模板名", "plan: a file, a name in plans/, or a template"),
        show_default=False,
    ),
]  # fmt: skip
Role = Annotated[
    str,
    typer.Option(
        "--role",
        help=t(
            "没有任职数据时所有人的岗位，写代码或名称",
            "role of everybody where no memberships are known: its key or its name",
        ),
    ),
]
