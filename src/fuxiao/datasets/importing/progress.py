"""How far an import is, and how a person stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fuxiao.core.errors import FuxiaoError


class Stage(StrEnum):
    SCAN = "scan"
    READ = "read"
    CHECK = "check"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the import stands: ``done`` of ``total`` bytes of the file in this stage, and the rows read so far."""

    stage: Stage
    rows: int = 0
    done: int = 0
    total: int = 0


class Cancelled(FuxiaoError):
    """The person stopped the import; the store is as before."""

    def __init__(self) -> None:
        super().__init__("import.cancelled")


def _nobody(_: Progress) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells the person how far it is and asks at each step whether to go on."""

    progress: Callable[[Progress], None] = _nobody
    cancelled: Callable[[], bool] = _never

    def step(self, stage: Stage, *, rows: int = 0, done: int = 0, total: int = 0) -> None:
        """Raises ``Cancelled`` where the person has asked to stop."""
        if self.cancelled():
            raise Cancelled
        self.progress(Progress(stage, rows, done, total))


QUIET = Watch()
"""Nobody watches and nobody cancels."""
