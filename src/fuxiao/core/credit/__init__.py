"""Who did how much: attribution codes, the shares they give, and figures of many people put together."""

from fuxiao.core.credit.attribution import ATTRIBUTIONS, Attribution, attribution
from fuxiao.core.credit.pooled import Pooled, pool
from fuxiao.core.credit.shares import Credit, CreditFacts, Finding, Verdict, credit, shares_by_weight

__all__ = [
    "ATTRIBUTIONS",
    "Attribution",
    "Credit",
    "CreditFacts",
    "Finding",
    "Pooled",
    "Verdict",
    "attribution",
    "credit",
    "pool",
    "shares_by_weight",
]
