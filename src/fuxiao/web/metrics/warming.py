"""Works out what most pages open with before anybody asks: when a process starts, after an import, on a new day."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.errors import FuxiaoError
from fuxiao.datasets.store import Store
from fuxiao.web.lake import lake
from fuxiao.web.metrics.cuts import Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.overview import KEY, key_rows
from fuxiao.web.shell.home import is_set_up, organisation

PERIOD = 2.0
"""Seconds between two looks for a new state of the lake."""
EYES = Viewer(account=None, name="", reach=Reach.ALL, permissions=frozenset({Permission.VALUES_READ}))
logger = logging.getLogger("fuxiao.web")


def warm(store: Store, day: date) -> None:
    """The company's figures of the last month with their course: the overview's, and those of the first page.

    They are kept by what was asked and not by who asked, and the company's are for everybody.
    """
    at, of = Desk(EYES, store, day), Subject()
    chosen = at.picker("")
    key_rows(at, chosen, of, KEY)
    at.values(list(at.library), Cut(of), chosen.first, chosen.period)


def keep_warm() -> None:
    """Do so beside the pages for as long as this process lives."""
    threading.Thread(target=_watch, name="warming", daemon=True).start()


def _watch() -> None:
    done: tuple[int, date] | None = None
    while True:
        try:
            done = _once(done)
        except FuxiaoError as error:
            logger.info("no figures to work out ahead: %s", error)
        except Exception:
            logger.exception("figures could not be worked out ahead")
        time.sleep(PERIOD)


def _once(done: tuple[int, date] | None) -> tuple[int, date] | None:
    """What is warm now."""
    if not is_set_up():
        return None
    day = today(organisation().zone)
    with lake() as store:
        now = store.manifest.generation, day
        if now != done:
            warm(store, day)
    return now
