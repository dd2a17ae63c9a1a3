"""Tables laid side by side, for engines whose results are brought here one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

import pyarrow as pa


def beside(tables: Iterable[pa.Table], keys: Sequence[str]) -> pa.Table:
    """A row for each combination of ``keys`` that any table has, in the order of the keys."""
    joined = reduce(lambda left, right: left.join(right, list(keys), join_type="full outer"), tables)
    return joined.sort_by([(key, "ascending") for key in keys])
