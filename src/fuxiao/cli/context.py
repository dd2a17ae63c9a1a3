"""What every command shares: the home folder, the language, the clock, and how errors end.

Exit codes: 0 done · 1 done, and something was found (a figure that does not verify, rows rejected under ``--strict``)
· 2 wrong words on the command line · 3 a definition was refused · 4 a file could not be read · 5 the home folder or
the pages' database
· 70 a defect of Fuxiao itself (FUXIAO_DEBUG=1 shows where) · 130 stopped by the person · 141 nobody reads on.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir

import typer
from rich.console import Console

from fuxiao.base.clock import now
from fuxiao.base.wording import say, say_error
from fuxiao.cli.options import language, speak
from fuxiao.cli.sheet import printable
from fuxiao.core.errors import DefinitionError, FuxiaoError, InputError, SealError, StoreError, UnknownName

FOUND, USAGE, DEFINITION, INPUT, STORE, DEFECT, STOPPED = 1, 2, 3, 4, 5, 70, 130
INTERRUPTED = ("Query interrupted", "INTERRUPT Error: Interrupted!")
"""What DuckDB says where the person's Ctrl-C reaches it in the middle of a query."""
FULL = (errno.ENOSPC, errno.EDQUOT)
_EXITS = (
    (DefinitionError, DEFINITION), (UnknownName, USAGE), (InputError, INPUT), (StoreError, STORE), (SealError, FOUND),
)  # fmt: skip


ASKED_WRONGLY = (
    "cli.",
    "explain.",
    "score.",
    "values.",
    "period.",
    "seal.by_whom",
    "audit.not_a_head",
    "map.exists",
    "import.no_mapping",
)


@dataclass(frozen=True, slots=True)
class Context:
    """The answer to --home, the language spoken, and the moment the command started (the only clock there is)."""

    home: Path
    now: datetime

    @property
    def lang(self) -> str:
        return language()

    def say(self, code: str, **params: object) -> str:
        return say(code, self.lang, params)

    def tell(self, code: str, **params: object) -> None:
        """A remark for the person, beside the result: on standard error, so that pipes stay clean."""
        text = printable(self.say(code, **params))
        Console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def make_context(home: Path | None, lang: str | None) -> Context:
    """The context from the options, the environment (FUXIAO_HOME, FUXIAO_LANG) and the folder one stands in."""
    if lang:
        speak(lang)
    folder = home or _home()
    with errors_in_words(folder):
        return Context(home=folder, now=now(folder))


def _home() -> Path:
    named = os.environ.get("FUXIAO_HOME")
    if named:
        return Path(named)
    here = Path()
    return here if (here / "fuxiao.toml").exists() else here / "fuxiao-home"


def exit_code(error: FuxiaoError) -> int:
    """The code that a script sees: what was asked for wrongly is 2 whatever the kind of the error."""
    if error.code.startswith(ASKED_WRONGLY):
        return USAGE
    return next((code for kind, code in _EXITS if isinstance(error, kind)), FOUND)


@contextmanager
def errors_in_words(written: Path) -> Iterator[None]:
    """Turn what the product refuses into a line a person can act on, and an exit code a script can.

    ``written`` is where the command writes: what cannot be written to often names no file.
    """
    before = _visible(written)
    try:
        yield
    except FuxiaoError as error:
        complain_of(error)
        raise typer.Exit(exit_code(error)) from error
    except KeyboardInterrupt as stop:
        raise _stopped(changed=_visible(written) != before) from stop
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except OSError as error:
        path = error.filename or written.absolute()
        if error.errno in FULL:
            _complain("disk.full", path=str(path), temporary=gettempdir())
        else:
            _complain("file.failed", path=str(path), reason=error.strerror or str(error))
        raise typer.Exit(INPUT) from error
    except Exception as error:
        interrupted = str(error) in INTERRUPTED
        ended = _stopped(changed=_visible(written) != before) if interrupted else _surroundings(error)
        if ended is None and os.environ.get("FUXIAO_DEBUG"):
            raise
        raise (ended or _defect(error)) from error


def _surroundings(error: Exception) -> typer.Exit | None:
    """The end where it is the machine's settings or the pages' database that fail."""
    if type(error).__name__ == "ImproperlyConfigured" and str(error).startswith("FUXIAO_"):
        _complain("cli.variable", reason=str(error))
        return typer.Exit(USAGE)
    if _is_unusable(error):
        _complain("database.unusable", reason=str(error).splitlines()[0])
        return typer.Exit(STORE)
    return None


def _defect(error: Exception) -> typer.Exit:
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    _complain("cli.defect", reason=reason, path=_kept(error))
    return typer.Exit(DEFECT)


def _is_unusable(error: Exception) -> bool:
    """Whether the pages' database is the trouble: it cannot be reached or opened, or is none. Told by the name of the
    error: a command that needs no database loads nothing that knows of one."""
    kind = type(error)
    return kind.__module__.startswith("django") and kind.__name__ in {"OperationalError", "DatabaseError"}


def complain_of(error: FuxiaoError) -> None:
    """What the product refuses, in red lines on standard error."""
    for line in say_error(error, language()):
        _in_red(line)


def _visible(home: Path) -> tuple[int, int] | None:
    """Which state of the data a home folder shows: its manifest is replaced as a whole, never written into."""
    try:
        found = (home / "lake/manifest.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _stopped(*, changed: bool) -> typer.Exit:
    sys.stderr.write("\n" + say("cli.stopped_between" if changed else "cli.stopped", language()) + "\n")
    return typer.Exit(STOPPED)


def _complain(code: str, **params: object) -> None:
    _in_red(say(code, language(), params))


def _in_red(line: str) -> None:
    """On standard error; where that cannot be written the exit code still says what happened."""
    with suppress(OSError):
        Console(stderr=True, soft_wrap=True).print(printable(line), style="red", highlight=False, markup=False)


def _kept(error: Exception) -> str:
    """The file that the whole story of a defect was written to, for a report to the makers."""
    with NamedTemporaryFile("w", prefix="fuxiao-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
        return file.name
