"""A seal keeps everything a period was made from, and says it back to the byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fuxiao.core.bonus.earner import Adjustment, Release
from fuxiao.core.errors import SealError
from fuxiao.core.period import parse_period
from fuxiao.datasets.manifest import RecordSet, StoredFile
from fuxiao.incentives.results import Recipe
from fuxiao.incentives.seals import Seal, decode
from fuxiao.incentives.settling import Terms

PERIOD = parse_period("2026-10")
TERMS = Terms(
    pools={"department": Decimal("20000.00"), "teams": {"north": Decimal("1.10")}},
    company=Decimal("1.05"),
    releases=(Release(person="E1", held=Decimal("620.00"), coefficient=Decimal("0.9"), periods=("2026-07",)),),
    adjustments=(
        Adjustment(person="E2", period="2026-09", amount=Decimal("-12.34"), reason="late_data", on=date(2026, 10, 1)),
    ),
    on=date(2026, 11, 6),
)
SEAL = Seal(
    recipe=Recipe(
        period=PERIOD, scheme="scheme: 家电\n", plan="plan: x\n", as_of=datetime(2026, 11, 6, tzinfo=UTC), terms=TERMS
    ),
    definitions={"fuxiao.toml": 'name = "澜川"\n'},
    records={"cases": RecordSet((StoredFile("records/cases/a.parquet", 3, "ab" * 32),), overlap=True)},
    rows={"score/E1/total": "91.57", "payout/E1/total": "2181.82"},
    code="0.1.0",
    sealed_at=datetime(2026, 11, 7, 8, 30, tzinfo=UTC),
    sealed_by="李敏",
    previous="cd" * 32,
    held={"E1": Decimal("620.00")},
    earned={"E1": Decimal("3100.00")},
)


def test_a_seal_read_back_is_the_same_seal_and_the_same_bytes() -> None:
    again = decode(SEAL.encoded(), PERIOD)
    assert again == SEAL
    assert again.encoded() == SEAL.encoded()
    assert again.digest == SEAL.digest


@pytest.mark.parametrize(
    "changed",
    [
        replace(SEAL, rows={**SEAL.rows, "payout/E1/total": "2181.83"}),
        replace(SEAL, sealed_by="李民"),
        replace(SEAL, previous=""),
        replace(SEAL, recipe=replace(SEAL.recipe, clock="calendar")),
    ],
)
def test_any_change_gives_another_digest(changed: Seal) -> None:
    assert changed.digest != SEAL.digest


def test_a_seal_of_another_form_is_refused() -> None:
    content = SEAL.encoded().replace(b'"version": 1', b'"version": 2')
    with pytest.raises(SealError) as refused:
        decode(content, PERIOD)
    assert refused.value.code == "seal.version"
