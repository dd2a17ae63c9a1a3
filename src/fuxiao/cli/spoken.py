"""The parser's own words, help and refusals, in the language that the person asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

import typer
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer.core import TyperCommand, TyperGroup

from fuxiao.cli.options import language, t

HELP = (
    (r"^Usage: ", "用法："), (r"\[OPTIONS\]", "[选项]"), (r"\s+COMMAND\s+\[ARGS\]\.\.\.", " 命令 [参数]…"),
    (r"^Options:$", "选项："), (r"^Commands:$", "命令："), (r"^Arguments:$", "参数："), (r"\[default: ", "[默认："),
    (r"\[required\]", "[必填]"), (r"Show this message and exit\.", "显示这段说明。"),
    (r"; at least (\d+)\]", r"；不小于 \1]"), (r"; (\d+) to (\d+)\]", r"；\1 到 \2]"),
)  # fmt: skip
RANGES = ((r"; x>=(\d+)\]$", r"; at least \1]"), (r"; (\d+)<=x<=(\d+)\]$", r"; \1 to \2]"))
TAKEN = {"path": "FILE", "str": "TEXT", "int": "N", "int range": "N", "float": "N", "float range": "N"}
"""What an option takes, by the type that the parser would print; a choice stands as it is, without its brackets."""
REFUSALS = (
    (r"^No such option: (\S+)", r"没有选项 \1。"), (r" \(Possible options: (.*)\)$", r"您是不是要：\1？"),
    (r" Did you mean (.*)\?$", r"您是不是要：\1？"), (r"^No such command (.+?)\.", r"没有命令 \1。"),
    (r"^Missing argument (.+?)\.", r"缺少参数 \1。"), (r"^Missing option (.+?)\.", r"缺少选项 \1。"),
    (r"^Missing command\.", "请写一个命令。"), (r"^Option (.+) requires an argument\.", r"选项 \1 后面要写一个值。"),
    (r"^Option (.+) requires (\d+) arguments\.", r"选项 \1 后面要写 \2 个值。"),
    (r"^Option (.+) does not take a value\.", r"选项 \1 后面不写值。"),
    (r"^Got unexpected extra argument\S* \((.*)\)$", r"多了这些词：\1。"), (r"^Invalid value for (.+?): ", r"\1 的值不对："),
    (r"^Invalid value: ", "值不对："), (r"(\S+) is not a valid (integer|int)( range)?\.", r"\1 不是整数。"),
    (r"(\S+) is not a valid float\.", r"\1 不是数。"), (r"(\S+) is not in the range (.+)\.", r"\1 不在 \2 之内。"),
    (r"(?:Value error, )?(\S+) is not one of (.+)\.", r"没有 \1，可以写 \2。"),
    (r"Input should be a valid integer.*", "要写整数。"), (r"Input should be a valid number.*", "要写数。"),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"不能大于 \1。"),
)  # fmt: skip
"""What the parser says in English, and how it is said in Chinese; what is not here stays as it is."""


def said(text: str, phrases: tuple[tuple[str, str], ...]) -> str:
    """The text in the language chosen."""
    if language() == "zh":
        for pattern, words in phrases:
            text = re.sub(pattern, words, text, flags=re.MULTILINE)
    return text


class Refused(UsageError):
    """A command line that cannot be understood: one line with what is wrong and where to read on."""

    def show(self, file: IO[Any] | None = None) -> None:
        del file
        line = said(" ".join(self.format_message().split("\n")), REFUSALS).replace("Value error, ", "")
        if self.ctx is not None:
            line += "" if line.endswith((".", "?", "。", "？")) else t("。", ".")
            line += t("说明见 {command}", " See {command}.").format(command=f"{self.ctx.command_path} --help")
        with suppress(OSError):  # the exit code still says that it was refused
            typer.echo(line, err=True)


@contextmanager
def in_words() -> Iterator[None]:
    try:
        yield
    except (Refused, NoArgsIsHelpError):  # the second shows the help
        raise
    except UsageError as error:
        raise Refused(error.format_message(), error.ctx) from error


def _nothing_empty(args: list[str]) -> None:
    """Refuse what a script says with a variable that is not set: the command would answer another question."""
    for before, arg in zip(("", *args), args, strict=False):
        option, given, value = arg.partition("=") if arg.startswith("--") else (before, "=", arg)
        if given and not value.strip(" ,\t\r\n\u3000"):
            empty = option if option.startswith("-") else t("一个参数", "An argument")
            raise UsageError(
                t(
                    "{empty} 是空的，请写一个值，或去掉它。", "{empty} is empty; give it a value, or leave it out."
                ).format(empty=empty)
            )


def _row(kind: str, name: str, about: str) -> tuple[str, str]:
    """A line of the help: an argument by its name as the usage writes it, an option with what it takes."""
    for pattern, words in RANGES:
        about = re.sub(pattern, words, about)
    about = said(about, HELP)
    if kind == "argument":
        return name.partition(" <")[0].upper(), about
    return re.sub(r"<(.+)>", lambda taken: TAKEN.get(taken[1], taken[1]), name), about


def help_alone(context: typer.Context) -> None:
    """A group whose options no command follows shows its help, as it does where nothing follows it at all."""
    if context.invoked_subcommand is None:
        raise NoArgsIsHelpError(cast("Any", context))


class _Spoken:
    """Help in the language chosen."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - the parser's own type is private
        return said(super().get_usage(ctx), HELP)  # type: ignore[misc]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401
        options, *words = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [options, *(word.strip("{}").replace("}", "").upper() for word in words)]

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        params = [(each.param_type_name, each.get_help_record(ctx)) for each in self.get_params(ctx)]  # type: ignore[attr-defined]
        for kind, heading in (("argument", "Arguments"), ("option", "Options")):
            if rows := [_row(kind, *record) for of, record in params if of == kind and record]:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401
        from fuxiao.cli.help_text import HelpText  # a command that runs needs none of it

        ctx.formatter_class = HelpText
        return said(super().get_help(ctx), HELP)  # type: ignore[misc]

    def make_context(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        with in_words():
            return super().make_context(*given, **named)  # type: ignore[misc]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        with in_words():
            return super().invoke(ctx)  # type: ignore[misc]


class Command(_Spoken, TyperCommand):
    """A command that speaks the person's language."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        _nothing_empty(args)
        return super().parse_args(ctx, args)


class Group(_Spoken, TyperGroup):
    """A group of such commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)
