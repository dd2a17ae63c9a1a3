"""A new home folder: settings, calendar with public holidays and make-up workdays, service levels, scheme and plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from fuxiao.base.settings import parse_settings
from fuxiao.core.errors import StoreError

PACKS = ("appliance", "ecommerce", "saas")
CALENDARS = {
    "appliance": ("standard", "mon-sat", ("08:30-12:00", "13:30-18:00")),
    "ecommerce": ("standard", "mon-sun", ("09:00-23:00",)),
    "saas": ("standard", "mon-fri", ("09:00-12:00", "13:30-18:00")),
}
"""Key, working days and spans of each pack's calendar; a starting point to edit."""
CHINESE_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "PRC")

CURRENCY = "currency: CNY"
"""The line of a plan template that says in what it pays."""

SETTINGS = """\
# 公司设置 / the company's settings
name = {name}
zone = {zone}           # 时区 / time zone of all local days
currency = {currency}   # 币种 / currency of all amounts
language = {language}   # zh | en
calendar = "standard"   # 默认工作日历 / the work calendar that holds where no service level names another

# 结案时必须填写的字段 / what must be filled in when a case is resolved
mandatory = ["category", "fault_code", "resolution_code", "root_cause"]

[windows]
visit_tolerance_minutes = 15     # 上门准时的容差 / tolerance of an appointment
complaint_clock = "business"     # 投诉按工作时间（business）还是自然时间（calendar）计 / working hours, or hours on the clock
complaint_acknowledge_hours = 8  # 投诉首次响应时限 / first answer to a complaint
complaint_closing_hours = 56     # 投诉办结时限 / closing of a complaint
cut_off_workdays = 5             # 期末后几个工作日数据截止 / the data of a period closes so many working days after its end
"""
SERVICE_LEVELS = """\
# 服务级别：工作分钟。越具体的越优先（合同 > 工单类型 > 优先级）；工单自带时限时以工单为准。
# Service levels in business minutes. The most specific wins; a limit on the case itself comes before all of these.
policies:
  - {key: urgent, priority: P1, calendar: standard, first_response_minutes: 15, resolution_minutes: 240, valid_from: 2020-01-01}
  - {key: high, priority: P2, calendar: standard, first_response_minutes: 30, resolution_minutes: 480, valid_from: 2020-01-01}
  - {key: normal, calendar: standard, first_response_minutes: 60, resolution_minutes: 1440, valid_from: 2020-01-01}
"""
TARGETS = """\
# 目标：按岗位、班组或个人，有生效日；没有列出的用考核方案里的数字。
# Targets by role, team or person, with the day they start; what is not listed is taken from the scheme.
# - {indicator: FTF, role: field_engineer, floor: 70, target: 80, stretch: 88, valid_from: 2026-01-01, reason: 年度目标}
"""
EVENTS = """\
# 已核实的事件：加分项与一票否决。否决须有证据、确认人和另一位批准人，缺一不生效。
# Confirmed events: bonus points and vetoes. A veto needs evidence, who decided and a second person who approved.
# - {person: E001, kind: accepted_idea, on: 2026-10-12, confirmed: true, evidence: 提案 17, decided_by: E060}
"""


def make_home(folder: Path, *, pack: str, name: str, zone: str, currency: str, language: str) -> list[Path]:
    """Write a new home folder; the paths written.

    Raises ``StoreError`` (``home.exists``) where the folder already is one, ``DefinitionError`` for a zone or currency
    that cannot be: nothing of it is touched.
    """
    parse_settings({"name": name, "zone": zone, "currency": currency, "language": language})
    if (folder / "fuxiao.toml").exists():
        raise StoreError("home.exists", path=str(folder))
    made = []
    for path, text in _files(pack, name=name, zone=zone, currency=currency, language=language):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        made.append(target)
    return made


def _files(pack: str, *, name: str, zone: str, currency: str, language: str) -> Iterator[tuple[str, str]]:
    quoted = {"name": name, "zone": zone, "currency": currency, "language": language}
    yield "calendars/standard.yaml", calendar_text(pack, zone)
    yield "service_levels.yaml", SERVICE_LEVELS
    yield "targets.yaml", TARGETS
    yield "events.yaml", EVENTS
    yield f"schemes/{pack}.yaml", _template("fuxiao.performance", pack)
    yield f"plans/{pack}.yaml", _template("fuxiao.incentives", pack).replace(CURRENCY, f"currency: {currency}")
    # The settings come last: a folder without them is not a home folder yet.
    yield "fuxiao.toml", SETTINGS.format(**{k: json.dumps(v, ensure_ascii=False) for k, v in quoted.items()})


def _template(package: str, pack: str) -> str:
    return resources.files(package).joinpath("templates", f"{pack}.yaml").read_text(encoding="utf-8")


def calendar_text(pack: str, zone: str) -> str:
    """The pack's working week; in China with the public holidays and make-up workdays that are known."""
    key, days, spans = CALENDARS[pack]
    lines = [
        "# 工作日历：只有这些时间计入时限。Work calendar: only this time counts.",
        f"key: {key}",
        f"zone: {zone}",
        f"week: {{{days}: [{', '.join(json.dumps(span) for span in spans)}]}}",
    ]
    if zone in CHINESE_ZONES and pack == "saas":
        holidays, workdays = chinese_days()
        lines += ["# 法定节假日与调休 / public holidays and make-up workdays", "holidays:"]
        lines += [f"  - {day}" for day in holidays]
        lines += ["workdays:", *(f"  {day}: mon" for day in workdays)]
    elif zone in CHINESE_ZONES:
        holidays, _workdays = chinese_days(national_only=True)
        lines += [
            "# 春节放假，其余节假日照常服务；按本公司安排修改 / closed at the Spring Festival; edit as your company does"
        ]
        lines += ["holidays:", *(f"  - {day}" for day in holidays)]
    return "\n".join(lines) + "\n"


def chinese_days(*, national_only: bool = False) -> tuple[list[date], list[date]]:
    """Days off on weekdays and make-up workdays at weekends, for the years the library knows from 2020 on."""
    import chinese_calendar

    from fuxiao.org.calendar_text import known_years

    last = max(known_years())
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range((date(last + 1, 1, 1) - date(2020, 1, 1)).days)]
    off = [d for d in days if chinese_calendar.is_holiday(d) and (d.weekday() < 5 or national_only)]
    if national_only:
        spring = chinese_calendar.Holiday.spring_festival.value
        return [d for d in off if chinese_calendar.get_holiday_detail(d)[1] == spring], []
    return off, [d for d in days if d.weekday() >= 5 and chinese_calendar.is_workday(d)]
