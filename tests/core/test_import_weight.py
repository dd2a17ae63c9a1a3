"""Importing the core is light: no framework, no database, and NumPy and SciPy only where statistics are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("django", "ibis", "duckdb", "pyarrow", "pandas")
STATISTICS = ("numpy", "scipy")
PURE = (
    "fuxiao.core", "fuxiao.core.score", "fuxiao.core.bonus.settle", "fuxiao.core.clock", "fuxiao.core.credit",
    "fuxiao.core.service_level", "fuxiao.core.target", "fuxiao.core.process", "fuxiao.core.law",
)  # fmt: skip


def loaded_by(module: str) -> set[str]:
    """The top-level packages in memory after importing one module in a fresh interpreter."""
    code = f"import {module}, sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


@pytest.mark.parametrize("module", PURE)
def test_the_core_loads_neither_framework_nor_database_nor_statistics(module: str) -> None:
    assert loaded_by(module).isdisjoint((*HEAVY, *STATISTICS))


@pytest.mark.parametrize("module", ["fuxiao.core.fairness.intervals", "fuxiao.core.gaming.registry"])
def test_statistics_load_numpy_and_scipy_and_nothing_heavier(module: str) -> None:
    loaded = loaded_by(module)
    assert loaded.isdisjoint(HEAVY)
    assert "numpy" in loaded
