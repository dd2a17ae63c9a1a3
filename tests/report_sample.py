"""An invented department, scored and settled by the real core, for the tests of the report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from fuxiao.base.exact_yaml import load_exact
from fuxiao.core.bonus.earner import Adjustment, Earner
from fuxiao.core.bonus.piece import Output
from fuxiao.core.bonus.plan import Plan, read_plan
from fuxiao.core.bonus.settle import settle
from fuxiao.core.calendar import parse_calendar
from fuxiao.core.clock import RESOLUTION, Event, EventType, Ledger, case_history, run_clock
from fuxiao.core.fairness.casemix import standardise
from fuxiao.core.fairness.intervals import wilson
from fuxiao.core.fairness.strata import Rates, company_rates
from fuxiao.core.gaming.choosing import cherry_picking
from fuxiao.core.gaming.closing import close_and_reopen, mass_closing
from fuxiao.core.indicator import Interval, Value, standing
from fuxiao.core.period import Period, parse_period
from fuxiao.core.process.flow import Flow, flow
from fuxiao.core.process.journey import Hold, journeys
from fuxiao.core.process.network import Network, network
from fuxiao.core.process.waste import Category, CostItem, cost_of_poor_quality
from fuxiao.core.score import IndicatorInfo, Scheme, ScoreEvent, Subject, read_scheme, score_group
from fuxiao.core.target import Target
from fuxiao.core.worktime import WorkTime
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.metrics.library import built_in
from fuxiao.performance.roster import Member, Roster, Team
from fuxiao.report.source import CasePage, CaseRow, DataQuality, FaultLine, LoadLine, PastScore, ReportInput

SOURCE = Path(__file__).parent.parent / "src" / "fuxiao"
PERIOD = parse_period("2026-10")
MONTHS = 9
ENGINEERS = (
    "张伟", "李敏", "王磊", "刘洋", "陈静", "杨帆", "赵强", "黄丽", "周涛", "吴昊", "徐佳", "孙鹏", "马超", "朱琳",
    "高翔", "罗兰", "梁宇", "宋雨",
)  # fmt: skip
AGENTS = ("胡杰", "郭欣", "林峰", "何雪")
HOSTILE = "<img src=x onerror=alert(1)>\"'&"
EVENTS = {"E02": (ScoreEvent("rescue", confirmed=True), ScoreEvent("accepted_idea", confirmed=True))}
VETO = ScoreEvent("SAF", confirmed=True, evidence="AQ-17", decided_by="E99", approved_by="E98")
COUNTED = {
    "FTF": (80, 6, 96), "ONT": (91, 5, 104), "A24": (90, 6, 98), "RPR": (5, 2, 92), "CSAT": (94, 3, 61),
    "OPR": (97, 2, 44), "DOC": (97, 2, 118), "TRS": (93, 4, 160), "FCR": (70, 6, 150),
}  # fmt: skip
MEASURED = {
    "VPD": (Decimal("6.2"), Decimal("0.6"), 22),
    "FRT": (Decimal(38), Decimal(16), 210),
    "QA": (Decimal(88), Decimal(4), 24),
}


@cache
def scheme() -> Scheme:
    text = (SOURCE / "performance" / "templates" / "appliance.yaml").read_text(encoding="utf-8")
    known = {i.code: IndicatorInfo(i.direction, i.kind, i.counter) for i in built_in()}
    return read_scheme(load_exact(text), indicators=known)


@cache
def plan() -> Plan:
    return read_plan(load_exact((SOURCE / "incentives" / "templates" / "appliance.yaml").read_text(encoding="utf-8")))


def wave(*seed: int) -> Decimal:
    """A number from -1 to 1 that looks random and is always the same."""
    mixed = 2166136261
    for part in seed:
        mixed = (mixed ^ (part + 77)) * 16777619 % 2**32
        mixed ^= mixed >> 13
    return Decimal(mixed % 2001 - 1000) / 1000


def value(code: str, subject: str, period: str, level: int, *, few: bool = False) -> Value:
    """An indicator's figure, near its usual level."""
    definition = built_in().get(code).by(("person",))
    seed = (sum(map(ord, subject + code)), level, sum(map(ord, period)) * 7 + int(period[-2:]))
    if code in COUNTED:
        middle, spread, n = COUNTED[code]
        n = 12 if few else n + int(wave(*seed, 1) * 12)
        share = min(Decimal(100), max(Decimal(0), middle + level + spread * wave(*seed)))
        hits = int((share * n / 100).to_integral_value(ROUND_HALF_UP))
        return counted(definition, subject, period, hits, n)
    middle, spread, n = MEASURED[code]
    figure = (middle + spread * wave(*seed)).quantize(Decimal("0.01"))
    total = figure * n * definition.scale.denominator
    return Value(code, subject, period, figure, n, total, Decimal(n), standing=standing(n, minimum=definition.minimum))


