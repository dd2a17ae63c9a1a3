"""Signs of life of long work, shown from a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.db import DatabaseError, connections


@contextmanager
def beating(show: Callable[[], object], *, every: float) -> Iterator[None]:
    """Call ``show`` every so many seconds for as long as the block lasts: a part may take longer than anybody waits."""
    over = Event()

    def beat() -> None:
        try:
            while not over.wait(every):
                with suppress(DatabaseError):  # busy, or gone for a moment: the next sign does as well
                    show()
        finally:
            connections.close_all()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
