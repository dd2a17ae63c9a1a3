"""How every test runs: properties are never failed by the clock of a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fuxiao", deadline=None, print_blob=True)
settings.load_profile("fuxiao")
