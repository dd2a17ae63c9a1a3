"""A scheme built, mended and taken back on pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.base.models import AuditEntry
from fuxiao.metrics.models import RuleState, RuleVersion
from web.rules_home import copy_of, figures_home, sent_by
from web.test_figure_pages import shown, text

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
ROLE = "/schemes/appliance/roles/desk_agent"
FRT, TRS = "roles.desk_agent.items[0]", "roles.desk_agent.items[1]"


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("schemes") / "home")


@pytest.fixture(autouse=True)
def own_home(made_home, tmp_path, settings):
    settings.HOME = copy_of(made_home, tmp_path / "home")
    return settings.HOME


def saved(client, address: str, **changes: str):
    """The form of a page as it stands with some fields changed, saved."""
    return client.post(address, {**sent_by(client, address), **changes, "do": "save"}, follow=True)


def test_a_scheme_shows_roles_weights_and_what_deserves_a_second_look(owner):
    page = shown(owner, "/schemes/appliance/")
    assert "平均首次响应时长 FRT 20 % 120 / 60 / 15 分钟" in page
    assert "合计 100 %" in page
    assert "客服专员：指标 按期解决率 没有制衡指标，理由：重开率由主管按周看；质检和满意度在本角色内。" in page
    assert "用它开始考核" in page


def test_items_without_data_are_marked_and_whoever_opens_a_cycle_is_told(owner):
    page = shown(owner, "/schemes/appliance/")
    assert "质检得分 QA 等待数据 20 %" in page
    assert "按期解决率 TRS 等待数据" not in page
    opening = shown(owner, "/performance/cycles/new/?scheme=appliance")
    assert "家电上门服务 · 上门工程师：95% 的权重还没有数据" in opening
    given = {"period": "2026-10", "scheme": "appliance", "rank_shown": "none", "appeal_days": "7"}
    opened = owner.post("/performance/cycles/new/", given)["Location"]
    board = shown(owner, f"{opened}?wait=1")
    assert "4 人还未评级" in board
    assert "— 未评级 进行中" in board


def test_positions_outside_the_scheme_are_named_where_a_cycle_is_opened(owner, own_home):
    path = own_home / "schemes" / "appliance.yaml"
    left_out = "家电上门服务：有 4 人的岗位不在方案里，不会参加考核：上门工程师 4 人"
    renamed = (
        path.read_text(encoding="utf-8").replace("field_engineer:", "roadman:").replace("上门工程师", "驻点工程师")
    )
    path.write_text(renamed.replace("Field engineer", "Resident engineer"), encoding="utf-8")
    assert left_out in shown(owner, "/performance/cycles/new/")


def test_a_position_called_like_a_role_of_the_scheme_is_scored_by_it(owner, own_home):
    path = own_home / "schemes" / "appliance.yaml"
    named = path.read_text(encoding="utf-8").replace(
        "zh: 上门工程师, en: Field engineer", "zh: 路上的人, en: field_engineer"
    )
    path.write_text(named.replace("  field_engineer:", "  roadman:"), encoding="utf-8")
    assert "人的岗位不在方案里" not in shown(owner, "/performance/cycles/new/")
    assert "方案里就有这个岗位" in shown(owner, "/schemes/appliance/positions")


def test_saving_a_role_unchanged_changes_nothing_of_the_scheme(owner):
    page = text(saved(owner, ROLE).content.decode())
    assert "已存为草稿第 2 版，可以试算了" in page
    assert "没有内容上的变化" in shown(owner, "/schemes/appliance/versions/2")


def test_a_weight_that_breaks_the_sum_is_said_where_it_is_and_kept_as_a_draft(owner, own_home):
    before = (own_home / "schemes" / "appliance.yaml").read_text(encoding="utf-8")
    page = text(saved(owner, ROLE, **{f"{FRT}.weight": "25"}).content.decode())
    assert "还有 1 处要改" in page
    assert "权重合计 105" in page
    assert "权重合计为 105，应为 100" in page
    assert "客服专员 · 平均首次响应时长 · 权重：20 → 25" in shown(owner, "/schemes/appliance/")
    assert (own_home / "schemes" / "appliance.yaml").read_text(encoding="utf-8") == before


def test_the_form_tells_the_sum_and_draws_the_curve_while_one_writes_and_keeps_nothing(owner):
    form = {**sent_by(owner, ROLE), f"{FRT}.weight": "5", f"{FRT}.curve.floor": "90"}
    answer = owner.post(f"{ROLE}/check", form, headers={"HX-Request": "true"}).content.decode()
    assert "权重合计为 85，应为 100" in answer
    assert "90 → 60" in answer
    assert RuleVersion.objects.count() == 0


def test_a_floor_on_the_wrong_side_of_the_target_is_refused_at_its_field(owner):
    form = {**sent_by(owner, ROLE), f"{FRT}.curve.floor": "10"}
    page = text(owner.post(ROLE, {**form, "do": "show"}).content.decode())
    assert "门槛、目标、挑战要同一方向：10 / 60 / 15" in page


def test_a_speed_indicator_without_its_counter_indicator_is_named_with_the_ones_that_would_do(owner):
    emptied = dict.fromkeys((f"{TRS}.counter_waived.zh", f"{TRS}.counter_waived.en", f"{TRS}.counter_in"), "")
    page = text(saved(owner, ROLE, **emptied).content.decode())
    assert "指标 TRS 缺少制衡指标" in page
    assert "须配制衡指标" in page


def test_why_there_is_no_counter_indicator_stands_in_both_languages_and_is_kept_so(owner):
    form = sent_by(owner, ROLE)
    assert form[f"{TRS}.counter_waived.en"] == "the lead watches reopens weekly; QA and CSAT are in this role"
    page = text(saved(owner, ROLE, **{f"{TRS}.counter_waived.zh": "主管每天看重开"}).content.decode())
    assert "指标 TRS 没有制衡指标，理由：主管每天看重开。" in page
    assert "the lead watches" not in page


def test_an_item_is_added_with_the_weight_that_is_left_and_taken_away_again(owner):
    form = {**sent_by(owner, ROLE), f"{FRT}.weight": "5"}
    more = owner.post(ROLE, {**form, "do": "add"}).content.decode()
    assert 'name="roles.desk_agent.items[6].weight" value="15"' in more
    less = owner.post(ROLE, {**form, "do": "remove:0"}).content.decode()
    assert "平均首次响应时长" not in text(less.split("<optgroup")[0])
    assert "roles.desk_agent.items[5].weight" not in less
    assert RuleVersion.objects.count() == 0


def test_whoever_saves_second_is_told_and_keeps_what_was_entered(owner):
    first, second = sent_by(owner, ROLE), {**sent_by(owner, ROLE), f"{FRT}.weight": "19"}
    owner.post(ROLE, {**first, "do": "save"})
    refused = owner.post(ROLE, {**second, "do": "save"})
    assert refused.status_code == 409
    assert 'name="roles.desk_agent.items[0].weight" value="19"' in refused.content.decode()
    assert RuleVersion.objects.filter(state=RuleState.DRAFT).count() == 1


def test_an_earlier_version_is_taken_up_again_and_nothing_is_lost(owner):
    saved(owner, ROLE, **{f"{FRT}.weight": "25"})
    token = sent_by(owner, "/schemes/appliance/versions/1", "/schemes/appliance/versions/1/restore")
    owner.post("/schemes/appliance/versions/1/restore", token)
    page = shown(owner, "/schemes/appliance/")
    assert "草稿 第 3 版" in page
    assert "草稿改了什么" not in page
    assert [v.number for v in RuleVersion.objects.order_by("number")] == [1, 2, 3]
    assert list(AuditEntry.objects.values_list("action", flat=True))[-2:] == ["rules.draft_saved", "rules.draft_saved"]


def test_grades_vetoes_and_points_are_changed_on_one_page(owner):
    saved(owner, "/schemes/appliance/rules", **{"grades.S": "96", "vetoes[4].event": "bribe", "vetoes[4].grade": "D"})
    page = shown(owner, "/schemes/appliance/")
    assert "等级下限 · S：95 → 96" in page
    assert "一票否决 · bribe" in page


def test_grades_out_of_order_are_refused_in_words(owner):
    page = text(saved(owner, "/schemes/appliance/rules", **{"grades.S": "80"}).content.decode())
    assert "等级下限要从高到低递减" in page


def test_a_template_is_a_draft_after_one_click(owner, own_home):
    page = owner.post("/schemes/new", {"source": "pack:saas", "key": "saas"}, follow=True)
    assert "草稿 第 1 版" in text(page.content.decode())
    assert not (own_home / "schemes" / "saas.yaml").exists()


def test_a_scheme_published_for_a_later_day_says_so_until_then(owner):
    owner.post("/schemes/new", {"source": "pack:saas", "key": "saas"})
    RuleVersion.objects.filter(key="saas").update(report={"done": True})
    assert 'name="since" value="2026-11-06"' in owner.get("/schemes/saas/").content.decode()
    sent = sent_by(owner, "/schemes/saas/", "/schemes/saas/publish")
    owner.post("/schemes/saas/publish", {**sent, "since": "2026-12-01", "reason": "首次启用"})
    page = shown(owner, "/schemes/saas/")
    assert "第 1 版已发布，2026-12-01 起生效；到那天就能用它开始考核。" in page
    assert ("生效中" in page, "一线支持" in page) == (False, True)
    assert "2026-12-01 起生效" in shown(owner, "/schemes/")
    taken = owner.post("/schemes/new", {"source": "pack:saas", "key": "saas"})
    assert taken.status_code == 422


def positions_saved(client, **chosen: str):
    """The roles chosen for these positions on a scheme's page of positions."""
    address = "/schemes/ecommerce/positions"
    token = sent_by(client, address)["token"]
    rows = {"position": list(chosen), "role": list(chosen.values())}
    return client.post(address, {"token": token, **rows}, follow=True)


