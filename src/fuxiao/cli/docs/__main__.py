"""``python -m fuxiao.cli.docs docs/reference`` writes every generated page; ``--commands`` prints one to the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from fuxiao.cli.docs.commands import commands_page
from fuxiao.cli.docs.pages import write_pages


def main(arguments: list[str]) -> int:
    """Write the pages to the folder named; with ``--commands`` the page of the commands in this process's language."""
    if arguments == ["--commands"]:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(commands_page())
        return 0
    for path in write_pages(Path(arguments[0] if arguments else "docs/reference")):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
