"""An organisation with accounts for pages to be looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fuxiao.base.permissions import Permission, Reach, Role, Viewer
from fuxiao.metrics import now as month
from fuxiao.org import actions
from fuxiao.org.models import Membership, Person, RoleGrant, Team, User
from fuxiao.studio.packs import make_home

NOW = datetime(2026, 11, 6, 1, tzinfo=UTC)
PASSWORD = "a long enough one"
SYSTEM = Viewer(account=None, name="system", reach=Reach.ALL, permissions=frozenset(Permission))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", NOW.isoformat())


@pytest.fixture(autouse=True)
def _months_closed():
    """A running month that a page opened in the background is not left open: the process could not end then."""
    yield
    for opened in list(month._running.values()):
        opened.close()


@pytest.fixture(scope="session")
def home():
    """The installation's home folder, set up with the appliance pack."""
    if not (settings.HOME / "fuxiao.toml").exists():
        make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    return settings.HOME


def days(*when: int) -> int:
    return (date(*when) - date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """What all tests of a file begin with is made once, within this transaction; each test takes back its own part.

    Gives the patches that stay as long.
    """
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUXIAO_NOW", NOW.isoformat())
        yield patch
        transaction.set_rollback(True)


@pytest.fixture
def org(home, db):
    department()
    return {"people": Person.objects, "teams": Team.objects, "memberships": Membership.objects}


def department() -> None:
    """A department of two teams: 王芳 leads 一组 with 张伟, 李娜 is in 二组; 赵强 manages both."""
    actions.adopt(
        SYSTEM,
        people=[
            {"person": "E1", "name": "赵强", "hired_on": days(2020, 1, 1), "left_on": None, "wage": 900000},
            {"person": "E2", "name": "王芳", "hired_on": days(2021, 1, 1), "left_on": None, "wage": 700000},
            {"person": "E3", "name": "张伟", "hired_on": days(2022, 1, 1), "left_on": None, "wage": 500000},
            {"person": "E4", "name": "李娜", "hired_on": days(2022, 2, 1), "left_on": None, "wage": 510000},
        ],
        teams=[
            {"team": "D", "parent": None, "name": "服务部", "kind": "", "lead": "E1"},
            {"team": "T1", "parent": "D", "name": "一组", "kind": "field", "lead": "E2"},
            {"team": "T2", "parent": "D", "name": "二组", "kind": "field", "lead": None},
        ],
        memberships=[
            {"person": "E1", "team": "D", "role": "lead", "valid_from": days(2020, 1, 1), "valid_to": None},
            {"person": "E2", "team": "T1", "role": "lead", "valid_from": days(2021, 1, 1), "valid_to": None},
            {"person": "E3", "team": "T1", "role": "field_engineer", "valid_from": days(2022, 1, 1), "valid_to": None},
            {"person": "E4", "team": "T2", "role": "field_engineer", "valid_from": days(2022, 2, 1), "valid_to": None},
        ],
        at=NOW,
    )


def account(name: str, *roles: Role, person: str | None = None, language: str = "zh-hans") -> User:
    """An account with these roles, of that person."""
    user = User.objects.create_user(
        username=name, password=PASSWORD, language=language,
        person=Person.objects.get(number=person) if person else None,
    )  # fmt: skip
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=NOW) for role in roles)
    return user


def queries_of(client: Client, path: str) -> int:
    """How many queries the page takes, what is kept between two requests aside."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def signed_in_as(*names: str) -> dict[str, Client]:
    """A browser of each of these accounts."""
    return {name: signed_in(User.objects.get(username=name)) for name in names}


@pytest.fixture
def owner(org):
    return signed_in(account("owner", Role.OWNER))


@pytest.fixture
def lead(org):
    return signed_in(account("wang", Role.LEAD, person="E2"))


@pytest.fixture
def engineer(org):
    return signed_in(account("zhang", Role.ENGINEER, person="E3"))
