"""Works out what most pages open with before anybody asks: when a process starts, after an import, on a new day; the
scores of running cycles also after whatever moves them. Calendars and service levels are read ahead as well.

A page that is asked for meanwhile waits for the same result or makes its own: it is never another one.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from django.conf import settings
from django.db import close_old_connections, connection
from filelock import FileLock, Timeout

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.base.queries import newest_announcement
from fuxiao.core.cycle import Step
from fuxiao.core.errors import FuxiaoError
from fuxiao.datasets.store import Store
from fuxiao.metrics.now import running
from fuxiao.performance.cycles.models import Cycle
from fuxiao.service.terms import terms
from fuxiao.web.lake import lake
from fuxiao.web.metrics.cuts import Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.overview import KEY, key_rows
from fuxiao.web.performance.live import live_source
from fuxiao.web.shell.home import is_set_up, organisation

PERIOD = 2.0
"""Seconds between two looks for a new state of the lake or of the database."""
REST, LONGEST = 9.0, 20.0
"""So many times as long as the last look took, and so many seconds at most, nothing is done: a busy desk moves the
scores every few seconds, and following it takes a tenth of one core."""
LOCK = "warming.lock"
EYES = Viewer(account=None, name="", reach=Reach.ALL, permissions=frozenset({Permission.VALUES_READ}))
State = tuple[int, date, int]
"""The state of the lake, the day, and the newest announcement: another number, another state of the database."""
logger = logging.getLogger("fuxiao.web")


def warm(store: Store, day: date) -> None:
    """The company's figures of the last month with their course: the overview's, and those of the first page.

    They are kept by what was asked and not by who asked, and the company's are for everybody.
    """
    at, of = Desk(EYES, store, day), Subject()
    chosen = at.picker("")
    key_rows(at, chosen, of, KEY)
    at.values(list(at.library), Cut(of), chosen.first, chosen.period)


def warm_scores(store: Store) -> None:
    """The scores of every cycle that is not computed yet; of the running month, which is opened first: a score that is
    made before would be made of all facts, and once more when the month is open."""
    for cycle in Cycle.objects.filter(step__in=(Step.RUNNING, Step.CUT_OFF)).defer("basis").order_by("period", "id"):
        try:
            month = running(store.home)
            month.look(now=now())
            month.wait()
            live_source(store, cycle)
        except Exception:
            logger.exception("scores could not be worked out ahead", extra={"cycle": cycle.pk})


def keep_warm() -> None:
    """Do so beside the pages for as long as this process lives."""
    threading.Thread(target=_watch, name="warming", daemon=True).start()


def _watch() -> None:
    done: State | None = None
    while True:
        began = time.monotonic()
        try:
            close_old_connections()
            write_back()
            terms()
            done = look(done)
        except FuxiaoError as error:
            logger.info("no figures to work out ahead: %s", error)
        except Exception:
            logger.exception("figures could not be worked out ahead")
        time.sleep(max(PERIOD, min(REST * (time.monotonic() - began), LONGEST)))


def write_back() -> None:
    """Have SQLite carry its journal into the database here, or every 25th step of a case does it and waits for the disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def look(done: State | None) -> State | None:
    """What is warm now, where ``done`` was. The web processes of a machine take turns, so that a core stays for pages."""
    if not is_set_up():
        return None
    day = today(organisation().zone)
    with lake() as store:
        state = store.manifest.generation, day, newest_announcement()
        if state == done:
            return done
        try:
            with FileLock(settings.HOME / LOCK, timeout=0):
                if done is None or state[:2] != done[:2]:
                    warm(store, day)
                warm_scores(store)
        except Timeout:
            return done
    return state
