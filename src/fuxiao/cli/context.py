"""What every command shares: the home folder, the language, the clock, and how errors end.

Exit codes: 0 done · 1 done, and something was found (a figure that does not verify, rows rejected under ``--strict``)
· 2 wrong words on the command line · 3 a definition was refused · 4 a file could not be read · 5 the home folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console

from fuxiao.base.wording import LANGUAGES, say, say_error
from fuxiao.cli.options import language, speak
from fuxiao.cli.sheet import printable
from fuxiao.core.errors import DefinitionError, FuxiaoError, InputError, SealError, StoreError, UnknownName

FOUND, USAGE, DEFINITION, INPUT, STORE = 1, 2, 3, 4, 5
_EXITS = (
    (DefinitionError, DEFINITION), (UnknownName, USAGE), (InputError, INPUT), (StoreError, STORE), (SealError, FOUND),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """The answers to --home and --lang, and the moment the command started (the only clock there is)."""

    home: Path
    lang: str
    now: datetime

    def say(self, code: str, **params: object) -> str:
        return say(code, self.lang, params)

    def tell(self, code: str, **params: object) -> None:
        """A remark for the person, beside the result: on standard error, so that pipes stay clean."""
        Console(stderr=True).print(printable(self.say(code, **params)), highlight=False, markup=False)


def make_context(home: Path | None, lang: str | None) -> Context:
    """The context from the options, the environment (FUXIAO_HOME, FUXIAO_LANG) and the folder one stands in."""
    return Context(home=home or _home(), lang=_language(lang), now=_now())


def _home() -> Path:
    named = os.environ.get("FUXIAO_HOME")
    if named:
        return Path(named)
    here = Path()
    return here if (here / "fuxiao.toml").exists() else here / "fuxiao-home"


def _language(lang: str | None) -> str:
    """--lang, else the environment's language, as the help speaks it too."""
    short = (lang or language())[:2].lower()
    chosen = short if short in LANGUAGES else "en"
    speak(chosen)
    return chosen


def _now() -> datetime:
    """FUXIAO_NOW pins the clock, so that a demonstration or a test gives the same bytes on every day."""
    pinned = os.environ.get("FUXIAO_NOW")
    return datetime.fromisoformat(pinned).astimezone(UTC) if pinned else datetime.now(UTC)


@contextmanager
def errors_in_words(lang: str) -> Iterator[None]:
    """Turn what the product refuses into a line a person can act on, and an exit code a script can."""
    try:
        yield
    except FuxiaoError as error:
        for line in say_error(error, lang):
            Console(stderr=True, soft_wrap=True).print(printable(line), style="red", highlight=False, markup=False)
        raise typer.Exit(next((code for kind, code in _EXITS if isinstance(error, kind)), FOUND)) from error
    except KeyboardInterrupt as stop:
        sys.stderr.write("\n" + say("cli.stopped", lang) + "\n")
        raise typer.Exit(130) from stop
