"""Work that makes very many objects which all stay: the search for cycles among them pauses meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def bulk(work: Callable[P, R]) -> Callable[P, R]:
    """The same function; what it makes is looked through for cyclic garbage only afterwards.

    Python looks at all objects again each time there are a quarter more, which is two fifths of the time that scoring
    ten thousand people takes. Frozen records have no cycles to be found.
    """

    @wraps(work)
    def paused(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return paused
