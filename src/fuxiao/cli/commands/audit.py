"""verify-audit: the proof that the audit trail is whole, and the head that proves later that its end is still there."""

from __future__ import annotations

from typing import Annotated

import typer

from fuxiao.base.settings import read_settings
from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.context import FOUND, errors_in_words, make_context
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit, print_line
from fuxiao.cli.server.prepare import was_served
from fuxiao.core.errors import InputError


def verify_audit(
    head: Annotated[
        str,
        typer.Option("--head", help=t("以前保存的链头（条数:摘要）", "a head kept earlier (entries:digest)")),
    ] = "",
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Check every entry of the audit trail against the one before. Exit code 1 if any was edited, removed or swapped.

    Prints the head of the trail. Keep it elsewhere: with --head, entries cut from the end are found as well.

    fuxiao verify-audit --head 120:5f0c…
    """
    context = make_context(home, lang)
    with errors_in_words(context.home):
        read_settings(context.home)  # a folder that is no home ends here
        if not was_served(context.home):
            raise InputError("audit.none", home=str(context.home))
        from fuxiao.base.queries import audit_breaks, audit_head, head_holds

        kept = _read(head) if head else None
        breaks = [(each.entry, each.code) for each in audit_breaks()]
        if kept is not None and not head_holds(*kept):
            breaks.append((kept[0], "audit.head_gone"))
        if breaks:
            columns = [Column("entry", t("记录", "entry"), numeric=True), Column("problem", t("问题", "problem"))]
            rows: list[list[Cell]] = [[entry, say(code, context.lang)] for entry, code in breaks]
            emit(
                [Sheet(t("操作记录不完整", "The audit trail is not whole"), columns, rows, key="breaks")], shape, output
            )
            raise typer.Exit(FOUND)
        entries, digest = audit_head()
        context.tell("audit.whole", entries=entries)
        print_line(f"{entries}:{digest}")


def _read(head: str) -> tuple[int, str]:
    entries, _, digest = head.partition(":")
    if not entries.isdecimal() or len(digest) != 64:
        raise InputError("audit.not_a_head", value=head)
    return int(entries), digest
