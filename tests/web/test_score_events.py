"""Events that schemes count: one person reports, another approves by the evidence, and only then does it count."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Role
from fuxiao.cli.server.demo_events import fill_events
from fuxiao.datasets.manifest import read_manifest, stored, write_manifest
from fuxiao.org.models import User
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.decisions import read_decisions
from fuxiao.performance.events.models import ReportedEvent, State
from fuxiao.web.lake import lake
from fuxiao.web.performance.live import live_cards
from web.conftest import account, queries_of, signed_in
from web.cycles_home import cycles_home
from web.test_cycles import OPEN, page, press
from web.test_figure_pages import shown

pytestmark = pytest.mark.django_db
EVENTS = """bonus: {cap: 5, rules: [{event: accepted_idea, points: 2}]}
vetoes:
  - {event: SAF, mode: grade_cap, grade: D}
  - {event: own_way, mode: zero, names: {zh: 私下接单, en: Side jobs}}
"""
REGISTER = "/performance/events/"
IDEA = {"person": "E3", "kind": "accepted_idea", "on": "2026-10-20", "count": "1", "evidence": "提案 17"}
ACCIDENT = {"person": "张伟", "kind": "SAF", "on": "2026-10-21", "count": "1", "evidence": "事故报告 3",
            "case": "E3-10-01"}  # fmt: skip
BY_HAND = """# 上线以前的 / from before
- {person: E3, kind: accepted_idea, on: 2026-09-02, confirmed: true, evidence: 提案 3, decided_by: E2, approved_by: E1}
"""


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    home = cycles_home(tmp_path_factory.mktemp("events") / "home")
    scheme = home / "schemes" / "small.yaml"
    scheme.write_text(scheme.read_text("utf-8") + EVENTS, "utf-8")
    return home


@pytest.fixture
def company(org, made_home, tmp_path, settings):
    """HR, 赵强 who manages all, 王芳 who leads 一组 with 张伟, an auditor."""
    settings.HOME = shutil.copytree(made_home, tmp_path / "home")
    given = {"hr": (Role.HR, None), "manager": (Role.MANAGER, "E1"), "lead": (Role.LEAD, "E2"),
             "zhang": (Role.ENGINEER, "E3"), "auditor": (Role.AUDITOR, None)}  # fmt: skip
    return {name: signed_in(account(name, role, person=person)) for name, (role, person) in given.items()}


def report(client, given) -> ReportedEvent:
    answer = client.post(REGISTER + "new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return ReportedEvent.objects.latest("id")


def act(client, event: ReportedEvent, what: str, reason: str = "") -> int:
    event.refresh_from_db()
    sent = {"version": event.version, "reason": reason}
    return client.post(f"{REGISTER}{event.pk}/{what}/", sent).status_code


def counted(settings) -> list[tuple[str, str]]:
    """Person and kind of all that scoring reads as confirmed."""
    found = read_decisions(settings.HOME).events
    return [(person, each.kind) for person, events in found.items() for each in events if each.confirmed]


def score_of(person: str) -> tuple[Decimal | None, str | None]:
    with lake() as store:
        card = live_cards(store, Cycle.objects.get())[person]
    return card.total, card.grade


def test_what_is_reported_counts_once_a_second_person_approves_and_no_longer_once_revoked(company, settings):
    company["hr"].post("/performance/cycles/new/", OPEN)
    before, grade = score_of("E3")
    idea, accident = report(company["lead"], IDEA), report(company["lead"], ACCIDENT)
    assert score_of("E3") == (before, grade)

    assert act(company["lead"], idea, "approve") == 403
    assert act(company["manager"], idea, "approve") == 302
    assert score_of("E3") == (before + 2, grade)

    # A safety incident caps the grade, whatever the score is; the person reads of it on the own scorecard.
    assert act(company["hr"], accident, "approve") == 302
    assert score_of("E3") == (before + 2, "D")
    assert "事故报告 3" in shown(company["zhang"], "/performance/?wait")
    row = read_decisions(settings.HOME).events["E3"][1]
    assert (row.evidence, row.decided_by, row.approved_by) == ("E3-10-01 · 事故报告 3", "E2", "hr")

    # What a mistake was is revoked: it is kept with its reason and counts no longer.
    assert act(company["hr"], accident, "revoke") == 400
    assert act(company["hr"], accident, "revoke", "不是本人当班") == 302
    assert score_of("E3") == (before + 2, grade)
    accident.refresh_from_db()
    assert (accident.state, accident.revoked_by_name, accident.revoked_because) == ("revoked", "hr", "不是本人当班")
    assert list(Notice.objects.filter(account__username="zhang").order_by("id").values_list("kind", flat=True)) == [
        "events.counts", "events.counts", "events.revoked",
    ]  # fmt: skip
    told = AuditEntry.objects.filter(kind="performance.event", key=str(accident.pk)).order_by("id")
    assert [each.action for each in told] == ["events.reported", "events.approved", "events.revoked"]
    assert all("张伟" not in each.label for each in told)
    trail = shown(company["hr"], "/audit/?who=hr")
    assert ("撤销加减分或否决事件" in trail, "不是本人当班" in trail) == (True, True)


def test_a_period_whose_data_is_closed_takes_no_more_events_and_keeps_those_it_had(company, settings):
    company["hr"].post("/performance/cycles/new/", OPEN | {"stages": []})
    before, _grade = score_of("E3")
    idea, late = report(company["lead"], IDEA), report(company["lead"], ACCIDENT)
    act(company["hr"], idea, "approve")
    press(company["hr"], Cycle.objects.get())
    score = CycleMember.objects.get(person="E3").scorecard.score
    assert score == before + 2

    assert act(company["hr"], late, "approve") == 400
    answer = company["lead"].post(REGISTER + "new/", IDEA | {"on": "2026-10-22"})
    assert "2026-10 的数据已经截止" in answer.content.decode()
    assert act(company["hr"], idea, "revoke", "重复") == 302
    assert counted(settings) == []
    assert CycleMember.objects.get(person="E3").scorecard.score == score
    assert f"{score:.2f}" in shown(company["hr"], page(Cycle.objects.get(), "E3"))
    assert report(company["lead"], IDEA | {"on": "2026-11-03"}).state == State.WAITING


def test_a_period_that_was_sealed_without_a_cycle_takes_no_more_either(company, settings):
    there = settings.HOME / "lake"
    seal = there / "seals" / "2026-09" / "seal.json"
    seal.parent.mkdir(parents=True)
    seal.write_text("{}", "utf-8")
    held = read_manifest(there)
    write_manifest(there, replace(held, seals={"seals/2026-09/seal.json": stored(there, seal, rows=0)}))

    assert "2026-09" in company["lead"].post(REGISTER + "new/", IDEA | {"on": "2026-09-30"}).content.decode()
    assert report(company["lead"], IDEA | {"on": "2026-10-01"}).state == State.WAITING


def test_what_is_refused_or_withdrawn_never_counts(company, settings):
    refused, withdrawn = report(company["lead"], IDEA), report(company["lead"], ACCIDENT)
    assert act(company["hr"], refused, "refuse") == 400
    assert act(company["hr"], refused, "refuse", "提案没有采纳") == 302
    assert act(company["hr"], withdrawn, "withdraw") == 403
    assert act(company["lead"], withdrawn, "withdraw") == 302

    assert counted(settings) == []
    assert act(company["hr"], refused, "approve") == 409
    assert "提案没有采纳" in shown(company["lead"], f"{REGISTER}{refused.pk}/")
    assert Notice.objects.get(account__username="lead").kind == "events.refused"


@pytest.mark.both
def test_two_who_decide_at_once_are_told_apart(company, settings):
    idea = report(company["lead"], IDEA)
    assert company["hr"].post(f"{REGISTER}{idea.pk}/approve/", {"version": 7}).status_code == 409
    assert counted(settings) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"person": "E2"}, "不能登记自己的事件"),
        ({"person": "E4"}, "不在您的管理范围内"),
        ({"person": "E9"}, "没有这个人"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"on": "2026-11-07"}, "不能晚于今天"),
        ({"count": "0"}, "次数要大于 0"),
        ({"kind": "SAF", "count": "2"}, "一票否决每次登记一件"),
        ({"evidence": " "}, "必填"),
        ({"case": "E3-10-99"}, "没有工单 E3-10-99"),
        ({"case": "E4-10-01"}, "没有工单 E4-10-01"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_what_was_given_kept(company, given, said):
    answer = company["lead"].post(REGISTER + "new/", IDEA | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "提案 17" in answer.content.decode() or "evidence" in given
    assert not ReportedEvent.objects.exists()


def test_a_second_person_is_asked_to_decide(company):
    account("owner", Role.OWNER)
    report(company["lead"], IDEA)
    report(company["hr"], ACCIDENT)

    told = Notice.objects.filter(kind="events.reported").order_by("id").values_list("account__username", "link")
    numbers = ReportedEvent.objects.order_by("id").values_list("pk", flat=True)
    first, second = (f"{REGISTER}{number}/" for number in numbers)
    assert sorted(told) == sorted(
        [("hr", first), ("manager", first), ("owner", second), ("manager", second), ("lead", second)]
    )


def test_neither_the_accused_nor_whoever_leads_elsewhere_is_asked_to_decide(company):
    account("elsewhere", Role.LEAD, person="E4")
    report(company["hr"], IDEA | {"person": "E2"})

    told = Notice.objects.filter(kind="events.reported").values_list("account__username", flat=True)
    assert list(told) == ["manager"]


def test_a_case_that_cannot_be_opened_is_refused_beside_its_field_in_the_language_of_the_reader(company):
    User.objects.filter(username="lead").update(language="en")
    answer = company["lead"].post(REGISTER + "new/", IDEA | {"case": "E4-10-01"})
    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (422, {"case": [
        "There is no case E4-10-01, or it is not in your reach. Check its number, or leave it empty."
    ]})  # fmt: skip
    assert report(company["manager"], IDEA | {"case": "E4-10-01"}).case == "E4-10-01"


@pytest.mark.both
def test_the_same_event_is_not_registered_twice(company):
    report(company["lead"], IDEA)
    assert "已经登记过" in company["hr"].post(REGISTER + "new/", IDEA).content.decode()
    assert report(company["hr"], IDEA | {"case": "E3-10-02"}).case == "E3-10-02"


def test_whom_it_is_about_neither_sees_it_in_the_register_nor_decides(company):
    about_the_lead = report(company["manager"], IDEA | {"person": "E2"})
    about_zhang = report(company["manager"], IDEA)
    own = f"{REGISTER}{about_the_lead.pk}/"

    assert company["lead"].get(own).status_code == 404
    assert act(company["lead"], about_the_lead, "approve") == 404
    assert own not in company["lead"].get(REGISTER).content.decode()
    assert f"{REGISTER}{about_zhang.pk}/" in company["lead"].get(REGISTER).content.decode()
    assert company["zhang"].get(REGISTER).status_code == 403


def test_the_auditor_reads_and_writes_nothing(company):
    idea = report(company["lead"], IDEA)
    assert "提案 17" in shown(company["auditor"], f"{REGISTER}{idea.pk}/")
    assert "登记事件" not in shown(company["auditor"], REGISTER)
    assert [act(company["auditor"], idea, what) for what in ("approve", "refuse", "revoke")] == [403, 403, 403]
    assert company["auditor"].post(REGISTER + "new/", IDEA).status_code == 403
    assert ReportedEvent.objects.get().state == State.WAITING


def test_what_was_written_by_hand_stays_in_the_file_and_is_listed(company, settings):
    path = settings.HOME / "events.yaml"
    path.write_text(BY_HAND, "utf-8")
    idea = report(company["lead"], IDEA | {"evidence": "提案 17：\n“先测压, 再换件”"})
    act(company["hr"], idea, "approve")

    assert path.read_text("utf-8").startswith(BY_HAND)
    assert [each.evidence for each in read_decisions(settings.HOME).events["E3"]] == ["提案 3", idea.evidence]
    rows = company["auditor"].get(REGISTER + "?tab=counts&form=csv").content.decode("utf-8-sig")
    days = [line.split(",")[0] for line in rows.splitlines() if line.startswith("2026-")]
    assert days == ["2026-10-20", "2026-09-02"]
    act(company["hr"], idea, "revoke", "重复")
    assert path.read_text("utf-8") == BY_HAND


@pytest.mark.parametrize("text", ["[]\n", "[{person: E3, kind: SAF}]\n", "  - {person: E3, kind: SAF}\n"])
def test_a_list_in_another_form_keeps_its_rows(company, settings, text):
    path = settings.HOME / "events.yaml"
    path.write_text(text, "utf-8")
    before = len(read_decisions(settings.HOME).events.get("E3", ()))
    idea = report(company["lead"], IDEA)
    act(company["hr"], idea, "approve")
    assert len(read_decisions(settings.HOME).events["E3"]) == before + 1
    act(company["hr"], idea, "revoke", "重复")
    assert len(read_decisions(settings.HOME).events.get("E3", ())) == before


@pytest.mark.parametrize(
    ("text", "page"),
    [("- {person: E3}\n", 200), ("- {person: E3, kind: SAF, on: soon}\n", 200), ("- {person: E3\n", 400)],
)
def test_a_file_that_is_not_sound_is_named_and_left_as_it_is(company, settings, text, page):
    path = settings.HOME / "events.yaml"
    idea = report(company["lead"], IDEA)
    path.write_text(text, "utf-8")

    answer = company["hr"].post(f"{REGISTER}{idea.pk}/approve/", {"version": idea.version})
    assert (answer.status_code, "events.yaml" in answer.content.decode()) == (400, True)
    assert path.read_text("utf-8") == text
    idea.refresh_from_db()
    assert idea.state == State.WAITING
    assert company["hr"].get(REGISTER).status_code == page


def test_the_kinds_are_those_of_the_schemes_in_their_words(company):
    form = company["lead"].get(REGISTER + "new/").content.decode()
    offered = [word for word in ("私下接单", "安全事故", "合理化建议被采纳", "违规收费") if word in form]
    assert offered == ["私下接单", "安全事故", "合理化建议被采纳"]


def test_the_demonstration_has_one_event_that_waits_and_is_not_reported_twice(company, settings):
    assert fill_events.call() is True
    made = ReportedEvent.objects.get()
    assert (made.person, made.state, made.reporter, made.case[:3]) == ("E3", State.WAITING, "E2", "E3-")
    assert f"{REGISTER}{made.pk}/" in company["hr"].get(REGISTER).content.decode()
    assert fill_events.call() is False
    assert counted(settings) == []


def test_a_register_without_events_says_what_it_is_for(company):
    assert "还没有登记过事件" in shown(company["lead"], REGISTER)


def test_the_register_costs_the_same_with_more_rows(company):
    report(company["lead"], IDEA)
    few = queries_of(company["lead"], REGISTER)
    for day in ("2026-10-21", "2026-10-22"):
        report(company["lead"], IDEA | {"on": day})
    assert queries_of(company["lead"], REGISTER) == few
