"""Settings for a home folder that fits the simulated company: calendars, service levels, targets, events, mappings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from fuxiao.simulate.calendar_days import Days, days_between
from fuxiao.simulate.cases import FIRST_RESPONSE_LIMIT, PRIORITIES, RESOLUTION_LIMIT
from fuxiao.simulate.layout import FILES
from fuxiao.simulate.run import ZONE
from fuxiao.simulate.texts import COMPANY
from fuxiao.simulate.truths import Truths
from fuxiao.simulate.writing import mapping_text

SETTINGS = f"""# 演示公司的设置 / Settings of the demonstration company
name = "{COMPANY}服务部"
zone = "{ZONE}"
currency = "CNY"
language = "zh"
calendar = "service"          # 对客户承诺的服务时间 / the hours promised to customers
mandatory = ["category", "fault_code", "resolution_code", "root_cause"]
no_access_points = "0.3"

[windows]
visit_tolerance_minutes = 15
complaint_acknowledge_hours = 24
complaint_closing_hours = 168
cut_off_workdays = 5
"""

SERVICE = f"""# 服务时间：每天 8 至 22 时，全年无休 / Service hours: every day from 8 to 22
key: service
zone: {ZONE}
week:
  mon-sun: ["08:00-22:00"]
"""

NO_PROCEDURE = "procedure: {}\n"
PROCEDURE = """procedure:
  draft:       {day: 2025-10-27, evidence: "《售后服务绩效奖金方案（草案）》第 3 稿"}
  discussion:  {day: 2025-11-14, evidence: "职工代表大会讨论记录，意见 17 条及答复"}
  agreement:   {day: 2025-11-28, evidence: "与工会平等协商会议纪要"}
  publication: {day: 2025-12-08, evidence: "公司公告 2025 年第 41 号及公示照片"}
  receipts:    {day: 2025-12-19, evidence: "全员签收表"}
"""
"""Five steps before the plan's first day, each with its proof."""

URGENCY = dict(zip(("urgent", "normal", "low"), PRIORITIES, strict=True))
LEARNED = date(2026, 1, 1)


def write_home(home: Path, *, truths: Truths, templates: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Write settings, calendars, service levels, targets, events and mappings into ``home``; return what was written.

    ``templates`` are further texts by path in the home folder, such as ``schemes/appliance.yaml`` and
    ``plans/appliance.yaml`` of the template pack; a plan without its procedure gets one with dates and proofs. Files
    that are there already are replaced.
    """
    days = days_between(date.fromisoformat(truths.first_day), date(int(truths.last_day[:4]), 12, 31))
    texts = {
        "fuxiao.toml": SETTINGS,
        "calendars/service.yaml": SERVICE,
        "calendars/field.yaml": _calendar("field", "mon-sat", ("08:30-18:00",), days),
        "calendars/office.yaml": _calendar("office", "mon-fri", ("09:00-12:00", "13:00-18:00"), days),
        "service_levels.yaml": _service_levels(),
        "targets.yaml": _targets(truths),
        "events.yaml": _events(truths),
        **{f"mappings/{file.stem}.toml": mapping_text(file, ZONE) for file in FILES},
        **{name: _in_force(text) for name, text in (templates or {}).items()},
    }
    for name, text in texts.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(home / name for name in texts)


def _in_force(text: str) -> str:
    """A template as the company uses it: a plan has been through the procedure without which nothing may be paid."""
    before, empty, _ = text.partition(NO_PROCEDURE)
    return before + PROCEDURE if empty else text


def _calendar(key: str, week: str, spans: tuple[str, ...], days: Days) -> str:
    """A work calendar with the public holidays and make-up workdays (调休) of the days."""
    hours = ", ".join(f'"{span}"' for span in spans)
    holidays = [days.on(i).isoformat() for i in range(len(days)) if days.holiday[i]]
    makeup = [days.on(i).isoformat() for i in range(len(days)) if days.makeup[i]]
    lines = [
        "# 法定节假日与调休上班日（国务院办公厅公布） / Public holidays and make-up workdays as published",
        f"key: {key}",
        f"zone: {ZONE}",
        "week:",
        f"  {week}: [{hours}]",
        "holidays:",
        *(f"  - {day}" for day in holidays),
        "workdays:",
        *(f"  {day}: mon" for day in makeup),
    ]
    return "\n".join(lines) + "\n"


def _service_levels() -> str:
    lines = ["# 首响和解决时限（服务时间内的分钟） / Limits in minutes of service hours", "policies:"]
    rows = zip(URGENCY.items(), FIRST_RESPONSE_LIMIT, RESOLUTION_LIMIT, strict=True)
    for (key, priority), first, resolution in rows:
        lines += [
            f"  - key: {key}",
            f"    priority: {priority}",
            "    calendar: service",
            f"    first_response_minutes: {first}",
            f"    resolution_minutes: {resolution}",
        ]
    return "\n".join(lines) + "\n"


VPD_NORMS = {"field_engineer": "4.3"}
HARD_TEAM_FTF = ("52", "64", "74")


def _targets(truths: Truths) -> str:
    """The norm of weighted visits a day, and a fair first-time-fix target for the team that gets the hard cases."""
    start = max(date.fromisoformat(truths.first_day), min(LEARNED, date.fromisoformat(truths.last_day))).replace(day=1)
    lines = ["# 目标：优先级 个人 > 班组 > 岗位 / Targets: a person's go before the team's and the role's"]
    for role, norm in VPD_NORMS.items():
        lines.append(
            f"- {{indicator: VPD, role: {role}, norm: {norm}, valid_from: {start}, decided_on: {start}, "
            "reason: 按上年中位数}"
        )
    if truths.hard_team:
        floor, target, stretch = HARD_TEAM_FTF
        lines.append(
            f"- {{indicator: FTF, team: {truths.hard_team}, floor: {floor}, target: {target}, stretch: {stretch}, "
            f"valid_from: {start}, decided_on: {start}, reason: 疑难机型占六成以上}}"
        )
    return "\n".join(lines) + "\n"


def _events(truths: Truths) -> str:
    """Two confirmed bonus events in the last month, and a veto that nobody approved; none where nobody was planted."""
    if not truths.better_engineer:
        return "[]\n"
    month, (lead, director) = truths.last_day[:7], truths.deciders
    rows = ((truths.better_engineer, "rescue", f"{month}-16"), (truths.honest[2], "accepted_idea", f"{month}-21"))
    lines = ["# 加分事件（已确认） / Bonus events, confirmed"]
    for person, kind, day in rows:
        lines.append(
            f"- {{person: {person}, kind: {kind}, on: {day}, confirmed: true, evidence: 班组周会纪要, "
            f"decided_by: {lead}, approved_by: {director}}}"
        )
    lines += [
        "# 一票否决须有第二审批人：下面这条缺审批人，只作提示，不生效",
        "# A veto needs a second approver: this one has none, so it is shown and does not count",
        (
            f"- {{person: {truths.honest[-1]}, kind: CHG, on: {month}-19, confirmed: true, evidence: 客户来电记录, "
            f"decided_by: {lead}, note: 收据待核实 / receipt still to be checked}}"
        ),
    ]
    return "\n".join(lines) + "\n"
