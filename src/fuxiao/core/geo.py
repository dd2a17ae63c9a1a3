"""How far two places are from each other."""

from __future__ import annotations

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH: Final = 6_371_000
"""Mean radius in metres."""
Degrees = tuple[Decimal, Decimal]


def metres_between(a: Degrees, b: Degrees) -> Decimal:
    """Metres along the surface between two places (latitude, longitude), to a tenth (haversine)."""
    (lat_a, lon_a), (lat_b, lon_b) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return Decimal(2 * EARTH * asin(sqrt(min(1.0, half)))).quantize(Decimal("0.1"))
