"""Cases that are there before their titles are looked up are found after the update as well."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fuxiao.service.models import Case
from fuxiao.service.queries.searching import matching
from web.conftest import NOW


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_update_notes_the_titles_there_are():
    MigrationExecutor(connection).migrate([("service", "0007_open_cases_in_order")])
    try:
        case = Case.objects.create(number="A1", title="开机异响", opened_at=NOW, last_at=NOW)
    finally:
        MigrationExecutor(connection).migrate([("service", "0008_titles_by_their_signs")])
    assert list(Case.objects.filter(matching("异响"))) == [case]
