"""A cycle that was opened by mistake is called off while it runs: nothing of it is left but who did it and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.errors import Conflict
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.models import CalledOff, Cycle, CycleMember
from web.test_cycles import OPEN, company, cycle, lake, made_home, page, press
from web.test_figure_pages import shown

__all__ = ["company", "cycle", "lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
LIST = "/performance/cycles/"


def call_off(client, cycle, reason: str = "期间选错了"):
    return client.post(f"{LIST}{cycle.pk}/call-off/", {"reason": reason})


def test_it_is_gone_everywhere_and_stands_in_the_list_with_who_and_why(company, cycle):
    assert "平均首次响应时长" in shown(company["zhang"], "/performance/?wait")
    assert call_off(company["hr"], cycle).status_code == 302

    assert (Cycle.objects.count(), CycleMember.objects.count()) == (0, 0)
    listed = shown(company["hr"], LIST)
    assert ("已撤销" in listed, "期间选错了" in listed, "还没有考核周期" in listed) == (True, True, True)
    assert "平均首次响应时长" not in shown(company["zhang"], "/performance/?wait")
    assert company["zhang"].get(page(cycle, "E3")).status_code == 404
    assert company["hr"].get(f"{LIST}{cycle.pk}/").status_code == 404
    assert f"{LIST}{cycle.pk}/" not in company["hr"].get("/").content.decode()


def test_everybody_in_it_hears_why_and_the_trail_tells_who(company, cycle):
    call_off(company["hr"], cycle)
    told = Notice.objects.filter(kind="cycle.called_off").order_by("account__username")
    assert [each.account.username for each in told] == ["lead", "li", "zhang"]
    assert "理由：期间选错了" in shown(company["zhang"], "/notices/")
    entry = AuditEntry.objects.get(action="cycle.called_off")
    assert (entry.actor_name, entry.key, entry.new["reason"], entry.new["people"]) == (
        "hr",
        str(cycle.pk),
        "期间选错了",
        4,
    )


def test_a_reason_is_asked_for_and_nobody_but_hr_and_the_owner_may(company, cycle):
    assert call_off(company["hr"], cycle, "  ").status_code == 422
    assert [call_off(company[who], cycle).status_code for who in ("lead", "zhang")] == [403, 403]
    assert "call-off" not in company["lead"].get(f"{LIST}{cycle.pk}/").content.decode()
    assert f"{LIST}{cycle.pk}/call-off/" in company["hr"].get(f"{LIST}{cycle.pk}/").content.decode()
    assert Cycle.objects.count() == 1


def test_once_the_data_is_closed_it_cannot_be_called_off(company, cycle):
    press(company["hr"], cycle)
    answer = call_off(company["hr"], cycle)
    assert (answer.status_code, "数据已经截止" in answer.content.decode()) == (422, True)
    assert "call-off" not in company["hr"].get(f"{LIST}{cycle.pk}/").content.decode()
    assert (Cycle.objects.count(), CalledOff.objects.count()) == (1, 0)


def test_whoever_closes_the_data_of_a_cycle_called_off_meanwhile_is_told_so(company, cycle):
    call_off(company["hr"], cycle)
    everything = Viewer(None, "", reach=Reach.ALL, permissions=frozenset(Permission))
    moment = datetime(2026, 11, 6, 1, tzinfo=UTC)
    with pytest.raises(Conflict):
        advancing.cut_off(everything, cycle.pk, version=1, basis={}, as_of=moment, today=date(2026, 11, 6), at=moment)


def test_the_same_period_can_be_opened_again_by_another_scheme(company, cycle, lake):
    text = (lake / "schemes" / "small.yaml").read_text("utf-8")
    (lake / "schemes" / "other.yaml").write_text(text.replace("scheme: small", "scheme: other"), "utf-8")
    again = OPEN | {"scheme": "other"}
    assert company["hr"].post("/performance/cycles/new/", again).status_code == 400
    call_off(company["hr"], cycle)
    assert company["hr"].post("/performance/cycles/new/", again).status_code == 302
    assert Cycle.objects.get().scheme == "other"
