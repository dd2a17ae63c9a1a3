"""What holds for every bonus: pools sum up, caps hold, tiers neither fall nor jump, nobody pays to work."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.bonus.earner import Adjustment, Earner, Release
from fuxiao.core.bonus.money import Currency, money_of
from fuxiao.core.bonus.multiplier import Combine, Multiplier, combine
from fuxiao.core.bonus.plan import read_plan
from fuxiao.core.bonus.pool import split
from fuxiao.core.bonus.settle import settle
from fuxiao.core.bonus.tiers import Tier, commission
from fuxiao.core.explain import Trace

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
WEIGHT = st.decimals(0, 200, places=4)
WEIGHTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), WEIGHT, max_size=12)


@given(CENTS, WEIGHTS)
def test_shares_and_what_stays_undistributed_add_up_to_the_pool(amount, weights):
    result = split(amount, weights)
    assert sum(result.shares.values()) + result.undistributed == amount
    assert (result.undistributed == amount) or any(weights.values())


@given(CENTS, WEIGHTS, st.randoms(use_true_random=False))
def test_a_pool_does_not_know_the_order_of_the_people(amount, weights, random):
    shuffled = list(weights.items())
    random.shuffle(shuffled)
    cap = amount / 3
    assert split(amount, dict(shuffled)).shares == split(amount, weights).shares
    assert split(amount, dict(shuffled), cap=cap).shares == split(amount, weights, cap=cap).shares


@given(CENTS, WEIGHTS)
def test_every_share_is_within_one_cent_of_the_exact_one_and_more_weight_never_gets_less(amount, weights):
    result = split(amount, weights)
    total = sum(weights.values())
    for who, share in result.shares.items() if total else ():
        assert abs(share * total - amount * weights[who]) < Decimal("0.01") * total
    ordered = sorted(weights, key=lambda who: weights[who])
    shares = [result.shares[who] for who in ordered if weights[who]]
    assert all(high >= low - Decimal("0.01") for low, high in pairwise(shares))


@given(CENTS, WEIGHTS, CENTS)
def test_water_filling_never_exceeds_the_cap_and_shares_the_whole_pool_where_it_can(amount, weights, cap):
    result = split(amount, weights, cap=cap)
    carrying = sum(1 for weight in weights.values() if weight)
    assert all(share <= cap for share in result.shares.values())
    assert sum(result.shares.values()) == min(amount, cap * carrying)


@given(CENTS, CENTS)
def test_marginal_tiers_never_fall_and_never_jump(low, step):
    tiers = [Tier(start=Decimal(a), rate=Decimal(b)) for a, b in ((0, "0.03"), (5000, "0.05"), (15000, "0.08"))]
    less, more = (money_of(commission(amount, tiers=tiers)) for amount in (low, low + step))
    assert Decimal(0) <= more - less <= step * Decimal("0.08")


@given(st.decimals(0, 3, places=2), st.decimals(0, 3, places=2), st.decimals(0, 2, places=2))
def test_a_capped_multiplier_stays_under_its_cap(own, team, cap):
    factors = {"own": Trace("f", own), "team": Trace("f", team)}
    rule = Multiplier(mode=Combine.PRODUCT, factors=("own", "team"), cap=cap)
    assert money_of(combine(factors, multiplier=rule)) <= cap


PLAN = read_plan(
    {
        "plan": "p",
        "version": "1",
        "valid_from": "2026-01-01",
        "currency": "CNY",
        "cycle": "month",
        "defaults": {"base": 2000},
        "hold_back": {"rate": "0.2", "of": ["performance", "everyone"]},
        "minimum_wage": {"monthly": 2500, "place": "X"},
        "gates": [{"veto": "SAF"}],
        "pools": {"everyone": {"weight": "score_x_coefficient", "cap": 900}},
        "roles": {
            "desk": {"cap": 2500, "components": [{"key": "performance", "type": "base_coefficient"}]},
            "field": {"components": [{"key": "piece", "type": "piece_rate", "fallback": 25, "multiply": {}}]},
        },
    }
)
EARNER = st.builds(
    Earner,
    person=st.text("abcdef", min_size=1, max_size=4),
    role=st.sampled_from(["desk", "field", "unknown"]),
    score=st.none() | st.decimals(0, 120, places=2),
    rated=st.booleans(),
    wage=st.none() | CENTS,
    attended=st.none() | st.decimals(0, 25, places=1),
    scheduled=st.none() | st.decimals(0, 25, places=1),
    vetoes=st.frozensets(st.sampled_from(["SAF", "LEAK"])),
)
PEOPLE = st.lists(EARNER, max_size=6, unique_by=lambda earner: earner.person)
AMOUNT = st.integers(-(10**6), 10**6).map(lambda cents: Decimal(cents).scaleb(-2))


@given(PEOPLE, CENTS, st.lists(AMOUNT, max_size=3), st.randoms(use_true_random=False))
def test_a_settlement_adds_up_stays_positive_and_ignores_order(people, pool, corrections, random):
    adjustments = [
        Adjustment(person=each.person, period="2026-09", amount=amount, reason="count corrected")
        for each, amount in zip(people, corrections, strict=False)
    ]
    releases = [Release(person=each.person, held=Decimal(100), coefficient=Decimal("0.9")) for each in people[:2]]
    terms = {"period": "2026-10", "pools": {"everyone": pool}}
    result = settle(PLAN, people, adjustments=adjustments, releases=releases, **terms)
    for payout in result.payouts:
        assert payout.total == sum((line.amount for line in payout.lines), Decimal(0))
        assert payout.total >= 0
        assert payout.held >= 0
    shared = result.pools[0]
    assert sum(shared.shares.values()) + shared.undistributed == pool
    for rows in (people, adjustments, releases):
        random.shuffle(rows)
    assert settle(PLAN, people, adjustments=adjustments, releases=releases, **terms) == result


@given(CENTS, st.integers(0, 3))
def test_a_pool_is_shared_in_the_units_of_its_currency(cents, minor_units):
    currency = Currency("XXX", minor_units)
    amount = cents.scaleb(2 - minor_units)
    shares = split(amount, {"a": Decimal(1), "b": Decimal(2), "c": Decimal(4)}, currency=currency).shares
    assert sum(shares.values()) == amount
    assert all(share == share.quantize(currency.step) for share in shares.values())
