"""A lake of its own for tests of the desk, and people doing a case in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fuxiao.core.case_life import Verb
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store
from fuxiao.org.publish import publish as publish_organisation
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Case
from fuxiao.service.publish import publish
from fuxiao.studio.packs import make_home
from web.conftest import NOW


@contextmanager
def lake_of(folder: Path) -> Iterator[Store]:
    """A home folder with the organisation in its lake."""
    make_home(folder, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    publish_organisation(folder, at=NOW)
    with Store.open(folder, threads=1) as opened:
        yield opened


def carried(store: Store, *, cut_off: datetime) -> None:
    """Everything that happened at the desk is in the lake and in its facts."""
    while publish(store.home, at=NOW, carried_at=NOW):
        pass
    build_facts(store, cut_off=cut_off)
    store.refresh()


def taken(desk, who: str, *, at: datetime, **given: object) -> Case:
    """A case that the engineer of this number took and accepted."""
    given = {"team": desk.teams[{"E3": "T1", "E4": "T2"}[who]]} | given
    asked = Intake(title="不制冷", customer=desk.customer, device=desk.device, owner=desk.people[who], **given)
    case = take_in(desk.dispatcher, asked, at=at)
    viewer = {"E3": desk.engineer, "E4": desk.other}[who]
    return act(viewer, case.number, Act(verb=Verb.ACCEPT), at=at)


def resolved(desk, case: Case, *, at: datetime) -> Case:
    viewer = {"E3": desk.engineer, "E4": desk.other}[case.owner.number]
    act(viewer, case.number, Act(verb=Verb.RESPOND), at=at)
    return act(viewer, case.number, Act(verb=Verb.RESOLVE, resolution_code="repaired"), at=at)
