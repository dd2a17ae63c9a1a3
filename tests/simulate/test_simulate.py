"""The simulated company: what is planted stands out in the raw files by direct computation, and nobody else does."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from scipy.stats import fisher_exact, norm

from fuxiao.core.errors import InputError
from fuxiao.simulate import Truths, simulate
from fuxiao.simulate.layout import FILES, WORKBOOK, pool_of

Row = dict[str, str]
ENCODING = {file.name: file.encoding for file in FILES}
MOMENTS = {file.name: file.moments for file in FILES}
CHANCE = 1e-4
"""A chance so small that none of some fifty honest people may fall below it."""


def read(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding=ENCODING[name], newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the files are in local time


def hours(first: str, second: str, form: str = "%Y-%m-%d %H:%M:%S") -> float:
    return (datetime.strptime(second, form) - datetime.strptime(first, form)).total_seconds() / 3600  # noqa: DTZ007


@dataclass
class Company:
    folder: Path
    truths: Truths

    @cached_property
    def cases(self) -> dict[str, Row]:
        """Good rows only: the deliberate bad ones are left out."""
        bad = {fault.line for fault in self.truths.faults if fault.file == "工单.csv"}
        rows = enumerate(read(self.folder, "工单.csv"), start=2)
        return {row["工单号"]: row for line, row in rows if line not in bad}

    @cached_property
    def events(self) -> dict[str, list[Row]]:
        by_case: dict[str, list[Row]] = defaultdict(list)
        for row in read(self.folder, "工单流水.csv"):
            by_case[row["工单号"]].append(row)
        return by_case

    @cached_property
    def visits(self) -> dict[str, list[Row]]:
        by_case: dict[str, list[Row]] = defaultdict(list)
        for row in read(self.folder, "上门记录.csv"):
            if row["工程师"]:
                by_case[row["工单号"]].append(row)
        return by_case

    @cached_property
    def memberships(self) -> dict[str, list[list[Any]]]:
        by_person: dict[str, list[list[Any]]] = defaultdict(list)
        for row in self.sheet("任职"):
            by_person[row[0]].append(row)
        return by_person

    def sheet(self, name: str) -> list[list[Any]]:
        return CalamineWorkbook.from_path(self.folder / WORKBOOK).get_sheet_by_name(name).to_python()[1:]

    def team(self, person: str, day: date) -> str:
        """The team on that day; nothing where the person was not employed."""
        for _, team, _, start, end, *_ in self.memberships[person]:
            if start <= day and (end == "" or day < end):
                return str(team)
        return ""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    return Company(folder, simulate(folder, seed=7, start=date(2025, 11, 1), months=12))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate(tmp_path / name, seed=seed, months=1)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert (tmp_path / "a" / "工单.csv").read_bytes() != (tmp_path / "c" / "工单.csv").read_bytes()


def test_fewer_than_eight_people_or_a_broken_span_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"simulate\.too_few_people"):
        simulate(tmp_path, seed=1, people=7)
    with pytest.raises(InputError, match=r"simulate\.bad_span"):
        simulate(tmp_path, seed=1, start=date(2026, 1, 2))


def test_a_long_simulation_tells_month_by_month_how_far_it_is(tmp_path: Path) -> None:
    done: list[int] = []
    simulate(tmp_path, seed=1, people=8, months=3, progress=done.append)
    assert done == [1, 2, 3]


@pytest.mark.parametrize(("people", "pool"), [(60, 20_000), (10, 3_300), (10_000, 3_333_300)])
def test_a_larger_company_shares_a_larger_pool(people: int, pool: int) -> None:
    assert pool_of(people) == pool


@pytest.mark.parametrize("people", [8, 10, 25, 41])
def test_small_companies_work_too(tmp_path: Path, people: int) -> None:
    truths = simulate(tmp_path, seed=2, people=people, months=1)
    assert len(Company(tmp_path, truths).sheet("人员")) == people
    assert (truths.cherry_picker == "") == (people < 40)


def test_five_hundred_people_have_own_names_and_branches(tmp_path: Path) -> None:
    company = Company(tmp_path, simulate(tmp_path, seed=5, people=500, months=1))
    people = company.sheet("人员")
    assert len({row[0] for row in people}) == len({row[1] for row in people}) == 500
    teams = {row[0] for row in company.sheet("组织")}
    assert {"广州分公司", "东莞分公司", "广州商用空调组", "东莞商用空调组"} <= teams
    assert 10_000 < len(company.cases) < 20_000


def test_the_summer_brings_air_conditioners_and_the_winter_water_heaters(company: Company) -> None:
    by_month = Counter((row["受理时间"][5:7], row["产品类别"]) for row in company.cases.values())
    total = Counter(row["受理时间"][5:7] for row in company.cases.values())
    assert by_month["07", "空调"] > 3 * by_month["01", "空调"]
    assert by_month["01", "热水器"] > 3 * by_month["07", "热水器"]
    assert total["07"] > 1.5 * total["02"]
    assert total["07"] == max(total.values())


def test_every_actor_was_employed_that_day_and_worked_in_the_unit_named(company: Company) -> None:
    for rows in company.events.values():
        for row in rows:
            if row["操作人"]:
                day = datetime.strptime(row["操作时间"], MOMENTS["工单流水.csv"]).date()  # noqa: DTZ007
                team = company.team(row["操作人"], day)
                assert team, row
                assert row["操作"] != "派工" or team == row["转出单位"], row


def test_what_happens_to_a_case_happens_in_order(company: Company) -> None:
    steps = ("受理时间", "首次响应时间", "派工时间", "到场时间", "解决时间", "结案时间")
    for row in company.cases.values():
        told = [row[step] for step in steps if row[step]]
        assert told == sorted(told), row
        assert not row["接单时间"] or row["派工时间"] <= row["接单时间"] < row["到场时间"] or not row["到场时间"], row


def test_an_engineer_is_at_one_place_at_a_time_in_working_hours(company: Company) -> None:
    days: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for rows in company.visits.values():
        for row in rows:
            days[row["工程师"], row["到达时间"][:10]].append((row["到达时间"], row["离开时间"]))
    for visits in days.values():
        ordered = sorted(visits)
        assert all(left <= arrived for (_, left), (arrived, _) in pairwise(ordered)), ordered
        assert "08:00" <= ordered[0][0][11:] < "19:00"
        assert ordered[-1][1][11:] < "23:00"


def test_a_survey_is_sent_after_the_resolution_and_answered_after_that(company: Company) -> None:
    for row in read(company.folder, "满意度回访.csv"):
        resolved = company.cases[row["工单号"]]["解决时间"]
        assert resolved == "" or resolved < row["邀请时间"]
        assert row["答复时间"] == "" or row["邀请时间"] < row["答复时间"]
        assert (row["满意度"] == "") == (row["答复时间"] == "")


def test_most_first_visits_are_in_time_and_most_cases_are_answered_soon(company: Company) -> None:
    visits = [row for rows in company.visits.values() for row in rows]
    form = MOMENTS["上门记录.csv"]
    late = sum(hours(row["预约结束"], row["到达时间"], form) > 0.25 for row in visits)
    assert 0.05 < late / len(visits) < 0.16
    seen = [row for row in company.cases.values() if row["到场时间"]]
    assert 0.8 < sum(hours(row["受理时间"], row["到场时间"]) <= 24 for row in seen) / len(seen) < 0.95


def test_money_is_written_in_yuan_with_two_decimals(company: Company) -> None:
    bad = {fault.line for fault in company.truths.faults if fault.file == "费用明细.csv"}
    for line, row in enumerate(read(company.folder, "费用明细.csv"), start=2):
        assert line in bad or row["金额"].partition(".")[2].isdigit()
        assert line in bad or len(row["金额"].partition(".")[2]) == 2


def test_each_bad_row_stands_where_the_truths_say(company: Company) -> None:
    files = {fault.file: read(company.folder, fault.file) for fault in company.truths.faults}
    for fault in company.truths.faults:
        assert files[fault.file][fault.line - 2][fault.column] == fault.value
    kinds = {fault.kind for fault in company.truths.faults}
    assert {"impossible_date", "missing_key", "duplicate_row", "resolved_before_opened", "not_a_number"} <= kinds


def test_late_cases_are_of_the_last_month_but_one_and_stand_only_in_the_late_files(company: Company) -> None:
    late = read(company.folder, "工单_补录.csv")
    assert len(late) == company.truths.late_cases == 40
    assert {row["受理时间"][:7] for row in late} == {"2026-09"}
    numbers = {row["工单号"] for row in late}
    assert not numbers & set(company.cases)
    assert {row["工单号"] for row in read(company.folder, "工单流水_补录.csv")} == numbers
    assert not numbers & set(company.events)


def test_a_joiner_has_few_cases_a_leaver_none_after_leaving_and_movers_two_memberships(company: Company) -> None:
    truths = company.truths
    owned = Counter(row["责任人"] for row in company.cases.values())
    assert 0 < owned[truths.joiner] < 0.1 * owned[truths.better_engineer]
    assert company.memberships[truths.leaver][0][4] == date(2026, 7, 1)
    assert [len(company.memberships[person]) for person in truths.movers] == [2, 2, 2]


def picks(company: Company) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """By engineer and team: easy and other cases picked, and easy and other ones of the team's queue."""
    own: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    queue: dict[str, Counter[bool]] = defaultdict(Counter)
    for number, rows in company.events.items():
        for row in rows:
            if row["操作"] == "接单" and number in company.cases:
                easy = company.cases[number]["难度系数"] == "1.0"
                queue[row["转入单位"]][easy] += 1
                own[row["操作人"], row["转入单位"]][easy] += row["抢单"] == "是"
    return {
        (person, team): (count[True], count[False], queue[team][True], queue[team][False])
        for (person, team), count in own.items()
    }


