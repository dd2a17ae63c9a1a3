"""Names: how a column of a file is called as a dimension, a kind of files as one, and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from fuxiao.engine import schema
from fuxiao.engine.fact_tables import CASES

VARYING = re.compile(r"\d+\s*(年|月|日|周|季度)?|[\s_.\-]+")


def dimension_name(header: str, taken: Container[str]) -> str:
    """The header in lower case with ``_`` for all but letters and digits; a name that is taken gets a number."""
    base = folded(header) or "column"
    name, n = base, 1
    while name in taken:
        n += 1
        name = f"{base}_{n}"
    return name


def names_taken(dataset: str) -> set[str]:
    """The names that no dimension may have: those of the contract, and of cases those that their facts work out."""
    computed = (*CASES.schema(), *CASES.names()) if dataset == "cases" else ()
    return {*schema.dataset(dataset).names(), *computed}


@lru_cache(maxsize=50_000)
def folded(header: str) -> str:
    """``Tenure Bucket`` and ``TenureBucket`` become ``tenure_bucket``; full-width letters become half-width."""
    plain = unicodedata.normalize("NFKC", header).strip()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[\W_]+", "_", split).strip("_").lower()


def source_name(file: str) -> str:
    """``工单_2026-09.csv`` and ``工单_2026-10.csv`` are both ``工单``."""
    stem = file.split(".", maxsplit=1)[0]
    return VARYING.sub("", stem) or stem
