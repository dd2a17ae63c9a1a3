"""What a piece of work is made of: seconds of the whole, and of the functions inside it that are named."""

from __future__ import annotations

import functools
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

REST = "the rest"


@dataclass
class Part:
    """Wall and processor seconds, and how often it was called."""

    title: str
    seconds: float = 0.0
    cpu: float = 0.0
    calls: int = 0
    note: str = ""


@dataclass
class Whole(Part):
    """A piece of work and its parts, which never hold each other: what none of them took is the rest."""

    parts: list[Part] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[Part]:
        yield self
        yield from self.parts
        if self.parts:
            rest = (
                getattr(self, name) - sum(getattr(each, name) for each in self.parts) for name in ("seconds", "cpu")
            )
            yield Part(REST, *rest)


@contextmanager
def timed(whole: Part) -> Iterator[Part]:
    """Add the time of the block."""
    before, clock = _cpu(), time.perf_counter()
    yield whole
    whole.seconds += time.perf_counter() - clock
    whole.cpu += _cpu() - before
    whole.calls += 1


@contextmanager
def measured(title: str, **inside: tuple[Any, str]) -> Iterator[Whole]:
    """Time a block, and inside it each of these functions (a module or class and a name) by a title of its own."""
    whole = Whole(title)
    with ExitStack() as stack:
        for words, (owner, name) in inside.items():
            part = Part(words.replace("_", " "))
            whole.parts.append(part)
            stack.enter_context(patch.object(owner, name, _watched(getattr(owner, name), part)))
        with timed(whole):
            yield whole


def _watched(work: Callable[..., Any], part: Part) -> Callable[..., Any]:
    @functools.wraps(work)
    def watched(*args: Any, **more: Any) -> Any:
        with timed(part):
            return work(*args, **more)

    return watched


def _cpu() -> float:
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime


def peak() -> float:
    """The most memory that this process held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
