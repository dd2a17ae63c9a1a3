"""A job of a cycle that many workers reach for at the same moment is taken by one of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from fuxiao.base.clock import now
from fuxiao.performance.cycles.actions import jobs
from fuxiao.performance.cycles.models import Cycle, CycleJob


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_reach_for_a_job_at_once_one_gets_it():
    made = Cycle.objects.create(period="2026-10", cut_off_on=now().date(), opened_at=now(), step="final")
    job = CycleJob.objects.create(cycle=made, kind="sealing", asked_by="hr", asked_at=now(), seen_at=now())
    together = Barrier(4)

    def reach(number: int) -> bool:
        together.wait()
        while True:
            try:
                return jobs.take(CycleJob(pk=job.pk), f"machine-{number}/7/dd", at=now())
            except OperationalError:  # tables in memory are locked without a wait, those of a file are waited for
                assert connection.vendor == "sqlite"
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(reach, range(4))) == [False, False, False, True]