def test_a_template_names_the_positions_that_none_of_its_roles_scores_until_somebody_says_which_does(owner):
    page = text(
        owner.post("/schemes/new", {"source": "pack:ecommerce", "key": "ecommerce"}, follow=True).content.decode()
    )
    assert "有 4 人的岗位不在方案里，他们不会有得分：上门工程师 4 人" in page
    page = text(positions_saved(owner, field_engineer="chat_agent").content.decode())
    assert "上门工程师 按在线客服考核" in page
    assert "公司现有的岗位都在方案里" in page
    assert "考核的岗位：设为 上门工程师" in page


def test_the_form_of_a_role_keeps_its_positions(owner):
    owner.post("/schemes/new", {"source": "pack:ecommerce", "key": "ecommerce"})
    positions_saved(owner, field_engineer="chat_agent")
    saved(owner, "/schemes/ecommerce/roles/chat_agent")
    assert "上门工程师 按在线客服考核" in shown(owner, "/schemes/ecommerce/")
    positions_saved(owner, field_engineer="")
    assert "上门工程师 按在线客服考核" not in shown(owner, "/schemes/ecommerce/")


def test_a_key_that_is_taken_is_refused(owner):
    answer = owner.post("/schemes/new", {"source": "blank", "key": "appliance"})
    assert answer.status_code == 422
    assert "且不与现有方案相同" in text(answer.content.decode())


