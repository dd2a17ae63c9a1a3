"""The organisation of the pages' tests."""

from web.conftest import _today, home, org

__all__ = ["_today", "home", "org"]
