"""Questions whose SQL is written once give what the same questions give that are written each time."""

from __future__ import annotations

from itertools import product

import pytest

from fuxiao.base.written import written_once
from fuxiao.core.case_life import State
from fuxiao.service.models import Case
from fuxiao.service.queries.cases import ORDERS, SHOWS, Wanted, cases_in_reach, listed, page_of
from fuxiao.service.queries.reach import scope_of
from service.conftest import minutes
from service.test_case_actions import taken
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@written_once
def opened(state, /, *, owner, since):
    found = Case.objects.filter(state=state, owner__number=owner, opened_at__gte=since)
    return found.select_related("owner").order_by("pk")


def test_each_asking_gets_the_rows_of_its_own_values_and_of_its_moment(desk):
    first = taken(desk, owner=desk.people["E3"], at=minutes(0))
    assert opened(State.ASSIGNED, owner="E3", since=minutes(0)) == [first]
    second = taken(desk, owner=desk.people["E3"], at=minutes(5))
    assert opened(State.ASSIGNED, owner="E3", since=minutes(0)) == [first, second]
    assert opened(State.ASSIGNED, owner="E3", since=minutes(1)) == [second]
    assert opened(State.ASSIGNED, owner="E1", since=minutes(0)) == []
    assert opened(State.CLOSED, owner="E3", since=minutes(0)) == []


def test_what_belongs_to_a_row_comes_with_it(desk, django_assert_num_queries):
    taken(desk, owner=desk.people["E3"], at=minutes(0))
    with django_assert_num_queries(1):
        (found,) = opened(State.ASSIGNED, owner="E3", since=minutes(0))
        assert found.owner == desk.people["E3"]
        assert found.opened_at == minutes(0)


def test_nothing_is_asked_where_there_can_be_no_row(desk, django_assert_num_queries):
    taken(desk)

    @written_once
    def none(*, number):
        return Case.objects.filter(number=number, pk__in=())

    with django_assert_num_queries(0):
        assert none(number="2611-00001") == []


def test_every_list_of_every_reader_is_the_same_by_pages_and_at_once(desk):
    for n in range(4):
        taken(desk, priority=("紧急", "普通")[n % 2], owner=desk.people["E3"] if n % 2 else None, team=desk.teams["T1"])
    for name in desk.users:
        viewer = getattr(desk, name)
        at = {"scope": scope_of(viewer, on=NOW.date()), "now": NOW}
        for show, order, owner in product(SHOWS, ORDERS, ("", "me", "none")):
            wanted = Wanted(show=show, order=order, owner=owner)
            whole = [case.pk for case in listed(viewer, wanted, **at)]
            page = page_of(viewer, wanted, size=3, **at)
            rest = page_of(viewer, wanted, after=page.after, **at).rows if page.after else ()
            assert [line.pk for line in (*page.rows, *rest)] == whole, (name, wanted)
        assert {line.pk for line in page_of(viewer, Wanted(show="all"), **at).rows} == {
            case.pk for case in cases_in_reach(viewer, on=NOW.date())
        }
