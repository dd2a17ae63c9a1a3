"""Where ``fuxiao`` starts: what a person stops before anything is read ends as quietly as later."""

from __future__ import annotations

import os
import signal


def main() -> None:
    """The entry point of the ``fuxiao`` command."""
    try:
        from fuxiao.cli.main import main as run

        run()
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGINT)
