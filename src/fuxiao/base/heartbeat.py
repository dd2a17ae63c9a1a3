"""Signs of life of long work, shown from a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connections

logger = logging.getLogger("fuxiao.base")


@contextmanager
def beating(show: Callable[[], object], *, every: float) -> Iterator[None]:
    """Call ``show`` every so many seconds for as long as the block lasts: a part may take longer than anybody waits."""
    over = Event()

    def beat() -> None:
        try:
            while not over.wait(every):
                try:
                    show()
                except DatabaseError:  # busy, or gone for a moment: the next sign does as well
                    logger.warning("no sign of life", exc_info=True)
        finally:
            connections.close_all()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
