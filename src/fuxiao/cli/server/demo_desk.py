"""The desk of the demonstration company on its morning: what the lake knows, rules, and two days of live cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fuxiao.cli.server.demo_field import fill_field
from fuxiao.cli.server.demo_promises import fill_promises
from fuxiao.cli.server.demo_voice import fill_voice
from fuxiao.cli.server.prepare import SYSTEM
from fuxiao.simulate.cases import PRIORITIES
from fuxiao.simulate.catalogue import PRODUCTS
from fuxiao.simulate.english import WORDS as ENGLISH

if TYPE_CHECKING:
    from fuxiao.org.models import Team
    from fuxiao.service.models import Case, Category, Device

CASES = 60
ASKED = (
    "怎么设置童锁", "咨询延保价格", "想了解以旧换新政策", "配送时间想改到周末", "发票抬头开错了", "滤网多久换一次",
    "遥控器能不能单独买", "搬家后怎么移机", "APP 连不上家里无线网", "保修卡丢了还能保修吗", "节能模式怎么开", "安装要收哪些费用",
)  # fmt: skip
"""What customers ask the desk; every fourth case is one of these."""
ASKED_IN_WORDS = (
    ("机器不转了，型号看不清，能先派人来看看吗", "黎女士", 52), ("上次修的又有响声，请安排回访", "冼先生", 34),
    ("店里两台机器都要清洗，想约下周一", "甘餐厅", 9),
)  # fmt: skip
"""What nobody can tell the product of, who asks, and how many minutes ago."""
FIELD = "field_engineer"
HOURS = 46
OPENS, CLOSES, OWLS = time(8), time(21), 0.06
"""When the desk is at work, and how many of those who would write at night do."""
ANSWERED = {"紧急": 9, "普通": 24, "低": 45}
"""Median minutes until the first response."""
LATER, OVERLOOKED = 90, 0.12
"""Who wrote so many minutes ago has an answer, but for the few that were overlooked."""
WORDS = {
    "customer": "客户出差，周末才在家", "parts": "缺主板，已申请配件", "third_party": "等物业开通高空作业",
}  # fmt: skip


def fill_desk(home: Path, *, at: datetime) -> int:
    """Adopt what the lake knows, and play the last two days through the desk's own actions; how many live cases.

    Nothing where the desk has live cases already.
    """
    from fuxiao.datasets.store import Store
    from fuxiao.service.actions.adopting import adopt_desk
    from fuxiao.service.models import CaseNumbers

    with Store.open(home) as store:
        adopt_desk(SYSTEM, store, at=at)
        here = at.astimezone(ZoneInfo(store.settings.zone))
    _named_in_english()
    if CaseNumbers.objects.exists():
        return 0
    teams = _teams()
    if not teams:
        return 0
    dice = Random(7)  # noqa: S311 - the same morning every time
    _rules(teams, at=at - timedelta(days=3))
    fill_promises(at=at - timedelta(days=3))
    moments = sorted(asked_at(dice, here) for _ in range(CASES))
    made = [_taken(dice, device, moment) for device, moment in zip(_devices(dice), moments, strict=False)]
    for case in made:
        _worked_on(dice, case, at=here)
    fill_field(at=at)
    fill_voice(at=at)
    _unassigned(at=at)
    return len(made)


def _named_in_english() -> None:
    """What the simulator calls things, also in English, and the most urgent priority first."""
    from django.db.models import F

    from fuxiao.service.models import Category, Choice, FaultCode, ListKind

    for model in (Choice, Category, FaultCode):
        for row in model._default_manager.filter(zh__in=ENGLISH, en=F("zh")):  # noqa: SLF001 - Django's public name for it
            row.en = ENGLISH[row.zh]
            row.save(update_fields=["en"])
    for place, key in enumerate(PRIORITIES, 1):
        Choice.objects.filter(kind=ListKind.PRIORITY, key=key).update(rank=10 * place)


def _teams() -> list[Team]:
    from fuxiao.org.models import Team

    return list(Team.objects.filter(kind=FIELD, memberships__position=FIELD).distinct().order_by("key"))


def _rules(teams: list[Team], *, at: datetime) -> None:
    """Questions go to the desk, and each kind of product has its team."""
    from fuxiao.org.models import Team
    from fuxiao.service.actions.setting_up import save_rule
    from fuxiao.service.models import AssignmentRule, Category

    for desk in Team.objects.filter(kind="desk_agent", memberships__isnull=False).distinct().order_by("key")[:1]:
        facts = {"name": f"咨询 → {desk.name}", "case_type": "咨询", "order": 5}
        save_rule(SYSTEM, AssignmentRule(team=desk), facts, version=0, at=at)
    for place, category in enumerate(Category.objects.order_by("key")):
        team = _team_for(category, teams, place)
        rule = AssignmentRule(team=team)
        facts = {"name": f"{category.zh} → {team.name}", "category": category, "order": 10 * (place + 1)}
        save_rule(SYSTEM, rule, facts, version=0, at=at)


def _team_for(category: Category, teams: list[Team], place: int) -> Team:
    special = [team for team in teams if team.name.startswith(category.zh)]
    usual = [team for team in teams if not team.name.startswith("商用")] or teams
    return special[0] if special else usual[place % len(usual)]


def _devices(dice: Random) -> Iterator[Device]:
    from fuxiao.service.models import Device

    found = Device.objects.select_related("product__category", "customer").filter(
        product__category__isnull=False, customer__isnull=False
    )  # fmt: skip
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    for key in dice.sample(keys, min(CASES, len(keys))):
        yield found.get(pk=key)


def _taken(dice: Random, device: Device, moment: datetime) -> Case:
    """A customer calls, or asks online, about a device with one of its usual faults."""
    from fuxiao.service.actions.intake import CUSTOMER, Intake, take_in

    category = device.product.category if device.product else None
    name = category.zh if category else ""
    product = next((each for each in PRODUCTS if each.name == name), PRODUCTS[0])
    question = dice.random() < 0.25
    asked = Intake(
        title=dice.choice(ASKED) if question else dice.choice(product.faults)[2], device=device, category=category,
        case_type="咨询" if question else "报修",
        channel=dice.choice(("电话", "电话", "微信", "APP")),
        priority=dice.choices(("普通", "紧急", "低"), (6, 2, 2))[0],
    )  # fmt: skip
    return take_in(CUSTOMER, asked, at=moment, source="public")


def _unassigned(*, at: datetime) -> None:
    """Customers who do not say what it is about: no rule takes their requests, a dispatcher has to."""
    from fuxiao.service.actions.intake import CUSTOMER, Intake, take_in

    for title, name, ago in ASKED_IN_WORDS:
        asked = Intake(title=title, contact_name=name, channel="微信", priority="普通")
        take_in(CUSTOMER, asked, at=at - timedelta(minutes=ago), source="public")


def asked_at(dice: Random, at: datetime) -> datetime:
    """A moment of the last two days, seldom one of the night."""
    while True:
        asked = at - timedelta(minutes=dice.randrange(20, HOURS * 60))
        if OPENS <= asked.time() < CLOSES or dice.random() < OWLS:
            return asked


def at_work(dice: Random, moment: datetime) -> datetime:
    """The moment, or one of the next morning where nobody is at work."""
    if OPENS <= moment.time() < CLOSES:
        return moment
    day = moment.date() + timedelta(days=moment.time() >= CLOSES)
    return datetime.combine(day, OPENS, moment.tzinfo) + timedelta(minutes=dice.randrange(2, 50))


def _worked_on(dice: Random, case: Case, *, at: datetime) -> None:
    """The newest still wait, most are at work, some are paused, some are solved."""
    from fuxiao.core.case_life import Verb
    from fuxiao.core.clock import PauseKind
    from fuxiao.service.actions.life import Act, act

    end = dice.choices(("new", "accepted", "paused", "resolved"), (2, 5, 2, 3))[0]
    new = end == "new" and at - case.last_at < timedelta(minutes=LATER)
    if case.owner is None or new or dice.random() < OVERLOOKED:
        return
    answer = ANSWERED[case.priority] * dice.lognormvariate(0, 0.7)
    steps = [(answer / 3, Act(verb=Verb.ACCEPT)), (answer * 2 / 3, Act(verb=Verb.RESPOND))]
    if end == "paused":
        kind = dice.choice(list(PauseKind))
        steps.append((dice.randrange(20, 160), Act(verb=Verb.PEND, kind=kind, reason=WORDS[kind.value])))
    if end == "resolved":
        result = "远程指导" if case.case_type == "咨询" else "现场维修"
        steps.append((dice.randrange(40, 400), Act(verb=Verb.RESOLVE, resolution_code=result, root_cause="元器件老化")))
    moment = case.last_at.astimezone(at.tzinfo)
    viewer = replace(SYSTEM, name=case.owner.name, person=case.owner.number)
    for minutes, asked in steps:
        moment = at_work(dice, moment + timedelta(minutes=round(minutes)))
        if moment >= at:
            return
        act(viewer, case.number, asked, at=moment)
