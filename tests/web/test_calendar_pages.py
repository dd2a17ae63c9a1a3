"""Work calendars changed on the web: days, hours and public holidays; the file stays readable and checked."""

from __future__ import annotations

from datetime import date

import pytest

from fuxiao.base.calendars import read_calendars
from fuxiao.base.models import AuditEntry
from fuxiao.base.settings import read_settings
from fuxiao.org.calendar_actions import calendar_files
from fuxiao.org.models import Shift
from fuxiao.studio.packs import make_home

pytestmark = pytest.mark.django_db
TEXT = """\
# 总部日历 / head office
key: standard
zone: Asia/Shanghai
week: {mon-fri: ["09:00-18:00"]}   # 朝九晚六
# 放假 / days off
holidays:
  - 2026-10-01
  # 内部活动
  - 2026-10-09
# 其余 / the rest
special: {2026-12-31: ["09:00-12:00"]}
"""


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="saas", name="x", zone="Asia/Shanghai", currency="CNY", language="zh")
    (settings.HOME / "calendars" / "standard.yaml").write_text(TEXT, encoding="utf-8")
    return settings.HOME


def sent(home, **more: object) -> dict[str, object]:
    return {"digest": calendar_files(home)["standard"].digest, "year": 2026} | more


def standard(home):
    return read_calendars(home, read_settings(home))["standard"]


def test_the_year_shows_workdays_holidays_and_special_days(home, owner):
    months = dict(owner.get("/org/calendars/?year=2026").context["months"])
    kinds = {cell.day: (cell.kind, cell.hours) for weeks in months.values() for week in weeks for cell in week if cell}
    assert len(kinds) == 365
    assert kinds[date(2026, 10, 1)] == ("holiday", "")
    assert kinds[date(2026, 10, 2)] == ("work", "09:00-18:00")
    assert kinds[date(2026, 10, 3)] == ("off", "")
    assert kinds[date(2026, 12, 31)] == ("special", "09:00-12:00")


def test_a_day_becomes_a_holiday_a_workday_and_usual_again(home, owner):
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-09", kind="holiday"))
    assert not standard(home).is_workday(date(2026, 11, 9))
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-14", kind="make-up"))
    assert [str(span) for span in standard(home).spans_on(date(2026, 11, 14))] == ["09:00-18:00"]
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-09", kind="usual"))
    assert standard(home).is_workday(date(2026, 11, 9))
    entry = AuditEntry.objects.filter(kind="org.calendar", key="standard").first()
    assert entry.old == {"holidays": ["2026-10-01", "2026-10-09"]}
    assert entry.new == {"holidays": ["2026-10-01", "2026-10-09", "2026-11-09"]}


def test_comments_of_the_parts_that_stay_are_kept(home, owner):
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-14", kind="make-up"))
    assert (home / "calendars" / "standard.yaml").read_text(encoding="utf-8") == (
        TEXT + 'workdays:\n  2026-11-14: ["09:00-18:00"]\n'
    )
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-10-09", kind="usual"))
    kept = (home / "calendars" / "standard.yaml").read_text(encoding="utf-8")
    assert kept.startswith("# 总部日历 / head office\nkey: standard\n")
    assert "# 放假 / days off\nholidays:\n  - 2026-10-01\n# 其余 / the rest\nspecial:" in kept


def test_the_published_days_of_a_year_are_taken_in_one_go(home, owner):
    owner.post("/org/calendars/standard/", sent(home, do="public", year=2025))
    after = standard(home)
    assert not after.is_workday(date(2025, 10, 8))
    assert after.is_workday(date(2025, 9, 28))
    assert date(2025, 10, 4) not in after.holidays
    assert date(2026, 10, 9) in after.holidays
    answer = owner.post("/org/calendars/standard/", sent(home, do="public", year=2140))
    assert answer.status_code == 400


def test_the_week_is_checked_before_it_is_saved(home, owner):
    before = (home / "calendars" / "standard.yaml").read_bytes()
    answer = owner.post("/org/calendars/standard/", sent(home, do="week", mon="09:00-12:00, 11:00-18:00"))
    assert answer.status_code == 400
    assert (home / "calendars" / "standard.yaml").read_bytes() == before
    assert not AuditEntry.objects.filter(kind="org.calendar").exists()
    owner.post("/org/calendars/standard/", sent(home, do="week", mon="08:30-12:00，13:30-18:00", sat="22:00-06:00"))
    assert [str(span) for span in standard(home).week[0]] == ["08:30-12:00", "13:30-18:00"]
    assert not standard(home).week[1]