def test_only_the_cherry_picker_takes_the_easy_cases(company: Company) -> None:
    results = {
        person: fisher_exact([[easy, other], [all_easy - easy, all_other - other]], alternative="greater")
        for (person, _), (easy, other, all_easy, all_other) in picks(company).items()
        if easy + other >= 20
    }
    planted = results.pop(company.truths.cherry_picker)
    assert planted.pvalue < 1e-12
    assert planted.statistic > 5
    assert set(results) <= {*company.truths.honest, *planted_engineers(company.truths)}
    assert min(result.pvalue for result in results.values()) > CHANCE


def planted_engineers(truths: Truths) -> Iterable[str]:
    return (truths.reopen_gamer, truths.survey_skipper, truths.better_engineer, truths.worse_engineer)


def returns(company: Company) -> dict[str, tuple[int, int, int]]:
    """By owner: cases closed, those reopened, and those followed within seven days by a new case for the device."""
    opened: dict[str, list[datetime]] = defaultdict(list)
    for row in company.cases.values():
        opened[row["设备序列号"]].append(moment(row["受理时间"]))
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in company.cases.values():
        if row["状态"] == "已结案":
            end = moment(row["解决时间"])
            later = any(0 < (start - end).total_seconds() <= 7 * 86400 for start in opened[row["设备序列号"]])
            counts = counted[row["责任人"]]
            counts[0], counts[1], counts[2] = counts[0] + 1, counts[1] + (row["重开时间"] != ""), counts[2] + later
    return {person: (n, shown, hidden) for person, (n, shown, hidden) in counted.items()}


