"""The demonstration's clock: moved on from a page, for everybody and for good; without a demonstration never."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as ours

from fuxiao.base import clock
from fuxiao.base.models import Announcement, AuditEntry
from fuxiao.base.permissions import Role
from web.conftest import NOW, account, signed_in
from web.test_figure_pages import shown, text

pytestmark = pytest.mark.django_db
MOVE = "/demonstration/move"


@pytest.fixture
def unpinned(home, monkeypatch):
    """The clock as a process of this home has it, which nobody pins."""
    monkeypatch.delenv("FUXIAO_NOW")
    monkeypatch.setenv("FUXIAO_HOME", str(home))
    yield home
    (home / clock.FILE).unlink(missing_ok=True)


@pytest.fixture
def company(org):
    return {
        "hr": signed_in(account("hr", Role.HR)), "zhang": signed_in(account("zhang", Role.ENGINEER, person="E3")),
    }  # fmt: skip


@pytest.fixture
def demonstration(unpinned):
    clock.demonstrate(unpinned, NOW)
    return unpinned


def sent(to: str, seen: datetime = NOW, after: str = "/org/people/") -> dict[str, str]:
    return {"to": to, "seen": seen.isoformat(), "next": after}


def moved() -> list[str]:
    return list(AuditEntry.objects.filter(action="clock.moved").values_list("label", flat=True))


def test_where_there_is_no_demonstration_nobody_can_move_the_clock_or_see_one(org, unpinned):
    for role in Role:
        who = signed_in(account(f"any-{role.value}", role))
        assert who.post(MOVE, sent("2099-01-04")).status_code in {403, 404}
        assert who.get("/demonstration/clock").status_code == 404
    assert "演示时钟" not in shown(signed_in(account("boss", Role.OWNER)), "/org/people/")
    assert (moved(), (ours.HOME / clock.FILE).exists(), clock.demonstrated()) == ([], False, None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_clock_that_is_pinned_for_a_process_is_not_the_demonstrations(demonstration, org, monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", "2026-12-24T09:00:00+08:00")
    assert clock.today("Asia/Shanghai") == date(2026, 12, 24)
    assert signed_in(account("boss", Role.OWNER)).post(MOVE, sent("2026-12-28")).status_code == 404
    assert moved() == []


def test_the_day_moves_for_everybody_and_is_on_the_trail(company, demonstration):
    assert "2026-11-06 09:00 周五" in shown(company["zhang"], "/")
    before = Announcement.objects.filter(topic="clock").count()
    answer = company["hr"].post(MOVE, sent("2026-11-09"))
    assert (answer.status_code, answer["Location"]) == (302, "/org/people/")
    assert "2026-11-09 09:00 周一" in shown(company["zhang"], "/")
    assert "到下一个工作日 11-10" in shown(company["hr"], "/org/people/")
    assert (moved(), Announcement.objects.filter(topic="clock").count()) == (["2026-11-09"], before + 1)
    # Another process, or the same after a restart, reads the file.
    clock._read.cache_clear()
    assert clock.now(demonstration) == NOW + timedelta(days=3)


def test_a_page_that_was_open_is_told_of_the_new_day(company, demonstration):
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/org/people/"}
    here = "/demonstration/clock?day=2026-11-06"
    assert "刷新本页" not in company["hr"].get(here, **asked).content.decode()
    company["hr"].post(MOVE, sent("2026-11-09"))
    bar = company["hr"].get(here, **asked).content.decode()
    assert "刷新本页" in bar
    assert 'name="next" value="/org/people/"' in bar


@pytest.mark.parametrize("to", ["2026-11-06", "2026-11-05", "2027-02-07", "soon"])
def test_it_moves_forward_only_and_not_too_far(company, demonstration, to):
    answer = company["hr"].post(MOVE, sent(to))
    assert (answer.status_code, "只能往后移" in text(answer.content.decode())) == (400, True)
    assert (moved(), clock.now()) == ([], NOW)


def test_two_who_press_at_once_move_it_once(company, demonstration):
    assert company["hr"].post(MOVE, sent("2026-11-09")).status_code == 302
    assert company["hr"].post(MOVE, sent("2026-11-10")).status_code == 409
    assert moved() == ["2026-11-09"]


def test_only_who_sets_up_the_organisation_moves_it(company, demonstration):
    assert company["zhang"].post(MOVE, sent("2026-11-09")).status_code == 403
    page = shown(company["zhang"], "/")
    assert ("演示时钟" in page, "到下一个工作日" in page) == (True, False)
    assert moved() == []
