"""The demonstration company speaks English too; what an organisation has named itself is left alone."""

from __future__ import annotations

import pytest

from fuxiao.cli.server.demo_desk import _named_in_english, _unassigned
from fuxiao.service.models import Case, Category, Choice, ListKind
from fuxiao.simulate.cases import CHANNELS, PRIORITIES, REPAIR_TYPES, TYPES
from fuxiao.simulate.catalogue import FAULTS, PRODUCTS
from fuxiao.simulate.english import WORDS
from fuxiao.simulate.rows import RESULTS
from fuxiao.simulate.texts import REGIONS
from service.conftest import desk
from web.conftest import NOW

__all__ = ["desk"]


def test_whatever_the_simulator_lets_one_choose_has_an_english_name():
    chosen = {*PRIORITIES, *CHANNELS, *TYPES, *REPAIR_TYPES, *RESULTS, *(name for three in REGIONS for name in three)}
    chosen |= {product.name for product in PRODUCTS} | {words for _, _, words in FAULTS}
    assert chosen - WORDS.keys() == set()


@pytest.mark.django_db
def test_imported_words_get_their_english_and_own_ones_keep_theirs(desk):
    Category.objects.create(key="冰箱", zh="冰箱", en="冰箱")
    for rank, key in enumerate(("电话", "自有渠道"), 1):
        Choice.objects.create(kind=ListKind.CHANNEL, key=key, zh=key, en=key, rank=rank)
    Choice.objects.create(kind=ListKind.PRIORITY, key="低", zh="低", en="低", rank=1)
    _named_in_english()
    assert dict(Category.objects.values_list("key", "en")) == {"空调": "Air conditioners", "冰箱": "Refrigerator"}
    english = dict(Choice.objects.filter(kind=ListKind.CHANNEL).values_list("key", "en"))
    assert english == {"电话": "Telephone", "自有渠道": "自有渠道"}
    ranked = Choice.objects.filter(kind=ListKind.PRIORITY).order_by("rank").values_list("key", flat=True)
    assert list(ranked) == ["紧急", "普通", "低"]


@pytest.mark.django_db
def test_a_few_requests_wait_for_the_dispatcher(desk):
    _unassigned(at=NOW)
    assert set(Case.objects.values_list("state", "owner")) == {("new", None)}
    assert Case.objects.count() == 3
