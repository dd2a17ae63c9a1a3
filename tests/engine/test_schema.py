"""The contracts of the canonical datasets."""

from __future__ import annotations

import pytest

from fuxiao.core.errors import UnknownName
from fuxiao.engine import schema


def test_a_contract_knows_its_columns_and_guesses_what_was_meant() -> None:
    cases = schema.dataset("cases")
    assert cases.column("opened_at").type is schema.Type.MOMENT
    with pytest.raises(UnknownName) as unknown:
        cases.column("open_at")
    assert unknown.value.near[0] == "opened_at"


def test_an_unknown_dataset_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName) as unknown:
        schema.dataset("survey")
    assert unknown.value.near[0] == "surveys"


@pytest.mark.parametrize("dataset", schema.DATASETS.values(), ids=lambda each: each.name)
def test_every_key_column_is_declared_and_every_column_has_both_names(dataset: schema.Dataset) -> None:
    assert set(dataset.key) <= set(dataset.names())
    assert all(column.zh and column.en for column in dataset.columns)
    assert len(set(dataset.names())) == len(dataset.columns)