def test_a_change_over_a_newer_one_is_refused(home, owner):
    stale = sent(home, do="day", day="2026-11-09", kind="holiday")
    owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-10", kind="holiday"))
    assert owner.post("/org/calendars/standard/", stale).status_code == 409
    assert standard(home).is_workday(date(2026, 11, 9))


def test_facts_are_made_anew_after_a_change(home, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as asked:
        owner.post("/org/calendars/standard/", sent(home, do="day", day="2026-11-09", kind="holiday"))
    assert [each.__self__.module_path for each in asked] == ["fuxiao.datasets.tasks.refresh_facts"]


def test_calendars_are_for_those_who_may_change_settings(home, lead):
    assert lead.get("/org/calendars/").status_code == 403
    assert lead.post("/org/calendars/standard/", sent(home, do="week", mon="")).status_code == 403


def test_a_shift_is_a_calendar_of_its_own_like_another_with_its_comments(home, owner):
    answer = owner.post("/org/calendars/new/", {"key": "夜班", "like": "standard"})
    assert answer.status_code == 302
    made = (home / "calendars" / "夜班.yaml").read_text(encoding="utf-8")
    assert made == TEXT.replace("key: standard", "key: 夜班")
    owner.post("/org/calendars/%E5%A4%9C%E7%8F%AD/", {
        "digest": calendar_files(home)["夜班"].digest, "year": 2026, "do": "week", "mon": "22:00-06:00",
    })  # fmt: skip
    assert [str(span) for span in calendar_files(home)["夜班"].calendar.week[0]] == ["22:00-06:00"]
    assert standard(home).is_workday(date(2026, 11, 6))
    assert AuditEntry.objects.filter(action="org.calendar_added", key="夜班").count() == 1


def test_an_installation_without_calendars_gets_its_first_from_the_page(home, owner):
    for path in (home / "calendars").iterdir():
        path.unlink()
    assert "新建日历" in owner.get("/org/calendars/").content.decode()
    owner.post("/org/calendars/new/", {"key": "office", "like": ""})
    assert [str(span) for span in calendar_files(home)["office"].calendar.week[4]] == ["09:00-12:00", "13:00-18:00"]


@pytest.mark.parametrize("name", ["standard", "STANDARD", "always", "", "../out", "a b", "x" * 41, ".hidden"])
def test_a_name_that_is_taken_or_none_makes_no_calendar(home, owner, name):
    before = sorted(path.name for path in home.rglob("*.yaml"))
    assert owner.post("/org/calendars/new/", {"key": name, "like": ""}).status_code == 400
    assert sorted(path.name for path in home.rglob("*.yaml")) == before


def test_whoever_is_put_on_a_shift_works_by_it_from_that_day_on(home, owner):
    owner.post("/org/calendars/new/", {"key": "night", "like": ""})
    assert owner.post("/org/people/E3/shift/", {"calendar": "night", "since": "2026-11-09"}).status_code == 302
    owner.post("/org/people/E3/shift/", {"calendar": "standard", "since": "2026-11-16"})
    page = owner.get("/org/people/E3/").content.decode()
    assert page.index("2026-11-16") < page.index("2026-11-09")
    assert [(each.day.day, each.hours) for each in owner.get("/org/people/E3/").context["week_ahead"]][2:4] == [
        (8, ""), (9, "09:00-12:00, 13:00-18:00"),
    ]  # fmt: skip
    assert "还没有人排在这个班次" in owner.get("/org/calendars/?key=night").content.decode()
    owner.post("/org/people/E3/shift/", {"calendar": "", "since": "2026-11-16"})
    assert list(Shift.objects.values_list("calendar", "valid_from", "valid_to")) == [
        ("night", date(2026, 11, 9), date(2026, 11, 16))
    ]  # fmt: skip


def test_a_shift_before_the_newest_one_or_the_hiring_changes_nothing(home, owner, lead):
    owner.post("/org/people/E3/shift/", {"calendar": "standard", "since": "2026-11-09"})
    for day in ("2026-11-01", "2020-01-01"):
        answer = owner.post("/org/people/E3/shift/", {"calendar": "", "since": day})
        assert answer.status_code == 422
    assert lead.post("/org/people/E3/shift/", {"calendar": "", "since": "2026-11-20"}).status_code == 403
    assert list(Shift.objects.values_list("calendar", "valid_to")) == [("standard", None)]
