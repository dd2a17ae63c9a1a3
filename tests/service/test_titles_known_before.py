"""Cases that are there before their titles are looked up are found after the update as well."""

from __future__ import annotations

import pytest

from fuxiao.service.models import Case
from fuxiao.service.queries.searching import matching
from older_tables import older_tables
from web.conftest import NOW


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_update_notes_the_titles_there_are():
    with older_tables("service", "0007_open_cases_in_order"):
        case = Case.objects.create(number="A1", title="开机异响", opened_at=NOW, last_at=NOW)
    assert list(Case.objects.filter(matching("异响"))) == [case]
