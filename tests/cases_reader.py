"""Reads ``tests/cases/*.yaml``: cases that a manager can read, with every number exact.

A file is a list of ``{name, rule, given, expect}``. ``rule`` names an adapter in the test module that runs it;
numbers with a point become ``Decimal`` (never a float), whole numbers ``int``, ``null`` ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "cases"


class ExactLoader(yaml.SafeLoader):
    """YAML whose points are decimals."""


ExactLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))


@dataclass(frozen=True)
class Case:
    name: str
    rule: str
    given: Any
    expect: Any


def read_cases(file: str) -> list[Case]:
    """All cases of ``tests/cases/<file>``; a case without a name, rule or expectation is an error."""
    rows = yaml.load((HERE / file).read_text(encoding="utf-8"), Loader=ExactLoader)  # noqa: S506 -- a SafeLoader
    return [Case(row["name"], row["rule"], row.get("given"), row["expect"]) for row in rows]
