"""Which process of which machine this is, and whether another one of this machine is gone."""

from __future__ import annotations

import os
from socket import gethostname
from uuid import getnode, uuid4

MACHINE = f"{gethostname()}-{getnode():012x}"
_begun = uuid4().hex[:12]
"""Tells this process from one that had its number before."""


def own_name() -> str:
    """The name of this process among those of all machines."""
    return f"{MACHINE}/{os.getpid()}/{_begun}"


def is_gone(name: str) -> bool:
    """Whether the process of that name runs no more; of another machine nobody here can tell, so no."""
    machine, _, rest = name.partition("/")
    number, _, begun = rest.partition("/")
    if machine != MACHINE or os.name != "posix":
        return False
    if int(number) == os.getpid():
        return begun != _begun
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
