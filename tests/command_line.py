"""The command line as a person uses it, in the test's own process: what it printed, what it said, how it ended."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from typer.main import get_command
from typer.testing import CliRunner

from fuxiao.cli.docs.commands import Group, walk
from fuxiao.cli.main import app
from fuxiao.cli.options import language, speak
from fuxiao.cli.output import emit
from fuxiao.cli.sheet import Format, Sheet

NOW = "2026-11-06T09:00:00+08:00"
OFFERED = dict(walk(cast("Group", get_command(app))))
"""All commands, read before any test speaks: the words of options are chosen once a process."""
PAINT = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Answer:
    """The result on standard output, the remarks on standard error, the exit code."""

    out: str
    err: str
    code: int

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a CSV answer; of several sheets the first."""
        return list(csv.DictReader(io.StringIO(self.out.split("\n\n", 1)[0])))

    @property
    def data(self) -> Any:
        """What a JSON answer holds."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The lines of a table, without paint."""
        return PAINT.sub("", self.out).splitlines()


def fuxiao(
    *words: object, home: Path | None = None, lang: str = "en", now: str = NOW, code: int | None = 0, terminal: int = 0
) -> Answer:
    """Run one command; the exit code must be ``code`` (``None``: any).

    ``terminal`` is the width of the terminal that the result goes to; 0 is a pipe.
    """
    env = {"FUXIAO_LANG": lang, "FUXIAO_NOW": now, "FUXIAO_HOME": str(home or ""), **_screen(terminal)}
    result = CliRunner(env=env).invoke(app, [str(word) for word in words])
    answer = Answer(result.stdout, result.stderr, result.exit_code)
    assert "Traceback" not in answer.out + answer.err, answer.err
    assert code is None or answer.code == code, (words, answer)
    return answer


def emitted(sheets: Sequence[Sheet], shape: Format, *, lang: str, terminal: int = 0) -> Answer:
    """What a command that hands over these sheets writes."""
    before = language()
    with CliRunner(env=_screen(terminal)).isolation() as (out, err, _both):
        speak(lang)
        emit(sheets, shape, None)
        sys.stdout.flush()
        sys.stderr.flush()
        said = out.getvalue().decode(), err.getvalue().decode()
    speak(before)
    return Answer(*said, 0)


def _screen(terminal: int) -> dict[str, str | None]:
    return {"FORCE_COLOR": "1", "COLUMNS": str(terminal)} if terminal else {"FORCE_COLOR": None}
