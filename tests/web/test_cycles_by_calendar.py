"""What happens to cycles without anybody pressing a button: opened, closed, reminded; and what a kill leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache

from fuxiao.base.clock import demonstrate
from fuxiao.base.models import Notice
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.actions.advancing import keep_computed
from fuxiao.performance.cycles.models import Cycle, Scorecard
from fuxiao.report.by_calendar import close_due, open_next, remind_all
from fuxiao.report.closing import compute, seal_cycle
from fuxiao.report.running import SYSTEM, basis_of, compute_cycle
from fuxiao.report.tasks import cycles_of_the_day
from web.test_cycles import OPEN, company, lake, made_home, press, step
from web.test_figure_pages import shown, text

__all__ = ["company", "lake", "made_home"]
pytestmark = pytest.mark.django_db
NOW, TODAY = datetime(2026, 11, 6, 1, tzinfo=UTC), date(2026, 11, 6)
AS_OF = datetime(2026, 11, 5, 16, tzinfo=UTC)


@pytest.fixture
def store(lake):
    with Store.open(lake, threads=1) as held:
        yield held


@pytest.fixture
def october(company):
    company["hr"].post("/performance/cycles/new/", OPEN | {"repeats": "on"})
    return Cycle.objects.get()


def told(username: str) -> list[str]:
    from fuxiao.org.models import User

    account = User.objects.get(username=username).pk
    return list(Notice.objects.filter(account_id=account).order_by("id").values_list("kind", flat=True))


def test_a_cycle_that_repeats_opens_the_next_period_once_it_has_begun(october, store):
    [november] = open_next(store, today=TODAY, at=NOW)
    assert (november.period, november.scheme) == ("2026-11", "small")
    assert november.cut_off_on == date(2026, 12, 1), "the first working day after the month, as before"
    assert november.members.count() == october.members.count()
    assert open_next(store, today=TODAY, at=NOW) == []
    assert Cycle.objects.count() == 2


def test_the_data_of_the_next_period_closes_as_many_working_days_after_it_as_that_of_the_last(company, store):
    company["hr"].post("/performance/cycles/new/", OPEN | {"repeats": "on", "cut_off_on": ""})
    assert Cycle.objects.get().cut_off_on == date(2026, 11, 6), "the fifth working day, as the settings say"
    [november] = open_next(store, today=TODAY, at=NOW)
    assert november.cut_off_on == date(2026, 12, 5), "Saturdays are worked here, the first of November was a Sunday"
    Cycle.objects.filter(period="2026-10").update(cut_off_on=date(2026, 11, 1))
    november.delete()
    [november] = open_next(store, today=TODAY, at=NOW)
    assert november.cut_off_on == date(2026, 12, 1), "closed on the Sunday after its month: the first working day"


def test_a_period_that_was_called_off_is_not_opened_again_by_the_calendar_but_the_one_after_it(company, october, store):
    [november] = open_next(store, today=TODAY, at=NOW)
    company["hr"].post(f"/performance/cycles/{november.pk}/call-off/", {"reason": "换方案"})
    assert open_next(store, today=TODAY, at=NOW) == []
    [december] = open_next(store, today=date(2026, 12, 1), at=NOW)
    assert december.period == "2026-12"


@pytest.mark.both
def test_data_is_closed_on_its_day_and_scored_once(october, store):
    assert close_due(store, as_of=AS_OF, today=date(2026, 11, 1), at=NOW) == []
    assert close_due(store, as_of=AS_OF, today=TODAY, at=NOW) == [october.pk]
    assert close_due(store, as_of=AS_OF, today=TODAY, at=NOW) == []
    assert compute_cycle(store, october.pk, at=NOW)
    assert not compute_cycle(store, october.pk, at=NOW)
    assert Scorecard.objects.count() == 4


@pytest.mark.both
def test_a_calculation_that_dies_while_it_is_kept_leaves_nothing_behind(october, store):
    close_due(store, as_of=AS_OF, today=TODAY, at=NOW)
    found = compute(store, basis_of(Cycle.objects.get()), made_at=NOW)

    def dying():
        yield found.cards[0]
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        keep_computed(SYSTEM, october.pk, replace(found, cards=dying()), applied=0, amounts=0, at=NOW)
    assert (Scorecard.objects.count(), step(october)) == (0, "cut_off")
    assert keep_computed(SYSTEM, october.pk, found, applied=0, amounts=0, at=NOW)
    assert not keep_computed(SYSTEM, october.pk, found, applied=0, amounts=0, at=NOW)
    assert Scorecard.objects.count() == 4


@pytest.mark.both
def test_a_kill_between_the_seal_and_its_row_is_mended_by_pressing_again(company, store, monkeypatch):
    company["hr"].post("/performance/cycles/new/", OPEN | {"stages": []})
    cycle = Cycle.objects.get()
    press(company["hr"], cycle)
    press(company["hr"], cycle)
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    press(company["hr"], cycle)
    final = Cycle.objects.get()
    store.refresh()
    digest = seal_cycle(store, basis_of(final), at=final.final_at, by=final.final_by)
    assert (step(cycle), Cycle.objects.get().seal) == ("final", "")
    press(company["hr"], cycle)
    assert (step(cycle), Cycle.objects.get().seal) == ("sealed", digest)


def test_people_hear_of_what_is_asked_of_them_and_are_reminded_once_a_day(company, october):
    cache.clear()
    for _ in range(2):
        press(company["hr"], october)
    assert step(october) == "self_review"
    assert told("zhang") == ["cycle.self_due"]
    remind_all(today=TODAY, at=NOW)  # on the day itself nobody is told twice
    assert told("zhang") == ["cycle.self_due"]
    for _ in range(2):  # the worker is started again
        remind_all(today=date(2026, 11, 7), at=NOW)
    assert told("zhang") == ["cycle.self_due", "cycle.self_due"]
    for _ in range(2):
        press(company["hr"], october)
    assert told("zhang")[-1] == "cycle.shared"
    remind_all(today=date(2026, 11, 9), at=NOW)
    assert told("zhang")[-1] == "cycle.answer_due"
    assert told("hr") == []


@pytest.fixture
def demonstration(lake, monkeypatch):
    """The clock as a demonstration's processes have it; nobody was reminded yet."""
    cache.clear()
    monkeypatch.delenv("FUXIAO_NOW")
    monkeypatch.setenv("FUXIAO_HOME", str(lake))
    demonstrate(lake, NOW)