def test_a_role_is_added_by_its_word_and_begins_empty(owner):
    owner.post("/schemes/new", {"source": "blank", "key": "mine", "name": "我的方案"})
    form = sent_by(owner, "/schemes/mine/", "/schemes/mine/roles")
    page = owner.post("/schemes/mine/roles", {**form, "role": "客服专员"}, follow=True)
    assert page.redirect_chain[-1][0] == "/schemes/mine/roles/desk_agent"
    assert "还没有考核项目" in text(page.content.decode())


def test_a_lead_reads_a_scheme_and_cannot_change_it(lead):
    assert "编辑" not in shown(lead, "/schemes/appliance/")
    assert lead.get(ROLE).status_code == 403
    assert lead.post("/schemes/new", {"source": "blank", "key": "x"}).status_code == 403
    assert RuleVersion.objects.count() == 0


def test_an_engineer_does_not_see_schemes_at_all(engineer):
    assert engineer.get("/schemes/").status_code == 403


def rules_saved(client, **changes: str) -> str:
    return text(saved(client, "/schemes/appliance/rules", **changes).content.decode())


def draft_plain() -> dict:
    from fuxiao.performance.scheme_text import scheme_plain

    return scheme_plain(RuleVersion.objects.order_by("number").last().text)


def test_saving_the_rules_unchanged_changes_nothing_of_the_scheme(owner):
    rules_saved(owner)
    assert "没有内容上的变化" in shown(owner, "/schemes/appliance/versions/2")


