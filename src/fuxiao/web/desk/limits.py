"""How often somebody may ask, counted by address, and what is sent twice by accident: kept in the cache."""

from __future__ import annotations

import hashlib
import re
from secrets import token_urlsafe

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


TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
HOUR = 3_600


def once_token() -> str:
    """What a form carries, so that sending it twice does it once."""
    return token_urlsafe(18)


def sent_before(request: HttpRequest) -> str | None:
    """What came of this very form when it arrived first, empty while that is under way; ``None`` the first time."""
    token = request.POST.get("once", "")
    if not TOKEN.fullmatch(token) or cache.add(f"once:{token}", "", HOUR):
        return None
    return str(cache.get(f"once:{token}", ""))


def came_of(request: HttpRequest, result: str) -> None:
    """Keep what came of a form, for the case that it arrives again."""
    if TOKEN.fullmatch(token := request.POST.get("once", "")):
        cache.set(f"once:{token}", result, HOUR)


def forget(request: HttpRequest) -> None:
    """Nothing came of it: the same form may be sent again."""
    if TOKEN.fullmatch(token := request.POST.get("once", "")):
        cache.delete(f"once:{token}")