def moved_to(client, day: str) -> int:
    return client.post("/demonstration/move", {"to": day, "seen": NOW.isoformat()}).status_code


def test_the_days_to_appeal_pass_and_the_cycle_is_sealed(company, demonstration):
    """What a demonstration on one day never came to; who has not answered is reminded on the days between."""
    hr = company["hr"]
    hr.post("/performance/cycles/new/", OPEN | {"stages": []})
    cycle = Cycle.objects.get()
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "shared"
    board = f"/performance/cycles/{cycle.pk}/"
    assert "申诉期到 2026-11-09 才结束" in shown(hr, board)
    assert "演示：移到 2026-11-10" in shown(hr, board)
    assert press(hr, cycle).status_code == 400
    assert moved_to(hr, "2026-11-10") == 302
    cycles_of_the_day.call()
    due = Notice.objects.filter(account__username="zhang", kind="cycle.answer_due").order_by("at")
    assert [f"{each.at:%m-%d}" for each in due] == ["11-07", "11-08", "11-09"]
    assert "演示：移到" not in shown(hr, board)
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "sealed"
    assert "一致" in text(hr.post(f"{board}verify/", follow=True).content.decode())


def test_data_that_closes_on_a_day_passed_over_is_closed_as_of_that_day(company, demonstration):
    hr = company["hr"]
    hr.post("/performance/cycles/new/", OPEN | {"stages": [], "cut_off_on": "2026-11-10"})
    assert "演示：移到 2026-11-10" in shown(hr, f"/performance/cycles/{Cycle.objects.get().pk}/")
    assert moved_to(hr, "2026-11-13") == 302
    closed = Cycle.objects.get()
    assert (closed.step, closed.as_of) == ("computed", datetime(2026, 11, 9, 16, tzinfo=UTC))
