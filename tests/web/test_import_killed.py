"""Workers that die, are slow, or are told to stop: nothing is lost, half-done or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fuxiao.base.clock import now, ticking
from fuxiao.core.errors import StoreError
from fuxiao.datasets import actions, tasks
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.progress import Progress, Stage
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.models import ImportJob, State, Work
from fuxiao.datasets.running import Run, patiently
from fuxiao.datasets.store import Store
from fuxiao.studio.packs import make_home
from import_site import begun, checked, post, stored

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")


@pytest.fixture
def job(owner) -> ImportJob:
    """A file that is checked and ready to be imported."""
    made = begun(owner)
    checked(owner, made)
    made.refresh_from_db()
    return made


def leave(job: ImportJob, state: State, **values: object) -> None:
    """Put the job where a process that is gone left it."""
    ImportJob.objects.filter(pk=job.pk).update(state=state, work=Work.IMPORT, **values)


def long_ago():
    return ticking() - timedelta(seconds=61)


def test_a_job_whose_worker_died_before_it_stored_anything_is_done_by_the_next(job):
    leave(job, State.RUNNING, alive_at=long_ago(), report={"after": 0})
    assert actions.queue_lost(at=ticking()) == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.load, len(stored("cases", "case_id"))) == (State.DONE, 1, 3)


def test_a_job_whose_worker_died_after_it_stored_everything_is_not_done_twice(job, settings):
    with Store.open(settings.HOME, memory="500MB", threads=1) as store:
        import_file(store, job.upload.file, parse_mapping(job.mapping, name=job.upload.file.stem), at=now())
    leave(job, State.RUNNING, alive_at=long_ago(), report={"after": 0})
    actions.queue_lost(at=ticking())
    job.refresh_from_db()
    assert (job.state, job.load) == (State.DONE, 1)
    assert {name: job.report[name] for name in ("rows", "rejected", "unchanged", "accepted")} == {
        "rows": 4, "rejected": 1, "unchanged": False, "accepted": {"cases": 3},
    }  # fmt: skip
    with Store.open(settings.HOME, memory="500MB", threads=1) as store:
        assert [load.number for load in store.manifest.loads] == [1]
        assert "cases" in store.manifest.facts


def test_a_worker_that_gives_signs_of_life_keeps_its_job(job):
    leave(job, State.RUNNING, alive_at=ticking())
    assert actions.queue_lost(at=ticking()) == []
    assert actions.queue_lost(at=ticking() + timedelta(seconds=59)) == []


def test_whoever_watches_a_lost_job_has_it_taken_up_again(job, owner):
    leave(job, State.RUNNING, alive_at=long_ago())
    assert "已完成" in owner.get(f"/data/import/{job.pk}/").content.decode()


def test_what_a_worker_writes_after_another_took_over_goes_nowhere(job):
    leave(job, State.QUEUED)
    old = Run.begin(job.pk)
    leave(job, State.QUEUED)
    new = Run.begin(job.pk)
    assert (old is None, new is None) == (False, False)
    old.end(State.FAILED, problems={"zh": ["old"]})
    old.progress(Progress(Stage.WRITE, rows=7))
    for run in (old, new):
        run.exchange()
    job.refresh_from_db()
    assert (job.state, job.problems, job.rows) == (State.RUNNING, {}, 0)
    assert (old.cancelled(), new.cancelled()) == (True, False)


def test_only_one_of_two_workers_takes_a_job(job):
    leave(job, State.QUEUED)
    assert (Run.begin(job.pk) is None, Run.begin(job.pk) is None) == (False, True)


def test_an_import_that_is_told_to_stop_stores_nothing_and_can_be_taken_up_again(job, owner):
    leave(job, State.QUEUED, stop_asked=True)
    tasks.run_job.enqueue(job.pk)
    job.refresh_from_db()
    assert (job.state, stored("cases", "case_id")) == (State.CANCELLED, [])
    assert "什么都没有写入" in owner.get(f"/data/import/{job.pk}/").content.decode()
    assert post(owner, job, "reopen").status_code == 302
    checked(owner, job)
    post(owner, job, "start")
    job.refresh_from_db()
    assert (job.state, len(stored("cases", "case_id"))) == (State.DONE, 3)


def test_a_job_that_waits_is_cancelled_at_once_and_no_worker_takes_it(job, owner):
    leave(job, State.QUEUED)
    assert post(owner, job, "cancel").status_code == 302
    tasks.run_job.enqueue(job.pk)
    job.refresh_from_db()
    assert (job.state, stored("cases", "case_id")) == (State.CANCELLED, [])


def test_a_job_that_waits_says_nothing_of_what_was_read_before(job, owner):
    leave(job, State.QUEUED, rows=2_000, done=7, total=7)
    page = owner.get(f"/data/import/{job.pk}/").content.decode()
    assert "排队中" in page
    assert "2,000" not in page
    assert "max=" not in page


def test_a_running_job_hears_that_it_should_stop(job, owner):
    leave(job, State.RUNNING, alive_at=ticking(), attempt=3)
    page = owner.get(f"/data/import/{job.pk}/").content.decode()
    assert f'action="/data/import/{job.pk}/cancel"' in page
    post(owner, job, "cancel")
    job.refresh_from_db()
    assert (job.state, job.stop_asked) == (State.RUNNING, True)


def test_a_job_that_somebody_works_on_is_not_thrown_away(job, owner):
    leave(job, State.RUNNING, alive_at=ticking())
    assert post(owner, job, "discard").status_code == 409
    assert job.upload.file.exists()


def test_a_writer_waits_for_the_one_before_it():
    answers = [StoreError("store.locked", path="lake"), StoreError("store.locked", path="lake")]

    def once() -> str:
        if answers:
            raise answers.pop()
        return "stored"

    assert patiently(once) == "stored"
    with pytest.raises(StoreError):
        patiently(lambda: (_ for _ in ()).throw(StoreError("store.busy", path="lake")))


def test_records_that_are_stored_stay_though_the_figures_cannot_be_made(job, owner, settings):
    (settings.HOME / "service_levels.yaml").write_text("policies: nonsense\n", encoding="utf-8")
    post(owner, job, "start")
    job.refresh_from_db()
    page = owner.get(f"/data/import/{job.pk}/").content.decode()
    assert (job.state, len(stored("cases", "case_id")), "指标没有更新" in page) == (State.DONE, 3, True)
