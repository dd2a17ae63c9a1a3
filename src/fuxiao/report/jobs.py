"""Long work on a cycle done in the background: verified or sealed, part by part, for whoever asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fuxiao.base.clock import now, today
from fuxiao.base.heartbeat import beating
from fuxiao.base.process import own_name
from fuxiao.base.wording import LANGUAGES, say_error
from fuxiao.core.errors import FuxiaoError
from fuxiao.datasets.store import Store
from fuxiao.org.queries import ANONYMOUS, viewer_of
from fuxiao.performance.cycles.actions import jobs
from fuxiao.performance.cycles.models import CycleJob
from fuxiao.performance.cycles.parts import JobKind
from fuxiao.report.running import seal
from fuxiao.report.verifying import verified

logger = logging.getLogger("fuxiao.report")
Begin = Callable[[str], None]
BEAT = 30.0
"""Seconds from one sign of life to the next."""


def do_job(store: Store, number: int) -> bool:
    """Do the job of this number and keep what came of it, also what stopped it.

    ``False`` where it is over already, or another worker is at it.
    """
    held = CycleJob.objects.select_related("cycle", "account").get(pk=number)
    if not jobs.take(held, own_name(), at=now()):
        return False
    with beating(lambda: jobs.beat(held, at=now()), every=BEAT):
        _do(store, held)
    return True


def _do(store: Store, held: CycleJob) -> None:

    def begin(part: str) -> None:
        jobs.begin(held, part, at=now())

    try:
        found = WORK[JobKind(held.kind)](store, held, begin)
    except FuxiaoError as refused:
        logger.warning("cycle job refused", extra={"cycle": held.cycle_id, "job": held.kind, "code": refused.code})
        problems = {lang: say_error(refused, lang) for lang in LANGUAGES}
        jobs.end(held, {"problems": problems}, failed=refused.code, at=now())
    except Exception:
        jobs.end(held, {}, failed=jobs.FAILED.format(kind=held.kind), at=now())
        raise
    else:
        jobs.end(held, found, at=now())


def _verify(store: Store, held: CycleJob, begin: Begin) -> dict[str, Any]:
    return verified(store, held.cycle, begin=begin).plain()


def _seal(store: Store, held: CycleJob, begin: Begin) -> dict[str, Any]:
    """As whoever pressed: what they may no longer do is refused now."""
    viewer = ANONYMOUS if held.account is None else viewer_of(held.account, on=today(store.settings.zone))
    return {"seal": seal(viewer, store, held.cycle_id, at=now(), begin=begin).seal}


WORK: dict[JobKind, Callable[[Store, CycleJob, Begin], dict[str, Any]]] = {
    JobKind.VERIFY: _verify, JobKind.SEAL: _seal,
}  # fmt: skip