def test_a_gate_is_set_on_the_page_and_read_in_words(owner):
    gate = {"gates[0].indicator": "QA", "gates[0].least": "75", "gates[0].mode": "grade_cap", "gates[0].grade": "C",
            "gates[0].roles": "desk_agent"}  # fmt: skip
    rules_saved(owner, **gate)
    assert draft_plain()["gates"] == [
        {"indicator": "QA", "least": 75, "mode": "grade_cap", "grade": "C", "roles": "desk_agent"}
    ]
    assert "质检得分 ≥ 75 否则等级封顶 C" in shown(owner, "/schemes/appliance/")


def test_a_gate_without_a_bound_is_told_at_its_field(owner):
    page = rules_saved(owner, **{"gates[0].indicator": "QA", "gates[0].mode": "cap", "gates[0].limit": "80"})
    assert "门槛条件要写 least（至少）或 most（至多）" in page


def test_a_grade_comes_and_goes_with_its_coefficient(owner):
    rules_saved(owner, **{"grades.S": "", "ladder.name": "A+", "ladder.lower": "92"})
    assert list(draft_plain()["grades"].items()) == [("A+", 92), ("A", 85), ("B", 70), ("C", 60), ("D", 0)]
    assert "系数" in rules_saved(owner, **{"coefficients.A+": "1.4"})
    plain = draft_plain()
    assert (list(plain["coefficients"]), plain["coefficients"]["A+"]) == (["A+", "A", "B", "C", "D"], Decimal("1.4"))


def test_coefficients_are_worked_out_in_each_of_the_four_ways(owner):
    form = sent_by(owner, "/schemes/appliance/rules")
    page = owner.post("/schemes/appliance/rules", {**form, "coefficient_kind": "linear", "do": "show"})
    assert 'name="coefficients.bands.S[0]"' in page.content.decode()
    pairs = {"S": ("1.3", "1.5"), "A": ("1.1", "1.3"), "B": ("0.9", "1.1"), "C": ("0.8", "0.9"), "D": ("0.5", "0.5")}
    ends = {f"coefficients.bands.{name}[{n}]": pair[n] for name, pair in pairs.items() for n in (0, 1)}
    rules_saved(owner, coefficient_kind="linear", **ends)
    assert draft_plain()["coefficients"]["bands"]["A"] == [Decimal("1.1"), Decimal("1.3")]
    assert "A 85 1.1–1.3" in shown(owner, "/schemes/appliance/")
    rules_saved(owner, coefficient_kind="score")
    assert draft_plain()["coefficients"] == {"kind": "score"}
    rules_saved(owner, **{"coefficient_kind": "payout", "coefficients.curve.most_pays": "130"})
    assert draft_plain()["coefficients"] == {"kind": "payout", "curve": {"type": "payout", "most_pays": 130}}


def test_points_are_given_by_an_indicator_as_well_as_by_an_event(owner):
    row = {"bonus.rules[4].indicator": "CSAT", "bonus.rules[4].curve.beyond": "98", "bonus.rules[4].curve.each": "1",
           "bonus.rules[4].curve.cap": "2"}  # fmt: skip
    rules_saved(owner, **row)
    assert draft_plain()["bonus"]["rules"][3] == {
        "indicator": "CSAT", "curve": {"type": "bonus", "beyond": 98, "each": 1, "cap": 2}
    }  # fmt: skip


def test_an_item_that_people_judge_is_added_with_levels_in_words(owner):
    form = owner.post(ROLE, {**sent_by(owner, ROLE), "do": "judge", f"{FRT}.weight": "10"}).content.decode()
    assert 'name="roles.desk_agent.items[6].rubric[0].zh"' in form
    item = "roles.desk_agent.items[6]"
    judged = {
        "indicator": "judged_1",
        "weight": "10",
        "names.zh": "协作",
        "rated_by": "lead",
        "rubric[0].points": "100",
        "rubric[0].zh": "主动带新人",
        "rubric[1].points": "0",
        "rubric[1].zh": "拒绝配合",
    }
    judged = {f"{item}.{name}": text for name, text in judged.items()}
    page = text(saved(owner, ROLE, **{f"{FRT}.weight": "10"}, **judged).content.decode())
    assert "可以试算了" in page
    assert draft_plain()["roles"]["desk_agent"]["items"][6] == {
        "indicator": "judged_1", "weight": 10, "names": {"zh": "协作"},
        "rubric": [{"points": 100, "zh": "主动带新人"}, {"points": 0, "zh": "拒绝配合"}],
    }  # fmt: skip
    assert "协作 10 % 100 / 0 由人评价：直接主管" in shown(owner, "/schemes/appliance/")
