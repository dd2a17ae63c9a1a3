"""Where ``fuxiao`` starts: what a person stops before anything is read ends as quietly as later."""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys


def main() -> None:
    """The entry point of the ``fuxiao`` command."""
    _open_closed_streams()
    _say_everything()
    try:
        from fuxiao.cli.main import main as run

        run()
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGINT)


def _open_closed_streams() -> None:
    """A stream that was closed before the start (``>&-``) leads nowhere: else the next file opened would be taken for it."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123


def _say_everything() -> None:
    """Names are in every script: where the machine has only ASCII they go out as UTF-8, and a sign that its own code
    lacks by its number. Neither ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="backslashreplace")
