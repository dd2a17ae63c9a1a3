"""A demonstration company with one click: who brings it in, where, and what if that breaks off."""

from __future__ import annotations

import pytest
from django.conf import settings as ours

from fuxiao.base.permissions import Role
from fuxiao.studio import sample
from fuxiao.studio.packs import make_home
from web.conftest import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.lake]


@pytest.fixture(autouse=True, scope="module")
def _small():
    """A small company is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "PEOPLE", 8)
        patch.setattr(sample, "MONTHS", 2)
        yield


@pytest.fixture
def own_home(tmp_path, settings):
    """A lake of this test alone."""
    settings.HOME = made(tmp_path / "home")


@pytest.fixture
def boss(own_home, db):
    """The owner of an installation without people."""
    return signed_in(account("boss", Role.OWNER))


def made(home):
    make_home(home, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    return home


def said(client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_it_never_comes_into_an_installation_with_data(own_home, owner):
    assert "想先看看样子" not in said(owner)
    assert owner.post("/start/sample/fill").status_code == 400
    assert sample.sample(ours.HOME) is None


def test_only_who_may_write_people_and_data_brings_it_in(boss):
    manager = signed_in(account("manager", Role.MANAGER))
    assert "想先看看样子" not in said(manager)
    assert manager.post("/start/sample/fill").status_code == 403
    assert boss.get("/start/sample").status_code == 302


def test_one_that_broke_off_can_be_removed(boss, monkeypatch):
    calls = []

    def breaks(*given, **named):
        calls.append(given)
        if len(calls) > 3:
            raise OSError("the disk is full")
        return importing(*given, **named)

    importing = sample.import_file
    monkeypatch.setattr(sample, "import_file", breaks)
    boss.post("/start/sample/fill")
    assert sample.sample(ours.HOME).state == sample.FAILED
    assert "没有完整填入" in said(boss)
    boss.post("/start/sample/remove")
    monkeypatch.undo()
    assert sample.sample(ours.HOME) is None