def test_only_the_gamer_hides_returns_behind_new_cases(company: Company) -> None:
    hidden = {person: new / n for person, (n, _, new) in returns(company).items() if n >= 30}
    assert hidden.pop(company.truths.reopen_gamer) > 0.12
    assert max(hidden.values()) < 0.03


def test_only_the_survey_skipper_spares_unhappy_customers_the_survey(company: Company) -> None:
    invited = {row["工单号"] for row in read(company.folder, "满意度回访.csv")}
    counts: dict[str, dict[bool, list[int]]] = defaultdict(lambda: {True: [0, 0], False: [0, 0]})
    for number, row in company.cases.items():
        if row["状态"] == "已结案" and row["到场时间"]:
            bad = row["重开时间"] != "" or hours(row["受理时间"], row["解决时间"]) > 96
            counts[row["责任人"]][bad][number in invited] += 1
    p_values = {
        person: fisher_exact([both[False], both[True]], alternative="less").pvalue for person, both in counts.items()
    }
    assert p_values.pop(company.truths.survey_skipper) < 1e-12
    assert min(p_values.values()) > CHANCE


def test_only_the_over_compensator_pays_more_than_the_policy_allows(company: Company) -> None:
    paid: Counter[str] = Counter()
    excess: Counter[str] = Counter()
    for row in read(company.folder, "费用明细.csv"):
        if row["费用类别"] == "补偿" and row["审批人"] and row["金额"] != "一百二":
            cents, limit = round(float(row["金额"]) * 100), round(float(row["政策限额"]) * 100)
            paid[row["审批人"]] += cents
            excess[row["审批人"]] += max(0, cents - limit)
    share = {person: excess[person] / paid[person] for person in paid}
    assert share.pop(company.truths.over_compensator) > 0.3
    assert len(share) >= 8
    assert max(share.values()) < 0.04