def counted(definition: Indicator, subject: str, period: str, hits: int, n: int) -> Value:
    ends, rate = wilson(hits, n), definition.spread is Spread.PROPORTION
    interval = Interval(*(Decimal(str(round(100 * end, 4))) for end in (ends.low, ends.high))) if rate else None
    exact = (Decimal(100 * hits) / n).quantize(Decimal("0.000001"))
    return Value(
        definition.code, subject, period, exact, n, Decimal(hits), Decimal(n), interval,
        standing(n, minimum=definition.minimum), exclusions={"X1": n % 3, "X3": n % 4},
    )  # fmt: skip


def members(size: int) -> dict[str, Member]:
    people = {}
    for at in range(size):
        agent = at % 5 == 4
        name = AGENTS[at // 5 % 4] if agent else ENGINEERS[at % len(ENGINEERS)]
        name += "" if at < 18 else str(at)
        role, team = ("desk_agent", "T3") if agent else ("field_engineer", "T1" if at % 2 else "T2")
        people[f"E{at:02d}"] = Member(f"E{at:02d}", HOSTILE if at == 3 else name, role, team, base=Decimal(2000))
    return people


def previous(count: int) -> list[Period]:
    """The periods up to this one, oldest first."""
    periods = [PERIOD]
    while len(periods) < count:
        periods.insert(0, periods[0].previous())
    return periods


def history(roster: Roster) -> dict[tuple[str, str], list[Value]]:
    found: dict[tuple[str, str], list[Value]] = {}
    for at, member in enumerate(roster.members.values()):
        for item in scheme().role(member.role).items:
            few = at == 6 and item.indicator == "CSAT"
            skill = {5: -22, 8: 13}.get(at, (at * 5) % 13 - 8)
            for period in previous(MONTHS):
                made = value(item.indicator, member.person, period.key, skill, few=few)
                found.setdefault((member.person, item.indicator), []).append(made)
    return found


def subjects(roster: Roster, values: dict[tuple[str, str], list[Value]]) -> list[Subject]:
    made = []
    for at, member in enumerate(roster.members.values()):
        codes = [item.indicator for item in scheme().role(member.role).items]
        own = {code: values[member.person, code][-1] for code in codes}
        if at == 9:  # long ill: next to nothing to score
            own = {code: own[code] for code in codes[:2]}
        events = EVENTS.get(member.person, ()) + ((VETO,) if at == 11 else ())
        made.append(
            Subject(member.person, member.role, own, member.team, {"VPD": Target(norm=Decimal("6.0"))}, events=events)
        )
    return made


def case_page(subject: str, code: str) -> CasePage:
    lower = code == "RPR"
    rows = [
        CaseRow(
            "GD-2610-0418", "华星电器 · 压缩机更换后再次停机", Decimal(int(lower)), Decimal(1), tags=("返修 2 次",)
        ),
        CaseRow("GD-2610-1173", f"海岚制冷 · 控制板故障 {HOSTILE}", Decimal(0), Decimal(1)),
        CaseRow("GD-2610-0926", "瑞丰医疗 · 冷凝水泄漏", None, None, reason="X3"),
    ]
    return CasePage(tuple(rows), 118)


@cache
def working_hours() -> WorkTime:
    week = {"mon-sat": ["08:30-12:00", "13:00-17:30"]}
    return WorkTime(parse_calendar({"key": "weekdays", "zone": "Asia/Shanghai", "week": week}))


def ledgers(case: str, code: str) -> list[Ledger]:
    if not case.endswith("0418"):
        return []
    start = int(datetime(2026, 10, 12, 8, 20, tzinfo=UTC).timestamp())
    steps = ((0, EventType.CREATED, None), (900, EventType.RESPONDED, None), (3600, EventType.PEND_START, "customer"),
             (61200, EventType.PEND_END, "customer"), (90000, EventType.RESOLVED, None))  # fmt: skip
    events = [Event(at=start + at, seq=seq, type=kind, kind=whom) for seq, (at, kind, whom) in enumerate(steps)]
    ledger = run_clock(case_history(events), RESOLUTION, working_hours())
    return [] if ledger is None else [ledger]


def process() -> tuple[Network, Flow]:
    start = datetime(2026, 10, 5, 9, tzinfo=UTC)
    holds = []
    for at in range(60):
        moment = start + timedelta(hours=7 * at)
        route = ("D1", "T1", "P1", "T1") if at % 3 == 0 else ("D1", "T2") if at % 3 == 1 else ("D1", "T1", "D1")
        for step, unit in enumerate(route):
            wait = timedelta(hours=20 + at % 9) if unit == "P1" else timedelta(minutes=25 + at % 17)
            moment += wait if step else timedelta(0)
            holds.append(Hold(f"c{at}", unit, moment, moment + timedelta(minutes=40)))
            moment += timedelta(minutes=40)
    found = journeys(holds)
    return network(found), flow(found)


def earners(roster: Roster, scores: object) -> list[Earner]:
    made = []
    for card in scores.cards:
        member = roster.members[card.subject]
        values = {
            line.indicator: line.value.value for line in card.items if line.value and line.value.value is not None
        }
        output = (
            Output("repair", Decimal(74)),
            Output("installation", Decimal(21)),
            Output("major_repair", Decimal(6)),
        )
        made.append(
            Earner(
                person=card.subject, role=member.role, name=member.name, team=member.team, base=member.base,
                score=card.total, grade=card.grade, coefficient=card.coefficient, rated=card.rated,
                attended=Decimal(20), scheduled=Decimal(22), indicators=values,
                output=output if member.role == "field_engineer" else (),
                vetoes=frozenset({"SAF"}) if card.subject == "E11" else frozenset(),
            )
        )  # fmt: skip
    return made


def adjusted(values: dict[tuple[str, str], list[Value]]) -> dict[tuple[str, str], object]:
    people, strata, hits, trials = [], [], [], []
    for (person, code), series in values.items():
        if code == "FTF":
            for stratum, part in (("easy", 3), ("hard", 2)):
                people.append(person)
                strata.append((stratum,))
                trials.append(int(series[-1].n * part / 5))
                hits.append(int(series[-1].n * part / 5 * (0.9 if stratum == "easy" else 0.7)))
    rates: Rates = company_rates(strata, hits, trials)
    return {(one.subject, "FTF"): one for one in standardise(people, strata, hits, trials, rates=rates)}


TEAM_ROLES = (("T1", "field_engineer"), ("T2", "field_engineer"), ("T3", "desk_agent"))


def team_subject(team: str, role: str) -> Subject:
    own = {item.indicator: value(item.indicator, team, PERIOD.key, 0) for item in scheme().role(role).items}
    return Subject(team, role, own, targets={"VPD": Target(norm=Decimal(6))})


def earlier(person: str) -> list[PastScore]:
    scores = []
    for at, period in enumerate(previous(8)[:-1]):
        own = Decimal(82) + at + 6 * wave(at, len(person) + ord(person[-1]))
        scores.append(PastScore(period, own.quantize(Decimal("0.01")), Decimal(84) + Decimal(at) / 2))
    return scores


@cache
def sample(size: int = 18) -> ReportInput:
    """The whole department of October 2026."""
    teams = {
        "T1": Team("T1", "华东服务一部", lead="E01"), "T2": Team("T2", "华东服务二部", lead="E02"),
        "T3": Team("T3", "客服中心", lead="E04"), "D1": Team("D1", "受理台"), "P1": Team("P1", "配件库"),
    }  # fmt: skip
    roster = Roster(PERIOD, members(size), teams)
    values = history(roster)
    people = subjects(roster, values)
    own_teams = [team_subject(team, role) for team, role in TEAM_ROLES]
    scores = score_group(scheme(), people, period=PERIOD.key, teams=own_teams)
    corrections = [Adjustment(person="E01", period="2026-09", amount=Decimal("-120.00"), reason="重复计件")]
    settlement = settle(
        plan(), earners(roster, scores), period=PERIOD.key, pools={"department": Decimal("12000.00")},
        adjustments=corrections, on=date(2026, 11, 8),
    )  # fmt: skip
    past = {person: earlier(person) for person in roster.members}
    net, whole = process()
    return ReportInput(
        period=PERIOD,
        made_at=datetime(2026, 11, 8, 1, 30, tzinfo=UTC),
        data_at=datetime(2026, 11, 5, 18, 0, tzinfo=UTC),
        zone="Asia/Shanghai",
        organisation="华星家电服务部",
        roster=roster,
        scores=scores,
        settlement=settlement,
        plan=plan(),
        indicators={indicator.code: indicator for indicator in built_in()},
        values=values,
        past=past,
        cases=case_page,
        ledgers=ledgers,
        adjusted=adjusted(values),
        signals=(
            cherry_picking("E05", easy_picked=45, picked=50, easy_offered=120, offered=200),
            close_and_reopen("E07", closed=80, reopened=2, new_same_device=9),
            mass_closing("E08", closed=40, closed_late=4),
        ),
        network=net,
        flow=whole,
        poor_quality=cost_of_poor_quality(
            [
                CostItem("repeat_visits", Category.EXTERNAL_FAILURE, Decimal(61), Decimal(180)),
                CostItem("compensation", Category.EXTERNAL_FAILURE, Decimal(1), Decimal("8420.50")),
                CostItem("rework", Category.INTERNAL_FAILURE, Decimal(38), Decimal(95)),
                CostItem("checks", Category.APPRAISAL, Decimal(240), Decimal(12)),
            ],
            service_cost=Decimal(412000),
        ),
        quality=DataQuality(
            (LoadLine("工单_2026-10.csv", 4218, 7), LoadLine("回访.xlsx", 1140, 0)),
            (FaultLine("日期无法识别", "cases", "opened_at", "退回", 5), FaultLine("重复行", "cases", "", "去重", 31)),
        ),
        digests={"definitions": "9f2c51d07ab3e6641188", "records": "41d7b80c92ffab3311aa", "code": "0.1.0"},
    )
