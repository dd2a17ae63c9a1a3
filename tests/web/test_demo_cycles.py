"""The cycles of the demonstration company: filled once, and to their end where a worker was killed at it."""

from __future__ import annotations

import pytest
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from fuxiao.base.permissions import Role
from fuxiao.cli.server import demo_past
from fuxiao.cli.server.demo_cycles import fill_cycles
from fuxiao.cli.server.demo_filling import FILLING, take_up_filling
from fuxiao.cli.server.demo_past import fill_past
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember, Talk
from web.conftest import account, signed_in
from web.test_cycles import company, cycle, lake, made_home, press, step

__all__ = ["company", "cycle", "lake", "made_home"]
pytestmark = pytest.mark.django_db


@pytest.mark.lake
def test_the_demonstrations_last_cycle_is_played_once_from_opening_to_the_seal(org, lake):
    assert fill_past.call("2026-10", "small") is False, "nobody can sign"
    hr = signed_in(account("hr", Role.HR))
    assert fill_past.call("2026-10", "small") is True
    cycle = Cycle.objects.get()
    assert (cycle.step, cycle.final_by) == ("sealed", "hr")
    assert not CycleMember.objects.filter(reviewed_at=None).exists()
    assert Talk.objects.filter(person_signed_at__isnull=False).count() == 1
    assert [each.state for each in Appeal.objects.all()] == ["rejected"]
    assert hr.get(f"/performance/cycles/{cycle.pk}/").status_code == 200
    assert fill_past.call("2026-10", "small") is False, "it is there"


@pytest.mark.lake
@pytest.mark.usefixtures("org", "lake")
@pytest.mark.parametrize(
    ("at", "step", "task"),
    [
        ("running.compute_cycle", "cut_off", "fill_past"),
        ("reviewing.write_lead_review", "lead_review", "review_past"),
        ("talking.sign_talk", "shared", "review_past"),
        ("running.seal", "final", "seal_past"),
    ],
)
def test_the_demonstrations_last_cycle_is_finished_where_a_worker_was_killed_at_it(monkeypatch, at, step, task):
    def killed(*_, **__):
        raise KeyboardInterrupt

    account("hr", Role.HR)
    with monkeypatch.context() as until:
        until.setattr(f"fuxiao.cli.server.demo_past.{at}", killed)
        with pytest.raises(KeyboardInterrupt):
            fill_past.call("2026-10", "small")
    cycle = Cycle.objects.get()
    assert cycle.step == step
    assert Talk.objects.count() == (1 if step == "final" else 0), "what belongs to a step is there with it"
    getattr(demo_past, task).call(*(("2026-10", "small") if task == "fill_past" else (cycle.pk,)))
    assert Cycle.objects.get().step == "sealed"
    assert (Talk.objects.count(), Appeal.objects.count()) == (1, 1)
    assert not CycleMember.objects.filter(Q(reviewed_at=None) | Q(answered_at=None)).exists()


@pytest.mark.lake
def test_the_demonstrations_cycle_goes_on_where_a_worker_was_killed_at_it(company, cycle):
    press(company["hr"], cycle)
    assert step(cycle) == "computed"
    fill_cycles.call("2026-10", "small")
    assert step(cycle) == "self_review"
    fill_cycles.call("2026-10", "small")
    assert step(cycle) == "self_review", "it goes no further by itself"


@pytest.mark.both
@pytest.mark.parametrize("task", FILLING, ids=lambda task: task.name)
def test_the_filling_that_a_worker_was_killed_at_is_handed_to_the_next(db, task):
    lost, done = (
        DBTaskResult.objects.create(task_path=task.module_path, status=status, args_kwargs={"args": [], "kwargs": {}})
        for status in ("RUNNING", "SUCCESSFUL")
    )
    take_up_filling()
    assert [DBTaskResult.objects.get(pk=each.pk).status for each in (lost, done)] == ["READY", "SUCCESSFUL"]
