"""The organisation's settings, read anew when the file changes."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from fuxiao.base.settings import FILE, Settings, read_settings


def organisation() -> Settings:
    """The settings of the home folder; the defaults before there is one."""
    path = settings.HOME / FILE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return Settings()
    return _read(changed)


@lru_cache(maxsize=2)
def _read(changed: int) -> Settings:
    return read_settings(settings.HOME)


def is_set_up() -> bool:
    """Whether there is a home folder."""
    return (settings.HOME / FILE).exists()
