"""Plays a tutorial page: makes its files, applies its edits, runs its commands, and writes their output into the page.

Blocks are known by the word behind the three ticks and ``file=``:

    csv file=NAME (or yaml, toml …)   the file is made with this content
    diff file=NAME                    lines with - are replaced by those with +; the old text must be there once
    console                           ``$ command`` and the output it has

``python tests/docs/player.py PAGE …`` writes the output of today into the pages.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from fuxiao.cli.main import app
from fuxiao.cli.options import language, speak

BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
DIGEST = re.compile(r"[0-9a-f]{64}")
TODAY = "2025-11-06T09:00:00+08:00"


@dataclass(frozen=True)
class Player:
    """A folder to play in, and the language of the page."""

    folder: Path
    lang: str

    def play(self, page: str) -> str:
        """The page with the output that its commands have now."""
        with self.set_up():
            return BLOCK.sub(self.block, page)

    @contextlib.contextmanager
    def set_up(self) -> Iterator[None]:
        """Stand in the folder, on the page's day, in its language."""
        before, said = dict(os.environ), language()
        given = {"FUXIAO_NOW": TODAY, "FUXIAO_LANG": self.lang, "COLUMNS": "200"}
        os.environ.pop("FUXIAO_HOME", None)
        os.environ.update(given)
        try:
            with contextlib.chdir(self.folder):
                yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            speak(said)

    def block(self, found: re.Match[str]) -> str:
        kind, file, body = found["kind"], found["file"], found["body"]
        if kind == "console":
            return f"```console\n{self.run_all(body)}```"
        if file and kind == "diff":
            self.edit(Path(file), body)
        elif file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(body, encoding="utf-8")
        return found[0]

    def edit(self, path: Path, body: str) -> None:
        text = path.read_text(encoding="utf-8")
        for hunk in re.split(r"^@@.*\n", body, flags=re.MULTILINE):
            old = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if line[:1] != "+")
            new = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if line[:1] != "-")
            assert text.count(old) == 1, f"{path}: not there exactly once:\n{old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def run_all(self, body: str) -> str:
        commands = [line.removeprefix("$ ") for line in body.splitlines() if line.startswith("$ ")]
        return "\n".join(f"$ {command}\n{self.shown(self.run(command))}" for command in commands)

    def run(self, command: str) -> str:
        program, *words = shlex.split(command)
        if program == "cp":
            shutil.copyfile(*words)
            return ""
        if program == "cat":
            return Path(words[0]).read_text(encoding="utf-8-sig")
        assert program == "fuxiao", command
        speak(self.lang)
        made = CliRunner().invoke(app, words)
        return made.stdout if made.exit_code == 0 else made.stdout + made.stderr

    def shown(self, output: str) -> str:
        """Without what differs from one computer to the next: the folder, digests, blanks at the ends of lines."""
        plain = DIGEST.sub("…", output.replace(str(self.folder) + os.sep, ""))
        lines = [line.rstrip() for line in plain.strip("\n").splitlines()]
        return "".join(f"{line}\n" for line in lines)


def language_of(page: Path) -> str:
    return "zh" if page.name.endswith(".zh-CN.md") else "en"


def main(pages: list[str]) -> None:
    for page in map(Path, pages):
        with tempfile.TemporaryDirectory() as folder:
            text = Player(Path(folder).resolve(), language_of(page)).play(page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
