"""What tests of the store and of imports begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fuxiao.datasets.store import Store
from importing_tools import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store, open."""
    with new_store(tmp_path / "home") as opened:
        yield opened
