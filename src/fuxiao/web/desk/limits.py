"""How often somebody without an account may ask: counted by address, in the cache."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Whether this address asked for ``what`` more than ``most`` times within a window; this time counts."""
    address = request.META.get("REMOTE_ADDR", "")
    key = f"asked:{what}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out just now
        return False
