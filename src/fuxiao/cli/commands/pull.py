"""pull: reads what is new from another database now, as its schedule would."""

from __future__ import annotations

from typing import Annotated

import typer

from fuxiao.base.settings import read_settings
from fuxiao.cli import options
from fuxiao.cli.context import FOUND, errors_in_words, make_context
from fuxiao.cli.options import t
from fuxiao.cli.server.prepare import SYSTEM, was_served
from fuxiao.core.errors import InputError, UnknownName


def pull(
    name: Annotated[str, typer.Argument(help=t("同步的名字", "the name of the pull"))],
    afresh: Annotated[bool, typer.Option("--afresh", help=t("从头重读", "read all of it again"))] = False,
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Read what is new from another database now. The connection, the query and its columns are set up on the pages.

    fuxiao pull 工单
    """
    context = make_context(home, lang)
    with errors_in_words(context.home):
        read_settings(context.home)  # a folder that is no home ends here
        if not was_served(context.home):
            raise InputError("pull.none", home=str(context.home))
        from fuxiao.datasets.models import Pull, State
        from fuxiao.datasets.pull_actions import ask_now
        from fuxiao.datasets.tasks import run_job

        found = Pull.objects.filter(name=name).first()
        if found is None:
            raise UnknownName("pull", name, Pull.objects.values_list("name", flat=True))
        job = ask_now(SYSTEM, found, afresh=afresh, at=context.now)
        run_job.call(job.pk)
        job.refresh_from_db()
        if job.state != State.DONE:
            for line in job.problems.get(context.lang, []):
                typer.echo(line, err=True)
            raise typer.Exit(FOUND)
        context.tell("pull.done", rows=job.pulled.get("rows", 0), rejected=job.report.get("rejected", 0))