def test_the_slow_hand_off_waits_longest_of_all(company: Company) -> None:
    waits: Counter[tuple[str, str]] = Counter()
    form = MOMENTS["工单流水.csv"]
    for rows in company.events.values():
        for row, following in pairwise(rows):
            if row["操作"] in {"转单", "派工"}:
                wait = hours(row["操作时间"], following["操作时间"], form)
                waits[row["转出单位"], row["转入单位"]] += round(wait * 3600)
    (worst, most), (_, second) = waits.most_common(2)
    assert worst == company.truths.slow_handoff
    assert most > 1.3 * second


def test_one_pair_of_units_plays_ping_pong(company: Company) -> None:
    sent, back = Counter[str](), Counter[str]()
    assert company.truths.ping_pong is not None
    desk, dispatch = company.truths.ping_pong
    for rows in company.events.values():
        moves = [(row["转出单位"], row["转入单位"]) for row in rows if row["操作"] == "转单"]
        if moves and moves[0][1] == dispatch:
            sent[moves[0][0]] += 1
            back[moves[0][0]] += (dispatch, moves[0][0]) in moves
    share = {unit: back[unit] / sent[unit] for unit in sent}
    assert share.pop(desk) > 0.15
    assert max(share.values()) < 0.03


def first_visits(company: Company) -> list[tuple[str, str, str, bool]]:
    """Engineer, unit, difficulty and whether the first visit mended it, of each visited case."""
    return [
        (rows[0]["工程师"], case["责任单位"], case["难度系数"], rows[0]["结果"] == "修复")
        for number, rows in company.visits.items()
        if (case := company.cases.get(number)) is not None
    ]


def expected(visits: list[tuple[str, str, str, bool]]) -> dict[str, float]:
    """Chance of a first-time fix in the whole company, by difficulty."""
    total, fixed = Counter(v[2] for v in visits), Counter(v[2] for v in visits if v[3])
    return {difficulty: fixed[difficulty] / total[difficulty] for difficulty in total}


def test_the_team_with_hard_cases_looks_bad_until_difficulty_is_allowed_for(company: Company) -> None:
    visits = first_visits(company)
    rate, overall = expected(visits), sum(v[3] for v in visits) / len(visits)
    own = [v for v in visits if v[1] == company.truths.hard_team]
    raw = sum(v[3] for v in own) / len(own)
    adjusted = overall + (sum(v[3] for v in own) - sum(rate[v[2]] for v in own)) / len(own)
    assert raw < overall - 0.1
    assert abs(adjusted - overall) < 0.03


def test_only_the_better_and_the_worse_engineer_differ_from_their_expected_first_time_fix(company: Company) -> None:
    visits = first_visits(company)
    rate = expected(visits)
    z: dict[str, float] = {}
    for engineer in {v[0] for v in visits}:
        own = [v for v in visits if v[0] == engineer]
        variance = sum(rate[v[2]] * (1 - rate[v[2]]) for v in own)
        z[engineer] = (sum(v[3] for v in own) - sum(rate[v[2]] for v in own)) / variance**0.5
    assert z.pop(company.truths.better_engineer) > 3
    assert z.pop(company.truths.worse_engineer) < -6
    assert max(abs(score) for score in z.values()) < norm.isf(CHANCE)
