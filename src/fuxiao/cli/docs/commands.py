"""The page of the command line, read from the commands themselves in the language of this process."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, cast

import typer.main

from fuxiao.cli.docs.markdown import NOTE, code, page, table, ticks
from fuxiao.cli.options import language, t

EXAMPLE = re.compile(r"fuxiao .+")


class Parameter(Protocol):
    """What is read of an option or an argument."""

    name: str
    opts: Sequence[str]
    param_type_name: str
    nargs: int
    required: bool
    default: object
    show_default: bool
    help: str | None


class Command(Protocol):
    """What is read of a command."""

    help: str | None
    params: Sequence[Parameter]
    callback: Callable[..., None]


class Group(Protocol):
    """A command that has others below it."""

    commands: dict[str, Command]


def commands_page() -> str:
    """All commands in the order in which a person meets them, with arguments, options and examples."""
    from fuxiao.cli.main import app

    group = cast("Group", typer.main.get_command(app))
    intro = t(
        "`fuxiao --help` 列出全部命令，`fuxiao 命令 --help` 说明一个命令。每个命令都接受 `--lang zh|en`；"
        "退出码见[错误与退出码](errors.md)。",
        "`fuxiao --help` lists the commands, `fuxiao COMMAND --help` explains one. Every command takes "
        "`--lang zh|en`; for exit codes see [errors](errors.md).",
    )
    parts = [part for name, command in walk(group) for part in _command(name, command)]
    return page(t("命令行", "The command line"), intro, *parts, note=NOTE[language()])


def walk(group: Group, before: str = "") -> Iterator[tuple[str, Command]]:
    """Every command below a group with its full name; ``targets propose`` for one of a sub-group."""
    for name, command in group.commands.items():
        full = f"{before}{name}"
        if hasattr(command, "commands"):
            yield from walk(cast("Group", command), f"{full} ")
        else:
            yield full, command


def _command(name: str, command: Command) -> Iterator[str]:
    said = (command.help or "").strip()
    yield f"## {name}"
    yield "\n\n".join(part for part in re.split(r"\n\s*\n", said) if not EXAMPLE.match(part.strip()))
    yield code(_usage(name, command))
    yield table((t("参数", "option"), t("含义", "meaning"), t("默认", "default")), map(_row, _shown(command)))
    examples = list(_examples(command.callback))
    yield code("\n".join(examples), "bash") if examples else ""


def _shown(command: Command) -> list[Parameter]:
    return [each for each in command.params if each.name != "help"]


def _usage(name: str, command: Command) -> str:
    words = [_argument(each) for each in _shown(command) if each.param_type_name == "argument"]
    return " ".join(["fuxiao", name, "[OPTIONS]", *words])


def _argument(each: Parameter) -> str:
    word = str(each.name).upper() + ("..." if each.nargs == -1 else "")
    return word if each.required else f"[{word}]"


def _row(each: Parameter) -> tuple[str, str, str]:
    names = [_argument(each)] if each.param_type_name == "argument" else sorted(each.opts, key=len, reverse=True)
    default = each.default if each.show_default and not callable(each.default) else None
    shown = "" if default in (None, False, "", []) else str(getattr(default, "value", default))
    return ", ".join(map(ticks, names)), each.help or "", ticks(shown)


def _examples(callback: Callable[..., None]) -> Iterator[str]:
    """Lines of the docstring that are commands; several on a line stand far apart."""
    for line in inspect.cleandoc(callback.__doc__ or "").splitlines():
        if EXAMPLE.match(line):
            yield from re.split(r"\s{3,}", line)
