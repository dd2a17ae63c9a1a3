"""A cycle sealed in the background: how far it is, what was sealed, and what stopped it, on a page of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fuxiao.base import process
from fuxiao.base.clock import now
from fuxiao.base.permissions import Role
from fuxiao.core.errors import Conflict
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.seals import path_of
from fuxiao.org.models import RoleGrant, User
from fuxiao.performance.cycles.actions import jobs
from fuxiao.performance.cycles.models import Cycle, CycleJob
from fuxiao.performance.cycles.parts import Part
from fuxiao.report import running
from fuxiao.report.jobs import do_job
from fuxiao.report.tasks import take_up_cycles
from web.conftest import account, signed_in, signed_in_as
from web.test_cycles import STAFF, begun_once, lake, made_home, press, step
from web.test_figure_pages import shown, text

__all__ = ["lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
FINAL = "2026-11-11T09:00:00+08:00"
"""When the days to appeal are over."""


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """A cycle that may be sealed."""
    cycle = begun_once(standing, made_home, stages=[], presses=2)
    standing.setenv("FUXIAO_NOW", FINAL)
    press(signed_in_as("hr")["hr"], cycle)
    assert step(cycle) == "final"


@pytest.fixture
def company(begun, db, lake, monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", FINAL)
    return signed_in_as(*STAFF)


@pytest.fixture
def final(company) -> Cycle:
    return Cycle.objects.get()


def asked(cycle) -> CycleJob:
    """A sealing that HR asked for and no worker has begun."""
    from fuxiao.org.queries import viewer_of

    made, is_new = jobs.ask_seal(viewer_of(User.objects.get(username="hr"), on=now().date()), cycle, at=now())
    assert is_new
    return made


@pytest.mark.lake
def test_a_bonus_is_an_estimate_no_longer_once_the_cycle_is_final(company, final):
    card, start = (shown(company["zhang"], page) for page in (f"/performance/cycles/{final.pk}/E3/", "/"))
    assert ("奖金预估" in card, "未定案" in card) == (False, False)
    assert ("奖金预估" in start, "未定案" in start) == (False, False)
    assert "奖金 已定案" in card


@pytest.mark.lake
def test_the_page_shows_how_far_the_sealing_is_and_then_the_seal_to_verify(company, final, lake):
    board, hr = f"/performance/cycles/{final.pk}/", company["hr"]
    job = asked(final)
    jobs.begin(job, Part.FILES, at=now())
    other = signed_in(account("hr2", Role.HR))
    answer = press(other, final)
    assert (answer.status_code, answer.url, CycleJob.objects.count()) == (302, f"{board}seal/", 1), "pressed twice"
    page = other.get(answer.url).content.decode()
    assert '<progress value="1" max="3"' in page
    assert 'data-topics="cycle_jobs"' in page
    assert "正在封存" in shown(other, board)
    with Store.open(lake, threads=1) as store:
        assert do_job(store, job.pk) is True
        assert do_job(store, job.pk) is False, "it is over"
    sealed = Cycle.objects.get()
    told = shown(other, f"{board}seal/")
    assert "已封存" in told
    assert sealed.seal in told
    assert "一致" in text(hr.post(f"{board}verify/", follow=True).content.decode())


def test_a_worker_that_died_is_told_of_and_the_next_one_takes_the_sealing_up(company, final):
    address = f"/performance/cycles/{final.pk}/seal/"
    job = asked(final)
    CycleJob.objects.update(seen_at=now() - 2 * jobs.SILENCE)
    assert "再封存一次" in shown(company["hr"], address)
    assert take_up_cycles.call() == 1
    assert take_up_cycles.call() == 0
    job.refresh_from_db()
    assert (step(final), job.failed) == ("sealed", "")


ELSEWHERE, BACKUP = "other-machine/7/aa", "third-machine/7/bb"


def test_a_sealing_that_a_worker_of_another_machine_is_at_is_left_to_it_until_it_falls_silent(company, final):
    job, at = asked(final), now()
    assert running.waiting(at=at) == ([], [], [job.pk])
    assert jobs.take(job, ELSEWHERE, at=at)
    assert running.waiting(at=at) == ([], [], [])
    assert take_up_cycles.call() == 0
    jobs.beat(job, at=at + jobs.SILENCE)
    assert running.waiting(at=at + 2 * jobs.SILENCE) == ([], [], [])
    assert running.waiting(at=at + 3 * jobs.SILENCE) == ([], [], [job.pk])


def test_of_two_workers_one_is_at_a_job_and_whoever_lost_it_changes_nothing_any_more(company, final):
    job, at = asked(final), now()
    late = CycleJob.objects.get()
    assert (jobs.take(job, ELSEWHERE, at=at), jobs.take(late, BACKUP, at=at)) == (True, False)
    assert jobs.take(late, BACKUP, at=at + 2 * jobs.SILENCE), "the first fell silent"
    with pytest.raises(Conflict):
        jobs.begin(job, Part.ROWS, at=at + 2 * jobs.SILENCE)
    jobs.end(CycleJob(pk=job.pk, worker=ELSEWHERE), {"seal": "of the first"}, at=at + 2 * jobs.SILENCE)
    assert CycleJob.objects.get().ended_at is None
    jobs.end(late, {"seal": "of the second"}, at=at + 2 * jobs.SILENCE)
    assert CycleJob.objects.get().found == {"seal": "of the second"}


def test_what_a_dead_process_of_this_machine_was_at_is_taken_up_at_once(company, final):
    job, dead = asked(final), subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    assert jobs.take(job, f"{process.MACHINE}/{dead.pid}/cc", at=now())
    assert take_up_cycles.call() == 1
    assert step(final) == "sealed"
    assert not process.is_gone(process.own_name())
    assert process.is_gone(f"{process.MACHINE}/{os.getpid()}/cc"), "one that had the number of this process before"
    assert not process.is_gone(f"{process.MACHINE}/{os.getppid()}/cc")


@pytest.mark.lake
def test_what_stops_a_sealing_is_told_with_what_to_do_and_it_may_be_pressed_again(company, final, lake):
    board, hr = f"/performance/cycles/{final.pk}/", company["hr"]
    job = asked(final)
    grant = RoleGrant.objects.get(user__username="hr")
    RoleGrant.objects.filter(pk=grant.pk).delete()
    with Store.open(lake, threads=1) as store:
        assert do_job(store, job.pk) is True
        assert path_of(parse_period(final.period)) not in store.refresh().seals, "a seal stays for ever"
    grant.save(force_insert=True)
    assert "上次封存没有做完" in shown(hr, board)
    assert "您没有这项权限" in shown(hr, f"{board}seal/")

    whole = Cycle.objects.get().basis
    Cycle.objects.update(basis={})
    press(hr, final)
    assert "封存出错，没有做完" in shown(hr, f"{board}seal/")
    Cycle.objects.update(basis=whole)
    press(hr, final)
    assert (step(final), "已封存" in shown(hr, f"{board}seal/")) == ("sealed", True)


@pytest.mark.lake
def test_nobody_but_who_runs_cycles_seals_and_a_cycle_that_is_not_final_has_no_such_page(company, final):
    assert press(company["lead"], final).status_code == 403
    assert company["hr"].get(f"/performance/cycles/{final.pk}/seal/").status_code == 302
    assert CycleJob.objects.count() == 0
