"""Warranty and the statutory duties of repair, exchange and return (三包): from when, until when, and why."""

from fuxiao.core.warranty.claims import Claim, Claims, Repairs, Right, Standing, claims
from fuxiao.core.warranty.cover import Basis, Cover, Repair, State, Warranty, cover, warranty
from fuxiao.core.warranty.terms import TERMS, Terms, terms_as_of

__all__ = [
    "TERMS",
    "Basis",
    "Claim",
    "Claims",
    "Cover",
    "Repair",
    "Repairs",
    "Right",
    "Standing",
    "State",
    "Terms",
    "Warranty",
    "claims",
    "cover",
    "terms_as_of",
    "warranty",
]
