"""Who has signals looked for, and what the queue says before anybody did."""

from __future__ import annotations

import shutil

import pytest

from fuxiao.base.models import Notice
from fuxiao.performance.reviews.models import SignalRun
from fuxiao.performance.reviews.tasks import signals_of_the_month
from web.conftest import signed_in_as
from web.test_figure_pages import shown
from web.test_signal_reviews import QUEUE, STAFF, made_home, staff

__all__ = ["made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]


@pytest.fixture
def players(home, db, made_home, tmp_path, settings):
    settings.HOME = shutil.copytree(made_home, tmp_path / "home")
    staff()
    return signed_in_as(*STAFF)


def test_the_calendar_looks_once_for_every_month_that_is_over(players):
    assert signals_of_the_month.func() >= 3
    assert signals_of_the_month.func() == 0
    assert SignalRun.objects.get().period == "2026-10"


def test_the_button_has_the_worker_look(players):
    assert players["lead"].post(f"{QUEUE}look/").status_code == 302

    assert SignalRun.objects.get().by_name
    assert Notice.objects.filter(kind="signals.found").count() == 1


@pytest.mark.parametrize("query", ["?ratio=-1", "?ratio=viel", "?ratio=nan"])
def test_a_threshold_that_is_no_number_is_refused_in_words(players, query):
    assert players["hr"].get(f"{QUEUE}thresholds/part_padding/{query}").status_code == 400


def test_before_anybody_looked_the_page_says_what_it_will_be(players):
    assert "还没有查找过" in shown(players["hr"], QUEUE)
