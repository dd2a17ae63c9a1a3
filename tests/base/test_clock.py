"""The clock of a demonstration: put at a moment, it goes on through a shift and then stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fuxiao.base import clock

MORNING = datetime(2026, 11, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _unpinned(monkeypatch):
    monkeypatch.delenv("FUXIAO_NOW", raising=False)


def test_it_stands_unless_it_is_said_since_when_it_goes_on(tmp_path):
    clock.demonstrate(tmp_path, MORNING)
    assert clock.now(tmp_path) == MORNING
    clock.demonstrate(tmp_path, MORNING, since=clock.ticking() - timedelta(hours=1))
    first, second = clock.now(tmp_path), clock.now(tmp_path)
    assert MORNING + timedelta(hours=1) <= first <= second < MORNING + timedelta(hours=2)
    assert clock.demonstrated(tmp_path) == MORNING


def test_it_never_comes_to_another_day_and_never_goes_back(tmp_path):
    clock.demonstrate(tmp_path, MORNING, since=clock.ticking() - timedelta(days=9))
    assert clock.now(tmp_path) == MORNING + clock.SHIFT
    clock.demonstrate(tmp_path, MORNING, since=clock.ticking() + timedelta(days=9))
    assert clock.now(tmp_path) == MORNING


def test_put_at_another_day_it_goes_on_from_there_if_it_did_before(tmp_path):
    for since, most in ((None, timedelta()), (clock.ticking(), timedelta(hours=1))):
        clock.demonstrate(tmp_path, MORNING, since=since)
        clock.put_on(tmp_path, MORNING + timedelta(days=3))
        assert timedelta() <= clock.now(tmp_path) - (MORNING + timedelta(days=3)) <= most
